package resolvers_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/limits"
	"vodgraph/model"
	"vodgraph/outbox"
	"vodgraph/resolvers"
	"vodgraph/search"
	"vodgraph/search/bleve"
)

// finder answers as a test says, and remembers what it was asked.
type finder struct {
	answer func(*search.Query) (*search.Hits, error)

	lock      sync.Mutex
	asked     []*search.Query
	revisions int
}

func (f *finder) Search(_ context.Context, q *search.Query) (*search.Hits, error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.asked = append(f.asked, q)
	hits, err := f.answer(q)
	if hits != nil && q.Freshness.WithRevision {
		hits.Revision = 42
	}
	return hits, err
}

func (f *finder) Revision(context.Context) (int64, error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.revisions++
	return 42, nil
}

func (f *finder) Engine() string { return "fake" }

// down is an engine that cannot answer.
func down(*search.Query) (*search.Hits, error) { return nil, search.ErrUnavailable }

// seekers serves the graph with an engine; without one for nil.
func seekers(t *testing.T, db *dbtest.DB, index model.Index) *server {
	limits := limits.DefaultLibrary()
	return serveRoot(t, db, &resolvers.Root{
		Client: db.Client, Limits: limits, Index: index, Catalog: bulk.New(db.Client, change.Options{Limits: limits}),
	})
}

// wordsOf are texts as they are kept to be looked through.
func wordsOf(texts ...string) string {
	normal := make([]string, len(texts))
	for i, text := range texts {
		normal[i] = search.Normalise(text)
	}
	return strings.Join(normal, "\n")
}

// index makes all that is there such as can be found.
func index(t *testing.T, db *dbtest.DB) {
	t.Helper()
	ctx := t.Context()
	for i, a := range db.Client.Asset.Query().Order(asset.ByCreatedAt(), asset.ByID()).AllX(ctx) {
		texts := append([]string{a.Title}, a.AlternativeTitles...)
		if a.Description != nil {
			texts = append(texts, *a.Description)
		}
		db.Client.IndexEntry.Create().SetID(int64(i + 1)).SetAssetID(a.ID).SetRevision(a.Revision).SetWords(wordsOf(texts...)).ExecX(ctx)
	}
	for _, tag := range db.Client.Tag.Query().AllX(ctx) {
		tag.Update().SetWords(wordsOf(tag.Name)).ExecX(ctx)
	}
}

// inBleve is bleve with all that can be found, as the catalog has it.
func inBleve(t *testing.T, db *dbtest.DB) model.Index {
	t.Helper()
	engine, err := bleve.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return holding(t, db, engine)
}

// holding is an engine, closed at the end, with all that can be found.
func holding(t *testing.T, db *dbtest.DB, engine interface {
	search.Engine
	Close() error
}) model.Index {
	t.Helper()
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	docs, err := outbox.New(bulk.New(db.Client, change.Options{Limits: limits.DefaultLibrary()}).Library).
		Documents(t.Context(), db.Client.Asset.Query().IDsX(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Put(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	return &finder{answer: func(q *search.Query) (*search.Hits, error) { return engine.Search(context.Background(), q) }}
}

// refusedAt wants a request refused with a code at just a place.
func (s *server) refusedAt(code fault.Code, place, query string, variables map[string]any) {
	s.Helper()
	a := s.send(query, variables)
	if len(a.Errors) == 0 {
		s.Errorf("%s is not refused: %s", query, a.Data)
		return
	}
	e := a.Errors[0]
	if got := strings.Join(e.Extensions.Field, "."); e.Extensions.Code != string(code) || got != place || e.Message == "" {
		s.Errorf("%s is refused with %s at %q (%s), not with %s at %q", query, e.Extensions.Code, got, e.Message, code, place)
	}
}

// found is what a search answers.
type found struct {
	Search struct {
		Edges []struct {
			Cursor     string
			Node       struct{ ID string }
			Score      *float64
			Highlights []highlight
		}
		Nodes    []struct{ ID string }
		PageInfo struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       *string
		}
		TotalCount  int
		Facets      []facet
		Corrections []struct{ Typed, Used string }
		Index       struct {
			Engine   string
			Revision int64
			Degraded bool
		}
	}
}

type highlight struct {
	Field, Snippet string
	Marks          []struct{ Start, Length int }
	Start, End     *float64
}

type facet struct {
	Field   string
	Buckets []struct {
		Value, Label string
		Count        int
	}
}

// ids are those of the edges.
func (f *found) ids() []string {
	ids := make([]string, len(f.Search.Edges))
	for i, e := range f.Search.Edges {
		ids[i] = e.Node.ID
	}
	return ids
}

// seek asks a search with arguments; what is selected is all but the counts.
func (s *server) seek(arguments string) *found {
	s.Helper()
	var f found
	s.ask("{ search("+arguments+`) { edges { cursor node { id } score highlights { field snippet marks { start length } start end } } nodes { id }
		pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount corrections { typed used }
		facets { field buckets { value label count } } index { engine revision degraded } } }`, nil, &f)
	if nodes := f.Search.Nodes; len(nodes) != len(f.Search.Edges) {
		s.Errorf("%s: %d nodes, and %d edges", arguments, len(nodes), len(f.Search.Edges))
	}
	return &f
}

// wantIDs wants the assets of a search, in order.
func (f *found) wantIDs(t *testing.T, what string, want ...string) {
	t.Helper()
	if got := f.ids(); !slices.Equal(got, want) {
		t.Errorf("%s: found %q, not %q", what, got, want)
	}
}
