package filter_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"vodgraph/filter"
	"vodgraph/media"
)

// Each member that the schema has, of the filter and of the inputs within it, has a row in a
// table, and each row is a member. So has it in the tables by which the property tests draw
// and evaluate filters.
func TestEachMemberHasARow(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	schema := gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphql", Input: string(text)})
	inputs := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		of := schema.Types[name]
		if of.Kind != ast.InputObject || inputs[name] || name == "CategoryRef" { // which is a value
			return
		}
		inputs[name] = true
		var inSchema []string
		for _, field := range of.Fields {
			inSchema = append(inSchema, field.Name)
			visit(field.Type.Name())
		}
		rows := slices.Clone(filter.MembersOf[name])
		if strings.HasSuffix(name, "Range") {
			rows = []string{"gte", "gt", "lte", "lt"}
		}
		slices.Sort(inSchema)
		if slices.Sort(rows); !slices.Equal(inSchema, rows) {
			t.Errorf("%s has the members %q in the schema, and the rows %q", name, inSchema, rows)
		}
	}
	visit("AssetFilter")
	for name := range filter.MembersOf {
		if !inputs[name] {
			t.Errorf("no filter has the input %s", name)
		}
	}
	for _, name := range filter.Members {
		if drawn[name] == nil || evaluated[name] == nil {
			t.Errorf("the property tests draw %s: %v, and evaluate it: %v", name, drawn[name] != nil, evaluated[name] != nil)
		}
	}
	if len(drawn) != len(filter.Members) || len(evaluated) != len(filter.Members) {
		t.Errorf("%d members are drawn and %d evaluated, and there are %d", len(drawn), len(evaluated), len(filter.Members))
	}
}

// The text of the SQL depends on the members that are given and on whether lists have none,
// one or more values, and on nothing else.
func TestSQLTextIsOfTheShape(t *testing.T) {
	t.Parallel()
	column := func(name string) string { return "a." + name }
	rapid.Check(t, func(r *rapid.T) {
		s := drawLibrary(r)
		f := drawFilter(r, s, 2)
		other := asOtherValues(r, f)
		for _, in := range []string{dialect.SQLite, dialect.Postgres} {
			text, args := f.SQL(in, column)
			same, others := other.SQL(in, column)
			if text != same || len(args) != len(others) || strings.Count(text, "?") != len(args) {
				r.Fatalf("%s and %s are\n%s with %d arguments, and\n%s with %d", asJSON(f), asJSON(other), text, len(args), same, len(others))
			}
		}
	})
}

// asOtherValues is the filter with every text and number replaced, and lists of more than one
// value made longer.
func asOtherValues(t *rapid.T, f *filter.AssetFilter) *filter.AssetFilter {
	var tree any
	if err := json.Unmarshal([]byte(asJSON(f)), &tree); err != nil {
		t.Fatal(err)
	}
	var replaced func(v any) any
	replaced = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			for name, below := range v {
				v[name] = replaced(below)
			}
		case []any:
			different := map[string]bool{}
			for i, below := range v {
				v[i] = replaced(below)
				if text, ok := v[i].(string); ok {
					different[text] = true
				}
			}
			if len(different) > 1 {
				return append(v, "another value")
			}
		case string:
			if _, err := time.Parse(time.RFC3339Nano, v); err == nil {
				return "2001-02-03T04:05:06Z"
			}
			return media.Clean(v) + "'?" // as a name that is written twice is one
		case float64:
			return 7
		}
		return v
	}
	other, err := json.Marshal(replaced(tree))
	if err != nil {
		t.Fatal(err)
	}
	var made *filter.AssetFilter
	if err := json.Unmarshal(other, &made); err != nil {
		t.Fatalf("%s: %v", other, err)
	}
	return made
}
