package resolvers_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vodgraph/auth"
	"vodgraph/dbtest"
)

// byReference asks for assets by reference ids, and returns what is answered.
func (d *mutations) byReference(references []string, selection string) []record {
	d.Helper()
	var data struct{ AssetsByReference []record }
	d.ask(`query($r: [String!]!) { assetsByReference(referenceIds: $r) { `+selection+` } }`, map[string]any{"r": references}, &data)
	return data.AssetsByReference
}

// Whatever reference ids are asked for, each has its entry, in the order asked, with the asset
// that asset(referenceId:) finds by it, or null.
func TestAssetsByReference(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		there := []string{"alpha-1", "ALPHA-1", "alpha-10", "alpha_1", "12345678", "Ａ, é"}
		for i, kind := range []string{`"VIDEO"`, `"AUDIO"`, `"IMAGE"`, `"ATTACHMENT", "attachmentType": "SUBTITLE"`} {
			for n := i; n < len(there); n += 4 {
				d.make(fmt.Sprintf(`{"kind": %s, "title": "t", "referenceId": %s}`, kind, quoted(there[n])))
			}
		}
		d.done("assetsTrash", "id", `{"assets": [{"referenceId": "alpha_1"}]}`)
		const selection = `__typename id title referenceId trashedAt`
		want := map[string]any{}
		for _, reference := range append(slices.Clone(there), "", "alpha", " alpha-1", "alpha%1", "%", "'; --", "é", strings.Repeat("x", 2000)) {
			var one struct{ Asset any }
			d.ask(`query($r: String!) { asset(referenceId: $r) { `+selection+` } }`, map[string]any{"r": reference}, &one)
			want[reference] = one.Asset
			if (one.Asset != nil) != slices.Contains(there, reference) {
				t.Fatalf("%q is %v", reference, one.Asset)
			}
		}
		asked := slices.Sorted(func(yield func(string) bool) {
			for reference := range want {
				if !yield(reference) {
					return
				}
			}
		})
		rapid.Check(t, func(rt *rapid.T) {
			references := rapid.SliceOfN(rapid.SampledFrom(asked), 0, 30).Draw(rt, "references")
			entries := []any{}
			for _, reference := range references {
				entries = append(entries, map[string]any{"referenceId": reference, "asset": want[reference]})
			}
			text, err := json.Marshal(entries)
			if err != nil {
				rt.Fatal(err)
			}
			got := append([]record{}, d.byReference(references, `referenceId asset { `+selection+` }`)...)
			d.same(got, string(text), "the entries")
		})
	})
}

// Assets that the caller may not see are as those that are not there.
func TestVisibilityOfAssetsByReference(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := divide(t, db)
		names := []string{"song", "film", "poster", "none"}
		if got := d.byReference(names, `asset { title }`); got[0]["asset"] == nil || got[1]["asset"] == nil || got[2]["asset"] == nil {
			t.Errorf("who sees all is shown %v", got)
		}
		d.limited(auth.Viewer)
		d.same(d.byReference(names, `referenceId asset { title }`), `[{"referenceId": "song", "asset": null}, {"referenceId": "film", "asset": {"title": "Film"}},
			{"referenceId": "poster", "asset": null}, {"referenceId": "none", "asset": null}]`, "a limited caller")
	})
}

// Any number of reference ids takes one statement, and the same objects and cost as nodes by
// ids; more of them, or impossible ones, are refused like those.
func TestLimitsOfAssetsByReference(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.make(`{"kind": "VIDEO", "title": "t", "referenceId": "r1", "tags": ["x"]}`, `{"kind": "IMAGE", "title": "t", "referenceId": "r2", "tags": ["x"]}`)
		const query, nodes = `query($r: [String!]!) { assetsByReference(referenceIds: $r) { referenceId asset { title width tags { name } } } }`,
			`query($r: [ID!]!) { nodes(ids: $r) { ... on Asset { title width tags { name } } } }`
		many := func(n int) map[string]any {
			list := make([]string, n)
			for i := range list {
				list[i] = fmt.Sprintf("r%d", i)
			}
			return map[string]any{"r": list}
		}
		for n, want := range map[int]int{0: 0, 3: 3, 250: 3} { // the assets, what is below videos, and tags
			if took := d.statements(query, many(n)); took != want {
				t.Errorf("%d take %d statements, not %d", n, took, want)
			}
			var reported struct {
				One, Other struct{ Cost, NodesAtWorst int }
			}
			d.ask(`query($v: JSON, $a: String!, $b: String!) { one: explain(document: $a, variables: $v) { cost nodesAtWorst } other: explain(document: $b, variables: $v) { cost nodesAtWorst } }`,
				map[string]any{"v": many(n), "a": query, "b": nodes}, &reported)
			if reported.One != reported.Other || n > 0 && reported.One.NodesAtWorst < n {
				t.Errorf("%d come to %+v, and as nodes to %+v", n, reported.One, reported.Other)
			}
		}
		if reported := foretold(t, query, many(250)); reported != 3 {
			t.Errorf("%d statements are foretold", reported)
		}
		if took := d.statements(`query($r: [String!]!) { assetsByReference(referenceIds: $r) { referenceId } }`, many(250)); took != 0 {
			t.Errorf("nothing of assets takes %d statements", took)
		}
		for code, variables := range map[string]map[string]any{"LIST_TOO_LONG": many(251), "INVALID": {"r": []string{"a", "b\x00"}}} {
			answer := d.send(query, variables)
			if len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code != code || !slices.Equal(answer.Errors[0].Extensions.Field, []string{"referenceIds"}) {
				t.Errorf("it is refused with %+v, not %s", answer.Errors, code)
			}
		}
	})
}
