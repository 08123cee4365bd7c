package gqlhttp

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
)

// TestPersistedQueriesAreBound keeps so many texts, and forgets the one that was not
// used for the longest.
func TestPersistedQueriesAreBound(t *testing.T) {
	t.Parallel()
	p, err := newPersisted(DefaultProtocol(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	named := func(i int, text bool) *request {
		query := fmt.Sprintf("{a%d: __typename}", i)
		a := &request{Extensions: map[string]any{"persistedQuery": map[string]any{"version": json.Number("1"), "sha256Hash": DocumentHash(query)}}}
		if text {
			a.Query = query
		}
		return a
	}
	for i := range persistedDocuments + 1 {
		p.store(t.Context(), *named(i, true))
	}
	if p.find(t.Context(), named(0, false)) == nil || p.find(t.Context(), named(1, false)) != nil {
		t.Error("the oldest is still kept, or the next is not")
	}
}
