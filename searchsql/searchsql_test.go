package searchsql_test

import (
	"context"
	"slices"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/limits"
	"vodgraph/search"
	"vodgraph/search/searchtest"
	"vodgraph/searchsql"
)

// withoutGroups are the groups of the suite that the database does not claim.
var withoutGroups = map[string]string{
	"Keeping":           "it is the library itself, which change writes",
	"Rebuilds":          "there is nothing to rebuild",
	"AllTexts":          "it does not look in categories, file names, reference ids, labels, speech and screen text",
	"WithoutCategories": "it never looks in categories",
	"Beginnings":        "it finds a text anywhere within a word, also where a separator ends it",
	"Typos":             "it forgives no error",
	"Relevance":         "it ranks nothing, and leaves relevance out of orders",
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, fresh := range map[string]func(testing.TB) *dbtest.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			searchtest.RunFinder(t, func(t *testing.T) searchtest.Subject { return subject(library{fresh(t)}) }, withoutGroups)
		})
	}
}

// subject is what the database claims to filter, count and sort by.
func subject(l library) searchtest.Subject {
	counted := []search.TermField{
		search.TermKind, search.TermStatus, search.TermCategory, search.TermTag, search.TermAttachmentType,
		search.TermLocation, search.TermClass, search.TermSource, search.TermDefinition, search.TermCodec,
	}
	sorted := []search.NumberField{search.NumberSize, search.NumberDuration, search.NumberCreated, search.NumberUpdated}
	return searchtest.Subject{
		Finder: l, Put: l.put, Fit: fit,
		Terms: slices.Concat(counted, []search.TermField{search.TermOwnCategory}), Counted: counted,
		Numbers: slices.Concat(sorted, []search.NumberField{search.NumberWidth, search.NumberHeight}), Sorted: sorted,
	}
}

// library is a database whose assets are made of documents.
type library struct{ *dbtest.DB }

// Search finds with the filter of the query as one of assets.
func (l library) Search(ctx context.Context, q *search.Query) (*search.Hits, error) {
	which := assetFilter(q.Filter)
	where, err := which.Predicate(limits.Filter{Depth: 100, Members: 10_000, Links: 10_000, List: 100_000, Values: 100_000})
	if err != nil {
		return nil, err
	}
	f := searchsql.Finder{Client: l.Client, Where: where, Filter: which.Fingerprint(), Columns: []string{"id"}}
	return f.Search(ctx, q)
}

// A facet that the database does not count is an error, not an empty one.
func TestFacetsThatAreNotCounted(t *testing.T) {
	t.Parallel()
	l := library{dbtest.SQLite(t)}
	for _, field := range []search.TermField{search.TermReference, search.TermPlay, search.TermFlag, search.TermOwnCategory} {
		if hits, err := l.Search(t.Context(), &search.Query{Facets: []search.Facet{{Field: field, First: 5}}}); err == nil {
			t.Errorf("%s: %+v", field, hits)
		}
	}
}
