package gqlhttp

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vodgraph/access"
	"vodgraph/auth"
	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/library"
	"vodgraph/limits"
	"vodgraph/media"
	"vodgraph/resolvers"
	"vodgraph/subscribe"
)

// TestQueue lets as many run as there are places, has as many wait as may, and refuses
// the next one at once.
func TestQueue(t *testing.T) {
	t.Parallel()
	q := newQueue(2, waitingPerRunning)
	first, second := q.enter(t.Context()), q.enter(t.Context())
	if first == nil || second == nil {
		t.Fatal("there was no place")
	}
	entered := make(chan func())
	const most = 2 * waitingPerRunning
	for range most {
		go func() { entered <- q.enter(t.Context()) }()
	}
	waitUntil(t, "all wait", func() bool { return q.waiting.Load() == most })
	if q.enter(t.Context()) != nil {
		t.Error("one more was let in")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	first()
	for range most {
		leave := <-entered
		if leave == nil {
			t.Fatal("one that waited was refused")
		}
		leave()
	}
	second()
	if leave := q.enter(gone); leave == nil { // a free place is taken without waiting
		t.Error("a free place was not given")
	}
	if q.waiting.Load() != 0 {
		t.Errorf("%d wait", q.waiting.Load())
	}
}

// TestHeavyWaits lets one thing that is heavy wait for another, and nothing else for them.
func TestHeavyWaits(t *testing.T) {
	t.Parallel()
	spoken := &Transport{Executor: &executor{heavy: newQueue(1, 1)}}
	leave := spoken.Executor.acquireHeavySlot(t.Context(), true)
	entered := make(chan func())
	go func() { entered <- spoken.Executor.acquireHeavySlot(t.Context(), true) }()
	waitUntil(t, "one waits", func() bool { return spoken.Executor.heavy.waiting.Load() == 1 })
	if light := spoken.Executor.acquireHeavySlot(t.Context(), false); light == nil {
		t.Error("what is not heavy was refused")
	}
	if spoken.Executor.acquireHeavySlot(t.Context(), true) != nil {
		t.Error("one more may wait")
	}
	leave()
	if waited := <-entered; waited == nil {
		t.Error("the one that waited was refused")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if spoken.Executor.acquireHeavySlot(gone, true) != nil {
		t.Error("one that nobody waits for was let in")
	}
}

// TestHeavyRests has the place of what is heavy rest after it while others ask.
func TestHeavyRests(t *testing.T) {
	t.Parallel()
	throttle := &cooling{}
	spoken := &Transport{Executor: &executor{heavy: newQueue(1, 1), throttle: throttle}}
	spoken.Executor.acquireHeavySlot(t.Context(), true)() // nobody asks
	if spoken.Executor.acquireHeavySlot(t.Context(), true)(); len(spoken.Executor.heavy.places) != 0 {
		t.Error("it rests, and nobody asks")
	}
	throttle.rest = time.Second / 10
	leave := spoken.Executor.acquireHeavySlot(t.Context(), true)
	leave()
	if len(spoken.Executor.heavy.places) != 1 {
		t.Error("it does not rest")
	}
	waitUntil(t, "it has rested", func() bool { return len(spoken.Executor.heavy.places) == 0 })
}

// TestWhatIsHeavy has what is large, costs much, or asks for many things side by side wait
// for its place, over HTTP, and what is not be answered meanwhile.
func TestWhatIsHeavy(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	spoken, err := NewTransport(t.Context(), NewPresenter(slog.New(slog.DiscardHandler), library.NewReference), DefaultProtocol(), nil)
	if err != nil {
		t.Fatal(err)
	}
	spoken.Executor.heavy = newQueue(1, 1)
	limits := limits.DefaultLibrary()
	verbs := bulk.New(db.Client, change.Options{Limits: limits, Now: time.Now, NewID: media.ULIDs(time.Now, rand.Reader)})
	handler := NewHandler(&resolvers.Root{Client: db.Client, Catalog: verbs, Limits: limits, Subscriptions: subscribe.NewBroker()}, spoken, access.NewBudget(0, time.Now), nil)
	send := func(body string) int {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r.WithContext(auth.With(r.Context(), &auth.Caller{Name: auth.Local, Role: auth.Admin})))
		return w.Code
	}
	aliased := func(n int) string {
		var fields strings.Builder
		for i := range n {
			fmt.Fprintf(&fields, "a%d: __typename ", i)
		}
		return `{"query": "{ ` + fields.String() + `}"}`
	}
	for name, c := range map[string]struct{ heavy, light string }{
		"size":    {`{"query": "{ __typename }", "extensions": {"x": "` + strings.Repeat("x", heavyBody) + `"}}`, `{"query": "{ __typename }", "extensions": {"x": "` + strings.Repeat("x", heavyBody/2) + `"}}`},
		"cost":    {`{"query": "{ a: search(text: \"x\") { totalCount } b: search(text: \"x\") { totalCount } }"}`, `{"query": "{ a: search(text: \"x\") { totalCount } }"}`},
		"aliases": {aliased(heavyAliases + 1), aliased(heavyAliases)},
	} {
		leave := spoken.Executor.heavy.enter(t.Context())
		answered := make(chan int)
		go func() { answered <- send(c.heavy) }()
		waitUntil(t, name+" waits", func() bool { return spoken.Executor.heavy.waiting.Load() == 1 })
		if status := send(c.light); status != http.StatusOK {
			t.Errorf("%s: what is light is answered with %d", name, status)
		}
		leave()
		if status := <-answered; status != http.StatusOK {
			t.Errorf("%s: what is heavy is answered with %d", name, status)
		}
	}
}

// cooling is a throttle that wants a rest after what is heavy.
type cooling struct{ rest time.Duration }

func (c *cooling) Note(bool) {}

func (c *cooling) BeginHeavy() func() time.Duration { return func() time.Duration { return c.rest } }

// waitUntil repeats a question until the answer is yes.
func waitUntil(t *testing.T, what string, ask func() bool) {
	t.Helper()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for !ask() {
		select {
		case <-again.C:
		case <-t.Context().Done():
			t.Fatalf("never: %s", what)
		}
	}
}
