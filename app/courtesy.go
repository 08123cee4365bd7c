package app

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// courtesy has what a server does by itself, operations and the keeping of the search
// index, give way to those who ask. While requests come it goes on in short steps, one
// at a time, and rests after each, so that a processor is free for the next request.
// While none come, nothing waits.
type courtesy struct {
	now func() time.Time
	// rests is how many times as long as a step took the rest after it is.
	rests int
	turn  chan struct{}

	lock sync.Mutex
	// came is when the last requests came, in a ring that begins at next.
	came [manyRequests]time.Time
	next int
}

const (
	// manyRequests in a second are more than come of people who only watch how far
	// an operation is.
	manyRequests = 5
	// longestRest is the longest rest after a step.
	longestRest = time.Second
	// restingPart is which part of the processors a step may have, in the mean, for a
	// step keeps about one of them busy.
	restingPart = 8
)

func newCourtesy(now func() time.Time) *courtesy {
	return &courtesy{now: now, rests: max(0, restingPart/runtime.GOMAXPROCS(0)-1), turn: make(chan struct{}, 1)}
}

// asked notes that a request has come.
func (c *courtesy) asked() {
	now := c.now()
	c.lock.Lock()
	defer c.lock.Unlock()
	c.came[c.next] = now
	c.next = (c.next + 1) % len(c.came)
}

// pressed tells whether many requests came in the last second.
func (c *courtesy) pressed() bool {
	now := c.now()
	c.lock.Lock()
	defer c.lock.Unlock()
	return now.Sub(c.came[c.next]) < time.Second
}

// step does a step when it may, and tells it whether it is to be short. It returns
// after the rest.
func (c *courtesy) step(ctx context.Context, do func(short bool) error) error {
	if !c.pressed() {
		return do(false)
	}
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-c.turn }()
	ended := c.begun()
	err := do(true)
	rest(ctx, ended())
	return err
}

// begun begins something, and gives what tells, when it has ended, how long the rest after
// it is: none while few ask.
func (c *courtesy) begun() (ended func() time.Duration) {
	began := c.now()
	return func() time.Duration {
		if !c.pressed() {
			return 0
		}
		return min(longestRest, time.Duration(c.rests)*c.now().Sub(began))
	}
}
