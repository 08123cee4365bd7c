// Package searchtest holds every engine to the same: Run is what passing for one
// means. It knows nothing of any engine, and asks only by search.Engine and
// search.Rebuilder; what one engine does faster or better than the other is not
// in it.
package searchtest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/search"
)

const maxPage = 250

// Run runs all tests. open gives an engine that is empty and the test's own, and
// closes it by Cleanup.
func Run(t *testing.T, open func(t *testing.T) search.Engine) {
	t.Parallel()
	for name, test := range map[string]func(*world){
		"PutReplaceRemove":       putReplaceRemove,
		"NothingAndEverything":   nothingAndEverything,
		"CountAndRevisions":      countAndRevisions,
		"EveryTextIsFound":       everyTextIsFound,
		"WordsMatchAcrossFields": wordsMatchAcrossFields,
		"CategoriesAreLeftOut":   categoriesAreLeftOut,
		"SearchAsYouType":        searchAsYouType,
		"Typos":                  typos,
		"OneFormForAll":          oneFormForAll,
		"CJK":                    cjk,
		"TitleCountsMost":        titleCountsMost,
		"ExactBeforeTheRest":     exactBeforeTheRest,
		"ScoresStandStill":       scoresStandStill,
		"HostileTexts":           hostileTexts,
		"TextsThatAreTooLong":    textsThatAreTooLong,
		"Filters":                filters,
		"FiltersOfManyValues":    filtersOfManyValues,
		"Ranges":                 ranges,
		"Sorts":                  sorts,
		"SortsWithRelevance":     sortsWithRelevance,
		"Facets":                 facets,
		"FacetsOfManyValues":     facetsOfManyValues,
		"FacetsAmongValues":      facetsAmongValues,
		"TotalIsExact":           totalIsExact,
		"Places":                 places,
		"WalkByRelevance":        walkByRelevance,
		"WalkByDate":             walkByDate,
		"WalkByTitle":            walkByTitle,
		"WalkFromTheOldest":      walkFromTheOldest,
		"Rebuild":                rebuild,
		"RebuildIsDiscarded":     rebuildIsDiscarded,
		"RebuildWhileInUse":      rebuildWhileInUse,
		"ManyAtOnce":             manyAtOnce,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(&world{T: t, engine: open(t)})
		})
	}
}

type world struct {
	*testing.T
	engine search.Engine
}

// document is one with a title. Numbers of documents are their Seq, revision and
// date, and make their ids.
func document(n int64, title string) *search.Document {
	return &search.Document{
		ID: id(n), Revision: n, Seq: n, TitleKey: title,
		Texts:   map[search.TextField][]string{search.Title: {title}},
		Terms:   map[search.TermField][]string{search.TermKind: {"VIDEO"}},
		Numbers: map[search.NumberField]int64{search.NumberCreated: n, search.NumberUpdated: n},
	}
}

func id(n int64) string { return fmt.Sprintf("vid_%026d", n) }

func ids(numbers ...int64) []string {
	all := []string{}
	for _, n := range numbers {
		all = append(all, id(n))
	}
	return all
}

func (w *world) titled(titles ...string) {
	w.Helper()
	docs := make([]*search.Document, len(titles))
	for i, title := range titles {
		docs[i] = document(int64(i+1), title)
	}
	w.put(docs...)
}

func (w *world) put(docs ...*search.Document) {
	w.Helper()
	for batch := range slices.Chunk(docs, 1000) {
		if err := w.engine.Put(w.Context(), batch); err != nil {
			w.Fatal(err)
		}
	}
}

// search asks for a page of the usual length, if none is said.
func (w *world) search(q *search.Query) *search.Hits {
	w.Helper()
	if q.Limit == 0 {
		q.Limit = maxPage
	}
	hits, err := w.engine.Search(w.Context(), q)
	if err != nil {
		w.Fatalf("%+v: %v", q, err)
	}
	return hits
}

func (w *world) find(text string) []string {
	w.Helper()
	return idsOf(w.search(&search.Query{Text: text}))
}

func idsOf(hits *search.Hits) []string {
	all := []string{}
	for _, h := range hits.Hits {
		all = append(all, h.ID)
	}
	return all
}

func (w *world) wantFound(text string, numbers ...int64) {
	w.Helper()
	hits := w.search(&search.Query{Text: text})
	got, want := idsOf(hits), ids(numbers...)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("%q (-want +got):\n%s", text, diff)
	}
	if hits.Total != int64(len(want)) {
		w.Errorf("%q: %d in total, want %d", text, hits.Total, len(want))
	}
}

func (w *world) wantOrder(text string, numbers ...int64) {
	w.Helper()
	if diff := cmp.Diff(ids(numbers...), w.find(text)); diff != "" {
		w.Errorf("%q (-want +got):\n%s", text, diff)
	}
}

func count(w *world, engine search.Engine) int64 {
	w.Helper()
	n, err := engine.Count(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return n
}
