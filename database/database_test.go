package database_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vodgraph/database"
	"vodgraph/dbtest"
	"vodgraph/ent"
)

func TestOpenWantsOneDatabase(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]database.Config{
		"none":               {},
		"both":               {URL: "postgres://localhost/x", Path: "x.db"},
		"no such folder":     {Path: filepath.Join(t.TempDir(), "missing", "x.db")},
		"not Postgres":       {URL: "mysql://root:secret@localhost/x"},
		"not a URL":          {URL: "postgres://root:secret@local host:x/x"},
		"not a number":       {URL: "postgres://root:secret@localhost/x?statement_cache=many"},
		"negative":           {URL: "postgres://root:secret@localhost/x?statement_cache=-1"},
		"bad sslmode":        {URL: "postgres://root:secret@localhost/x?sslmode=perhaps"},
		"nobody listens":     {URL: "postgres://root:secret@127.0.0.1:1/x"},
		"timeout in the URL": {URL: "postgres://root:secret@127.0.0.1:1/x?connect_timeout=soon"},
	} {
		db, err := database.Open(t.Context(), config)
		if err == nil {
			t.Errorf("%s: opened %s", name, db.Location)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error shows the password: %v", name, err)
		}
	}
}

func TestReadsDoNotWaitForWriters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		writer, err := db.Client.Tx(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := writer.Library.UpdateOneID(1).SetRevision(7).Exec(ctx); err != nil {
			t.Fatal(err)
		}
		// More writers than there are connections, all behind the first.
		behind := make(chan error)
		const writers = 40
		for range writers {
			go func() { behind <- raise(ctx, db.Client) }()
		}
		for range 100 {
			reading, done := context.WithTimeout(t.Context(), 5*time.Second)
			library, err := db.Client.Library.Query().Only(reading)
			done()
			if err != nil || library.Revision != 0 {
				t.Fatalf("read %v, %v beside an open transaction", library, err)
			}
		}
		readOnly, err := db.Client.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := readOnly.Library.Query().Only(t.Context()); err != nil {
			t.Error(err)
		}
		if err := readOnly.Rollback(); err != nil {
			t.Error(err)
		}
		if err := writer.Commit(); err != nil {
			t.Fatal(err)
		}
		for range writers {
			if err := <-behind; err != nil {
				t.Error(err)
			}
		}
		cancel()
		if got := db.Client.Library.GetX(t.Context(), 1).Revision; got != 7+writers {
			t.Errorf("revision %d after %d writers", got, writers)
		}
	})
}

// raise is a transaction: a transaction that raises the revision.
func raise(ctx context.Context, client *ent.Client) error {
	tx, err := client.Tx(ctx)
	if err != nil {
		return err
	}
	if err := tx.Library.UpdateOneID(1).AddRevision(1).Exec(ctx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func TestWaitingForATurnEndsWithTheContext(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	first, err := db.Client.Tx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := db.Client.Tx(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a second transaction got %v", err)
	}
	if err := first.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := raise(t.Context(), db.Client); err != nil {
		t.Errorf("after a rollback the next transaction got %v", err)
	}
}

func TestTimesAreUTCAndSortAsText(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		create := "CREATE TABLE moments (at timestamptz(3))"
		if !db.Postgres() {
			create = "CREATE TABLE moments (at datetime)"
		}
		if _, err := db.SQL.ExecContext(t.Context(), create); err != nil {
			t.Fatal(err)
		}
		east := time.FixedZone("", 8*60*60)
		want := []time.Time{
			time.Date(2026, 1, 2, 3, 4, 5, 0, east),
			time.Date(2026, 1, 1, 19, 4, 5, 7_000_000, time.UTC),
			time.Date(2026, 1, 1, 19, 4, 5, 70_000_000, time.UTC),
			time.Date(2026, 1, 1, 19, 4, 6, 0, time.UTC),
			time.Date(2026, 1, 2, 4, 4, 5, 0, east),
		}
		for _, at := range slices.Backward(want) {
			if _, err := db.SQL.ExecContext(t.Context(), "INSERT INTO moments VALUES ($1)", at); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := db.SQL.QueryContext(t.Context(), "SELECT at FROM moments WHERE at >= $1 ORDER BY at", want[0])
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var got []time.Time
		for rows.Next() {
			var at time.Time
			if err := rows.Scan(&at); err != nil {
				t.Fatal(err)
			}
			if _, offset := at.Zone(); offset != 0 {
				t.Errorf("%v is not UTC", at)
			}
			got = append(got, at)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got, want, time.Time.Equal) {
			t.Errorf("got %v\nwant %v", got, want)
		}
	})
}

func TestEverySQLiteConnectionHasItsSettings(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	settings := map[string]string{
		"journal_mode": "wal", "synchronous": "1", "foreign_keys": "1", "busy_timeout": "30000",
	}
	for range 4 {
		conn, err := db.SQL.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close() // at the end, so that each turn gets another
		for name, want := range settings {
			var got string
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil || got != want {
				t.Errorf("%s is %s, %v", name, got, err)
			}
		}
	}
	if got := db.SQL.Stats().OpenConnections; got != 4 {
		t.Errorf("%d connections", got)
	}
}

func TestOddPathsAreOneFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "100% of #1? & täg.db")
	for range 2 {
		db, err := database.Open(t.Context(), database.Config{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); err != nil || !slices.Equal(files, []string{path}) {
		t.Errorf("the folder has %q, %v", files, err)
	}
}

func TestStatementsAreReportedOf(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		const (
			query = "SELECT revision FROM library WHERE id = $1"
			write = "UPDATE library SET demo = demo"
		)
		got := db.Statements(func() {
			prepared, err := db.SQL.PrepareContext(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			defer prepared.Close()
			tx, err := db.SQL.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			var revision int
			for range 2 {
				if err := tx.QueryRowContext(t.Context(), query, 1).Scan(&revision); err != nil {
					t.Error(err)
				}
			}
			if err := tx.Commit(); err != nil {
				t.Error(err)
			}
			if err := prepared.QueryRowContext(t.Context(), 1).Scan(&revision); err != nil {
				t.Error(err)
			}
			if _, err := db.SQL.ExecContext(t.Context(), write); err != nil {
				t.Error(err)
			}
		})
		if want := []string{query, query, query, write}; !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		got = db.Statements(func() {
			if err := raise(t.Context(), db.Client); err != nil {
				t.Error(err)
			}
		})
		if len(got) == 0 || !strings.HasPrefix(got[0], "UPDATE") {
			t.Errorf("Ent's transaction was reported as %q", got)
		}
	})
}
