package resolvers_test

import (
	"fmt"
	"slices"
	"testing"

	"vodgraph/dbtest"
)

// Without a text, or with a blank one, a search lists what the filter means in
// each order, from the database, to the end.
func TestSearchLists(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		build(t, db, 9)
		engine := &finder{answer: down}
		s := seekers(t, db, engine)
		for _, c := range []struct{ sort, orderBy string }{
			{`orderBy: []`, `[{field: CREATED_AT, direction: DESC}]`},
			{`text: " \u3000\n"`, `[{field: CREATED_AT, direction: DESC}]`},
			{`orderBy: {field: TITLE}`, `[{field: TITLE}]`},
			{`orderBy: [{field: TITLE, direction: DESC}, {field: RELEVANCE}, {field: SIZE}]`, `[{field: TITLE, direction: DESC}, {field: SIZE}]`},
			{`orderBy: {field: RELEVANCE, direction: DESC}`, `[{field: CREATED_AT, direction: DESC}]`},
			{`orderBy: {field: CREATED_AT, direction: ASC}`, `[{field: CREATED_AT}]`},
			{`orderBy: {field: UPDATED_AT, direction: DESC}`, `[{field: UPDATED_AT, direction: DESC}]`},
			{`orderBy: {field: UPDATED_AT, direction: ASC}`, `[{field: UPDATED_AT}]`},
			{`orderBy: {field: SIZE, direction: DESC}`, `[{field: SIZE, direction: DESC}]`},
			{`orderBy: {field: SIZE, direction: ASC}`, `[{field: SIZE}]`},
			{`orderBy: {field: DURATION, direction: DESC}`, `[{field: DURATION, direction: DESC}]`},
			{`orderBy: {field: DURATION, direction: ASC}`, `[{field: DURATION}]`},
			{`orderBy: [{field: RELEVANCE, direction: DESC}, {field: DURATION, direction: DESC}, {field: SIZE, direction: ASC}]`,
				`[{field: DURATION, direction: DESC}, {field: SIZE}]`},
			{`orderBy: [{field: SIZE, direction: ASC}, {field: DURATION, direction: DESC}, {field: UPDATED_AT, direction: DESC}]`,
				`[{field: SIZE}, {field: DURATION, direction: DESC}, {field: UPDATED_AT, direction: DESC}]`},
		} {
			var list struct {
				Assets struct{ Nodes []struct{ ID string } }
			}
			s.ask(`{ assets(first: 100, filter: {kinds: [VIDEO, AUDIO, IMAGE]}, orderBy: `+c.orderBy+`) { nodes { id } } }`, nil, &list)
			var want []string
			for _, n := range list.Assets.Nodes {
				want = append(want, n.ID)
			}
			if got := s.walk(c.sort + `, filter: {kinds: [VIDEO, AUDIO, IMAGE]}`); !slices.Equal(got, want) {
				t.Errorf("%s: found %q, not %q", c.sort, got, want)
			}
		}
		if n := len(engine.asked); n > 0 {
			t.Errorf("the engine was asked %d times", n)
		}
	})
}

// walk goes through a search to its end, and wants nothing ranked.
func (s *server) walk(arguments string) []string {
	s.Helper()
	var ids []string
	after := ""
	for {
		f := s.seek(arguments + ", first: 4" + after)
		found := f.Search
		if found.Index.Degraded || found.TotalCount != 27 || len(found.Corrections) > 0 || len(found.Facets) > 0 {
			s.Fatalf("%s: %+v", arguments, found)
		}
		for _, e := range found.Edges {
			if e.Score != nil || e.Highlights == nil || len(e.Highlights) > 0 {
				s.Fatalf("%s: %+v", arguments, e)
			}
		}
		if found.PageInfo.HasPreviousPage != (after != "") {
			s.Fatalf("%s: %s is after nothing", arguments, after)
		}
		ids = append(ids, f.ids()...)
		if !found.PageInfo.HasNextPage {
			return ids
		}
		if *found.PageInfo.StartCursor != found.Edges[0].Cursor || *found.PageInfo.EndCursor != found.Edges[3].Cursor {
			s.Fatalf("%s: %+v", arguments, found.PageInfo)
		}
		after = fmt.Sprintf(", after: %q", *found.PageInfo.EndCursor)
	}
}

// An empty list has no cursors.
func TestSearchFindsNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		s := seekers(t, db, nil)
		for _, arguments := range []string{`first: 5, facets: [{field: TAG}, {field: CATEGORY}]`, `text: "?!", facets: [{field: KIND}, {field: CODEC}]`, `text: "amber", facets: [{field: KIND}, {field: TAG}]`} {
			found := s.seek(arguments).Search
			if len(found.Edges) > 0 || found.TotalCount > 0 || found.PageInfo.StartCursor != nil || found.PageInfo.EndCursor != nil ||
				found.PageInfo.HasNextPage || len(found.Facets) != 2 || found.Facets[0].Buckets == nil || len(found.Facets[0].Buckets) > 0 {
				t.Errorf("%s: %+v", arguments, found)
			}
			if found.Index.Engine != "database" {
				t.Errorf("answered by %s", found.Index.Engine)
			}
		}
	})
}
