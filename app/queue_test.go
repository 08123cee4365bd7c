package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vodgraph/auth"
	"vodgraph/catalog"
	"vodgraph/dbtest"
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
	until(t, "all wait", func() bool { return q.waiting.Load() == most })
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
	spoken := &transport{executor: &executor{heavy: newQueue(1, 1)}}
	leave := spoken.executor.acquireHeavySlot(t.Context(), true)
	entered := make(chan func())
	go func() { entered <- spoken.executor.acquireHeavySlot(t.Context(), true) }()
	until(t, "one waits", func() bool { return spoken.executor.heavy.waiting.Load() == 1 })
	if light := spoken.executor.acquireHeavySlot(t.Context(), false); light == nil {
		t.Error("what is not heavy was refused")
	}
	if spoken.executor.acquireHeavySlot(t.Context(), true) != nil {
		t.Error("one more may wait")
	}
	leave()
	if waited := <-entered; waited == nil {
		t.Error("the one that waited was refused")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if spoken.executor.acquireHeavySlot(gone, true) != nil {
		t.Error("one that nobody waits for was let in")
	}
}

// TestHeavyRests has the place of what is heavy rest after it while others ask.
func TestHeavyRests(t *testing.T) {
	t.Parallel()
	now := time.Now()
	throttle := &courtesy{now: func() time.Time { return now }, rests: 1000}
	spoken := &transport{executor: &executor{heavy: newQueue(1, 1), throttle: throttle}}
	spoken.executor.acquireHeavySlot(t.Context(), true)() // nobody asks
	if spoken.executor.acquireHeavySlot(t.Context(), true)(); len(spoken.executor.heavy.places) != 0 {
		t.Error("it rests, and nobody asks")
	}
	for range manyRequests {
		throttle.Note(false)
	}
	leave := spoken.executor.acquireHeavySlot(t.Context(), true)
	now = now.Add(time.Millisecond)
	leave()
	if len(spoken.executor.heavy.places) != 1 {
		t.Error("it does not rest")
	}
	until(t, "it has rested", func() bool { return len(spoken.executor.heavy.places) == 0 })
}

// TestWhatIsHeavy has what is large, costs much, or asks for many things side by side wait
// for its place, over HTTP, and what is not be answered meanwhile.
func TestWhatIsHeavy(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	spoken, err := newTransport(t.Context(), newPresenter((&logged{}).logger(), newReference), DefaultHTTP(), nil)
	if err != nil {
		t.Fatal(err)
	}
	spoken.executor.heavy = newQueue(1, 1)
	limits := catalog.DefaultLimits()
	verbs := catalog.New(db.Client, catalog.Options{Limits: limits, Now: time.Now, NewID: catalog.ULIDs(time.Now, rand.Reader)})
	handler := graphHandler(&resolvers.Root{Client: db.Client, Catalog: verbs, Limits: limits, Subscriptions: subscribe.NewBroker()}, spoken, newSpending(0, time.Now), nil)
	send := func(body string) int {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", plainJSON)
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
		leave := spoken.executor.heavy.enter(t.Context())
		answered := make(chan int)
		go func() { answered <- send(c.heavy) }()
		until(t, name+" waits", func() bool { return spoken.executor.heavy.waiting.Load() == 1 })
		if status := send(c.light); status != http.StatusOK {
			t.Errorf("%s: what is light is answered with %d", name, status)
		}
		leave()
		if status := <-answered; status != http.StatusOK {
			t.Errorf("%s: what is heavy is answered with %d", name, status)
		}
	}
}
