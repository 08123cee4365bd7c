package app

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"vodgraph/library"
	"vodgraph/search/typesensetest"
)

// crashes are kills of a server that is written to.
type crashes struct {
	t       *testing.T
	config  Config
	server  *process
	library *library.Library
	ids     []string
	writers []*writer
	// allowed are transactions that the writers may do.
	allowed chan struct{}
}

// serveSome serves a library of some assets as a process.
func serveSome(t *testing.T, c Config) *crashes {
	t.Helper()
	k := &crashes{t: t, config: c, server: begin(t, c, "serve"), allowed: make(chan struct{}, 1<<20)}
	k.ids = seed(t, k.server.url, of(200, 2000))
	category := do(t, k.server.url, newCategory, map[string]any{"input": map[string]any{"name": "Mine"}}).Category.ID
	k.writers = writersOf(k.server.url, k.ids, category)
	for _, w := range k.writers {
		w.bears = true
	}
	k.library = stored(t, c)
	settled(t, k.library)
	return k
}

// revision is that of the last transaction.
func (k *crashes) revision() int64 {
	k.t.Helper()
	row, err := k.library.DB.Client.Library.Query().Only(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	return row.Revision
}

// allow allows so many more transactions.
func (k *crashes) allow(transactions int) {
	for range transactions {
		k.allowed <- struct{}{}
	}
}

// write has writers do transactions as long as some are allowed, until they are ended.
// They tolerate a server that is away.
func (k *crashes) write() (end func() error) {
	ctx, cancel := context.WithCancel(k.t.Context())
	group, writing := errgroup.WithContext(ctx)
	for _, w := range k.writers {
		group.Go(func() error {
			for {
				select {
				case <-writing.Done():
					return nil
				case <-k.allowed:
				}
				if err := w.any(writing); err != nil && ctx.Err() == nil {
					return err
				}
			}
		})
	}
	return func() error {
		cancel()
		return group.Wait()
	}
}

// suffer kills the server so often, while it is written to, and starts another one.
func (k *crashes) suffer(kills int) {
	k.t.Helper()
	chance := rand.New(rand.NewPCG(5, 6))
	end := k.write()
	for n := range kills {
		if n%of(3, 2) == 0 { // the others may never come to write, while the lease of a dead one lasts
			k.allow(1)
			until(k.t, "the server writes to the engine", func() bool {
				return metrics(k.t, k.server.url)["written_total"] > 0
			})
		}
		transactions := of(60, 400)
		enough := k.revision() + 10 + chance.Int64N(int64(transactions)-20)
		k.allow(transactions)
		until(k.t, "some transactions are done", func() bool { return k.revision() >= enough })
		at := k.writers[0].url
		at.Store(nil)
		k.server.kill()
		k.server = begin(k.t, k.config, "serve")
		at.Store(&k.server.url)
	}
	if err := end(); err != nil {
		k.t.Fatalf("a transaction failed: %v", err)
	}
}

// TestServersAreKilled kills servers wherever they are, and wants the index of the
// last to have just what the library has.
func TestServersAreKilled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config func(*testing.T) Config
		kills  int
	}{
		"sqlite and bleve": {config, of(3, 50)},
		// Each start waits for the lease of the one that was killed, up to 10 seconds.
		"postgres and bleve":     {onPostgres, of(1, 10)},
		"postgres and typesense": {func(t *testing.T) Config { return searching(onPostgres(t), typesensetest.Shared(t)) }, of(3, 50)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			k := serveSome(t, c.config(t))
			first := k.revision()
			k.suffer(c.kills)
			transactions, quiet := k.revision()-first, time.Now()
			settled(t, k.library)
			t.Logf("%d kills in %d transactions, %.1f s; level after %.1f s", c.kills, transactions, quiet.Sub(began).Seconds(), time.Since(quiet).Seconds())
			k.wantFound()
			// What was reported is on the disk, whatever then becomes of the server.
			k.server.kill()
			if k.config.Search == "" {
				wantNoDrift(t, k.config)
				return
			}
			if d, err := drifted(t.Context(), k.library.Outbox, servers(t, k.config)); err != nil || !d.none() {
				t.Errorf("the engine differs: %v, %v", d, err)
			}
		})
	}
}

// wantFound waits until the engine answers, and wants all found.
func (k *crashes) wantFound() {
	k.t.Helper()
	until(k.t, "the engine answers", func() bool {
		found, err := find(k.t.Context(), k.server.url, granite, 0)
		if err != nil {
			k.t.Fatal(err)
		}
		if !found.Index.Degraded && found.TotalCount != len(k.ids) {
			k.t.Fatalf("%d of %d assets were found", found.TotalCount, len(k.ids))
		}
		return !found.Index.Degraded
	})
}
