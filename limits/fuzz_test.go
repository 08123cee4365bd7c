package limits_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"vodgraph/fault"
	"vodgraph/limits"
)

// longestMeasure is more than any document of the length below may take, on a machine
// that is busy with others.
const (
	longestMeasure = 3 * time.Second
	longestFuzzed  = 32 << 10
)

// FuzzCost measures any text and variables: nothing panics or takes long, no sum is
// negative or goes past its end, and what is not refused is within the limits.
//
//	go test ./cost -run '^$' -fuzz '^FuzzCost$'
func FuzzCost(f *testing.F) {
	s := schema(f)
	boundless := limits.Request{Tokens: math.MaxInt32, Depth: 100, Aliases: math.MaxInt32, Directives: math.MaxInt32,
		Fields: limits.DefaultRequest().Fields, FilterMembers: math.MaxInt32, ListValues: math.MaxInt32, Nodes: math.MaxInt32, Cost: math.MaxInt32}
	for _, seed := range []struct{ text, variables string }{
		{"query($n: Int = 7, $f: AssetFilter) { a: assets(last: $n, filter: $f) { edges { cursor node { id ... on Video { cover { ... on Image { id } } } } } totalCount } }", `{"n": 100, "f": {"or": [{"tags": {"any": ["x"]}}, {"not": {"kinds": "VIDEO"}}]}}`},
		{"{ categories { ...F } } fragment F on Category { children { ...G @include(if: false) } } fragment G on Category { path { id } assetCount }", "{}"},
		{"{ ...F } fragment F on Query { node(id: \"vid_1\") { ...F } }", "null"},
		{"{ nodes(ids: [\"vid_1\", \"tag_2\"]) { id ... on Asset { history { nodes { before changeSet { undoneBy { id } } } } } } }", "{}"},
		{"mutation($i: [AssetCreateInput!]!) { assetsCreate(items: $i) { results { asset { id } errors { code } } } }", `{"i": [{"kind": "VIDEO", "title": "x", "aiData": [{"source": "s", "speech": [{"start": 0, "end": 0.001, "text": "t"}]}]}]}`},
		{"{ search(text: \"x\", facets: [{field: TAG, first: 200}]) { nodes { id } facets { buckets { count } } corrections { used } index { revision } } }", "{}"},
		{"{ __schema { types { name fields { type { fields { name } } } } } explain(document: \"{ explain }\", variables: {a: [1]}) { cost errors } }", "{}"},
		{"subscription($id: ID!) { asset(id: $id) { id tags { assets { nodes { id } } } } }", `{"id": "x"}`},
	} {
		f.Add(seed.text, seed.variables)
	}
	f.Fuzz(func(t *testing.T, text, variables string) {
		if len(text) > longestFuzzed {
			return
		}
		asked := limits.Asked{Document: text}
		if json.Valid([]byte(variables)) {
			asked.Variables = json.RawMessage(variables)
		}
		for _, l := range []limits.Request{limits.DefaultRequest(), boundless} {
			began := time.Now()
			x := l.Explain(s, asked)
			if took := time.Since(began); took > longestMeasure {
				t.Errorf("it takes %s", took)
			}
			for _, figure := range []int{x.Cost, x.NodesAtWorst, x.Statements, x.Depth, x.Aliases, x.Tokens} {
				if figure < 0 || figure > math.MaxInt32 {
					t.Errorf("%+v", x)
				}
			}
			if x.RefusedBy == nil && (x.Cost > l.Cost || x.NodesAtWorst > l.Nodes || x.Depth > l.Depth || x.Aliases > l.Aliases || x.Tokens > l.Tokens) {
				t.Errorf("%+v is not refused", x)
			}
			if x.RefusedBy != nil && (*x.RefusedBy == fault.Internal || len(x.Errors) > 0) {
				t.Errorf("refused with %+v", x)
			}
		}
	})
}
