package searchtest

import (
	"math"
	"slices"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"vodgraph/search"
)

// byTitle stands for the order by title among the numbers.
const byTitle search.NumberField = "title"

func sorts(w *world) {
	docs := library(w, 120)
	check := func(t failer, order []search.Sort, limit int) {
		sorted := slices.Clone(docs)
		slices.SortFunc(sorted, func(a, b *search.Document) int {
			if Before(&search.Query{Sort: order}, a, b, 0, 0) {
				return -1
			}
			return 1
		})
		want := []string{}
		for _, d := range sorted {
			want = append(want, d.ID)
		}
		if diff := cmp.Diff(want, pages(w, t, &search.Query{Sort: order, Limit: limit})); diff != "" {
			t.Fatalf("by %v, %d a page (-want +got):\n%s", order, limit, diff)
		}
	}
	for _, asc := range []bool{true, false} {
		check(w, []search.Sort{{Title: true, Asc: asc}}, maxPage)
		check(w, []search.Sort{{Title: true, Asc: asc}}, 13)
		check(w, []search.Sort{{Title: true, Asc: asc}, {Number: search.NumberSize, Asc: !asc}}, 13)
	}
	for _, field := range w.Sorted {
		for _, asc := range []bool{true, false} {
			check(w, []search.Sort{{Number: field, Asc: asc}}, maxPage)
			check(w, []search.Sort{{Number: field, Asc: asc}}, 13)
		}
	}
	rapid.Check(w, func(t *rapid.T) {
		keys := rapid.SliceOfNDistinct(rapid.SampledFrom(append(slices.Clone(w.Sorted), byTitle)), 1, search.MaxSort, rapid.ID).Draw(t, "keys")
		var order []search.Sort
		for _, key := range keys {
			asc := rapid.Bool().Draw(t, "asc")
			if key == byTitle {
				order = append(order, search.Sort{Title: true, Asc: asc})
				continue
			}
			order = append(order, search.Sort{Number: key, Asc: asc})
		}
		check(t, order, rapid.SampledFrom([]int{maxPage, 25, 50}).Draw(t, "limit"))
	})
}

func pages(w *world, t failer, q *search.Query) []string {
	found := []string{}
	for page := 0; ; page++ {
		hits, err := w.Search(w.Context(), q)
		if err != nil {
			t.Fatalf("page %d of %+v: %v", page, q, err)
		}
		found = append(found, idsOf(hits)...)
		switch last := len(hits.Hits) - 1; {
		case len(hits.Hits) > q.Limit || hits.More && len(hits.Hits) < q.Limit || page > 1000:
			t.Fatalf("page %d of %+v has %d hits, more: %v", page, q, len(hits.Hits), hits.More)
		case !hits.More:
			return found
		default:
			next := *q
			next.After = hits.Hits[last].Place
			q = &next
		}
	}
}

func sortsWithRelevance(w *world) {
	docs := library(w, 120)
	byID := map[string]*search.Document{}
	amber := 0
	for _, d := range docs {
		for field, n := range d.Numbers {
			// Read from its end, an order may have no number that is absent beyond the greatest.
			d.Numbers[field] = min(n, math.MaxInt64-1)
		}
		byID[d.ID] = d
		if title := d.Texts[search.Title][0]; title != "stone" && title != "basalt" {
			amber++
		}
	}
	w.put(docs...)
	for _, order := range [][]search.Sort{
		nil,
		{{Relevance: true}},
		{{Relevance: true, Asc: true}},
		{{Relevance: true}, {Number: search.NumberSize}},
		{{Relevance: true}, {Number: search.NumberCreated, Asc: true}},
		{{Relevance: true, Asc: true}, {Number: search.NumberDuration, Asc: true}},
		{{Number: search.NumberWidth, Asc: true}, {Relevance: true}},
		{{Number: search.NumberWidth}, {Number: search.NumberUpdated, Asc: true}},
		{{Number: search.NumberSize, Asc: true}},
		{{Title: true, Asc: true}},
		{{Title: true}, {Relevance: true}},
		{{Relevance: true}, {Title: true, Asc: true}},
		{{Relevance: true, Asc: true}, {Title: true}},
		{{Title: true, Asc: true}, {Number: search.NumberSize}},
	} {
		q := &search.Query{Text: Text("amber"), Sort: order, Limit: maxPage}
		hits := w.search(q)
		if hits.Total != int64(amber) || len(hits.Hits) != amber {
			w.Errorf("by %v: %d of %d, want %d", order, len(hits.Hits), hits.Total, amber)
		}
		for i := 1; i < len(hits.Hits); i++ {
			a, b := hits.Hits[i-1], hits.Hits[i]
			if !Before(q, byID[a.ID], byID[b.ID], a.Score, b.Score) {
				w.Errorf("by %v: %v of %+v comes before %v of %+v", order, a, byID[a.ID], b, byID[b.ID])
			}
		}
		paged := pages(w, w, &search.Query{Text: Text("amber"), Sort: order, Limit: 11})
		if diff := cmp.Diff(idsOf(hits), paged); diff != "" {
			w.Errorf("by %v, in pages (-want +got):\n%s", order, diff)
		}
	}
}
