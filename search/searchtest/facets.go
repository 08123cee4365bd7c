package searchtest

import (
	"cmp"
	"fmt"
	"slices"

	gocmp "github.com/google/go-cmp/cmp"

	"vodgraph/search"
)

func counted(docs []*search.Document, f search.Facet, holds func(*search.Document) bool) []search.Bucket {
	counts := map[string]int64{}
	for _, d := range docs {
		if holds(d) {
			for _, v := range d.Terms[f.Field] {
				if f.Among == nil || slices.Contains(f.Among, v) {
					counts[v]++
				}
			}
		}
	}
	buckets := []search.Bucket{}
	for v, n := range counts {
		buckets = append(buckets, search.Bucket{Value: v, Count: n})
	}
	slices.SortFunc(buckets, func(a, b search.Bucket) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return buckets[:min(f.First, len(buckets))]
}

func (w *world) wantFacets(docs []*search.Document, q *search.Query, holds func(*search.Document) bool) {
	w.Helper()
	hits := w.search(q)
	if len(hits.Facets) != len(q.Facets) {
		w.Fatalf("%d facets, want %d", len(hits.Facets), len(q.Facets))
	}
	for i, f := range q.Facets {
		got := append([]search.Bucket{}, hits.Facets[i]...)
		for j := range got {
			got[j].Text = "" // not all finders have it
		}
		if diff := gocmp.Diff(counted(docs, f, holds), got); diff != "" {
			w.Errorf("%q, %s: %v (-want +got):\n%s", q.Text.Typed(), show(q.Filter), f, diff)
		}
	}
}

func facets(w *world) {
	docs := library(w, 200)
	all := func(*search.Document) bool { return true }
	for _, field := range w.Counted {
		w.wantFacets(docs, &search.Query{Facets: []search.Facet{{Field: field, First: 20}}, Limit: 1}, all)
	}
	five := []search.Facet{
		{Field: search.TermTag, First: 2}, {Field: search.TermKind, First: 1}, {Field: search.TermCategory, First: 200},
		{Field: search.TermCodec, First: 5}, {Field: search.TermStatus, First: 4},
	}
	filter := &search.Filter{Terms: &search.Terms{Field: search.TermStatus, Values: []string{value(search.TermStatus, 1), value(search.TermStatus, 2)}}}
	amber := func(d *search.Document) bool {
		title := d.Texts[search.Title][0]
		return title == "amber" || title == "amber stone"
	}
	w.wantFacets(docs, &search.Query{Facets: five}, all)
	w.wantFacets(docs, &search.Query{Facets: five, Filter: filter}, func(d *search.Document) bool { return Holds(filter, d) })
	w.wantFacets(docs, &search.Query{Facets: five, Text: Text("amber"), Limit: 1}, amber)
	w.wantFacets(docs, &search.Query{Facets: five, Text: Text("amber"), Filter: filter}, func(d *search.Document) bool { return amber(d) && Holds(filter, d) })
	w.wantFacets(docs, &search.Query{Facets: five, Text: Text("nowhere")}, func(*search.Document) bool { return false })
	// They count the whole result on every page.
	first := w.search(&search.Query{Text: Text("amber"), Limit: 3})
	w.wantFacets(docs, &search.Query{Facets: five, Text: Text("amber"), Limit: 3, After: first.Hits[2].Place}, amber)
}

func facetsOfManyValues(w *world) {
	var docs []*search.Document
	for n := int64(1); n <= 1500; n++ {
		d := document(n, "amber")
		if n%2 == 0 {
			d.Texts[search.Title] = []string{"basalt"}
		}
		d.Terms[search.TermTag] = nil
		for v := range n % 5 {
			d.Terms[search.TermTag] = append(d.Terms[search.TermTag], fmt.Sprintf("tag_%03d", (n*7+v*v*31)%290))
		}
		d.Terms[search.TermTag] = slices.Compact(slices.Sorted(slices.Values(d.Terms[search.TermTag])))
		docs = append(docs, d)
	}
	w.put(docs...)
	for _, first := range []int{1, 20, 200} {
		facets := []search.Facet{{Field: search.TermTag, First: first}}
		w.wantFacets(docs, &search.Query{Facets: facets, Limit: 1}, func(*search.Document) bool { return true })
		w.wantFacets(docs, &search.Query{Facets: facets, Text: Text("amber"), Limit: 1}, func(d *search.Document) bool { return d.Seq%2 == 1 })
	}
}

// facetsAmongValues counts some values, before which in the order come many others.
func facetsAmongValues(w *world) {
	var docs []*search.Document
	for n := int64(1); n <= 400; n++ {
		d := document(n, "amber")
		d.Terms[search.TermCategory] = nil
		for v := range n { // the value v stands in 400-v of them, and the last four in as many
			if v < 300 {
				d.Terms[search.TermCategory] = append(d.Terms[search.TermCategory], fmt.Sprintf("cat_%03d", v))
			}
		}
		if n > 350 {
			d.Terms[search.TermCategory] = append(d.Terms[search.TermCategory], "cat_400", "cat_401", "cat_402", "cat_403")
		}
		docs = append(docs, d)
	}
	w.put(docs...)
	for _, among := range [][]string{
		nil, {}, {"cat_none"}, {"cat_000"}, {"cat_299", "cat_none"}, {"cat_403", "cat_001", "cat_401"}, {"cat_299", "cat_400", "cat_402", "cat_401"},
	} {
		for _, first := range []int{1, 2, 20} {
			facets := []search.Facet{
				{Field: search.TermKind, First: 3}, {Field: search.TermCategory, First: first, Among: among}, {Field: search.TermCategory, First: first},
			}
			for _, text := range []string{"", "amber"} {
				w.wantFacets(docs, &search.Query{Text: Text(text), Facets: facets, Limit: 1}, func(*search.Document) bool { return true })
			}
		}
	}
}

func totalIsExact(w *world) {
	var docs []*search.Document
	for n := int64(1); n <= 3000; n++ {
		title := "stone"
		if n%3 == 0 {
			title += " amber"
		}
		if n%7 == 0 {
			title += " 刀剑"
		}
		docs = append(docs, document(n, title))
	}
	w.put(docs...)
	for text, want := range map[string]int64{"": 3000, "stone": 3000, "amber": 1000, "amb": 1000, "amber stone ": 1000, "刀剑": 428, "刀": 428, "amber 刀剑": 142} {
		hits := w.search(&search.Query{Text: Text(text), Limit: 5})
		if hits.Total != want || !hits.More || len(hits.Hits) != 5 {
			w.Errorf("%q: %d in total, %d hits, more: %v; want %d, 5, true", text, hits.Total, len(hits.Hits), hits.More, want)
		}
	}
}
