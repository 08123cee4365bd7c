package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/bench/generated"
	"vodgraph/database"
	"vodgraph/dbtest"
	"vodgraph/exchange"
)

// written are what an update writes, table by table, without what is other each
// time. The first two are all that the bare anchor writes.
var written = []string{
	"SELECT id, title, title_key FROM assets",
	"SELECT l.asset_id, t.name FROM asset_tags l JOIN tags t ON t.id = l.tag_id",
	"SELECT asset_id, revision = (SELECT revision FROM assets a WHERE a.id = asset_id), words FROM index_entries",
	"SELECT actor, asset_count FROM change_sets",
	"SELECT subject_id, field, before, after, revision = (SELECT revision FROM assets a WHERE a.id = subject_id) FROM changes WHERE field <> 'created'",
	"SELECT asset_id, revision - (SELECT revision FROM library) FROM stale_marks",
}

// TestTargets holds that all targets write the same.
func TestTargets(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		want := after(t, db.DB, wholeTarget)
		for _, name := range []string{bareTarget, graphTarget, catalogTarget} {
			fresh := dbtest.SQLite
			if db.Postgres() {
				fresh = dbtest.Postgres
			}
			got, tables := after(t, fresh(t).DB, name), len(written)
			if name == bareTarget {
				tables = 2
			}
			if diff := cmp.Diff(want[:tables], got[:tables]); diff != "" {
				t.Errorf("%s (+) does not write as %s (-) does:\n%s", name, wholeTarget, diff)
			}
		}
	})
}

// after fills a library, has a target update some of it, and tells what is written
// then.
func after(t *testing.T, db *database.DB, name string) [][]string {
	t.Helper()
	corpus, err := generated.New(generated.Size{Assets: 200, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	_, err = exchange.Import(t.Context(), verbs(db), []exchange.Source{{Name: "corpus", Open: func() (io.ReadCloser, error) {
		from, to := io.Pipe()
		go func() { to.CloseWithError(corpus.Write(to)) }()
		return from, nil
	}}}, exchange.Options{Report: t.Output(), Progress: func(int64, int64) {}})
	if err != nil {
		t.Fatal(err)
	}
	list, err := some(t.Context(), db, 60)
	if err != nil {
		t.Fatal(err)
	}
	all := targets(db)
	chosen := all[slices.IndexFunc(all, func(one *target) bool { return one.name == name })]
	if _, _, err := chosen.turn(t.Context(), db, turn{list: list, call: 20, number: 7}); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	tables := make([][]string, len(written))
	for i, query := range written {
		tables[i] = table(t, db, query)
	}
	return tables
}

// table are the rows of a query, each as text, in order. JSON stands as its value.
func table(t *testing.T, db *database.DB, query string) (lines []string) {
	t.Helper()
	rows, err := db.SQL.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		line := ""
		for i, value := range values {
			if text, ok := value.([]byte); ok {
				value = string(text)
			}
			if columns[i] == "before" || columns[i] == "after" {
				value = meant(t, value)
			}
			line += fmt.Sprintf("%s=%v ", columns[i], value)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

// meant is the value of a text of JSON.
func meant(t *testing.T, text any) (value any) {
	t.Helper()
	if text == nil {
		return nil
	}
	if err := json.Unmarshal([]byte(text.(string)), &value); err != nil {
		t.Fatal(err)
	}
	return value
}
