package app

import (
	"math/rand/v2"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"vodgraph/library"
	"vodgraph/search/typesensetest"
)

// suffer kills the server so often, wherever the operations are, and starts another
// one. It returns that, and how many of the killed were at an operation.
func (k *campaign) suffer(server *process, kills int, chance *rand.Rand) (last *process, running int) {
	k.t.Helper()
	enough := make(chan struct{})
	group, ctx := errgroup.WithContext(k.t.Context())
	group.Go(func() error { return k.goOn(ctx, enough) })
	before := ""
	for n := range kills {
		met, _ := k.done()
		met += chance.Int64N(int64(len(k.ids)) / 4)
		looks := chance.IntN(20)
		until(k.t, "some more assets are met", func() bool {
			if ctx.Err() != nil {
				k.t.Fatal(group.Wait())
			}
			if now, _ := k.done(); now > met {
				looks--
			}
			return looks < 0
		})
		k.url.Store(nil)
		server.kill()
		if _, holder := k.done(); holder != "" && holder != before {
			running, before = running+1, holder
		}
		if !soaking() || n%5 > 0 { // the others are waited for
			k.lapse()
		}
		server = begin(k.t, k.config, "serve")
		k.url.Store(&server.url)
	}
	close(enough)
	if err := group.Wait(); err != nil {
		k.t.Fatal(err)
	}
	return server, running
}

// TestOperationsAreKilled kills servers wherever they are with operations on all
// assets, and wants each operation to end by itself, with each asset changed once.
func TestOperationsAreKilled(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]func(*testing.T) Config{"sqlite": config, "postgres": onPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			word := rand.Uint64()
			t.Logf("seed %d", word)
			c, began := config(t), time.Now()
			server := begin(t, c, "serve")
			k := campaignOn(t, c, server, of(2000, 20_000))
			kills := of(5, 100)
			server, running := k.suffer(server, kills, rand.New(rand.NewPCG(word, 0)))
			t.Logf("%d kills, %d of them at an operation, in %d operations on %d assets, %.1f s",
				kills, running, len(k.called), len(k.ids), time.Since(began).Seconds())
			if running < kills/2 {
				t.Errorf("only %d servers of %d were killed at an operation", running, kills)
			}
			k.wantOnce()
			settled(t, k.library)
			k.wantFound()
			server.kill()
			wantNoDrift(t, c)
			t.Logf("%.1f s in all", time.Since(began).Seconds())
		})
	}
}

// TestOperationsAreTakenOver kills the one of two servers that does an operation. The
// other one goes on with it when the lease is over, and each asset is changed once.
func TestOperationsAreTakenOver(t *testing.T) {
	t.Parallel()
	c := searching(onPostgres(t), typesensetest.Shared(t))
	two := []*process{begin(t, c, "serve"), begin(t, c, "serve")}
	k := campaignOn(t, c, two[0], of(2000, 20_000))
	wanted, taken := of(1, 10), 0
	// The one that was called does it, but for the other being there first by chance.
	for tries := 0; taken < wanted && tries < 3*wanted; tries++ {
		if k.takenOver(two[0], two[1]) {
			taken++
		}
		two = []*process{two[1], begin(t, c, "serve")}
		k.url.Store(&two[0].url)
	}
	if taken < wanted {
		t.Errorf("%d operations were taken over, not %d", taken, wanted)
	}
	k.wantOnce()
	settled(t, k.library)
	k.wantFound()
	if d, err := drifted(t.Context(), k.library.Outbox, servers(t, c)); err != nil || !d.none() {
		t.Errorf("the engine differs: %v, %v", d, err)
	}
}

// takenOver calls for an operation on one of two servers, kills that when a batch is
// done, and waits for the end. It reports whether another holder went on.
func (k *campaign) takenOver(killed, other *process) (taken bool) {
	k.t.Helper()
	before, _ := k.done()
	id, err := k.call(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	var holder string
	until(k.t, "the operation is begun", func() bool {
		now, by := k.done()
		holder = by
		return now > before
	})
	killed.kill()
	at := time.Now()
	k.url.Store(&other.url)
	until(k.t, "the operation is over", func() bool {
		now, by := k.done()
		if !taken && by != "" && holder != "" && by != holder {
			taken = true
			took := time.Since(at)
			k.t.Logf("taken over after %.1f s, at %d of %d", took.Seconds(), now-before, len(k.ids))
			if took > library.LeaseTime+library.LeaseTime/2 {
				k.t.Errorf("it was taken over after %v", took)
			}
		}
		reply, err := k.stands(k.t.Context(), id)
		if err != nil {
			k.t.Fatal(err)
		}
		return reply.over()
	})
	return taken
}
