package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	atlas "ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/sqltool"
	"entgo.io/ent/dialect/sql/schema"
	"github.com/google/go-cmp/cmp"

	"vodgraph/database"
	"vodgraph/dbtest"
	"vodgraph/dbtest/postgres"
	"vodgraph/ent/migrate"
)

// empty is a database without tables, gone at the end of the test.
func empty(t *testing.T, folder string) *database.DB {
	t.Helper()
	config := database.Config{Path: filepath.Join(t.TempDir(), "empty.db")}
	if folder == "postgres" {
		url, drop, err := postgres.Scratch(t.Context(), dbtest.Server(t))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := drop(context.Background()); err != nil {
				t.Error(err)
			}
		})
		config = database.Config{URL: url}
	}
	db, err := database.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// wanted is a database whose tables Ent has made from its schema.
func wanted(t *testing.T, folder string) *database.DB {
	t.Helper()
	db := empty(t, folder)
	maker, err := schema.NewMigrate(plain(db))
	if err != nil {
		t.Fatal(err)
	}
	tables, err := migrate.TablesFor(db.Dialect)
	if err != nil {
		t.Fatal(err)
	}
	if err := maker.Create(t.Context(), tables...); err != nil {
		t.Fatal(err)
	}
	return db
}

// onEach runs f for the folder of each dialect.
func onEach(t *testing.T, f func(t *testing.T, folder string)) {
	t.Helper()
	for _, folder := range []string{"sqlite", "postgres"} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			f(t, folder)
		})
	}
}

func TestMigrationsEqualTheSchema(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, folder string) {
		db := empty(t, folder)
		if err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(describe(t, wanted(t, folder)), describe(t, db)); diff != "" {
			t.Errorf("the schema (-) and the migrations (+) differ; run: make migration name=…\n%s", diff)
		}
	})
}

func TestNothingIsLeftToWrite(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, folder string) {
		copied := t.TempDir()
		if err := os.CopyFS(copied, os.DirFS(filepath.Join("..", folder))); err != nil {
			t.Fatal(err)
		}
		next := migration{folder: copied, version: "99999999999999", name: "drift"}
		if err := write(t.Context(), plain(empty(t, folder)), next); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(filepath.Join(copied, next.version+"_drift.sql"))
		if !os.IsNotExist(err) {
			t.Errorf("a migration is missing (%v); run: make migration name=…\n%s", err, content)
		}
	})
}

func TestMigrationsAreAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, folder string) {
		dir, err := sqltool.NewGooseDir(filepath.Join("..", folder))
		if err != nil {
			t.Fatal(err)
		}
		if err := atlas.Validate(dir); err != nil {
			t.Errorf("a migration was changed by hand, or atlas.sum was: %v", err)
		}
	})
}

// deviations are what the comparison of tables must notice.
var deviations = map[string]map[string]string{
	"postgres": {
		"column dropped":    `ALTER TABLE assets DROP COLUMN file_name`,
		"column added":      `ALTER TABLE assets ADD COLUMN colour text`,
		"null allowed":      `ALTER TABLE assets ALTER COLUMN title DROP NOT NULL`,
		"default added":     `ALTER TABLE assets ALTER COLUMN title SET DEFAULT ''`,
		"type changed":      `ALTER TABLE assets ALTER COLUMN title TYPE varchar(20)`,
		"precision changed": `ALTER TABLE assets ALTER COLUMN created_at TYPE timestamptz`,
		"collation changed": `ALTER TABLE assets ALTER COLUMN title_key TYPE text COLLATE "default"`,
		"check dropped":     `ALTER TABLE assets DROP CONSTRAINT asset_one_cover`,
		"check changed": `ALTER TABLE assets DROP CONSTRAINT asset_one_cover,
			ADD CONSTRAINT asset_one_cover CHECK (cover_image_id IS NULL)`,
		"index dropped": `DROP INDEX asset_created_at_id`,
		"index added":   `CREATE INDEX colours ON assets (title)`,
		"no more unique": `DROP INDEX assets_reference_id_key;
			CREATE INDEX assets_reference_id_key ON assets (reference_id)`,
		"deletes less": `ALTER TABLE snapshots DROP CONSTRAINT snapshots_assets_asset,
			ADD CONSTRAINT snapshots_assets_asset FOREIGN KEY (asset_id) REFERENCES assets (id) ON DELETE RESTRICT`,
		"table dropped": `DROP TABLE tags CASCADE`,
	},
	"sqlite": {
		"column dropped":  `ALTER TABLE assets DROP COLUMN file_name`,
		"column added":    `ALTER TABLE assets ADD COLUMN colour text`,
		"null allowed":    tags("name text"),
		"default added":   tags("name text NOT NULL DEFAULT ''"),
		"type changed":    tags("name integer NOT NULL"),
		"collation added": tags("name text NOT NULL COLLATE NOCASE"),
		"check added":     tags("name text NOT NULL CHECK (name <> '')"),
		"index dropped":   `DROP INDEX asset_created_at_id`,
		"index added":     `CREATE INDEX colours ON assets (title)`,
		"no more unique": `DROP INDEX assets_reference_id_key;
			CREATE INDEX assets_reference_id_key ON assets (reference_id)`,
		"deletes less": `DROP TABLE asset_tags;
			CREATE TABLE asset_tags (asset_id text NOT NULL, tag_id text NOT NULL, PRIMARY KEY (asset_id, tag_id),
			CONSTRAINT asset_tags_assets_asset FOREIGN KEY (asset_id) REFERENCES assets (id),
			CONSTRAINT asset_tags_tags_tag FOREIGN KEY (tag_id) REFERENCES tags (id) ON DELETE CASCADE);
			CREATE INDEX assettag_tag_id_asset_id ON asset_tags (tag_id, asset_id)`,
		"table dropped": `DROP TABLE tags`,
	},
}

// tags makes a table anew, with its name as given.
func tags(name string) string {
	return `DROP TABLE tags;
		CREATE TABLE tags (id text NOT NULL, ` + name + `, words text NULL, PRIMARY KEY (id));
		CREATE UNIQUE INDEX tags_name_key ON tags (name)`
}

func TestTheComparisonNoticesDeviations(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, folder string) {
		want := describe(t, wanted(t, folder))
		for name, deviation := range deviations[folder] {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				db := dbtest.SQLite(t).DB
				if folder == "postgres" {
					db = dbtest.Postgres(t).DB
				}
				if _, err := db.SQL.ExecContext(t.Context(), deviation); err != nil {
					t.Fatal(err)
				}
				if slices.Equal(describe(t, db), want) {
					t.Error("nobody noticed")
				}
			})
		}
		if folder == "sqlite" {
			db := dbtest.SQLite(t).DB
			if _, err := db.SQL.ExecContext(t.Context(), tags("name text NOT NULL")); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, describe(t, db)); diff != "" {
				t.Errorf("a table that was only made anew differs: %s", diff)
			}
		}
	})
}
