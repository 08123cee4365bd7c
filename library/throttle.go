package library

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// Throttle slows down the work in the background, operations and the writing of the search
// index, while requests come: it then goes on in short steps, one at a time, with a pause
// after each, so that a processor is free for the next request. While none come, nothing
// waits.
type Throttle struct {
	now func() time.Time
	// pauseFactor is how many times as long as a step the pause after it is.
	pauseFactor int
	slot        chan struct{}

	lock sync.Mutex
	// all are the last requests, and light those of them that are not heavy.
	all, light recent
}

// recent is when the last of something came, in a ring that begins at next.
type recent struct {
	came [manyRequests]time.Time
	next int
}

func (r *recent) note(now time.Time) {
	r.came[r.next] = now
	r.next = (r.next + 1) % len(r.came)
}

func (r *recent) many(now time.Time) bool { return now.Sub(r.came[r.next]) < time.Second }

const (
	// manyRequests in a second are more than come of people who only watch how far
	// an operation is.
	manyRequests = 5
	maxPause = time.Second
	// pauseShare is which part of the processors steps may have, in the mean; one keeps
	// about one of them busy.
	pauseShare = 8
)

// NewThrottle makes a throttle without requests.
func NewThrottle(now func() time.Time) *Throttle {
	return &Throttle{now: now, pauseFactor: max(0, pauseShare/runtime.GOMAXPROCS(0)-1), slot: make(chan struct{}, 1)}
}

// Note counts a request, an expensive one or not.
func (c *Throttle) Note(heavy bool) {
	now := c.now()
	c.lock.Lock()
	defer c.lock.Unlock()
	c.all.note(now)
	if !heavy {
		c.light.note(now)
	}
}

// Busy reports whether many requests came in the last second.
func (c *Throttle) Busy() bool {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.all.many(c.now())
}

// Step runs a step when it may; short is true while many requests come. It returns after
// the pause.
func (c *Throttle) Step(ctx context.Context, do func(short bool) error) error {
	if !c.Busy() {
		return do(false)
	}
	select {
	case c.slot <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-c.slot }()
	began := c.now()
	err := do(true)
	Sleep(ctx, c.cooldownAfter(began))
	return err
}

// cooldownAfter is how long the pause is after work that began at a time and ends now.
func (c *Throttle) cooldownAfter(began time.Time) time.Duration {
	return min(maxPause, time.Duration(c.pauseFactor)*c.now().Sub(began))
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
