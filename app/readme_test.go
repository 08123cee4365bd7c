package app

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vodgraph/search"
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
	if len(examples) < 9 {
		t.Fatalf("The README has %d queries with answers.", len(examples))
	}
	a, _ := fill(t, t.TempDir())
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	run(t, a)
	level(t, a)
	for _, e := range examples {
		var want, got any
		err := errors.Join(json.Unmarshal(e[2], &want), json.Unmarshal(lastPage(t, a, string(e[1])), &got))
		if err != nil {
			t.Fatalf("%v in the answer to\n%s", err, e[1])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("The README says another answer (-) than the demo gives (+) to\n%s\n%s", e[1], diff)
		}
	}
}

// level waits until the index has all of the library.
func level(t *testing.T, a *App) {
	t.Helper()
	for {
		why, state := a.index.Stats().Reason, a.index.Stats().State
		if why == search.InSync && state.Pending == 0 && state.Assets > 0 {
			return
		}
		select {
		case <-t.Context().Done():
			t.Fatalf("the index is %q", why)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// lastPage is the answer to a document. Where it has the variable $after, it is
// asked again and again, each time after the page before, until there is no more.
func lastPage(t *testing.T, a *App, document string) json.RawMessage {
	t.Helper()
	if !strings.Contains(document, "$after") {
		return ask(t, a.URL(), document, nil).Data
	}
	walking := strings.Replace(document, "hasNextPage", "hasNextPage endCursor", 1)
	for after := (any)(nil); ; {
		variables := map[string]any{"after": after}
		var page struct {
			Search struct {
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}
		answer := ask(t, a.URL(), walking, variables)
		if err := json.Unmarshal(answer.Data, &page); err != nil || len(answer.Errors) > 0 {
			t.Fatalf("%v, %v", err, answer.Errors)
		}
		if !page.Search.PageInfo.HasNextPage {
			return ask(t, a.URL(), document, variables).Data
		}
		after = page.Search.PageInfo.EndCursor
	}
}
