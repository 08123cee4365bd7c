package catalog_test

import (
	"testing"
	"time"

	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/ent/asset"
	"vodgraph/limits"
)

// A transaction that panics is undone, and the next one does not wait for it.
func TestPanicEndsTheTransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		broken := true
		c := catalog.New(change.Open(db.Client, change.Options{
			Limits: limits.DefaultLibrary(),
			Now:    func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
			NewID: func(prefix string) string {
				if broken {
					panic("no chance to make an id of")
				}
				return prefix + "01M8267R80Q4E8KEMMY6FYMYPY"
			},
		}, catalog.Compare))
		items := []*catalog.AssetCreateInput{{Kind: asset.KindVIDEO, Title: "Dawn"}}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("it did not panic")
				}
			}()
			_, _ = c.AssetsCreate(t.Context(), items, nil)
		}()
		broken = false
		out, err := c.AssetsCreate(t.Context(), items, nil)
		if err != nil || out.Count(change.Created) != 1 || *out.Revision != 1 {
			t.Errorf("%+v, %v", out, err)
		}
	})
}
