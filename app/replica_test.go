package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"vodgraph/cli"
	"vodgraph/fault"
	"vodgraph/library"
	"vodgraph/search/typesensetest"
)

// wantInUse wants a server to be refused because another one is there, and to say
// what can be set.
func wantInUse(t *testing.T, c Config, flag, says string) {
	t.Helper()
	a, err := openApp(t.Context(), c, (&logged{}).logger(), 100*time.Millisecond)
	if err == nil {
		t.Fatal(errors.Join(errors.New("a second server was let in"), a.Close()))
	}
	var refused *fault.Fault
	if !errors.As(err, &refused) || refused.Code != fault.InUse {
		t.Fatalf("%v, want a fault", err)
	}
	if len(refused.Field) != 1 || refused.Field[0] != flag || !strings.Contains(refused.Message, says) {
		t.Errorf("the fault at %v is %q, want one at %s that says %q", refused.Field, refused.Message, flag, says)
	}
}

// TestSecondServer refuses a second server beside one with an index of its own, in
// the same folder and on the same database, until the first has ended.
func TestSecondServer(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		c := config(t)
		first := open(t, c)
		wantInUse(t, c, "data", "--data")
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		open(t, c)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		c := onPostgres(t)
		first := open(t, c)
		stop := run(t, first)
		wantInUse(t, c, "data", "--data")
		other := c
		other.Data = t.TempDir()
		wantInUse(t, other, "search", "--search typesense://")
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		open(t, other)
	})
}

// TestLostLease has another server write to an index of its own in place of one
// that lost the lease, which nobody writes changes to any more: it must not answer
// by its index.
func TestLostLease(t *testing.T) {
	t.Parallel()
	a := open(t, onPostgres(t))
	run(t, a)
	ids := seed(t, a.URL(), 20)
	settled(t, a.library)
	leases := a.library.DB.Client.Lease
	leases.UpdateOneID(library.IndexLease).SetHolder("another\nserver").SetSynced("").SetUntil(math.MaxInt64).ExecX(t.Context())
	until(t, "the index answers", func() bool { // which it does not while it is compared at the start
		found, err := find(t.Context(), a.URL(), granite, 0)
		if err != nil {
			t.Fatal(err)
		}
		return !found.Index.Degraded
	})
	const lostOnes = `degraded_total{reason="unreconciled"}`
	before := metrics(t, a.URL())[lostOnes]
	changed, revision := 0, int64(0)
	until(t, "the index does not answer", func() bool {
		changed++
		title := fmt.Sprintf("basalt %d", changed)
		revision = do(t, a.URL(), update, items(map[string]any{"id": ids[0], "title": title})).Revision
		marks, err := a.library.Outbox.Stale(t.Context(), 100)
		if err == nil {
			err = a.library.Outbox.Forget(t.Context(), marks)
		}
		found, lost := find(t.Context(), a.URL(), title, 0)
		if err != nil || lost != nil {
			t.Fatal(err, lost)
		}
		// It may be degraded for another reason before, and not any more.
		return found.Index.Degraded && found.TotalCount == 1 && metrics(t, a.URL())[lostOnes] > before
	})
	leases.UpdateOneID(library.IndexLease).SetUntil(0).ExecX(t.Context())
	until(t, "the index answers, and is what it should be", func() bool {
		// What the comparison has found may wait for a moment, and is no reason not to answer.
		found, err := find(t.Context(), a.URL(), "basalt", revision)
		if err != nil {
			t.Fatal(err)
		}
		if found.TotalCount != 1 || found.Nodes[0].Title != fmt.Sprintf("basalt %d", changed) {
			t.Fatalf("%+v", found)
		}
		return !found.Index.Degraded
	})
}

// TestReplicas has two servers with Typesense on one database: what is changed
// through one is found through the other, one of them alone writes to the engine,
// and when that dies or ends the other does.
func TestReplicas(t *testing.T) {
	t.Parallel()
	c := searching(onPostgres(t), typesensetest.Shared(t))
	two := []*process{begin(t, c, "serve"), begin(t, c, "serve")}
	ids := seed(t, two[0].url, 20)
	handed := func(by string, end func(*process)) {
		writes, other := drainer(t, two)
		passedOn(t, writes, other, ids)
		passedOn(t, other, writes, ids)
		began := time.Now()
		end(writes)
		passedOn(t, other, other, ids)
		if now, _ := drainer(t, []*process{other, other}); now != other {
			t.Error("nobody writes to the engine")
		}
		t.Logf("%s: handed over in %.1f s", by, time.Since(began).Seconds())
		two = []*process{other, begin(t, c, "serve")}
	}
	handed("ended", func(p *process) {
		if status := p.end(); status != cli.StatusDone {
			t.Errorf("it ended with %d", status)
		}
	})
	handed("killed", (*process).kill)
	settled(t, stored(t, c))
	if d, err := drifted(t.Context(), stored(t, c).Outbox, servers(t, c)); err != nil || !d.none() {
		t.Errorf("the engine differs: %v, %v", d, err)
	}
}

// drainer waits until one of two servers has written to the engine, and returns it
// and the other one, which may not have.
func drainer(t *testing.T, two []*process) (writes, other *process) {
	t.Helper()
	until(t, "a server writes to the engine", func() bool {
		for i, p := range two {
			if metrics(t, p.url)["written_total"] > 0 {
				writes, other = p, two[1-i]
			}
		}
		return writes != nil
	})
	if writes != other && metrics(t, other.url)["written_total"] > 0 {
		t.Error("both write to the engine")
	}
	return writes, other
}

// passedOn changes an asset through one server and finds it through another, by
// the engine as soon as there is one who writes to it.
func passedOn(t *testing.T, from, to *process, ids []string) {
	t.Helper()
	title := granite + " " + rand.Text()
	revision := do(t, from.url, update, items(map[string]any{"id": ids[0], "title": title})).Revision
	until(t, "the change is found by the engine", func() bool {
		found, err := find(t.Context(), to.url, title, revision)
		if err != nil {
			t.Fatal(err)
		}
		if found.TotalCount != 1 || found.Nodes[0].ID != ids[0] {
			t.Fatalf("after its transaction: %+v", found)
		}
		return !found.Index.Degraded
	})
}
