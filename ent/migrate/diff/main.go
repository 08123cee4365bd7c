// Diff writes the next migration: what has changed in ent/schema since the last,
// once for SQLite and once for Postgres, into the folders beside it.
//
//	go generate ./ent
//	make migration name=add_colours
//
// "make migration" finds a Postgres server, or starts one, and runs
// "go run ./ent/migrate/diff add_colours" from the top of the repository, with
// the server's address in TEST_DATABASE_URL; a database is made there, and
// dropped at the end. Read the files before you commit them: a column that was
// renamed looks like one dropped and one added.
//
// What cannot be derived from the schema, such as rows to be filled in, is added
// to the files by hand, and -sum has atlas.sum agree with them again.
//
// With -initial in place of a name it throws all migrations away and writes the
// first one anew. That is for the time before the first release, and makes
// every database that exists worthless.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"time"

	atlas "ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/sqltool"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"vodgraph/database"
	"vodgraph/dbtest/postgres"
	"vodgraph/ent/migrate"
)

// initialVersion is the version of the first migration, however often it is
// written anew.
const initialVersion = "20261122000000"

var names = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func main() {
	log.SetFlags(0)
	initial := flag.Bool("initial", false, "throw all migrations away and write the first one anew")
	sum := flag.Bool("sum", false, "write no migration, and have atlas.sum agree with the ones there are")
	flag.Parse()
	if *sum {
		if err := writeSums(); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := run(context.Background(), *initial, flag.Arg(0), time.Now()); err != nil {
		log.Fatal(err)
	}
}

func writeSums() error {
	for _, name := range []string{dialect.SQLite, dialect.Postgres} {
		folder, err := migrate.Folder(name)
		if err != nil {
			return err
		}
		dir, err := sqltool.NewGooseDir(filepath.Join("ent", "migrate", folder))
		if err != nil {
			return fmt.Errorf("open the folder of migrations: %w", err)
		}
		sums, err := dir.Checksum()
		if err != nil {
			return fmt.Errorf("sum up the migrations: %w", err)
		}
		if err := atlas.WriteSumFile(dir, sums); err != nil {
			return fmt.Errorf("write the sums: %w", err)
		}
	}
	return nil
}

func run(ctx context.Context, initial bool, name string, now time.Time) error {
	next := migration{name: name, version: now.UTC().Format("20060102150405")}
	if initial {
		next = migration{name: "initial", version: initialVersion, first: true}
	}
	if !names.MatchString(next.name) {
		return fmt.Errorf("name what changes in lower-case letters, digits and _, and not %q", name)
	}
	server := os.Getenv("TEST_DATABASE_URL")
	if server == "" {
		return errors.New("set TEST_DATABASE_URL to a Postgres server, or run: make migration name=" + next.name)
	}
	url, drop, err := postgres.Scratch(ctx, server)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "vodgraph-diff-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	return errors.Join(
		onEmpty(ctx, database.Config{Path: filepath.Join(folder, "empty.db")}, next),
		onEmpty(ctx, database.Config{URL: url}, next),
		drop(ctx),
	)
}

// onEmpty writes the migration for the dialect of an empty database.
func onEmpty(ctx context.Context, config database.Config, next migration) error {
	db, err := database.Open(ctx, config)
	if err != nil {
		return err
	}
	defer db.Close()
	folder, err := migrate.Folder(db.Dialect)
	if err != nil {
		return err
	}
	next.folder = filepath.Join("ent", "migrate", folder)
	before, err := filepath.Glob(filepath.Join(next.folder, "*"))
	if err != nil {
		return err
	}
	if next.first {
		for _, file := range before {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
		before = nil
	}
	if err := write(ctx, plain(db), next); err != nil {
		return err
	}
	after, err := filepath.Glob(filepath.Join(next.folder, "*"))
	if err == nil && len(after) == len(before) {
		fmt.Printf("%s: nothing has changed\n", db.Dialect)
	} else if err == nil {
		fmt.Printf("%s: %s\n", db.Dialect, filepath.Join(next.folder, next.version+"_"+next.name+".sql"))
	}
	return err
}

// plain is Ent's driver on an open database.
func plain(db *database.DB) dialect.Driver { return entsql.OpenDB(db.Dialect, db.SQL) }
