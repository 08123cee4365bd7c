package resolvers_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/dbtest"
	"vodgraph/ent/asset"
	"vodgraph/search"
	"vodgraph/search/searchtest"
)

// one answers with one hit, and more to come.
func one(id, place string) func(*search.Query) (*search.Hits, error) {
	return func(q *search.Query) (*search.Hits, error) {
		return &search.Hits{Hits: []search.Hit{{ID: id, Place: place, Score: 1}}, Total: 7, More: true, Facets: make([][]search.Bucket, len(q.Facets))}, nil
	}
}

// newIndex is an engine that does not know its places any more.
func newIndex(*search.Query) (*search.Hits, error) { return nil, search.ErrCursor }

// ranks answers with assets in a rank, with places and scores of their own.
func ranks(more bool, ids ...string) func(*search.Query) (*search.Hits, error) {
	return func(q *search.Query) (*search.Hits, error) {
		hits := &search.Hits{Total: 1000, More: more, Facets: make([][]search.Bucket, len(q.Facets))}
		for i, id := range ids {
			hits.Hits = append(hits.Hits, search.Hit{ID: id, Score: float64(len(ids) - i), Place: fmt.Sprint("place ", i)})
		}
		return hits, nil
	}
}

// The engine says which and in what rank, and the database what they are now.
func TestSearchKeepsTheRank(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		build(t, db, 4)
		engine := &finder{answer: ranks(true, id("vid", 2), id("img", 0), id("aud", 3), id("vid", 0))}
		s := seekers(t, db, engine)
		f := s.seek(`text: "anything", first: 4`)
		f.wantIDs(t, "all", id("vid", 2), id("img", 0), id("aud", 3), id("vid", 0))
		if p := f.Search.PageInfo; !p.HasNextPage || p.HasPreviousPage || *p.StartCursor != f.Search.Edges[0].Cursor || *p.EndCursor != f.Search.Edges[3].Cursor {
			t.Errorf("%+v", p)
		}
		if i := f.Search.Index; i.Engine != "fake" || i.Revision != 42 || i.Degraded || f.Search.TotalCount != 1000 {
			t.Errorf("%+v, %d", i, f.Search.TotalCount)
		}
		for i, e := range f.Search.Edges {
			if e.Score == nil || *e.Score != float64(4-i) {
				t.Errorf("the score of %s is %v", e.Node.ID, e.Score)
			}
		}

		// What does not match now is not shown, and paging goes on after it.
		all := f.Search
		db.Client.Asset.UpdateOneID(id("img", 0)).SetStatus(asset.StatusBLOCKED).ExecX(t.Context())
		db.Client.Asset.DeleteOneID(id("vid", 0)).ExecX(t.Context())
		f = s.seek(`text: "anything", first: 4, filter: {statuses: [NORMAL]}`)
		f.wantIDs(t, "those that match", id("vid", 2), id("aud", 3))
		if p := f.Search.PageInfo; !p.HasNextPage || *p.StartCursor != f.Search.Edges[0].Cursor || *p.EndCursor == f.Search.Edges[1].Cursor {
			t.Errorf("%+v", p)
		}
		s.seek(fmt.Sprintf(`text: "anything", filter: {statuses: [NORMAL]}, after: %q`, *f.Search.PageInfo.EndCursor))
		if q := engine.asked[len(engine.asked)-1]; q.After != "place 3" || q.Limit != 20 {
			t.Errorf("asked for %d after %q", q.Limit, q.After)
		}
		f = s.seek(`text: "anything", first: 4`)
		if f.Search.Edges[0].Cursor != all.Edges[0].Cursor || *f.Search.PageInfo.EndCursor != *all.PageInfo.EndCursor {
			t.Error("cursors have changed")
		}

		engine.answer = ranks(true, id("vid", 0))
		gone := s.seek(`text: "anything"`).Search
		if len(gone.Edges) > 0 || gone.PageInfo.EndCursor == nil || !gone.PageInfo.HasNextPage || gone.Corrections == nil {
			t.Errorf("%+v", gone)
		}
	})
}

// The engine is asked what the caller has asked.
func TestSearchAsksTheEngine(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	build(t, db, 3)
	engine := &finder{answer: ranks(false)}
	s := seekers(t, db, engine)
	s.seek(`text: " Amber dawn", first: 7, orderBy: [{field: RELEVANCE, direction: ASC}, {field: SIZE, direction: DESC}], atLeastRevision: 12,
		filter: {kinds: [VIDEO], tags: {any: ["tag a"]}}, facets: [{field: TAG}, {field: CODEC, first: 3}]`)
	want := &search.Query{
		Text: searchtest.Text(" Amber dawn"), Limit: 7, WithTotal: true, Freshness: search.Freshness{AtLeast: 12, WithRevision: true},
		Sort:   []search.Sort{{Relevance: true, Asc: true}, {Number: search.NumberSize}},
		Facets: []search.Facet{{Field: search.TermTag, First: 20}, {Field: search.TermCodec, First: 3}},
	}
	got := *engine.asked[0]
	if got.Filter == nil {
		t.Error("the engine got no filter")
	}
	got.Filter = nil
	if diff := cmp.Diff(want, &got, cmp.AllowUnexported(search.Text{})); diff != "" {
		t.Error(diff)
	}
	for field, number := range map[string]search.NumberField{"CREATED_AT": search.NumberCreated, "UPDATED_AT": search.NumberUpdated, "DURATION": search.NumberDuration} {
		s.seek(`text: "a", orderBy: {field: ` + field + `}`)
		if diff := cmp.Diff([]search.Sort{{Number: number, Asc: true}}, engine.asked[len(engine.asked)-1].Sort); diff != "" {
			t.Error(diff)
		}
	}
}

// A walk by the real engine goes to the end, in each order, whatever way the filter
// is written.
func TestSearchWalksTheEngine(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		build(t, db, 8)
		index(t, db)
		s := seekers(t, db, inBleve(t, db))
		for _, sort := range []string{"", "orderBy: {field: RELEVANCE, direction: ASC}", "orderBy: [{field: SIZE, direction: DESC}, {field: RELEVANCE, direction: DESC}]",
			"orderBy: {field: DURATION, direction: ASC}", "orderBy: {field: CREATED_AT, direction: DESC}", "orderBy: {field: UPDATED_AT, direction: DESC}"} {
			seen := map[string]bool{}
			kinds, after := []string{"VIDEO", "AUDIO", "IMAGE"}, ""
			for {
				f := s.seek(fmt.Sprintf(`text: "othre", filter: {kinds: %v, tags: {none: ["tag f", "no tag"]}}, first: 5%s, %s`, kinds, after, sort))
				if f.Search.Index.Degraded || fmt.Sprint(f.Search.Corrections) != "[{othre other}]" {
					t.Fatalf("%+v", f.Search)
				}
				for _, id := range f.ids() {
					seen[id] = true
				}
				if !f.Search.PageInfo.HasNextPage {
					if len(seen) != f.Search.TotalCount || len(seen) != 18 {
						t.Errorf("%s: %d of %d are seen", sort, len(seen), f.Search.TotalCount)
					}
					break
				}
				slices.Reverse(kinds)
				after = fmt.Sprintf(", after: %q", *f.Search.PageInfo.EndCursor)
			}
		}
	})
}

// An engine that fails in another way is not taken for one that is down.
func TestSearchFails(t *testing.T) {
	t.Parallel()
	s := seekers(t, dbtest.SQLite(t), &finder{answer: func(*search.Query) (*search.Hits, error) { return nil, errors.New("broken") }})
	if a := s.send(`{ search(text: "a") { totalCount } }`, nil); len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "" {
		t.Errorf("%+v", a)
	}
}

// Nothing is asked that is not selected.
func TestSearchAsksOnlyWhatIsSelected(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	build(t, db, 3)
	index(t, db)
	engine := &finder{answer: ranks(false, id("vid", 0), id("vid", 1))}
	ranked, listed := seekers(t, db, engine), seekers(t, db, nil)
	const facets = ", facets: [{field: KIND}, {field: TAG}, {field: CATEGORY}]"
	for _, c := range []struct {
		selected string
		limit    int // of the one question to the engine; -1 for none
		// statements of each, and looks at the revision; degraded looks through
		// the tags, and lists what is counted
		ranked, list, degraded, revisions int
	}{
		{"__typename", -1, 0, 0, 0, 0},
		{"index { engine }", -1, 0, 0, 0, 0},
		{"index { engine revision }", -1, 0, 1, 1, 1},
		{"i: index { d: degraded }", 0, 0, 0, 0, 0},
		{"totalCount index { r: revision }", 0, 0, 2, 3, 0},
		{"totalCount", 0, 0, 1, 2, 0},
		{"pageInfo { hasNextPage }", 20, 0, 1, 2, 0},
		{"edges { cursor }", 20, 1, 1, 2, 0},
		{"nodes { title } a: edges { node { id description } }", 20, 1, 1, 2, 0},
		{"edges { score highlights { snippet } }", 20, 6, 1, 7, 0},
		{"corrections { typed }", 20, 6, 0, 0, 0},
		{"edges { a: highlights { snippet } b: highlights { field } } corrections { typed }", 20, 6, 1, 7, 0},
		{"facets { buckets { label } }", 0, 2, 3, 5, 0},
		{"a: facets { buckets { label } } b: facets { field }", 0, 2, 3, 5, 0},
		{"facets @skip(if: true) { field } totalCount", 0, 0, 1, 2, 0},
		{"nodes { tags { name } } edges { node { categories { id } } }", 20, 3, 3, 4, 0},
		{"nodes { id } totalCount facets { buckets { count } }", 20, 3, 5, 6, 0},
	} {
		for _, args := range []string{`text: "other"` + facets, `filter: {kinds: [VIDEO]}` + facets} {
			engine.asked, engine.revisions = nil, 0
			query := "{ search(" + args + ") { " + c.selected + " } }"
			text := strings.HasPrefix(args, "text")
			if text {
				engine.answer = tagCounts(ranks(false, id("vid", 0), id("vid", 1)))
				if n := ranked.statements(query, nil); n != c.ranked {
					t.Errorf("%s takes %d statements, not %d", query, n, c.ranked)
				}
				if (c.limit >= 0) != (len(engine.asked) == 1) || c.limit >= 0 && engine.asked[0].Limit != c.limit || engine.revisions != c.revisions {
					t.Errorf("%s asks %+v, and the revision %d times", query, engine.asked, engine.revisions)
				}
				if c.limit >= 0 && (len(engine.asked[0].Facets) > 0) != strings.Contains(c.selected, "buckets") {
					t.Errorf("%s asks for %v", query, engine.asked[0].Facets)
				}
			}
			want := c.list
			if text {
				want = c.degraded
			}
			if n := listed.statements(query, nil); n != want {
				t.Errorf("of the database, %s takes %d statements, not %d", query, n, want)
			}
		}
	}
}

// tagCounts has each facet count one tag, whatever it asks for.
func tagCounts(answer func(*search.Query) (*search.Hits, error)) func(*search.Query) (*search.Hits, error) {
	return func(q *search.Query) (*search.Hits, error) {
		hits, err := answer(q)
		for i := range hits.Facets {
			hits.Facets[i] = []search.Bucket{{Value: id("tag", 1), Count: 3}, {Value: id("tag", 99), Count: 2}}
		}
		return hits, err
	}
}
