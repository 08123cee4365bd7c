package bleve_test

import (
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
