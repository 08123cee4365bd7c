package database_test

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"entgo.io/ent/dialect"
	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"vodgraph/database"
	"vodgraph/dbtest"
	"vodgraph/dbtest/postgres"
	"vodgraph/ent/migrate"
)

// beforeFacts is the last version in which an asset and its source file each had a size and a
// duration of their own.
const beforeFacts = 20261130205132

// TestFactsAreAligned migrates a library of the version before, and wants each side to have
// what the other stated, the source file to count where both differed, and the assets that
// changed to be marked for the index.
func TestFactsAreAligned(t *testing.T) {
	t.Parallel()
	since(t, beforeFacts, aligned)
}

// since runs a test on a database of an earlier version, in each dialect.
func since(t *testing.T, version int64, test func(*testing.T, *database.DB)) {
	run := func(t *testing.T, config database.Config, of goose.Dialect) {
		db, err := database.Open(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		files, err := migrate.Files(db.Dialect)
		if err != nil {
			t.Fatal(err)
		}
		provider, err := goose.NewProvider(of, db.SQL, files, goose.WithDisableGlobalRegistry(true))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := provider.UpTo(t.Context(), version); err != nil {
			t.Fatal(err)
		}
		test(t, db)
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		run(t, database.Config{Path: filepath.Join(t.TempDir(), "library.db")}, goose.DialectSQLite3)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url, drop, err := postgres.Scratch(t.Context(), dbtest.Server(t))
		if err != nil {
			t.Fatal(err)
		}
		defer drop(t.Context())
		run(t, database.Config{URL: url}, goose.DialectPostgres)
	})
}

func aligned(t *testing.T, db *database.DB) {
	run := func(query string) {
		if _, err := db.SQL.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err, query)
		}
	}
	factRows(db, run)
	run("UPDATE library SET revision = 1")
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if db.Aligned != 2 {
		t.Errorf("%d assets were aligned", db.Aligned)
	}
	rows, err := db.SQL.QueryContext(t.Context(), `SELECT a.id, a.size, a.duration, m.size, m.duration, a.revision, e.revision, a.size_asc, a.size_desc, a.duration_asc, a.duration_desc,
		(SELECT COUNT(*) FROM stale_marks WHERE asset_id = a.id AND revision = 2) FROM assets a LEFT JOIN mezzanines m ON m.asset_id = a.id JOIN index_entries e ON e.asset_id = a.id ORDER BY a.id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		values := make([]any, 12)
		places := make([]any, len(values))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(values...))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(alignedFacts(), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// factRows writes assets with and without facts of their own and of their source files, as a
// library of before has them.
func factRows(db *database.DB, run func(query string)) {
	at, list, none := "'2026-01-01 00:00:00+00:00'", "'[]'", "true"
	if db.Dialect == dialect.SQLite {
		none = "1"
	}
	for i, c := range []struct{ size, duration, sourceSize, sourceDuration string }{
		{"NULL", "NULL", "5", "1.5"}, // the asset takes both
		{"7", "2.5", "NULL", "NULL"}, // the source file takes both
		{"1", "1", "2", "2"},         // the source file counts
		{"3", "3", "3", "3"},         // nothing changes
		{"9223372036854775807", "NULL", "", ""},
		{"NULL", "NULL", "", ""},
	} {
		run(fmt.Sprintf(`INSERT INTO assets (id, kind, title, title_key, alternative_titles, status, size, size_asc, size_desc, duration, duration_asc, duration_desc,
			storage_location, storage_class, media_source, download_enabled, revision, created_at, updated_at)
			VALUES ('vid_%d', 'VIDEO', 'x', 'x', %s, 'NORMAL', %s, 0, 0, %s, 0, 0, 'default', 'STANDARD', 'GENERAL', %s, 1, %s, %[6]s)`, i, list, c.size, c.duration, none, at))
		run(fmt.Sprintf(`INSERT INTO index_entries (id, asset_id, revision) VALUES (%d, 'vid_%[1]d', 1)`, i))
		if c.sourceSize != "" {
			run(fmt.Sprintf(`INSERT INTO mezzanines (id, asset_id, status, size, duration, video_streams, audio_streams, created_at)
				VALUES ('mez_%d', 'vid_%[1]d', 'NORMAL', %s, %s, %s, %[4]s, %s)`, i, c.sourceSize, c.sourceDuration, list, at))
		}
	}
}

// alignedFacts are the assets of factRows after the migration: the facts of each and of its source
// file, their revisions, the sort keys, and how many marks they have.
func alignedFacts() []string {
	return []string{
		fmt.Sprint("vid_0", 5, 1.5, 5, 1.5, 2, 2, 4, 5, 1.5, 1.5, 1),
		fmt.Sprint("vid_1", 7, 2.5, 7, 2.5, 1, 1, 6, 7, 2.5, 2.5, 0),
		fmt.Sprint("vid_2", 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 1),
		fmt.Sprint("vid_3", 3, 3, 3, 3, 1, 1, 2, 3, 3, 3, 0),
		fmt.Sprint("vid_4", 9223372036854775807, nil, nil, nil, 1, 1, 9223372036854775806, 9223372036854775807, math.Inf(1), -1, 0),
		fmt.Sprint("vid_5", nil, nil, nil, nil, 1, 1, 9223372036854775807, -1, math.Inf(1), -1, 0),
	}
}
