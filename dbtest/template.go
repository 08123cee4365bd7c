package dbtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"entgo.io/ent/dialect"

	"vodgraph/database"
	"vodgraph/dbtest/postgres"
	"vodgraph/ent/migrate"
)

// What all tests of a package share is made when the first of them asks for it.
// It does not change from then on, and ends with the process.
var (
	server       = sync.OnceValues(findServer)
	migratedFile = sync.OnceValues(makeFile)
	templateName = sync.OnceValue(nameTemplate)
	migrated     = onceFor(makeTemplate)
)

// findServer finds a server, or starts one that ends with this process. Its
// error is a sentence.
func findServer() (string, error) {
	if url := os.Getenv(postgres.URLVariable); url != "" {
		return url, nil
	}
	if lacking := os.Getenv(postgres.LackingVariable); lacking != "" {
		return "", errors.New(lacking)
	}
	cache, err := postgres.CacheFolder()
	if err != nil {
		return "", err
	}
	started, err := postgres.Start(context.Background(), cache)
	if err != nil {
		return "", err
	}
	return started.URL, nil
}

// makeFile makes a migrated SQLite database and returns its bytes.
func makeFile() ([]byte, error) {
	folder, err := os.MkdirTemp("", "vodgraph-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "template.db")
	if err := migrateAt(database.Config{Path: path}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// makeTemplate makes the migrated database on a server, unless another package
// has made it.
func makeTemplate(url string) error {
	return postgres.Template(context.Background(), url, templateName(), func(url string) error {
		return migrateAt(database.Config{URL: url})
	})
}

// migrateAt opens a database, migrates it and closes it again.
func migrateAt(config database.Config) error {
	db, err := database.Open(context.Background(), config)
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(context.Background()), db.Close())
}

// nameTemplate is another name for other migrations, as a server may outlive them.
func nameTemplate() string {
	files, err := migrate.Files(dialect.Postgres)
	if err != nil {
		panic(err) // the dialect is there
	}
	sum := sha256.New()
	err = fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		fmt.Fprintf(sum, "%s %d %s", path, len(content), content)
		return err
	})
	if err != nil {
		panic(err) // they are in the program itself
	}
	return fmt.Sprintf("vodgraph_template_%x", sum.Sum(nil)[:8])
}

// onceFor runs f for the first argument it is called with, and answers all calls
// with what that gave.
func onceFor(f func(string) error) func(string) error {
	var once sync.Once
	var err error
	return func(argument string) error {
		once.Do(func() { err = f(argument) })
		return err
	}
}
