package library

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// Throttle has what a server does by itself, operations and the keeping of the search
// index, give way to those who ask. While requests come it goes on in short steps, one
// at a time, and rests after each, so that a processor is free for the next request.
// While none come, nothing waits.
type Throttle struct {
	now func() time.Time
	// restFactor is how many times as long as a step took the rest after it is.
	restFactor int
	turn       chan struct{}

	lock sync.Mutex
	// all are the last requests, and light those of them that are not heavy.
	all, light recent
}

// recent is when the last of something came, in a ring that begins at next.
type recent struct {
	came [manyRequests]time.Time
	next int
}

// note notes that one more has come.
func (r *recent) note(now time.Time) {
	r.came[r.next] = now
	r.next = (r.next + 1) % len(r.came)
}

// many tells whether many came in the last second.
func (r *recent) many(now time.Time) bool { return now.Sub(r.came[r.next]) < time.Second }

const (
	// manyRequests in a second are more than come of people who only watch how far
	// an operation is.
	manyRequests = 5
	// maxRest is the longest rest after a step.
	maxRest = time.Second
	// restingPart is which part of the processors a step may have, in the mean, for a
	// step keeps about one of them busy.
	restingPart = 8
)

// NewThrottle makes a throttle that no request was noted with yet.
func NewThrottle(now func() time.Time) *Throttle {
	return &Throttle{now: now, restFactor: max(0, restingPart/runtime.GOMAXPROCS(0)-1), turn: make(chan struct{}, 1)}
}

// Note notes that a request has come, an expensive one or not.
func (c *Throttle) Note(heavy bool) {
	now := c.now()
	c.lock.Lock()
	defer c.lock.Unlock()
	c.all.note(now)
	if !heavy {
		c.light.note(now)
	}
}

// Busy tells whether many requests came in the last second.
func (c *Throttle) Busy() bool {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.all.many(c.now())
}

// Step does a step when it may, and tells it whether it is to be short. It returns
// after the rest.
func (c *Throttle) Step(ctx context.Context, do func(short bool) error) error {
	if !c.Busy() {
		return do(false)
	}
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-c.turn }()
	began := c.now()
	err := do(true)
	Sleep(ctx, c.cooldownAfter(began))
	return err
}

// cooldownAfter is how long the rest is after what has begun at a time and ends now.
func (c *Throttle) cooldownAfter(began time.Time) time.Duration {
	return min(maxRest, time.Duration(c.restFactor)*c.now().Sub(began))
}

// BeginHeavy begins an expensive request. What it returns is, at its end, for how long its
// slot must stay empty: not at all while few cheap requests come.
func (c *Throttle) BeginHeavy() (cooldown func() time.Duration) {
	began := c.now()
	return func() time.Duration {
		c.lock.Lock()
		busy := c.light.many(c.now())
		c.lock.Unlock()
		if !busy {
			return 0
		}
		return c.cooldownAfter(began)
	}
}
