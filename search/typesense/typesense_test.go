package typesense_test

import (
	"testing"

	"vodgraph/search"
	"vodgraph/search/searchtest"
	"vodgraph/search/typesense"
	"vodgraph/search/typesensetest"
)

func TestEngine(t *testing.T) {
	searchtest.Run(t, func(t *testing.T) search.Engine { return open(t, typesensetest.Shared(t)) })
}

// open opens an engine until the end of the test.
func open(t *testing.T, setting string) *typesense.Engine {
	t.Helper()
	engine, err := typesense.Open(setting)
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
