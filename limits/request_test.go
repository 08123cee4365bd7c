package limits_test

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"vodgraph/fault"
	"vodgraph/limits"
)

// schema is the API's.
func schema(t testing.TB) *ast.Schema {
	t.Helper()
	text, err := os.ReadFile("../schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// inJSON is a value as it is sent.
func inJSON(t testing.TB, v any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// measure measures a document and its only operation, as a request is.
func measure(t testing.TB, s *ast.Schema, text string, variables map[string]any) (limits.Figures, *fault.Fault) {
	t.Helper()
	l := limits.DefaultRequest()
	f, refused := l.Document(text)
	if refused != nil {
		return f, refused
	}
	doc, errs := gqlparser.LoadQueryWithRules(s, text, rules.NewDefaultRules())
	if errs != nil {
		t.Fatalf("%v in %.300s", errs, text)
	}
	coerced, err := validator.VariableValues(s, doc.Operations[0], variables)
	if err != nil {
		t.Fatal(err)
	}
	return l.Operation(s, f, doc.Operations[0], coerced)
}

// TestFigures measures documents that are within the limits.
func TestFigures(t *testing.T) {
	t.Parallel()
	s := schema(t)
	for _, c := range []struct {
		text      string
		variables map[string]any
		want      limits.Figures
	}{
		{"{ assets { nodes { id } } }", nil, limits.Figures{Tokens: 9, Depth: 3, Fields: 1, Nodes: 20, Cost: 20}},
		{"# a comment\n{ assets(first: 100) { nodes { id tags { name } } } }", nil, limits.Figures{Tokens: 18, Depth: 4, Fields: 2, Nodes: 1100, Cost: 1100}},
		{"query($n: Int = 7) { a: assets(last: $n, before: \"x\") { edges { cursor node { id } } totalCount } }", nil,
			limits.Figures{Tokens: 34, Depth: 4, Fields: 2, Aliases: 1, Nodes: 7, Cost: 12}},
		{"query($n: Int = 7) { assets(first: $n) { nodes { id } } }", map[string]any{"n": 3}, limits.Figures{Tokens: 24, Depth: 3, Fields: 1, Nodes: 3, Cost: 3}},
		{"query($n: Int = 7) { assets(first: $n) { nodes { id } } }", map[string]any{"n": nil}, limits.Figures{Tokens: 24, Depth: 3, Fields: 1, Nodes: 20, Cost: 20}},
		{"{ assets(first: 1000000000) { nodes { id } } }", nil, limits.Figures{Tokens: 14, Depth: 3, Fields: 1, Nodes: 100, Cost: 100}},
		{"{ asset(id: \"x\") { ... on Video { aiData { speech(first: 1000) { nodes { text } } labels(first: 1000) { nodes { name } } } } } }", nil,
			limits.Figures{Tokens: 42, Depth: 5, Fields: 2, Nodes: 2 + 1000 + 100, Cost: 2 + 1000 + 100}},
		{"{ nodes(ids: [\"x\"]) { ... on Video { aiData { screenText(first: 5000) { edges { node { text } } } } } } }", nil,
			limits.Figures{Tokens: 35, Depth: 6, Fields: 1, Nodes: 2 + 1000, Cost: 2 + 16*1000}},
		{"{ assets(first: -5) { nodes { id } } }", nil, limits.Figures{Tokens: 14, Depth: 3, Fields: 1}},
		{"{ assets { ...P } } fragment P on AssetConnection { ...Q ...Q } fragment Q on AssetConnection { nodes { ...A } } fragment A on Asset { id @include(if: true) tags { ...T } } fragment T on Tag { name }",
			nil, limits.Figures{Tokens: 54, Depth: 4, Directives: 1, Fields: 2, Nodes: 220, Cost: 220}},
		{"{ nodes(ids: [\"a\", \"b\", \"c\"]) { id } }", nil, limits.Figures{Tokens: 15, Depth: 2, Fields: 1, Nodes: 3, Cost: 3}},
		{"{ categories { id children { id } } }", nil, limits.Figures{Tokens: 10, Depth: 3, Fields: 2, Nodes: 1050, Cost: 1050}},
		{"mutation { assetsTrash(assets: [{id: \"a\"}, {id: \"b\"}]) { results { asset { tags { name } } errors { code } } changedCount } }", nil,
			limits.Figures{Tokens: 37, Depth: 5, Fields: 2, Nodes: 2 + 1 + 2*(1+1+10+1), Cost: 4 + 1 + 2*(1+1+10+1)}},
		{"{ search(text: \"x\", first: 10, facets: [{field: TAG, first: 200}, {field: KIND}]) { nodes { id } facets { buckets { count } } } }", nil,
			limits.Figures{Tokens: 41, Depth: 4, Fields: 2, Nodes: 10 + 2 + 400, Cost: 10_000 + 500 + 10 + 2 + 60*400}},
		{"{ assets(filter: {and: [{kinds: [VIDEO]}, {not: {tags: {any: [\"a\"]}}}], hasCover: null}) { totalCount } }", nil,
			limits.Figures{Tokens: 41, Depth: 2, Fields: 1, FilterMembers: 5, Cost: 5}},
		{"{ __schema { types { name fields { name type { name fields { name } } } } } __type(name: \"Asset\") { name } }", nil,
			limits.Figures{Tokens: 30, Depth: 6, Fields: 2}},
	} {
		got, refused := measure(t, s, c.text, c.variables)
		if refused != nil || got != c.want {
			t.Errorf("%.100s\nis   %+v (%v)\nwant %+v", c.text, got, refused, c.want)
		}
	}
}

// TestPagesSayTheirLimit looks for the longest page of each list in the description of its
// argument, and for each of those lists in the default limits of a request for one asset.
func TestPagesSayTheirLimit(t *testing.T) {
	t.Parallel()
	lists, longest := 0, 0
	for _, on := range schema(t).Types {
		for _, f := range on.Fields {
			for _, a := range f.Arguments {
				if !strings.HasSuffix(f.Type.Name(), "Connection") || a.Name != "first" && a.Name != "last" {
					continue
				}
				lists++
				n := limits.PageOf(f.Type.Name())
				longest = max(longest, n)
				limit := strings.Replace(strconv.Itoa(n), "000", ",000", 1)
				if !strings.Contains(a.Description, " 1 to "+limit+"; ") && !strings.Contains(a.Description, " 1 to "+limit+". ") {
					t.Errorf("%s.%s(%s:) says %q, and a page has up to %s", on.Name, f.Name, a.Name, a.Description, limit)
				}
			}
		}
	}
	if lists < 30 || longest != 1000 {
		t.Errorf("there are %d lists, with pages of up to %d", lists, longest)
	}
}

// many repeats a text with its number.
func many(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "#", strconv.Itoa(i)) + " ")
	}
	return b.String()
}

// TestRefusals refuses what is over each limit, and takes what is just within.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := schema(t)
	below := func(depth int) string {
		return strings.Repeat("{ parent ", depth-1) + "{ id } " + strings.Repeat("} ", depth-1)
	}
	nested := func(depth int) string { return "{ category(id: \"x\") " + below(depth-1) + "}" }
	for name, c := range map[string]struct {
		within, over string
		code         fault.Code
		figure       int64
	}{
		"tokens":     {"{ assets { nodes { id } } } # " + many(6000, "x"), "{ assets { nodes { " + many(5000, "id") + "} } }", fault.TooManyTokens, 5001},
		"depth":      {nested(15), nested(16), fault.TooDeep, 16},
		"fragments":  {"{ category(id: \"x\") { parent { parent { ...F } } } } fragment F on Category " + below(12), "{ category(id: \"x\") { parent { parent { parent { ...F } } } } } fragment F on Category " + below(12), fault.TooDeep, 16},
		"aliases":    {"{ " + many(50, "a#: assets { t#: totalCount }") + "}", "{ " + many(51, "a#: assets { t#: totalCount }") + "}", fault.TooManyAliases, 102},
		"directives": {"{ assets { " + many(50, "totalCount @skip(if: false)") + "} }", "{ assets { " + many(51, "totalCount @skip(if: false)") + "} }", fault.TooManyDirectives, 51},
		"fields":     {"{ assets { " + many(100, "totalCount") + "} }", "{ assets { " + many(101, "totalCount") + "} }", fault.TooManyFields, 101},
		"merged":     {many(1, "{ assets { "+many(50, "totalCount")+"} assets { "+many(50, "totalCount")+"} }"), "{ assets { " + many(50, "totalCount") + "} assets { " + many(51, "totalCount") + "} }", fault.TooManyFields, 101},
		"spreads":    {"{ assets { " + many(100, "...F#") + "} } " + many(100, "fragment F# on AssetConnection { totalCount }"), "{ assets { " + many(370, "...F#") + "} } " + many(370, "fragment F# on AssetConnection { totalCount }"), fault.TooManyFields, 370},
		"nodes":      {"{ " + many(90, "a#: assets(first: 100) { nodes { tags { name } } }") + "}", "{ " + many(91, "a#: assets(first: 100) { nodes { tags { name } } }") + "}", fault.TooManyNodes, 100100},
		"pages":      {"{ assets(first: 5) { nodes { categories { assets(first: 100) { nodes { tags { name } } } } } } }", "{ assets(first: 6) { nodes { categories { assets(first: 100) { nodes { tags { name } } } } } } }", fault.TooCostly, 211218},
		"schemas":    {"{ __schema { queryType { name } } }", "{ __schema { queryType { name } } b: __schema { queryType { name } } }", fault.IntrospectionTooDeep, 2},
		"circles":    {"{ __type(name: \"Asset\") { fields { type { fields { name } } } } }", "{ __type(name: \"Asset\") { fields { type { ...T } } } } fragment T on __Type { fields { type { fields { name } } } }", fault.IntrospectionTooDeep, 3},
		"filters":    {"{ " + many(10, "a#: assets(filter: {and: ["+strings.TrimSpace(many(9, "{hasCover: true}"))+"]}) { totalCount }") + "}", "{ " + many(21, "a#: assets(filter: {and: ["+strings.TrimSpace(many(9, "{hasCover: true}"))+"]}) { totalCount }") + "}", fault.FilterTooLarge, 210},
	} {
		if f, refused := measure(t, s, c.within, nil); refused != nil {
			t.Errorf("%s: what is within is refused: %v %+v", name, refused, f)
		}
		f, refused := measure(t, s, c.over, nil)
		if refused == nil || refused.Code != c.code || refused.Measured == nil || refused.Measured.Figure != c.figure || refused.Measured.Limit >= c.figure {
			t.Errorf("%s: %v of %+v, want %s with %d", name, refused, f, c.code, c.figure)
		}
	}
}

// TestMalformedDocuments leaves what cannot be parsed, or goes in circles, to others.
func TestMalformedDocuments(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", "}", "{ a", "\x00", "{ ...F }", "{ ...F } fragment F on Query { ...F }",
		"{ ...F } fragment F on Query { a { ...F } a { ...F } }", "{ ...A ...B } fragment A on Query { a { ...B } } fragment B on Query { a { ...A } }",
		"fragment F on Query { a }", "type A { a: Int }", "{ \"", "{ a(b: $c) }"} {
		if f, refused := limits.DefaultRequest().Document(text); refused != nil {
			t.Errorf("%s is refused: %v %+v", text, refused, f)
		}
	}
}

// TestOneForAList measures one value that stands for a list as the list of it, in the text
// and in variables.
func TestOneForAList(t *testing.T) {
	t.Parallel()
	s := schema(t)
	facet := map[string]any{"field": "TAG", "first": 200}
	for name, c := range map[string]struct {
		of, list, one string
		inList, alone any
	}{
		"facets":  {"[FacetInput!]", "search(text: \"x\", facets: %) { facets { buckets { count } } }", "{field: TAG, first: 200}", []any{facet}, facet},
		"ids":     {"[ID!]!", "nodes(ids: %) { id }", "\"x\"", []any{"x"}, "x"},
		"filters": {"[AssetFilter!]", "assets(filter: {and: %}) { totalCount }", "{or: {hasCover: true}}", []any{map[string]any{"or": []any{map[string]any{"hasCover": true}}}}, map[string]any{"or": map[string]any{"hasCover": true}}},
	} {
		want, refused := measure(t, s, "{ "+strings.ReplaceAll(c.list, "%", "["+c.one+"]")+" }", nil)
		if refused != nil || want.Nodes+want.FilterMembers == 0 {
			t.Errorf("%s: %+v %v", name, want, refused)
		}
		for how, got := range map[string]func() (limits.Figures, *fault.Fault){
			"in the text": func() (limits.Figures, *fault.Fault) {
				return measure(t, s, "{ "+strings.ReplaceAll(c.list, "%", c.one)+" }", nil)
			},
			"a list in a variable": func() (limits.Figures, *fault.Fault) {
				return measure(t, s, "query($v: "+c.of+") { "+strings.ReplaceAll(c.list, "%", "$v")+" }", map[string]any{"v": c.inList})
			},
			"alone in a variable": func() (limits.Figures, *fault.Fault) {
				return measure(t, s, "query($v: "+c.of+") { "+strings.ReplaceAll(c.list, "%", "$v")+" }", map[string]any{"v": c.alone})
			},
		} {
			f, refused := got()
			if refused != nil || f.Nodes != want.Nodes || f.Cost != want.Cost || f.FilterMembers != want.FilterMembers {
				t.Errorf("%s, %s: %+v %v, want %+v", name, how, f, refused, want)
			}
		}
	}
}

// TestVariables refuses variables as they are sent, where no operation takes so much.
func TestVariables(t *testing.T) {
	t.Parallel()
	s, l := schema(t), limits.DefaultRequest()
	list := func(n int, v any) []any {
		all := make([]any, n)
		for i := range all {
			all[i] = v
		}
		return all
	}
	cue, empty := map[string]any{"start": 0, "end": 0.001, "text": ""}, map[string]any{}
	const put, find, make, none = "mutation($v: AIDataPutInput!) { aiDataPut(items: [$v]) { revision } }",
		"query($v: AssetFilter) { assets(filter: $v) { totalCount } }", "mutation($v: [AssetCreateInput!]!) { assetsCreate(items: $v) { revision } }", fault.Code("")
	for name, c := range map[string]struct {
		document string
		v        any
		code     fault.Code
	}{
		"parts":                 {put, map[string]any{"speech": list(60_000, cue), "screenText": list(40_000, cue)}, none},
		"too many parts":        {put, map[string]any{"speech": list(60_000, cue), "screenText": list(40_001, cue)}, fault.ListTooLong},
		"a long list":           {put, map[string]any{"speech": list(100_001, cue)}, fault.ListTooLong},
		"values":                {find, map[string]any{"id": list(2_000, "x")}, none},
		"too many values":       {find, map[string]any{"id": list(2_001, "x")}, fault.ListTooLong},
		"too many members":      {find, map[string]any{"or": list(2_000, map[string]any{"hasCover": true})}, fault.FilterTooLarge},
		"items":                 {make, list(1_000, empty), none},
		"too many items":        {make, list(10_001, empty), fault.ListTooLong},
		"items for the library": {make, list(10_000, empty), none},
		"too many objects":      {make, list(1_000, map[string]any{"categories": list(101, empty)}), fault.ListTooLong},
		"a JSON value":          {"query($v: JSON) { explain(document: \"x\", variables: $v) { cost } }", list(9_990, empty), none},
		"a large JSON value":    {"query($v: JSON) { explain(document: \"x\", variables: $v) { cost } }", list(10_010, empty), fault.ListTooLong},
		"JSON that is kept":     {make, []any{map[string]any{"userData": map[string]any{"set": list(49_990, empty)}}}, none},
		"too much JSON":         {make, []any{map[string]any{"userData": map[string]any{"set": list(50_010, empty)}}}, fault.ListTooLong},
		"of no name":            {make, []any{map[string]any{"nothing": list(50_010, empty)}}, fault.ListTooLong},
		"of another type":       {find, list(1_001, "x"), none},
		"of no type":            {"query($v: Nothing) { categories { id } }", list(2_001, empty), none},
		"of a type in lists":    {"query($v: [[[AssetCreateInput]]]) { categories { id } }", list(10_001, list(1, list(1, empty))), fault.ListTooLong},
		"not asked for":         {"{ categories { id } }", list(9_990, empty), none},
		"much, not asked for":   {"{ categories { id } }", list(10_010, empty), fault.ListTooLong},
		"not written":           {"mutation { trashPurge { revision } }", list(49_990, empty), none},
		"much, not written":     {"mutation { trashPurge { revision } }", list(50_010, empty), fault.ListTooLong},
		"of no document":        {"{", list(9_990, empty), none},
		"much of no document":   {"{", list(10_010, empty), fault.ListTooLong},
	} {
		refused := l.Variables(s, limits.Asked{Document: c.document, Variables: inJSON(t, map[string]any{"v": c.v})})
		if (refused == nil) != (c.code == none) || refused != nil && (refused.Code != c.code || refused.Measured == nil) {
			t.Errorf("%s: %v, want %q", name, refused, c.code)
		}
	}
}
