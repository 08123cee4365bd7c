package resolvers_test

import (
	"fmt"
	"slices"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/ent/asset"
)

// orders are what assets are walked by: each field both ways, and mixed ones.
func orders() []string {
	var all []string
	for _, field := range []string{"CREATED_AT", "UPDATED_AT", "TITLE", "SIZE", "DURATION"} {
		for _, direction := range []string{"ASC", "DESC"} {
			all = append(all, fmt.Sprintf("[{field: %s, direction: %s}]", field, direction))
		}
	}
	return append(all,
		"[{field: SIZE, direction: DESC}, {field: TITLE}]",
		"[{field: DURATION}, {field: SIZE, direction: DESC}, {field: CREATED_AT}]",
		"[{field: TITLE, direction: DESC}, {field: CREATED_AT, direction: DESC}]")
}

// The walks of a caller: from either end.
var walks = map[string]struct {
	args string
	next func(p assetPage) (string, bool)
}{
	"forward":  {"first: 7, after: $c", func(p assetPage) (string, bool) { return p.PageInfo.EndCursor, p.PageInfo.HasNextPage }},
	"backward": {"last: 7, before: $c", func(p assetPage) (string, bool) { return p.PageInfo.StartCursor, p.PageInfo.HasPreviousPage }},
}

type assetPage struct {
	Nodes    []struct{ ID string }
	PageInfo struct {
		StartCursor, EndCursor       string
		HasNextPage, HasPreviousPage bool
	}
}

// A walk in any order, from either end, sees all assets that were there before it
// began, each once, and what is added meanwhile at most once; and both walks have
// the same order.
func TestWalks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		s := serve(t, db)
		n := 0
		add := func(count int) {
			t.Helper()
			var creates []*ent.AssetCreate
			for range count {
				kind := []asset.Kind{asset.KindVIDEO, asset.KindAUDIO, asset.KindIMAGE, asset.KindATTACHMENT}[n%4]
				creates = append(creates, bare(db.Client, kind, n))
				n++
			}
			if err := db.Client.Asset.CreateBulk(creates...).Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		add(60)
		for _, order := range orders() {
			ids, err := db.Client.Asset.Query().IDs(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string][]string{}
			for name, walk := range walks {
				var cursor any
				for more := true; more; {
					var page struct{ Assets assetPage }
					s.ask(`query($c: Cursor) { assets(orderBy: `+order+`, `+walk.args+`) {
						nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`, map[string]any{"c": cursor}, &page)
					if name == "backward" {
						slices.Reverse(page.Assets.Nodes)
					}
					for _, node := range page.Assets.Nodes {
						seen[name] = append(seen[name], node.ID)
					}
					cursor, more = walk.next(page.Assets)
					if len(seen[name])%3 == 0 {
						add(1)
					}
				}
				for _, id := range ids {
					if !slices.Contains(seen[name], id) {
						t.Errorf("%s by %s: %s is not seen", name, order, id)
					}
				}
				if once := slices.Compact(slices.Sorted(slices.Values(seen[name]))); len(once) != len(seen[name]) {
					t.Errorf("%s by %s: %d of %d are seen twice", name, order, len(seen[name])-len(once), len(seen[name]))
				}
			}
			slices.Reverse(seen["backward"])
			if old := only(seen["forward"], ids); !slices.Equal(old, only(seen["backward"], ids)) {
				t.Errorf("%s is not the same from both ends", order)
			}
			checkOrder(t, db, order, only(seen["forward"], ids))
		}
	})
}

// only keeps those ids that were there from the beginning.
func only(ids, there []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !slices.Contains(there, id) })
}

// checkOrder holds the walks by size and duration against the rule that absent
// values come last both ways.
func checkOrder(t *testing.T, db *dbtest.DB, order string, ids []string) {
	t.Helper()
	var value func(*ent.Asset) (float64, bool)
	switch order {
	case "[{field: SIZE, direction: ASC}]", "[{field: SIZE, direction: DESC}]":
		value = func(a *ent.Asset) (float64, bool) {
			if a.Size == nil {
				return 0, false
			}
			return float64(*a.Size), true
		}
	case "[{field: DURATION, direction: ASC}]", "[{field: DURATION, direction: DESC}]":
		value = func(a *ent.Asset) (float64, bool) {
			if a.Duration == nil {
				return 0, false
			}
			return *a.Duration, true
		}
	default:
		return
	}
	desc := order[len(order)-6:] == "DESC}]"
	absent, last := false, 0.0
	for i, id := range ids {
		a, err := db.Client.Asset.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		v, present := value(a)
		if present && absent {
			t.Fatalf("%s: %s, which has a value, comes after one without", order, id)
		}
		if present && i > 0 && (v < last) != desc && v != last {
			t.Fatalf("%s: %v comes after %v", order, v, last)
		}
		absent, last = !present, v
	}
	if !absent {
		t.Fatalf("%s: nothing is absent, so nothing is tested", order)
	}
}
