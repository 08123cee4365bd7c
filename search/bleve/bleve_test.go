package bleve_test

import (
	"fmt"
	"testing"

	"vodgraph/search"
	"vodgraph/search/bleve"
	"vodgraph/search/searchtest"
)

func TestConformance(t *testing.T) {
	searchtest.Run(t, func(t *testing.T) search.Engine { return open(t, t.TempDir()) })
}

// open opens a folder until the end of a test.
func open(t *testing.T, path string) *bleve.Engine {
	t.Helper()
	engine, err := bleve.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return engine
}

// TestBeginningsOfManyWords looks for beginnings that many words have, and for ones
// that few have, in one segment and in two, and where a document has gone.
func TestBeginningsOfManyWords(t *testing.T) {
	t.Parallel()
	engine := open(t, t.TempDir())
	const many = 1200
	doc := func(n int) *search.Document {
		return &search.Document{ID: fmt.Sprintf("vid_%026d", n), Revision: 1, Seq: int64(n), Texts: map[search.TextField][]string{
			search.ReferenceID: {fmt.Sprintf("r%04d", n)}, search.Speech: {fmt.Sprintf("said%04d", n)}}}
	}
	put := func(from, to int) {
		t.Helper()
		var docs []*search.Document
		for n := from; n < to; n++ {
			docs = append(docs, doc(n))
		}
		if err := engine.Put(t.Context(), docs); err != nil {
			t.Fatal(err)
		}
	}
	finds := func(text string, want int64) {
		t.Helper()
		hits, err := engine.Search(t.Context(), &search.Query{Text: searchtest.Text(text), Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if hits.Total != want {
			t.Errorf("%q: %d, want %d", text, hits.Total, want)
		}
	}
	put(0, many)
	for text, want := range map[string]int64{"r": many, "r0": 1000, "r1": 200, "r01": 100, "sai": many, "sa": 0, "q": 0} {
		finds(text, want)
	}
	if err := engine.Remove(t.Context(), []string{doc(7).ID, doc(123).ID}); err != nil {
		t.Fatal(err)
	}
	put(many, many+100)
	for text, want := range map[string]int64{"r": many + 98, "r0": 998, "r1": 300, "r00": 99, "r01": 99, "r12": 100} {
		finds(text, want)
	}
}
