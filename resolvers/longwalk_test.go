package resolvers_test

import (
	"os"
	"slices"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/ent/asset"
)

// A walk over a large library in pages of 100, in every order and from both ends,
// while assets are added: nothing is skipped and nothing seen twice. It is 5,000
// assets, and 100,000 with SOAK.
func TestLongWalks(t *testing.T) {
	t.Parallel()
	size := 5_000
	if os.Getenv("SOAK") != "" {
		size = 100_000
	}
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		s := serve(t, db)
		n := 0
		add := func(count int) {
			t.Helper()
			kinds := []asset.Kind{asset.KindVIDEO, asset.KindAUDIO, asset.KindIMAGE, asset.KindATTACHMENT}
			for count > 0 {
				creates := make([]*ent.AssetCreate, min(count, 500))
				for i := range creates {
					creates[i] = bare(db.Client, kinds[n%4], n)
					n++
				}
				if err := db.Client.Asset.CreateBulk(creates...).Exec(t.Context()); err != nil {
					t.Fatal(err)
				}
				count -= len(creates)
			}
		}
		add(size)
		for _, order := range orders() {
			for _, from := range []string{"forward", "backward"} {
				before, err := db.Client.Asset.Query().IDs(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				walkAll(s, order, from, before, add)
			}
		}
	})
}

// longPages are the pages of a long walk, from either end.
var longPages = map[string]string{"forward": "first: 100, after: $c", "backward": "last: 100, before: $c"}

// walkAll walks once, adding an asset every ten pages, and wants each of before
// just once, and none of the others twice.
func walkAll(s *server, order, from string, before []string, add func(int)) {
	s.Helper()
	seen, cursor := make(map[string]int, len(before)), any(nil)
	for pages, more := 0, true; more; pages++ {
		var page struct{ Assets assetPage }
		s.ask(`query($c: Cursor) { assets(orderBy: `+order+`, `+longPages[from]+`) {
			nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`, map[string]any{"c": cursor}, &page)
		for _, node := range page.Assets.Nodes {
			seen[node.ID]++
		}
		cursor, more = walks[from].next(page.Assets)
		if pages%10 == 9 {
			add(1)
		}
	}
	twice, missed := 0, 0
	for _, times := range seen {
		if times > 1 {
			twice++
		}
	}
	for _, id := range before {
		if seen[id] == 0 {
			missed++
		}
	}
	if twice > 0 || missed > 0 || !slices.ContainsFunc(before, func(id string) bool { return seen[id] > 0 }) {
		s.Errorf("%s by %s: of %d assets %d were missed, and %d seen twice", from, order, len(before), missed, twice)
	}
}
