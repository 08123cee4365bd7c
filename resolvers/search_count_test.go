package resolvers_test

import (
	"testing"

	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/search"
)

// wholeSearch is all that there is to ask of a search.
const wholeSearch = `{ edges { cursor node {` + fullView + `} score highlights { field snippet marks { start length } start end } } nodes {` + fullView + `}
	pageInfo { hasNextPage endCursor } totalCount facets { field buckets { value label count } } corrections { typed used } index { engine revision degraded } }`

// A search takes as many statements for 100 hits as for 10, and below node as many
// as a list.
func TestSearchesOfAnyLengthTakeTheSameStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		build(t, db, 100)
		index(t, db)
		ids := db.Client.Asset.Query().Order(ent.Desc(asset.FieldUpdatedAt), asset.ByID()).IDsX(t.Context())
		engine := &finder{answer: func(q *search.Query) (*search.Hits, error) {
			hits, err := ranks(true, ids[:q.Limit]...)(q)
			for i, f := range q.Facets {
				if f.Field == search.TermTag || f.Field == search.TermCategory {
					hits.Facets[i] = []search.Bucket{{Value: id("tag", 1), Count: 3}, {Value: id("cat", 1), Count: 3}}
				}
			}
			return hits, err
		}}
		ranked, listed := seekers(t, db, engine), seekers(t, db, nil)
		const facets = ", facets: [{field: KIND}, {field: TAG}, {field: CATEGORY}, {field: CODEC}, {field: DEFINITION}]"
		for _, c := range []struct {
			name, arguments string
			s               *server
		}{
			{"engine", `text: "oter"` + facets, ranked},
			{"engine with a filter", `text: "oter", filter: {kinds: [VIDEO, AUDIO, IMAGE, ATTACHMENT]}` + facets, ranked},
			{"engine with a filter of tags", `text: "oter", filter: {tags: {any: ["tag a", "tag b", "tag c", "tag d", "tag e", "tag f"]}}` + facets, ranked},
			{"degraded", `text: "other", orderBy: {field: UPDATED_AT, direction: DESC}` + facets, listed},
			{"list", `orderBy: {field: UPDATED_AT, direction: DESC}` + facets, listed},
		} {
			query := func(selected string) string {
				return `query($n: Int!) { search(first: $n, ` + c.arguments + `) ` + selected + ` }` + analysed
			}
			few, many := c.s.statements(query(wholeSearch), map[string]any{"n": 10}), c.s.statements(query(wholeSearch), map[string]any{"n": 100})
			if few != many {
				t.Errorf("%s: %d statements for 10, %d for 100", c.name, few, many)
			}
			t.Logf("%s: %d statements", c.name, many)
			below := c.s.statements(query(`{ nodes {`+fullView+`} }`), map[string]any{"n": 100})
			list := c.s.statements(`{ assets(first: 100) { nodes {`+fullView+`} } }`+analysed, nil)
			looked := 0
			if c.name == "engine with a filter of tags" || c.name == "degraded" {
				looked = 1 // for the tags that the engine is to filter by, or that have the text
			}
			if below != list+looked {
				t.Errorf("%s: %d statements below node, and %d of a list", c.name, below, list)
			}
			var f found
			c.s.ask(`{ search(first: 100, `+c.arguments+`) { edges { node { id } } } }`, nil, &f)
			if n := len(f.Search.Edges); n != 100 {
				t.Errorf("%s: %d hits", c.name, n)
			}
		}
	})
}
