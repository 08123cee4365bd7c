// Package vectors has requests that are small and ask for much. A test sends each to a
// server and wants its outcome; bench/hostile measures what they cost one.
package vectors

import (
	"fmt"
	"strconv"
	"strings"

	"vodgraph/fault"
)

// repeated repeats a text, with the number of each time in the place of #.
func repeated(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "#", strconv.Itoa(i)) + " ")
	}
	return b.String()
}

// Vector is a request that is small and asks for much. It is refused with its code, or
// answered, for which the code is empty.
type Vector struct {
	Document  string
	Variables map[string]any
	Code      fault.Code
}

// doubling are fragments that spread the next one twice, below fields.
func doubling(levels int) string {
	var b strings.Builder
	b.WriteString("{ category(id: \"x\") { ...F0 } } ")
	for i := range levels {
		fmt.Fprintf(&b, "fragment F%d on Category { a: parent { ...F%d } b: parent { ...F%[2]d } } ", i, i+1)
	}
	return b.String() + fmt.Sprintf("fragment F%d on Category { id }", levels)
}

// flat is the same without fields between.
func flat(levels int) string {
	var b strings.Builder
	b.WriteString("{ category(id: \"x\") { ...F0 } } ")
	for i := range levels {
		fmt.Fprintf(&b, "fragment F%d on Category { ...F%d ...F%[2]d } ", i, i+1)
	}
	return b.String() + fmt.Sprintf("fragment F%d on Category { id }", levels)
}

// widening are fragments that spread the next one below many fields.
func widening(times, levels int) string {
	var b strings.Builder
	b.WriteString("{ category(id: \"x\") { ...F0 } } ")
	for i := range levels {
		fmt.Fprintf(&b, "fragment F%d on Category { %s } ", i, repeated(times, fmt.Sprintf("a#: parent { ...F%d }", i+1)))
	}
	return b.String() + fmt.Sprintf("fragment F%d on Category { id }", levels)
}

// nest repeats what opens, and closes it.
func nest(depth int, open, inside string) string {
	return strings.Repeat(open, depth) + inside + strings.Repeat(" }", depth)
}

// Documents ask for much by their text alone.
func Documents() map[string]Vector {
	return map[string]Vector{
		"aliases":                         {"{ " + repeated(10_000, "a#: __typename") + "}", nil, fault.QueryTooLarge},
		"aliases within the tokens":       {"{ " + repeated(1_000, "a#: __typename") + "}", nil, fault.TooManyAliases},
		"directives":                      {"{ __typename " + repeated(20_000, "@a#") + "}", nil, fault.QueryTooLarge},
		"directives within the size":      {"{ __typename " + repeated(6_000, "@a#") + "}", nil, fault.TooManyTokens},
		"directives within the tokens":    {"{ __typename " + repeated(1_000, "@a#") + "}", nil, fault.TooManyDirectives},
		"one field again":                 {"{ " + repeated(6_000, "__typename") + "}", nil, fault.TooManyTokens},
		"one field within the tokens":     {"{ " + repeated(4_000, "__typename") + "}", nil, fault.TooManyFields},
		"small fragments":                 {"{ assets { " + repeated(370, "...F#") + "} } " + repeated(370, "fragment F# on AssetConnection { totalCount }"), nil, fault.TooManyFields},
		"doubling fragments":              {doubling(25), nil, fault.TooDeep},
		"doubling within the depth":       {doubling(12), nil, ""},
		"doubling without fields":         {flat(25), nil, fault.TooManyFields},
		"widening fragments":              {widening(8, 12), nil, fault.TooManyNodes},
		"merging fields":                  {nest(13, "{ a: category(id: \"x\") { parent { id } } a: category(id: \"x\") ", "{ id }"), nil, fault.GraphQLValidationFailed},
		"a list in a list":                {"{ assets(first: 100) { nodes { categories { assets(first: 100) { nodes { categories { assets(first: 100) { nodes { id } } } } } } } } }", nil, fault.TooManyNodes},
		"lists beside each other":         {"{ " + repeated(90, "a#: categories { children { children { id } } }") + "}", nil, fault.TooManyNodes},
		"many searches":                   {"{ " + repeated(99, "a#: search(text: \"a b c d\", first: 100) { nodes { id title tags { name } } }") + "}", nil, fault.TooManyNodes},
		"facets without brackets":         {"{ " + repeated(19, "a#: search(text: \"x\", first: 1, facets: {field: TAG, first: 200}) { facets { buckets { count } } }") + "}", nil, fault.TooCostly},
		"counting much":                   {"{ " + repeated(99, "a#: assets { totalCount }") + "}", nil, ""},
		"500 levels":                      {nest(500, "{ parent ", "{ id }"), nil, fault.GraphQLParseFailed},
		"150 levels":                      {nest(150, "{ parent ", "{ id }"), nil, fault.TooDeep},
		"a fragment in itself":            {"{ category(id: \"x\") { ...F } } fragment F on Category { parent { ...F } parent { ...F } }", nil, fault.GraphQLValidationFailed},
		"fragments in each other":         {"{ ...A ...B } fragment A on Query { a: categories { id } ...B } fragment B on Query { b: categories { id } ...A }", nil, fault.GraphQLValidationFailed},
		"introspection in circles":        {"{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }", nil, fault.IntrospectionTooDeep},
		"introspection by fragments":      {"{ __schema { types { ...T } } } fragment T on __Type { fields { type { ...U } } } fragment U on __Type { fields { type { possibleTypes { fields { name } } } } }", nil, fault.IntrospectionTooDeep},
		"introspection again":             {"{ " + repeated(20, "a#: __schema { types { name fields { name } } }") + "}", nil, fault.IntrospectionTooDeep},
		"an unclosed string":              {"{ assets(filter: {tags: {any: [\"" + strings.Repeat("x", 50_000), nil, fault.GraphQLParseFailed},
		"a long name":                     {"{ " + strings.Repeat("x", 90_000) + " }", nil, fault.GraphQLValidationFailed},
		"a name of 5 MB":                  {"{ " + strings.Repeat("x", 5<<20) + " }", nil, fault.QueryTooLarge},
		"one field 50,000 times":          {"{ " + repeated(50_000, "__typename") + "}", nil, fault.QueryTooLarge},
		"a list in a list, without sizes": {"{ assets { nodes { categories { assets { nodes { categories { assets { nodes { id } } } } } } } } }", nil, fault.TooCostly},
		"a long comment":                  {"{ __typename } #" + strings.Repeat("x", 90_000), nil, ""},
		"brackets":                        {strings.Repeat("[", 90_000), nil, fault.GraphQLParseFailed},
		"a deep list as a value":          {"{ assets(filter: " + strings.Repeat("[", 150) + strings.Repeat("]", 150) + ") { totalCount } }", nil, fault.GraphQLValidationFailed},
		"many variables":                  {"query(" + repeated(1_500, "$a#: Int") + ") { __typename }", nil, fault.TooManyTokens},
		"variables that are not used":     {"query(" + repeated(500, "$a#: Int") + ") { __typename }", nil, fault.GraphQLValidationFailed},
		"many operations":                 {repeated(1_000, "query Q# { __typename }"), nil, fault.Required},
		"one name for many operations":    {repeated(1_000, "query Q { __typename }"), nil, fault.GraphQLValidationFailed},
		"unknown fields":                  {"{ " + repeated(99, "assetz#") + "}", nil, fault.GraphQLValidationFailed},
		"arguments that there are not":    {"{ assets(" + repeated(1_200, "a#: 1") + ") { totalCount } }", nil, fault.GraphQLValidationFailed},
		"a search for one letter":         {"{ search(text: \"a\", first: 100) { totalCount } }", nil, ""},
		"a search for many words":         {"{ search(text: \"" + strings.Repeat("a ", 249) + "\") { totalCount } }", nil, fault.TextTooLong},
		"a search for more than is taken": {"{ search(text: \"" + strings.Repeat("a ", 2_000) + "\") { totalCount } }", nil, fault.TextTooLong},
		"a cursor of much":                {"{ assets(after: \"" + strings.Repeat("x", 90_000) + "\") { totalCount nodes { id } } }", nil, fault.CursorInvalid},
		"a page of too much":              {"{ assets(first: 2147483647) { nodes { id } } }", nil, fault.PageSizeInvalid},
	}
}

// Values ask for much by their variables.
func Values() map[string]Vector {
	deepFilter := map[string]any{}
	for range 500 {
		deepFilter = map[string]any{"not": deepFilter}
	}
	deeper := any("x")
	for range 20_000 {
		deeper = []any{deeper}
	}
	cue := map[string]any{"start": 0, "end": 0.001, "text": ""}
	return map[string]Vector{
		"values 20,000 deep":             {"query($f: AssetFilter) { assets(filter: $f) { totalCount } }", map[string]any{"f": deeper}, fault.Invalid},
		"a list in a list by a variable": {"query($n: Int) { assets(first: $n) { nodes { categories { assets(first: $n) { nodes { tags { assets(first: $n) { nodes { id } } } } } } } } }", map[string]any{"n": 100}, fault.TooManyNodes},
		"a deep filter":                  {"query($f: AssetFilter) { assets(filter: $f) { totalCount } }", map[string]any{"f": deepFilter}, fault.FilterTooLarge},
		"a wide filter":                  {"query($f: AssetFilter) { assets(filter: $f) { totalCount } }", map[string]any{"f": map[string]any{"or": slicesOf(1_000, map[string]any{"hasCover": true})}}, fault.FilterTooLarge},
		"a long list in a filter":        {"query($f: AssetFilter) { assets(filter: $f) { totalCount } }", map[string]any{"f": map[string]any{"tags": map[string]any{"any": slicesOf(50_000, "x")}}}, fault.ListTooLong},
		"one filter for many fields":     {"query($f: AssetFilter) { " + repeated(90, "a#: assets(filter: $f) { totalCount }") + "}", map[string]any{"f": map[string]any{"or": slicesOf(20, map[string]any{"hasCover": true})}}, fault.FilterTooLarge},
		"many ids":                       {"query($i: [ID!]!) { nodes(ids: $i) { id } }", map[string]any{"i": slicesOf(100_000, "x")}, fault.ListTooLong},
		"many values that read":          {"query($f: AssetFilter) { assets(filter: $f) { totalCount } }", map[string]any{"f": map[string]any{"or": slicesOf(100_000, map[string]any{})}}, fault.ListTooLong},
		"many items":                     {"mutation($i: [AssetRef!]!) { assetsTrash(assets: $i) { changedCount } }", map[string]any{"i": slicesOf(90_000, map[string]any{"id": "x"})}, fault.ListTooLong},
		"many jobs":                      {"mutation($i: [String!]!) { playInfosDelete(asset: {id: \"x\"}, jobIds: $i) { userErrors { code } } }", map[string]any{"i": slicesOf(90_000, "x")}, fault.ListTooLong},
		"many parts":                     {"mutation($i: [AIDataPutInput!]!) { aiDataPut(items: $i) { userErrors { code } } }", map[string]any{"i": map[string]any{"asset": map[string]any{"id": "x"}, "source": "x", "speech": slicesOf(50_001, cue), "screenText": slicesOf(50_000, cue)}}, fault.ListTooLong},
		"many parts of many assets":      {"mutation($i: [AssetCreateInput!]!) { " + repeated(90, "a#: assetsCreate(items: $i) { changedCount }") + "}", map[string]any{"i": slicesOf(90, map[string]any{"kind": "VIDEO", "title": "x", "aiData": []any{map[string]any{"source": "x", "labels": slicesOf(30, map[string]any{"name": "x", "category": "OBJECT"})}}})}, fault.ListTooLong},
		"one filter that is too much":    {"query($f: AssetFilter) { " + repeated(90, "a#: assets(filter: $f) { totalCount }") + "}", map[string]any{"f": map[string]any{"ids": slicesOf(200_000, "x")}}, fault.ListTooLong},
		"filters without brackets":       {"query($f: AssetFilter) { " + repeated(99, "a#: assets(filter: $f) { totalCount }") + "}", map[string]any{"f": within(150, "and", map[string]any{"hasCover": true})}, fault.FilterTooLarge},
		"values that nobody asked for":   {"mutation { trashPurge { revision } }", map[string]any{"unused": slicesOf(790_000, []any{})}, fault.ListTooLong},
		"values behind a word":           {"{ __typename } # mutation", map[string]any{"unused": slicesOf(790_000, map[string]any{})}, fault.ListTooLong},
		"empty filters":                  {"query($f: AssetFilter) { assets(filter: $f) { totalCount } }", map[string]any{"f": map[string]any{"or": slicesOf(400_000, map[string]any{})}}, fault.ListTooLong},
		"more empty filters":             {"query($f: AssetFilter) { assets(filter: $f) { totalCount } }", map[string]any{"f": map[string]any{"or": slicesOf(1_300_000, map[string]any{})}}, fault.ListTooLong},
		"filters within lists":           {"query($f: AssetFilter) { assets(filter: $f) { totalCount } }", map[string]any{"f": map[string]any{"or": slicesOf(40, map[string]any{"or": slicesOf(100, map[string]any{"hasCover": true})})}}, fault.FilterTooLarge},
		"empty orders":                   {"query($o: [AssetOrder!]) { assets(orderBy: $o) { totalCount } }", map[string]any{"o": slicesOf(90_000, map[string]any{"field": "TITLE"})}, fault.ListTooLong},
		"empty texts":                    {"query($i: [ID!]!) { nodes(ids: $i) { id } }", map[string]any{"i": slicesOf(400_000, "")}, fault.ListTooLong},
		"items without anything":         {"mutation($i: [AssetUpdateInput!]!) { assetsUpdate(items: $i) { changedCount } }", map[string]any{"i": slicesOf(400_000, map[string]any{})}, fault.ListTooLong},
		"parts without anything":         {"mutation($i: [AssetCreateInput!]!) { assetsCreate(items: $i) { changedCount } }", map[string]any{"i": []any{map[string]any{"kind": "VIDEO", "title": "x", "categories": slicesOf(90_000, map[string]any{}), "attachments": slicesOf(90_000, map[string]any{"attachment": map[string]any{}})}}}, fault.ListTooLong},
		"explaining again":               {"query($d: String!) { " + repeated(50, "a#: explain(document: $d) { cost }") + "}", map[string]any{"d": "{ assets { " + repeated(100, "totalCount") + "} }"}, fault.TooCostly},
		"explaining what is too large":   {"query($d: String!) { explain(document: $d) { cost refusedBy errors } }", map[string]any{"d": "{ " + repeated(300_000, "id") + "}"}, ""},
		"explaining 90,000 brackets":     {"query($d: String!) { explain(document: $d) { cost refusedBy errors } }", map[string]any{"d": strings.Repeat("[", 90_000)}, ""},
		"explaining unknown fields":      {"query($d: String!) { explain(document: $d) { cost refusedBy errors } }", map[string]any{"d": "{ " + repeated(99, strings.Repeat("x", 800)+"#") + "}"}, ""},
	}
}

// within is a value in objects that stand in each other.
func within(depth int, name string, v map[string]any) map[string]any {
	for range depth {
		v = map[string]any{name: v}
	}
	return v
}

func slicesOf[T any](n int, v T) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = v
	}
	return list
}
