// Package dbtest gives every test a database of its own, with all migrations
// applied: SQLite always, and Postgres where there is a server.
//
// The server is that of TEST_DATABASE_URL, which "make test" sets. Without it,
// each package that asks starts one, from the binaries of the machine or from
// fetched ones. Where neither can be had, the tests on Postgres are skipped, or
// fail with CI=true.
package dbtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"vodgraph/database"
	"vodgraph/dbtest/postgres"
)

// DB is a database of one test, closed and gone at its end.
type DB struct {
	*database.DB
	recorder *recorder
}

// Each runs f in two subtests, "sqlite" and "postgres", in parallel and with a
// fresh database each.
func Each(t *testing.T, f func(t *testing.T, db *DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, Postgres(t))
	})
}

// SQLite is a fresh SQLite database in the test's own folder.
func SQLite(t testing.TB) *DB {
	t.Helper()
	template, err := migratedFile()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "library.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, database.Config{Path: path})
}

// Postgres is a fresh Postgres database. The test ends here where there is no
// server.
func Postgres(t testing.TB) *DB {
	t.Helper()
	url, drop, err := postgres.Copy(t.Context(), Server(t), templateName())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return open(t, database.Config{URL: url})
}

// Server is the URL of a Postgres server with a migrated template. The test ends
// here where there is none.
func Server(t testing.TB) string {
	t.Helper()
	url, err := server()
	if err != nil {
		Lacking(t, "Postgres: %v", err)
	}
	if err := migrated(url); err != nil {
		t.Fatal(err)
	}
	return url
}

// Lacking ends a test for which the machine lacks something, with a sentence
// that says what: it is skipped, and with CI=true it fails. "make test" names
// again what was skipped, when all is done.
func Lacking(t testing.TB, format string, args ...any) {
	t.Helper()
	sentence := fmt.Sprintf(format, args...)
	if os.Getenv("CI") == "true" {
		t.Fatal(sentence)
	}
	if path := os.Getenv(postgres.SkippedVariable); path != "" {
		file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if _, err := fmt.Fprintln(file, sentence); err != nil {
			t.Fatal(err)
		}
	}
	t.Skip(sentence)
}

// Statements are the SQL statements that are executed while f runs, in their
// order, but for begin, commit and rollback. It counts those of all goroutines,
// and so is for a test that does one thing at a time.
func (db *DB) Statements(f func()) []string { return db.recorder.during(f) }

// open opens a migrated database until the end of the test.
func open(t testing.TB, config database.Config) *DB {
	t.Helper()
	recorder := &recorder{}
	config.OnStatement = func(_ context.Context, query string) func(error) {
		recorder.add(query)
		return nil
	}
	db, err := database.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return &DB{DB: db, recorder: recorder}
}

// recorder keeps statements while it is asked to.
type recorder struct {
	mutex      sync.Mutex
	recording  bool
	statements []string
}

func (r *recorder) add(statement string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.recording {
		r.statements = append(r.statements, statement)
	}
}

func (r *recorder) set(recording bool) []string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	statements := r.statements
	r.recording, r.statements = recording, nil
	return statements
}

func (r *recorder) during(f func()) []string {
	r.set(true)
	defer r.set(false) // also when f ends the test
	f()
	return r.set(false)
}
