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
	"vodgraph/database"
	"vodgraph/dbtest"
	"vodgraph/ent/asset"
	"vodgraph/exchange"
)

// beside is a library opened a second time, as by another process.
func (l *library) beside() *library {
	if l.db.Postgres() { // each of its connections is a process
		return l
	}
	db, err := database.Open(l.Context(), database.Config{Path: l.db.Location})
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() {
		if err := db.Close(); err != nil {
			l.Error(err)
		}
	})
	return libraryOn(l.T, &dbtest.DB{DB: db})
}

// TestImportBesideAServer reads and writes all the while that an import runs in
// what stands for another process. Nothing fails, and nobody waits for long.
func TestImportBesideAServer(t *testing.T) {
	each(t, func(l *library) {
		file := corpus(l, generated.Size{Assets: 5000, Seed: 5, Plain: true})
		other := l.beside()
		ctx, done := context.WithCancel(l.Context())
		var group sync.WaitGroup
		var reads, writes waits
		group.Go(func() { reads.measure(ctx, l.T, other.read) })
		group.Go(func() { writes.measure(ctx, l.T, other.write) })
		s, err := exchange.Import(l.Context(), l.catalog, []exchange.Source{source(file)}, exchange.Options{})
		done()
		group.Wait()
		if err != nil || s.Refused > 0 {
			l.Fatal(s, err)
		}
		l.Logf("reads: %v; writes: %v", reads, writes)
		if reads.longest > 5*time.Second || writes.longest > 20*time.Second {
			l.Errorf("somebody waited for long: reads %v, writes %v", reads, writes)
		}
		made := l.db.Client.Asset.Query().Where(asset.ReferenceIDHasPrefix("beside-")).CountX(l.Context())
		if reads.times == 0 || writes.times == 0 || made != writes.times {
			l.Errorf("%d reads, %d writes, which made %d assets", reads.times, writes.times, made)
		}
	})
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
