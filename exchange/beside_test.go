package exchange_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/bench/generated"
	"vodgraph/catalog"
	"vodgraph/ent/asset"
)

// TestImportBesideAServer reads and writes all the while that another process
// imports into the same library. Nothing fails, and nobody waits to its end.
func TestImportBesideAServer(t *testing.T) {
	t.Parallel()
	c, err := generated.New(generated.Size{Assets: 3000, Seed: 5, Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	name := file(t, c.Write)
	for key, s := range stores(t) {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			if r := s.run(t, nil, "migrate"); r.status != 0 {
				t.Fatal(r.err)
			}
			l := s.open(t)
			ctx, done := context.WithCancel(t.Context())
			var group sync.WaitGroup
			var reads, writes waits
			group.Go(func() { reads.measure(ctx, t, l.read) })
			group.Go(func() { writes.measure(ctx, t, l.write) })
			s.imports(t, name, 3000)
			done()
			group.Wait()
			t.Logf("reads: %v; writes: %v", reads, writes)
			if reads.times == 0 || writes.times == 0 {
				t.Errorf("somebody waited to the end: reads %v, writes %v", reads, writes)
			}
			made := l.db.Client.Asset.Query().Where(asset.ReferenceIDHasPrefix("beside-")).CountX(t.Context())
			if made != writes.times {
				t.Errorf("%d writes made %d assets", writes.times, made)
			}
		})
	}
}

// waits are how often something was done, and how long it took.
type waits struct {
	times        int
	longest, all time.Duration
}

func (w waits) String() string {
	return fmt.Sprintf("%d, %v on average, %v at most", w.times, w.all/time.Duration(max(w.times, 1)), w.longest)
}

// measure does something until ctx ends, at least once.
func (w *waits) measure(ctx context.Context, t *testing.T, do func(ctx context.Context, i int) error) {
	for ; w.times == 0 || ctx.Err() == nil; w.times++ {
		begin := time.Now()
		if err := do(t.Context(), w.times); err != nil {
			t.Error(err)
			return
		}
		took := time.Since(begin)
		w.longest, w.all = max(w.longest, took), w.all+took
	}
}

// read reads a page of assets.
func (l *library) read(ctx context.Context, _ int) error {
	_, err := l.db.Client.Asset.Query().Order(asset.ByCreatedAt()).Limit(20).All(ctx)
	return err
}

// write makes an asset.
func (l *library) write(ctx context.Context, i int) error {
	name := fmt.Sprintf("beside-%d", i)
	out, err := l.catalog.AssetsCreate(ctx, []*catalog.AssetCreateInput{{Kind: asset.KindVIDEO, Title: "Beside",
		ReferenceID: graphql.OmittableOf(&name)}}, nil)
	if err == nil && len(out.Items[0].Errors) > 0 {
		err = out.Items[0].Errors[0]
	}
	return err
}
