package typesense

import (
	"encoding/base64"
	"errors"
	"math"
	"net/http"
	"testing"

	"pgregory.net/rapid"

	"vodgraph/search"
	"vodgraph/search/searchtest"
	"vodgraph/search/typesensetest"
)

// Whatever is sent as a place, it is refused as none, or makes a question that the
// server takes.
func TestPlacesAreReadOrRefused(t *testing.T) {
	t.Parallel()
	orders := [][]search.Sort{nil, {{Relevance: true, Asc: true}}, {{Number: search.NumberSize}},
		{{Number: search.NumberSize}, {Number: search.NumberWidth, Asc: true}}, {{Title: true, Asc: true}, {Number: search.NumberSize}}}
	rapid.Check(t, func(r *rapid.T) {
		q := &search.Query{
			Text:  rapid.SampledFrom([]*search.Text{nil, searchtest.Text("amber")}).Draw(r, "text"),
			Sort:  rapid.SampledFrom(orders).Draw(r, "sort"),
			Limit: rapid.IntRange(1, maxPage).Draw(r, "limit"),
		}
		order, err := newOrder(q)
		if err != nil {
			r.Skip()
		}
		q.After = drawPlace(r, fingerprint(q))
		at, err := readPlace(q, len(order.numbers()))
		if errors.Is(err, search.ErrCursor) {
			return
		}
		if err != nil {
			r.Fatalf("%q: %v", q.After, err)
		}
		text := q.Text
		if text == nil {
			text = &search.Text{}
		}
		s := &searching{index: &index{name: "x", bound: &bound{}}, query: q, text: text, filter: always, order: order, at: at,
			begun: q.After != "", past: rapid.Int64Range(0, math.MaxInt32).Draw(r, "past")}
		c := s.plan(false)
		if len(c.windows) == 0 || len(c.windows) > 2 || c.skip < 0 || c.limit < 0 || c.limit > q.Limit {
			r.Fatalf("%q is asked as %+v", q.After, c)
		}
		for _, window := range c.windows {
			if window.Page < 1 || window.Page > math.MaxInt32 || window.PerPage < 0 || window.PerPage > maxPage {
				r.Fatalf("%q asks for page %d of %d", q.After, window.Page, window.PerPage)
			}
		}
		// The answer may have anything, and nothing.
		results := make([]result, len(c.before)+len(c.windows))
		for i := range results {
			results[i].Code, results[i].Found = http.StatusOK, 7
			results[i].Hits = make([]resultHit, rapid.IntRange(0, 3).Draw(r, "hits"))
		}
		if _, err := s.read(r.Context(), c, results); err != nil {
			r.Fatalf("%q: %v", q.After, err)
		}
	})
}

// drawPlace draws what may be sent as a place, nearly always with all that a place of
// the query has.
func drawPlace(r *rapid.T, query string) string {
	number := rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{0, 1, 250, math.MaxInt32 - 251, math.MaxInt32 - 250, math.MaxInt32 - 1,
		math.MaxInt32, math.MaxUint32 + 6, math.MaxInt64 - 250, math.MaxInt64 - 1, math.MaxInt64, math.MinInt64, -1}))
	if rapid.IntRange(0, 9).Draw(r, "form") == 0 {
		return rapid.OneOf(rapid.String(), rapid.Map(rapid.String(), func(s string) string {
			return base64.RawURLEncoding.EncodeToString([]byte(s))
		}), rapid.Just(base64.RawURLEncoding.EncodeToString([]byte(`{"q":"`+query+`","o":1e99}`)))).Draw(r, "sent")
	}
	return place{
		Query:      rapid.SampledFrom([]string{query, query, query, ""}).Draw(r, "query"),
		Collection: rapid.String().Draw(r, "collection"),
		Plain:      rapid.Bool().Draw(r, "plain"),
		Numbers:    rapid.SliceOfN(rapid.Ptr(number, true), 0, 3).Draw(r, "numbers"),
		Seq:        number.Draw(r, "seq"),
		Tie:        number.Draw(r, "tie"),
		Offset:     int(number.Draw(r, "offset")),
	}.String()
}

// The server takes the farthest places that are read, and others do not get there.
func TestPlacesThatNoHitHas(t *testing.T) {
	engine, err := Open(typesensetest.Shared(t))
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	var docs []*search.Document
	for i, id := range []string{"vid_1", "vid_2", "vid_3"} {
		docs = append(docs, &search.Document{ID: id, Revision: 1, Seq: int64(i), Texts: map[search.TextField][]string{search.Title: {"amber"}},
			Numbers: map[search.NumberField]int64{search.NumberCreated: 1}})
	}
	if err := engine.Put(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	for _, q := range []search.Query{
		{Text: searchtest.Text("amber"), Limit: 2},
		{Text: searchtest.Text("amber"), Limit: 1, Sort: []search.Sort{{Relevance: true, Asc: true}}},
		{Limit: 250, Sort: []search.Sort{{Number: search.NumberSize}}},
		{Limit: 2, Sort: []search.Sort{{Number: search.NumberSize}, {Number: search.NumberWidth, Asc: true}}},
		{Text: searchtest.Text("amber"), Limit: 1, Sort: []search.Sort{{Title: true}}},
	} {
		hits, err := engine.Search(t.Context(), &q)
		if err != nil || len(hits.Hits) == 0 {
			t.Fatalf("%+v, %v", hits, err)
		}
		q.After = hits.Hits[0].Place
		order, err := newOrder(&q)
		if err != nil {
			t.Fatal(err)
		}
		given, err := readPlace(&q, len(order.numbers()))
		if err != nil {
			t.Fatal(err)
		}
		for _, number := range []int64{math.MinInt64, math.MinInt32, -1, 3, 1 << 20, math.MaxInt32 - 250, math.MaxInt32 - 1, math.MaxInt32,
			math.MaxUint32, math.MaxUint32 + 6, math.MaxInt64 - 250, math.MaxInt64 - 1, math.MaxInt64} {
			seq, offset, numbers, tied := given, given, given, given
			seq.Seq, offset.Offset, tied.Tie = number, int(number), number
			numbers.Numbers = nil
			for range given.Numbers {
				numbers.Numbers = append(numbers.Numbers, &number)
			}
			for what, forged := range map[string]place{"seq": seq, "offset": offset, "numbers": numbers, "tie": tied} {
				q.After = forged.String()
				_, err := engine.Search(t.Context(), &q)
				legal := what != "offset" || number >= 0 && number <= math.MaxInt32-int64(q.Limit)
				if legal && err != nil || !legal && !errors.Is(err, search.ErrCursor) {
					t.Errorf("%s %d after %s: %v", what, number, q.Text.Typed(), err)
				}
			}
		}
	}
}
