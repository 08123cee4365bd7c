package app

import (
	"context"
	"testing"
)

// TestQueue lets as many run as there are places, has as many wait as may, and refuses
// the next one at once.
func TestQueue(t *testing.T) {
	t.Parallel()
	q := &queue{slots: make(chan struct{}, 2)}
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
	q := newQueue()
	var leave []func()
	for range cap(q.heavy) {
		leave = append(leave, q.alone(t.Context(), true))
	}
	entered := make(chan func())
	go func() { entered <- q.alone(t.Context(), true) }()
	until(t, "one waits", func() bool { return q.waiting.Load() == 1 })
	if light := q.alone(t.Context(), false); light == nil {
		t.Error("what is not heavy was refused")
	}
	leave[0]()
	if waited := <-entered; waited == nil {
		t.Error("the one that waited was refused")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if q.alone(gone, true) != nil {
		t.Error("one that nobody waits for was let in")
	}
}
