package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"vodgraph/search/typesense"
	"vodgraph/search/typesensetest"
)

// outage is something that happens to an engine.
type outage struct {
	name string
	// begin brings it about.
	begin func(w *world) error
	// end ends it; nil where it ends by itself. Until then the engine answers nobody.
	end func(w *world) error
}

var outages = []outage{
	{"killed", func(w *world) error { return w.server.Kill() },
		func(w *world) error { return w.server.Restart(w.t.Context()) }},
	{"frozen", func(w *world) error { return w.server.Freeze() }, func(w *world) error { return w.server.Thaw() }},
	{"emptied", func(w *world) error { return w.server.Empty() },
		func(w *world) error { return w.server.Restart(w.t.Context()) }},
	{"halved", (*world).halve, nil},
}

// world is a library that is served, a Typesense server, and those who write.
type world struct {
	t       *testing.T
	app     *App
	server  *typesensetest.Server
	beside  *typesense.Engine
	ids     []string
	writers []*writer
	// How many searches the engine answered, and the database in its place.
	answered, degraded int
}

// newWorld serves a library with a Typesense server of its own, and waits until
// the engine has all of it.
func newWorld(t *testing.T, c Config, server *typesensetest.Server) *world {
	t.Helper()
	c = searching(c, server.Address("outage"))
	logs := &logged{}
	a, err := Open(t.Context(), c, logs.logger())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(logs)
		}
	})
	run(t, a)
	w := &world{t: t, app: a, server: server, beside: servers(t, c), ids: seed(t, a.URL(), of(300, 2000))}
	category := do(t, a.URL(), newCategory, map[string]any{"input": map[string]any{"name": "Mine"}}).Category.ID
	w.writers = writersOf(a.URL(), w.ids, category)
	w.repaired(w.search) // what was never written is not missed
	return w
}

// writersOf are two that write at the same time.
func writersOf(url string, ids []string, category string) (list []*writer) {
	at := &atomic.Pointer[string]{}
	at.Store(&url)
	for n := range 2 {
		list = append(list, &writer{name: fmt.Sprint("writer-", n), url: at, ids: ids, category: category,
			chance: rand.New(rand.NewPCG(7, uint64(n)))})
	}
	return list
}

// search searches for what all assets of the seed have. Whoever answers finds them
// all, as none was ever without that word; an engine may lack as many as may wait
// while it counts as level.
func (w *world) search() finding {
	w.t.Helper()
	found, err := find(w.t.Context(), w.app.URL(), granite, 0)
	if err != nil {
		w.t.Fatalf("search has ceased to answer: %v", err)
	}
	if found.Index.Degraded {
		w.degraded++
	} else {
		w.answered++
	}
	return found
}

// honest searches, and wants all found, however.
func (w *world) honest() finding {
	w.t.Helper()
	found, slack := w.search(), 0
	if !found.Index.Degraded {
		slack = max(10, len(w.ids)/100)
	}
	if found.TotalCount > len(w.ids) || found.TotalCount < len(w.ids)-slack {
		w.t.Errorf("%d of %d assets were found, degraded: %v", found.TotalCount, len(w.ids), found.Index.Degraded)
	}
	return found
}

// write has so many transactions done, while look looks again and again. That it comes to
// its end is what is to be shown: nobody but the end of the transactions ends an outage,
// so one that waited for the engine would wait for ever.
func (w *world) write(count int, look func()) {
	w.t.Helper()
	began, searches := time.Now(), w.answered+w.degraded
	group, ctx := errgroup.WithContext(w.t.Context())
	for _, writer := range w.writers {
		group.Go(func() error { return writer.write(ctx, count/len(w.writers)) })
	}
	written := make(chan error, 1)
	go func() { written <- group.Wait() }()
	for {
		look()
		select {
		case err := <-written:
			if err != nil {
				w.t.Fatalf("a transaction failed: %v", err)
			}
			w.t.Logf("%d transactions and %d searches in %.1f s", count, w.answered+w.degraded-searches, time.Since(began).Seconds())
			return
		default:
		}
	}
}

// repaired waits until the engine has what the library has and answers again.
func (w *world) repaired(look func() finding) {
	w.t.Helper()
	began, last := time.Now(), drift{}
	until(w.t, "the engine has all", func() bool {
		found := look()
		d, err := drifted(w.t.Context(), w.app.library.Outbox, w.beside)
		last = d
		return err == nil && d.none() && d.documents >= len(w.ids) && !found.Index.Degraded
	})
	w.t.Logf("level after %.1f s: %v", time.Since(began).Seconds(), last)
}

// halve deletes every other document behind the server's back.
func (w *world) halve() error {
	theirs, err := all(w.t.Context(), w.beside)
	if err != nil {
		return err
	}
	var gone []string
	for id := range theirs {
		if len(gone) < len(theirs)/2 {
			gone = append(gone, id)
		}
	}
	return w.beside.Remove(context.WithoutCancel(w.t.Context()), gone)
}

// suffer goes through an outage, a quarter of the transactions before it, half of them in
// it, and the others while the engine recovers.
func (w *world) suffer(o outage, transactions int) {
	w.t.Helper()
	w.write(transactions/4, func() { w.honest() })
	w.repaired(w.honest)
	begun := false
	w.write(transactions/2, func() {
		if !begun {
			begun = true
			if err := o.begin(w); err != nil {
				w.t.Fatal(err)
			}
			// What was deleted behind the server's back is noticed by counting, some
			// moments later. Until then search may be degraded for another reason, and
			// not any more.
			before := metrics(w.t, w.app.URL())[miscounted]
			until(w.t, "what is missing is noticed", func() bool {
				w.search()
				return o.end != nil || metrics(w.t, w.app.URL())[miscounted] > before
			})
		}
		if found := w.honest(); o.end != nil && !found.Index.Degraded {
			w.t.Error("search is not degraded without an engine")
		}
	})
	if o.end != nil {
		before := metrics(w.t, w.app.URL())[down]
		until(w.t, "the engine is known to be down", func() bool {
			w.honest()
			return metrics(w.t, w.app.URL())[down] > before
		})
		began := time.Now()
		if err := o.end(w); err != nil {
			w.t.Fatal(err)
		}
		w.t.Logf("the engine is back in %.1f s", time.Since(began).Seconds())
	}
	w.write(transactions/4, func() { w.honest() })
	w.repaired(w.honest)
}

// Searches that the engine did not answer, and that it was not asked for as it had
// lost documents.
const (
	down       = `degraded_total{reason="down"}`
	miscounted = `degraded_total{reason="miscounted"}`
)

// TestOutages kills Typesense, freezes it, empties it and halves it while the
// library changes. No transaction fails or waits, search goes on, and in the end the
// engine has just what the library has.
func TestOutages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]func(*testing.T) Config{"sqlite": config, "postgres": onPostgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c(t), typesensetest.Own(t))
			for i, o := range outages {
				// One database is enough for each, unless at full size.
				if soaking() || i%2 == 0 == (name == "sqlite") {
					began := time.Now()
					w.suffer(o, of(300, 10_000))
					t.Logf("%s: %.1f s", o.name, time.Since(began).Seconds())
				}
			}
			w.wantCounted()
		})
	}
}

// wantCounted wants the metrics to show who answered the searches.
func (w *world) wantCounted() {
	w.t.Helper()
	var counted map[string]float64
	until(w.t, "the metrics show that nothing is pending, and that it is in sync", func() bool {
		counted = metrics(w.t, w.app.URL())
		return counted["pending"] == 0 && counted["in_sync"] == 1
	})
	w.t.Logf("%d searches were answered by the engine, %d by the database; %v", w.answered, w.degraded, counted)
	if counted["answered_total"] != float64(w.answered) || degraded(counted) != float64(w.degraded) ||
		counted[down] == 0 || counted["repaired_total"] == 0 {
		w.t.Error("the metrics differ")
	}
}
