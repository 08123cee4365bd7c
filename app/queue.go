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
}

func newQueue() *queue {
	return &queue{slots: make(chan struct{}, runningPerCore*runtime.GOMAXPROCS(0))}
}

// enter waits for a place, and returns what gives it back; nil where too many wait
// already, or ctx ended before.
func (q *queue) enter(ctx context.Context) (leave func()) {
	leave = func() { <-q.slots }
	select {
	case q.slots <- struct{}{}:
		return leave
	default:
	}
	if q.waiting.Add(1) > int64(waitingPerRunning*cap(q.slots)) {
		q.waiting.Add(-1)
		return nil
	}
	defer q.waiting.Add(-1)
	select {
	case q.slots <- struct{}{}:
		return leave
	case <-ctx.Done():
		return nil
	}
}
