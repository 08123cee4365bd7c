package gqlhttp

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"
)

// How many queries and mutations run at once, for each core, and how many may wait for
// one that runs. What waits longer than a request may take is refused all the same.
const (
	runningPerCore    = 16
	waitingPerRunning = 16
)

// What is heavy: a request of so many bytes, and an operation of such a cost, or of so many
// fields that are asked for side by side, as each takes a connection of the database. And
// how much of it may wait for one place, as it waits with all that was sent.
const (
	heavyBody    = 32 << 10
	heavyCost    = 20_000
	heavyAliases = 30
	waitingHeavy = 64
)

// queue limits how many run at once, so that under load some requests are answered in time
// and the others are refused at once. How many wait is limited, too.
type queue struct {
	places  chan struct{}
	waiting atomic.Int64
	most    int64
}

// newQueue is a queue for so many places, in which so many may wait for each.
func newQueue(places, waiting int) *queue {
	return &queue{places: make(chan struct{}, places), most: int64(places * waiting)}
}

func usualQueue() *queue { return newQueue(runningPerCore*runtime.GOMAXPROCS(0), waitingPerRunning) }

// heavyQueue is for what takes long on the processor: half of it at most, so that who asks
// for little does not wait for those who ask for much.
func heavyQueue() *queue { return newQueue(max(1, runtime.GOMAXPROCS(0)/2), waitingHeavy) }

// enter waits for a place, and returns what gives it back; nil where too many wait
// already, or ctx ended before.
func (q *queue) enter(ctx context.Context) (leave func()) {
	leave = func() { <-q.places }
	select {
	case q.places <- struct{}{}:
		return leave
	default:
	}
	if q.waiting.Add(1) > q.most {
		q.waiting.Add(-1)
		return nil
	}
	defer q.waiting.Add(-1)
	select {
	case q.places <- struct{}{}:
		return leave
	case <-ctx.Done():
		return nil
	}
}

func newExecutor(p *presenter, config Protocol) *executor {
	return &executor{presenter: p, Patience: time.Duration(config.RequestTimeout) * time.Second, queue: usualQueue(), heavy: heavyQueue()}
}
