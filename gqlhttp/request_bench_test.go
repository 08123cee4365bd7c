package gqlhttp

import (
	"strings"
	"testing"

	"vodgraph/graph"
	"vodgraph/limits"
)

// BenchmarkRequest reads requests as far as their variables: a small one, and one of 1,000 items.
func BenchmarkRequest(b *testing.B) {
	const query = `{"query": "query ($f: AssetFilter, $n: Int) { assets(filter: $f, first: $n) { nodes { id title } } }", "variables": {"n": 20, "f": {"title": {"contains": "sea"}, "kind": ["VIDEO"]}}}`
	item := `{"id": "vid_01HZZZZZZZZZZZZZZZZZ100000", "title": "A title of it", "tags": {"add": ["one"]}},`
	change := `{"query": "mutation ($i: [AssetUpdateInput!]!) { assetsUpdate(items: $i) { results { outcome } } }", "variables": {"i": [` +
		strings.TrimSuffix(strings.Repeat(item, 1000), ",") + `]}}`
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	l := limits.DefaultRequest()
	for name, body := range map[string]string{"small": query, "items": change} {
		text := []byte(body)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				var a request
				if refused := a.fromBody(text); refused != nil {
					b.Fatal(refused)
				}
				if refused := l.Variables(schema, limits.Asked{Document: a.Query, Variables: a.RawVariables}); refused != nil {
					b.Fatal(refused)
				}
				if refused := object("variables", a.RawVariables, &a.Variables); refused != nil {
					b.Fatal(refused)
				}
			}
		})
	}
}
