package app

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// example is a query in the README and the answer that it shows.
var example = regexp.MustCompile("(?s)```graphql\n(.*?)```\n\n```json\n(.*?)```")

// TestReadme runs the queries of the README on the demo, one after the other,
// and holds the answers to what it says.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := example.FindAllSubmatch(readme, -1)
	if len(examples) != 5 {
		t.Fatalf("The README has %d queries with answers, and promises five.", len(examples))
	}
	a, _ := fill(t, t.TempDir())
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	run(t, a)
	for _, e := range examples {
		var want, got any
		err := errors.Join(json.Unmarshal(e[2], &want), json.Unmarshal(ask(t, a.URL(), string(e[1]), nil).Data, &got))
		if err != nil {
			t.Fatalf("%v in the answer to\n%s", err, e[1])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("The README says another answer (-) than the demo gives (+) to\n%s\n%s", e[1], diff)
		}
	}
}
