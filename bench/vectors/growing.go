package vectors

import (
	"strings"
)

// Growing are requests of which size is to be doubled until it hurts, or is refused. What
// comes of each size is for the one who sends it to see.
func Growing() map[string]func(size int) Vector {
	text := func(make func(size int) string) func(int) Vector {
		return func(size int) Vector { return Vector{Document: make(size)} }
	}
	values := func(document string, make func(size int) any) func(int) Vector {
		return func(size int) Vector { return Vector{Document: document, Variables: map[string]any{"v": make(size)}} }
	}
	const byFilter = "query($v: AssetFilter) { assets(filter: $v) { totalCount } }"
	return map[string]func(int) Vector{
		"aliases":            text(func(n int) string { return "{ " + repeated(n, "a#: __typename") + "}" }),
		"aliases that count": text(func(n int) string { return "{ " + repeated(n, "a#: assets { totalCount }") + "}" }),
		"searches": text(func(n int) string {
			return "{ " + repeated(n, "a#: search(text: \"sea\", first: 1) { nodes { id } }") + "}"
		}),
		"facets": text(func(n int) string {
			return "{ " + repeated(n, "a#: search(text: \"a\", facets: [{field: TAG, first: 200}]) { facets { buckets { value count } } }") + "}"
		}),
		"pages of pages": text(func(n int) string {
			return "{ " + repeated(n, "a#: assets(first: 30) { nodes { categories { assets(first: 10) { nodes { title tags { name } } } } } }") + "}"
		}),
		"the same field":   text(func(n int) string { return "{ assets { " + repeated(n, "totalCount") + "} }" }),
		"directives":       text(func(n int) string { return "{ __typename " + repeated(n, "@skip(if: false)") + "}" }),
		"spreads":          text(func(n int) string { return "{ ...F " + repeated(n, "...F") + "} fragment F on Query { __typename }" }),
		"fragments":        text(func(n int) string { return "{ __typename } " + repeated(n, "fragment F# on Query { __typename }") }),
		"doubling":         text(func(n int) string { return doubling(n) }),
		"doubling, flat":   text(func(n int) string { return flat(n) }),
		"inline fragments": text(func(n int) string { return nest(n, "{ ... on Query ", "{ __typename }") }),
		"levels":           text(func(n int) string { return "{ category(id: \"x\") " + nest(n, "{ parent ", "{ id }") + "}" }),
		"brackets":         text(func(n int) string { return strings.Repeat("{ a ", n) }),
		"a block of text": text(func(n int) string {
			return "{ search(text: \"\"\"" + strings.Repeat("\n  x", n) + "\"\"\") { totalCount } }"
		}),
		"escapes":           text(func(n int) string { return "{ search(text: \"" + strings.Repeat("\\u0041", n) + "\") { totalCount } }" }),
		"operations":        text(func(n int) string { return repeated(n, "query Q# { __typename }") }),
		"variables":         text(func(n int) string { return "query(" + repeated(n, "$a#: Int") + ") { __typename }" }),
		"unknown fields":    text(func(n int) string { return "{ " + repeated(n, "asset#") + "}" }),
		"unknown fragments": text(func(n int) string { return "{ " + repeated(n, "...F#") + "}" }),
		"commas":            text(func(n int) string { return "{ __typename " + strings.Repeat(",", n) + "}" }),
		"values in a list":  values(byFilter, func(n int) any { return map[string]any{"tags": map[string]any{"any": slicesOf(n, "x")}} }),
		"members": values(byFilter, func(n int) any {
			return map[string]any{"or": slicesOf(n, map[string]any{"hasCover": true})}
		}),
		"depth of a filter": values(byFilter, func(n int) any {
			filter := map[string]any{}
			for range min(n, 9_000) { // where the decoder of JSON ends
				filter = map[string]any{"not": filter}
			}
			return filter
		}),
		"ids":             values("query($v: [ID!]!) { nodes(ids: $v) { id } }", func(n int) any { return slicesOf(n, "vid_01HZZZZZZZZZZZZZZZZZZZZZZZ") }),
		"items":           values("mutation($v: [AssetRef!]!) { assetsTrash(assets: $v) { changedCount } }", func(n int) any { return slicesOf(n, map[string]any{"id": "x"}) }),
		"a text":          values("query($v: String!) { search(text: $v) { totalCount } }", func(n int) any { return strings.Repeat("ab ", n) }),
		"unused values":   values("query($v: String) { search(text: $v) { totalCount } }", func(n int) any { return slicesOf(n, map[string]any{"a": 1}) }),
		"digits":          values("query($v: Int) { assets(first: $v) { totalCount } }", func(n int) any { return strings.Repeat("9", n) }),
		"a cursor":        values("query($v: Cursor) { assets(after: $v) { nodes { id } } }", func(n int) any { return strings.Repeat("x", n) }),
		"words that miss": values("query($v: String!) { search(text: $v, first: 100) { nodes { title } } }", func(n int) any { return repeated(n, "zq#w") }),
	}
}
