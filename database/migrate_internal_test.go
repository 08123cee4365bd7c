package database

import (
	"path/filepath"
	"testing"
	"testing/fstest"
)

// files are migrations that stand for later ones, in the order of the arguments.
func files(contents ...string) fstest.MapFS {
	all := fstest.MapFS{}
	for i, content := range contents {
		all[string(rune('1'+i))+"_step.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + content)}
	}
	return all
}

const family = `
CREATE TABLE parent (id text PRIMARY KEY);
CREATE TABLE child (id text PRIMARY KEY, parent_id text NOT NULL REFERENCES parent (id) ON DELETE CASCADE);
INSERT INTO parent VALUES ('p');
INSERT INTO child VALUES ('c', 'p');
`

// rebuild is how SQLite's tables are changed.
const rebuild = `
PRAGMA foreign_keys = off;
CREATE TABLE new_parent (id text PRIMARY KEY, name text);
INSERT INTO new_parent (id) SELECT id FROM parent;
DROP TABLE parent;
ALTER TABLE new_parent RENAME TO parent;
PRAGMA foreign_keys = on;
`

func TestSQLiteMigrationKeepsRowsThatPointToARebuiltTable(t *testing.T) {
	t.Parallel()
	if err := migrateTwice(t, files(family), files(family, rebuild)); err != nil {
		t.Fatal(err)
	}
}

func TestSQLiteMigrationIsUndoneAsAWhole(t *testing.T) {
	t.Parallel()
	for name, last := range map[string]string{
		"statement fails": "INSERT INTO nowhere VALUES (1);",
		"key points away": "INSERT INTO child VALUES ('d', 'nobody');",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := migrateTwice(t, files(family), files(family, rebuild, last)); err == nil {
				t.Fatal("the migration went through")
			}
		})
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	if err := migrateTwice(t, files(family, rebuild), files(family)); err == nil {
		t.Fatal("tables of a newer version were taken for good")
	}
}

func TestSQLiteMigrationsTakeTurns(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "x.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	apply := func(files fstest.MapFS) error {
		pool, err := db.migration()
		if err != nil {
			return err
		}
		defer pool.Close()
		_, err = migrateSQLite(t.Context(), pool, files)
		return err
	}
	if err := apply(files(family)); err != nil {
		t.Fatal(err)
	}
	// Now there is a table of versions, and all see at once that one is missing.
	start, done := make(chan struct{}), make(chan error)
	for range 8 {
		go func() {
			<-start
			done <- apply(files(family, "INSERT INTO parent VALUES ('q');"))
		}()
	}
	close(start)
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// migrateTwice applies one set of migrations and then another. Whatever comes of
// the second, the child must be there afterwards; when it fails, the tables must
// be as they were.
func migrateTwice(t *testing.T, first, second fstest.MapFS) error {
	t.Helper()
	db, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "x.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	shape := func() (tables string) {
		row := db.SQL.QueryRowContext(t.Context(), "SELECT group_concat(sql) FROM (SELECT sql FROM sqlite_master ORDER BY name)")
		if err := row.Scan(&tables); err != nil {
			t.Fatal(err)
		}
		return tables
	}
	apply := func(files fstest.MapFS) error {
		pool, err := db.migration()
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		_, err = migrateSQLite(t.Context(), pool, files)
		return err
	}
	if err := apply(first); err != nil {
		t.Fatal(err)
	}
	before := shape()
	failed := apply(second)
	if failed != nil && shape() != before {
		t.Errorf("half of a failed migration stayed:\n%s\nwas:\n%s", shape(), before)
	}
	var children int
	if err := db.SQL.QueryRowContext(t.Context(), "SELECT count(*) FROM child").Scan(&children); err != nil || children != 1 {
		t.Errorf("there are %d children, and not 1: %v", children, err)
	}
	return failed
}
