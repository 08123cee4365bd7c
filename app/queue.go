package app

import (
	"context"
	"runtime"
	"sync/atomic"
)

// How many queries and mutations run at once, for each core, and how many may wait for
// one that runs. What waits longer than a request may take is refused all the same.
const (
	runningPerCore    = 16
	waitingPerRunning = 16
)

// queue lets only so many run at once, so that under load some are answered in time and
// the others are told soon, where otherwise none would be. It is bounded, too.
type queue struct {
	slots   chan struct{}
	waiting atomic.Int64
	// heavy are the places of what takes long on the processor: half of it at most, so that
	// who asks for little does not wait for those who ask for much.
	heavy chan struct{}
}

// What is heavy: a request of so many bytes, and an operation of such a cost.
const (
	heavyBody = 32 << 10
	heavyCost = 1_000
)

func newQueue() *queue {
	cores := runtime.GOMAXPROCS(0)
	return &queue{slots: make(chan struct{}, runningPerCore*cores), heavy: make(chan struct{}, max(1, cores/2))}
}

// alone waits for a place among what is heavy, and returns what gives it back; nil where too
// many wait already, or ctx ended before. What is not heavy has one at once.
func (q *queue) alone(ctx context.Context, heavy bool) (leave func()) {
	if !heavy {
		return func() {}
	}
	return q.wait(ctx, q.heavy)
}

// enter waits for a place, and returns what gives it back; nil where too many wait
// already, or ctx ended before.
func (q *queue) enter(ctx context.Context) (leave func()) { return q.wait(ctx, q.slots) }

// wait waits for one of some places.
func (q *queue) wait(ctx context.Context, places chan struct{}) (leave func()) {
	leave = func() { <-places }
	select {
	case places <- struct{}{}:
		return leave
	default:
	}
	if q.waiting.Add(1) > int64(waitingPerRunning*cap(q.slots)) {
		q.waiting.Add(-1)
		return nil
	}
	defer q.waiting.Add(-1)
	select {
	case places <- struct{}{}:
		return leave
	case <-ctx.Done():
		return nil
	}
}
