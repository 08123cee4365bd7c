package playground

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

// TestExamplesFitTheSchema validates every example and its variables against the published schema.
func TestExamplesFitTheSchema(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range Examples() {
		t.Run(example.Name, func(t *testing.T) {
			t.Parallel()
			document, faults := gqlparser.LoadQueryWithRules(schema, example.Query, nil)
			if faults != nil {
				t.Fatal(faults)
			}
			if len(document.Operations) != 1 || document.Operations[0].Name == "" {
				t.Fatal("An example is one operation, with a name for its tab.")
			}
			given := map[string]any{}
			if example.Variables != "" {
				if err := json.Unmarshal([]byte(example.Variables), &given); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := validator.VariableValues(schema, document.Operations[0], given); err != nil {
				t.Error(err)
			}
			for name := range given {
				if document.Operations[0].VariableDefinitions.ForName(name) == nil {
					t.Errorf("The variable %q is not one of the operation.", name)
				}
			}
		})
	}
}

// TestExamplesAreInOrder holds the tabs to their files, so that none is left out or shifted.
func TestExamplesAreInOrder(t *testing.T) {
	t.Parallel()
	want := []string{"1-full-asset", "2-nested-lists", "3-category-tree", "4-filter", "5-tag-walk", "6-bulk-create", "7-search", "8-search-cue",
		"9-search-walk", "a-dry-run", "b-change-all", "c-watch", "d-undo"}
	got := Examples()
	if len(got) != len(want) {
		t.Fatalf("there are %d examples, want %d", len(got), len(want))
	}
	for i, name := range want {
		if got[i].Name != name {
			t.Errorf("tab %d is %q, want %q", i, got[i].Name, name)
		}
	}
}
