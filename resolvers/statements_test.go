package resolvers_test

import (
	"encoding/json"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/graph"
	"vodgraph/limits"
)

// foretold is how many statements a query is said to take at most.
func foretold(t *testing.T, query string, variables map[string]any) int {
	t.Helper()
	given, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	request := limits.DefaultRequest()
	request.Nodes, request.Cost = 1<<30, 1<<30
	x := request.Explain(graph.NewExecutableSchema(graph.Config{}).Schema(), limits.Asked{Document: query, Variables: given})
	if x.RefusedBy != nil || len(x.Errors) > 0 {
		t.Fatalf("%s is explained as %+v", query, x)
	}
	return x.Statements
}

// Statements are foretold: never fewer than it takes, and no more where it is known what
// is asked.
func TestStatementsAreForetold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		s := serve(t, db)
		build(t, db, 8)
		queries := map[string]string{
			"merged":      `{ assets { nodes { tags { id } ... on Video { tags { name assets { totalCount } } } } edges { node { tags { name } } } } }`,
			"aliases":     `{ assets { a: totalCount b: totalCount nodes { history { totalCount } c: history(first: 3) { nodes { subject { id } } } } } }`,
			"skipped":     `query($n: Int!) { a: videos(first: $n) { nodes { tags { id name @skip(if: true) } } } videos { edges { node { tags { id } categories @include(if: false) { id } } } } }`,
			"by ids":      `query($n: Int!) { nodes(ids: ["` + id("vid", 1) + `", "` + id("img", 1) + `", "` + id("tag", 1) + `", "nothing"]) { id ... on Asset { tags { name } } ... on Tag { assetCount assets(first: $n) { nodes { id } } } } }`,
			"attachments": `{ videos { nodes { attachments { attachment { title tags { name } } language } b: attachments { attachment { title } } } } }`,
		}
		for name, query := range nested {
			queries[name] = query
		}
		for name, query := range queries {
			variables := map[string]any{"n": 8}
			took, reported := s.statements(query, variables), foretold(t, query, variables)
			if took > reported || reported > took+1+took/10 {
				t.Errorf("%s takes %d statements, and %d are foretold", name, took, reported)
			}
			t.Logf("%s: %d of %d", name, took, reported)
		}
	})
}
