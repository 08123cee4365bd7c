package bulk

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/bench/measure"
	"vodgraph/database"
	"vodgraph/dbtest"
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
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			server := ""
			if dialect == "postgres" {
				server = dbtest.Server(t)
			}
			want := after(t, server, wholeTarget)
			for _, name := range []string{bareTarget, graphTarget, catalogTarget} {
				got, tables := after(t, server, name), len(written)
				if name == bareTarget {
					tables = 2
				}
				if diff := cmp.Diff(want[:tables], got[:tables]); diff != "" {
					t.Errorf("%s (+) does not write as %s (-) does:\n%s", name, wholeTarget, diff)
				}
			}
		})
	}
}

// after lets a target update some of a filled library, and returns what is written then.
func after(t *testing.T, server, name string) [][]string {
	t.Helper()
	db, err := database.Open(t.Context(), measure.Config(measure.ForTest(t, server, 200)))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
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
