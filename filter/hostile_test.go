package filter_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"vodgraph/dbtest"
	"vodgraph/ent/asset"
	"vodgraph/filter"
	"vodgraph/limits"
)

// Many long lists on one column cost about what their values cost, and not every
// combination of them. It would not end before the deadline otherwise, nor for
// hours after it.
func TestManyListsOfOneColumn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		var many filter.AssetFilter
		for range 10 {
			one := &filter.AssetFilter{Kinds: []asset.Kind{asset.KindVIDEO, asset.KindAUDIO}}
			for i := range 1950 {
				one.IDs = append(one.IDs, fmt.Sprintf("vid_%026d", i))
			}
			many.And = append(many.And, one)
		}
		p, err := many.Predicate(limits.DefaultFilter())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if n, err := db.Client.Asset.Query().Where(p).Count(ctx); err != nil || n != 0 {
			t.Errorf("%d assets, %v", n, err)
		}
	})
}
