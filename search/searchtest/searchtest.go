// Package searchtest is the conformance suite of finders: Run is what passing for an engine
// means, and RunFinder what passing for a finder of some groups does. It knows no
// implementation, and asks only by the interfaces of search; what one does faster or better
// than the other is not in it.
package searchtest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/search"
)

const maxPage = 250

// groups are all tests, by what a finder claims.
var groups = map[string]map[string]func(*world){
	"Keeping": {
		"PutReplaceRemove":  putReplaceRemove,
		"CountAndRevisions": countAndRevisions,
		"ManyAtOnce":        manyAtOnce,
	},
	"Rebuilds": {
		"Rebuild":            rebuild,
		"RebuildIsDiscarded": rebuildIsDiscarded,
		"RebuildWhileInUse":  rebuildWhileInUse,
	},
	"ExactWords": {
		"NothingAndEverything": nothingAndEverything,
		"WholeWords":           wholeWords,
		"OneFormForAll":        oneFormForAll,
		"CJK":                  cjk,
		"HostileTexts":         hostileTexts,
	},
	"AllTexts": {
		"EveryTextIsFound":       everyTextIsFound,
		"WordsMatchAcrossFields": wordsMatchAcrossFields,
	},
	"WithoutCategories": {"CategoriesAreLeftOut": categoriesAreLeftOut},
	"Beginnings":        {"SearchAsYouType": searchAsYouType},
	"Typos":             {"Typos": typos},
	"Relevance": {
		"TitleCountsMost":    titleCountsMost,
		"ExactBeforeTheRest": exactBeforeTheRest,
		"ScoresStandStill":   scoresStandStill,
		"SortsWithRelevance": sortsWithRelevance,
	},
	"Filters": {
		"Filters":             filters,
		"FiltersOfManyValues": filtersOfManyValues,
	},
	"Ranges": {"Ranges": ranges},
	"Sorts":  {"Sorts": sorts},
	"Facets": {
		"Facets":             facets,
		"FacetsOfManyValues": facetsOfManyValues,
		"FacetsAmongValues":  facetsAmongValues,
	},
	"Totals": {"TotalIsExact": totalIsExact},
	"Walks": {
		"Places":            places,
		"WalkByRelevance":   walkByRelevance,
		"WalkByDate":        walkByDate,
		"WalkByTitle":       walkByTitle,
		"WalkFromTheOldest": walkFromTheOldest,
	},
}

// Subject is a finder under test.
type Subject struct {
	search.Finder
	// Put makes documents found, each in place of the one of its id.
	Put func(ctx context.Context, docs []*search.Document) error
	// Fit changes a document into one that the finder can hold; nil where it holds any.
	Fit func(*search.Document)
	// Terms and Numbers are what filters name, Counted what facets count, and Sorted what
	// orders sort by.
	Terms, Counted  []search.TermField
	Numbers, Sorted []search.NumberField
}

// Run runs all groups. open returns an engine that is empty and the test's own, and
// closes it by Cleanup.
func Run(t *testing.T, open func(t *testing.T) search.Engine) {
	t.Parallel()
	for _, tests := range groups {
		run(t, tests, func(t *testing.T) *world { return ofEngine(t, open(t)) })
	}
}

// RunFinder runs the groups that a finder claims, which are all but those that are left out
// for a reason.
func RunFinder(t *testing.T, open func(t *testing.T) Subject, without map[string]string) {
	t.Parallel()
	for group, reason := range without {
		if groups[group] == nil || reason == "" {
			t.Errorf("the group %q is left out: there is none, or no reason", group)
		}
	}
	for group, tests := range groups {
		if without[group] == "" {
			run(t, tests, func(t *testing.T) *world { return &world{T: t, Subject: open(t)} })
		}
	}
}

func run(t *testing.T, tests map[string]func(*world), open func(t *testing.T) *world) {
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(open(t))
		})
	}
}

// Text is a text as it is asked for; nil for "". It panics where the text is refused.
func Text(typed string) *search.Text {
	if typed == "" {
		return nil
	}
	text, err := search.ParseText(typed)
	if err != nil {
		panic(err)
	}
	return text
}

type world struct {
	*testing.T
	Subject
	engine search.Engine // nil for a finder that is none
}

func ofEngine(t *testing.T, engine search.Engine) *world {
	return &world{T: t, engine: engine, Subject: Subject{
		Finder: engine, Put: engine.Put, Terms: terms[:], Counted: terms[:], Numbers: numbers[:], Sorted: numbers[:],
	}}
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
	for _, d := range docs {
		if w.Fit != nil {
			w.Fit(d)
		}
	}
	for batch := range slices.Chunk(docs, 1000) {
		if err := w.Put(w.Context(), batch); err != nil {
			w.Fatal(err)
		}
	}
}

// search asks for a page, of the usual length where the query has none.
func (w *world) search(q *search.Query) *search.Hits {
	w.Helper()
	if q.Limit == 0 {
		q.Limit = maxPage
	}
	q.WithTotal = true
	hits, err := w.Search(w.Context(), q)
	if err != nil {
		w.Fatalf("%+v: %v", q, err)
	}
	return hits
}

func (w *world) find(text string) []string {
	w.Helper()
	return idsOf(w.search(&search.Query{Text: Text(text)}))
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
	hits := w.search(&search.Query{Text: Text(text)})
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
