package served_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"testing"

	"vodgraph/bench/labelled"
	"vodgraph/bench/served"
	"vodgraph/bench/works"
	"vodgraph/library"
	"vodgraph/search/typesensetest"
)

// least is the recall at 10 that each kind of queries must have.
var least = map[labelled.Kind]float64{
	labelled.Exact: 1, labelled.Reverse: 1, labelled.OneEdit: 0.98, labelled.TwoEdits: 0.97, labelled.Prefix: 0.98,
	labelled.OneCJK: 0.99, labelled.TwoCJK: 0.99, labelled.RunCJK: 0.99,
}

// each is how many queries of each kind are asked.
const each = 200

// TestRecall asks the labelled set through GraphQL, over all works, on both engines.
func TestRecall(t *testing.T) {
	t.Parallel()
	list, err := works.Read(works.ForTest(t))
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	if err := works.Write(list, &lines); err != nil {
		t.Fatal(err)
	}
	titled := works.Labelled(list)
	if len(titled) != works.Count {
		t.Fatalf("there are %d works", len(titled))
	}
	imported := library.Store{Data: t.TempDir()}
	if err := served.Import(t.Context(), imported, &lines); err != nil {
		t.Fatal(err)
	}
	queries := labelled.Make(titled, nil, each, 1)
	if len(queries) < 600 {
		t.Fatalf("there are only %d queries", len(queries))
	}
	for name, engine := range map[string]func(testing.TB) string{
		"bleve":     func(testing.TB) string { return "" },
		"typesense": typesensetest.Shared,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, copied(t, imported), engine(t))
			recall(t, s, name, queries)
		})
	}
}

// copied is a library of its own that is equal to one on SQLite.
func copied(t *testing.T, store library.Store) library.Store {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(store.Data)); err != nil {
		t.Fatal(err)
	}
	return library.Store{Data: folder}
}

// start serves a library until the end of a test, and waits for its index.
func start(t *testing.T, store library.Store, engine string) *served.Server {
	t.Helper()
	s, err := served.Start(t.Context(), store, engine, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Level(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// tries is how often a query is asked that does not find all: an engine that has no
// time, as on a machine where all tests run at once, forgives no errors, or lets the
// database answer.
const tries = 5

// recall asks all queries, and wants enough of what they must find.
func recall(t *testing.T, s *served.Server, engine string, queries []labelled.Query) {
	t.Helper()
	sum, count, missed := map[labelled.Kind]float64{}, map[labelled.Kind]float64{}, map[labelled.Kind][]string{}
	for i := range queries {
		q := &queries[i]
		best := 0.0
		for try := 0; try < tries && best < 1; try++ {
			found, err := s.Search(t.Context(), q.Text, labelled.Page)
			if err != nil {
				t.Fatal(err)
			}
			if found.Index.Engine != engine {
				t.Fatalf("%q is asked, not %q", found.Index.Engine, engine)
			}
			if !found.Index.Degraded {
				best = max(best, q.Recall(found.IDs()))
			}
		}
		sum[q.Kind] += best
		count[q.Kind]++
		if best < 1 {
			text, err := json.Marshal(q.Text)
			if err != nil {
				t.Fatal(err)
			}
			missed[q.Kind] = append(missed[q.Kind], string(text))
		}
	}
	for kind, wanted := range least {
		got := sum[kind] / max(count[kind], 1)
		t.Logf("%s, %.0f queries: %.3f; missed: %s", kind, count[kind], got, missed[kind])
		if got < wanted {
			t.Errorf("%s: recall is %.3f and should be %.3f; missed: %s", kind, got, wanted, missed[kind])
		}
	}
}
