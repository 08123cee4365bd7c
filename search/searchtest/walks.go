package searchtest

import (
	"errors"
	"fmt"

	"vodgraph/search"
)

func places(w *world) {
	w.titled("amber", "amber stone", "amber wall", "stone", "amber gris")
	filter := &search.Filter{Terms: &search.Terms{Field: search.TermKind, Values: []string{"VIDEO"}}}
	byDate := []search.Sort{{Number: search.NumberCreated}}
	place := func(q *search.Query) string { return w.search(q).Hits[0].Place }
	found := place(&search.Query{Text: Text("amber"), Filter: filter, Limit: 2})
	dated := place(&search.Query{Text: Text("amber"), Sort: byDate, Limit: 2})
	titled := place(&search.Query{Text: Text("amber"), Sort: []search.Sort{{Title: true}}, Limit: 2})
	listed := place(&search.Query{Limit: 2})

	// The same query, in other pages, with other facets, written down anew.
	again := &search.Filter{Terms: &search.Terms{Field: search.TermKind, Values: []string{"VIDEO"}}}
	hits := w.search(&search.Query{Text: Text("amber"), Filter: again, After: found, Limit: 50, Facets: []search.Facet{{Field: search.TermKind, First: 1}}})
	if len(hits.Hits) != 3 || hits.More || hits.Total != 4 {
		w.Errorf("after the first of 4: %+v", hits)
	}
	for name, q := range map[string]*search.Query{
		"of another text":      {Text: Text("stone"), Filter: filter, After: found},
		"of no text":           {Filter: filter, After: found},
		"of another filter":    {Text: Text("amber"), Filter: &search.Filter{Not: filter}, After: found},
		"of no filter":         {Text: Text("amber"), After: found},
		"of another sort":      {Text: Text("amber"), Filter: filter, Sort: byDate, After: found},
		"of another direction": {Text: Text("amber"), Sort: []search.Sort{{Number: search.NumberCreated, Asc: true}}, After: dated},
		"of the titles":        {Text: Text("amber"), Sort: []search.Sort{{Title: true}}, After: dated},
		"of titles, backwards": {Text: Text("amber"), Sort: []search.Sort{{Title: true, Asc: true}}, After: titled},
		"of titles alone":      {Text: Text("amber"), Sort: []search.Sort{{Title: true}, {Number: search.NumberSize}}, After: titled},
		"of another number":    {Text: Text("amber"), Sort: []search.Sort{{Number: search.NumberUpdated}}, After: dated},
		"of relevance":         {Text: Text("amber"), After: dated},
		"of the whole list":    {Text: Text("amber"), After: listed},
		"of a program":         {Text: Text("amber"), After: "bm9uc2Vuc2U"},
		"of nothing":           {Text: Text("amber"), After: "\x00"},
		"of a part":            {Text: Text("amber"), Filter: filter, After: found[:len(found)-2]},
		"with more to it":      {Text: Text("amber"), Filter: filter, After: found + "AAAA"},
	} {
		q.Limit = 10
		if _, err := w.Search(w.Context(), q); !errors.Is(err, search.ErrCursor) {
			w.Errorf("a place %s: %v, want %v", name, err, search.ErrCursor)
		}
	}
}

const walked = 6000

// walk visits each document of a query exactly once, while others are added and existing
// ones are written again.
func (w *world) walk(q *search.Query) {
	w.Helper()
	make := func(n int64) *search.Document {
		titles := [...]string{"amber", "amberline", "stone of amber", "ambers and stones", "stone"}
		d := document(n, fmt.Sprintf("%s %d", titles[n%5], n))
		if n%5 == 4 {
			d.Texts[search.Description] = []string{"an amber stone"}
		}
		return d
	}
	var docs []*search.Document
	for n := int64(1); n <= walked; n++ {
		docs = append(docs, make(n))
	}
	w.put(docs...)
	met := map[string]bool{}
	q.Limit = maxPage
	for next := int64(walked + 1); ; next += 40 {
		hits := w.search(q)
		for _, h := range hits.Hits {
			if met[h.ID] {
				w.Fatalf("%s is met twice, the second time after %d others", h.ID, len(met))
			}
			met[h.ID] = true
		}
		if !hits.More {
			break
		}
		if next > 5*walked {
			w.Fatalf("no end after %d documents", len(met))
		}
		q.After = hits.Hits[len(hits.Hits)-1].Place
		var more []*search.Document
		for n := next; n < next+40; n++ {
			more = append(more, make(n), make(n-walked))
		}
		w.put(more...)
	}
	for _, d := range docs {
		if !met[d.ID] {
			w.Errorf("%s, %q, is never met, among %d", d.ID, d.Texts[search.Title][0], len(met))
		}
	}
}

func walkByRelevance(w *world) { w.walk(&search.Query{Text: Text("amber")}) }

func walkByDate(w *world) { w.walk(&search.Query{}) }

func walkByTitle(w *world) {
	w.walk(&search.Query{Text: Text("amber"), Sort: []search.Sort{{Title: true, Asc: true}}})
}

func walkFromTheOldest(w *world) {
	w.walk(&search.Query{Text: Text("amber"), Sort: []search.Sort{{Number: search.NumberUpdated, Asc: true}}})
}
