package search_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"vodgraph/search"
	"vodgraph/search/searchtest"
)

// process is an index that runs, in time that passes only while all of it waits.
type process struct {
	*search.Index
	end func()

	lock   sync.Mutex
	caught map[string]int // panics, by what was being done
}

// catch is a panic as an error.
func (p *process) catch(doing string, value any) error {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.caught[doing]++
	return fmt.Errorf("panic in %s: %v", doing, value)
}

// panics is how often something panicked.
func (p *process) panics(doing string) int {
	p.lock.Lock()
	defer p.lock.Unlock()
	return p.caught[doing]
}

// start runs an index until end, or the end of the test.
func start(t *testing.T, name string, l *library, s *memory) *process {
	t.Helper()
	return startStepping(t, name, l, s, nil)
}

// startStepping runs an index whose steps are done in some way.
func startStepping(t *testing.T, name string, l *library, s *memory, step search.Step) *process {
	t.Helper()
	p := &process{caught: map[string]int{}}
	p.Index = search.NewIndex(search.IndexOptions{Name: name, Engine: engine{s}, Source: l, Lease: lease{l, name, fmt.Sprintf("%p", s)}, Rebuilds: l, Step: step,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now, Recovered: p.catch})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	over := false
	p.end = func() {
		cancel()
		if !over {
			over = true
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	}
	t.Cleanup(p.end)
	return p
}

// wantSame wants the documents of the library in memory, and no others.
func wantSame(t *testing.T, l *library, s *memory) {
	t.Helper()
	const all = 1 << 20
	ours, _ := l.Revisions(t.Context(), "", all)
	s.lock.Lock()
	theirs := revisionsOf(s.docs, "", all)
	s.lock.Unlock()
	if diff := cmp.Diff(ours, theirs); diff != "" {
		t.Errorf("the engine differs from the library (-want +got):\n%s", diff)
	}
	if state, _ := l.State(t.Context()); state.Pending != 0 {
		t.Errorf("%d assets wait", state.Pending)
	}
}

// wantWhy wants an index to be what it says.
func wantWhy(t *testing.T, x *process, want search.Reason) {
	t.Helper()
	if got := x.Stats().Reason; got != want {
		t.Errorf("the index is %q, want %q", got, want)
	}
}

func TestChangesAreWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, s := newLibrary(3000), newMemory()
		x := start(t, "one", l, s)
		time.Sleep(2 * time.Second)
		wantSame(t, l, s) // an empty engine is filled without being asked
		wantWhy(t, x, search.InSync)
		l.put(7, "basalt")
		l.remove(8)
		l.put(3001, "cobalt")
		time.Sleep(2 * time.Second)
		wantSame(t, l, s)
		if hits, err := x.Search(t.Context(), &search.Query{Text: searchtest.Text("basalt")}); err != nil || hits.Total != 1 {
			t.Errorf("%+v, %v", hits, err)
		}
		for n := range 2500 { // more than are read at once
			l.put(n, "diamond")
		}
		x.Wake()
		time.Sleep(2 * time.Second)
		wantSame(t, l, s)
	})
}

func TestRevisionsAreAwaited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, s := newLibrary(2000), newMemory()
		x := start(t, "one", l, s)
		time.Sleep(2 * time.Second)
		if got, err := x.Revision(t.Context()); got != 2000 || err != nil {
			t.Errorf("revision %d, %v", got, err)
		}
		revision := l.put(1, "basalt") // and nobody is woken
		hits, err := x.Search(t.Context(), &search.Query{Text: searchtest.Text("basalt"), Freshness: search.Freshness{AtLeast: revision, WithRevision: true}})
		if err != nil || hits.Total != 1 || hits.Revision < revision {
			t.Errorf("after its transaction: %+v, %v", hits, err)
		}
		s.lock.Lock()
		s.fail = errors.New("disk full")
		s.lock.Unlock()
		revision = l.put(2, "cobalt")
		began := time.Now()
		if err := x.unavailable(t, revision); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 2100*time.Millisecond {
			t.Errorf("it waited for %v", took)
		}
	})
}

// unavailable is nil where a search says that the database is to be asked.
func (p *process) unavailable(t *testing.T, atLeast int64) error {
	_, err := p.Search(t.Context(), &search.Query{Text: searchtest.Text("amber"), Freshness: search.Freshness{AtLeast: atLeast}})
	if errors.Is(err, search.ErrUnavailable) {
		return nil
	}
	return fmt.Errorf("the engine is asked all the same: %w", err)
}

func TestEnginesThatFail(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*memory, bool){
		"down":   func(s *memory, on bool) { s.fail = map[bool]error{true: search.ErrUnavailable}[on] },
		"frozen": func(s *memory, on bool) { s.frozen = on },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l, s := newLibrary(1000), newMemory()
				x := start(t, "one", l, s)
				time.Sleep(2 * time.Second)
				set := func(on bool) {
					s.lock.Lock()
					defer s.lock.Unlock()
					fail(s, on)
				}
				set(true)
				for range 3 { // who finds out is the one who looks, or the first to ask
					if err := x.unavailable(t, 0); err != nil {
						t.Error(err)
					}
				}
				time.Sleep(5 * time.Second)
				began := time.Now()
				if err := x.unavailable(t, 0); err != nil || time.Since(began) > 0 {
					t.Errorf("%v, after %v", err, time.Since(began))
				}
				for n := range 5 {
					l.put(n, "basalt")
				}
				l.remove(6)
				time.Sleep(time.Minute)
				wantWhy(t, x, search.Down)
				set(false)
				time.Sleep(40 * time.Second) // a call that hangs is given up after 30
				wantSame(t, l, s)
				wantWhy(t, x, search.InSync)
			})
		})
	}
}

// TestEnginesThatLose has engines lose documents, keep others that are gone, and
// hold old ones, which only the count shows at first.
func TestEnginesThatLose(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(*memory){
		"emptied": func(s *memory) { clear(s.docs) },
		"halved": func(s *memory) {
			for n := range 1500 {
				delete(s.docs, idOf(2*n))
			}
		},
		"strays": func(s *memory) {
			for n := range 100 {
				s.docs[idOf(90_000+n)] = &search.Document{ID: idOf(90_000 + n), Revision: 1}
			}
		},
		"old ones and one lost": func(s *memory) {
			for n := range 50 {
				old := *s.docs[idOf(n)]
				old.Revision--
				s.docs[idOf(n)] = &old
			}
			delete(s.docs, idOf(2999))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l, s := newLibrary(3000), newMemory()
				x := start(t, "one", l, s)
				time.Sleep(2 * time.Second)
				s.lock.Lock()
				harm(s)
				s.lock.Unlock()
				time.Sleep(1500 * time.Millisecond)
				if name != "emptied" { // which is repaired at once
					wantWhy(t, x, search.Miscounted)
				}
				time.Sleep(15 * time.Second)
				wantSame(t, l, s)
				wantWhy(t, x, search.InSync)
				if x.Stats().Repaired == 0 {
					t.Error("nothing is counted as repaired")
				}
			})
		})
	}
}

func TestIndexThatIsBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, s := newLibrary(3000), newMemory()
		other := lease{l, "other", fmt.Sprintf("%p", s)} // who never drains
		if mine, _, _ := other.Claim(t.Context()); !mine {
			t.Fatal("no lease")
		}
		if err := other.MarkSynced(t.Context()); err != nil {
			t.Fatal(err)
		}
		for id, doc := range l.docs {
			s.docs[id] = doc
		}
		x := start(t, "one", l, s)
		time.Sleep(time.Second)
		wantWhy(t, x, search.InSync)
		for n := range 31 {
			l.put(n, "basalt")
			x.Wake()
		}
		time.Sleep(100 * time.Millisecond)
		wantWhy(t, x, search.Lagging)
		time.Sleep(search.LeaseDuration + 2*time.Second) // the other died
		wantSame(t, l, s)
		wantWhy(t, x, search.InSync)
	})
}

func TestOneDrainsAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, s := newLibrary(100), newMemory()
		first := start(t, "first", l, s)
		time.Sleep(2 * time.Second)
		second := start(t, "second", l, s)
		time.Sleep(time.Minute)
		l.put(1, "basalt")
		time.Sleep(2 * time.Second)
		if n := second.Stats().Written; n != 0 {
			t.Errorf("the second wrote %d documents", n)
		}
		wantWhy(t, second, search.InSync)
		first.end()
		l.put(2, "basalt")
		time.Sleep(3 * time.Second) // the lease was released
		wantSame(t, l, s)
		if n := second.Stats().Written; n == 0 {
			t.Error("the second never wrote")
		}
	})
}

// TestTwoEngines has two processes of one library keep engines of their own: one of
// them gets the changes, and the other knows that it is not.
func TestTwoEngines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, s, other := newLibrary(100), newMemory(), newMemory()
		for id, doc := range l.docs { // it was in sync once
			other.docs[id] = doc
		}
		first := start(t, "first", l, s)
		time.Sleep(2 * time.Second)
		second := start(t, "second", l, other)
		l.put(1, "basalt")
		time.Sleep(3 * time.Second)
		wantWhy(t, first, search.InSync)
		wantWhy(t, second, search.Unreconciled)
		if err := second.unavailable(t, 0); err != nil {
			t.Error(err)
		}
		first.end()
		time.Sleep(5 * time.Second)
		wantSame(t, l, other)
		wantWhy(t, second, search.InSync)
		again := start(t, "again", l, s)
		l.put(2, "cobalt")
		time.Sleep(5 * time.Second)
		wantWhy(t, again, search.Unreconciled)
	})
}

// TestPanicsAreSurvived panics in the engine, wherever it is called, and where the lease is
// asked for; and goes on when that is over.
func TestPanicsAreSurvived(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, s := newLibrary(300), newMemory()
		x := start(t, "one", l, s)
		time.Sleep(2 * time.Second)
		wantWhy(t, x, search.InSync)
		doing := []string{"the search index", "the check of the search index", "the lease of the search index"}
		for _, what := range doing {
			if n := x.panics(what); n != 0 {
				t.Errorf("%s panicked %d times", what, n)
			}
		}
		trap := func(set bool) {
			s.lock.Lock()
			s.panics = set
			s.lock.Unlock()
			l.lock.Lock()
			l.panics = set
			l.lock.Unlock()
		}
		trap(true)
		l.put(7, "basalt")
		l.request()
		x.Wake()
		time.Sleep(30 * time.Second)
		wantWhy(t, x, search.Down)
		for _, what := range doing {
			if n := x.panics(what); n == 0 || n > 40 { // or it does not rest
				t.Errorf("%s panicked %d times", what, n)
			}
		}
		if _, err := x.Search(t.Context(), &search.Query{Text: searchtest.Text("basalt")}); !errors.Is(err, search.ErrUnavailable) {
			t.Errorf("a question: %v", err)
		}
		trap(false)
		time.Sleep(30 * time.Second)
		wantSame(t, l, s)
		wantWhy(t, x, search.InSync)
	})
}
