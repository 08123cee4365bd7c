package search

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Reason is why an engine may not be asked. It is a label of metrics and logs.
type Reason string

// The reasons.
const (
	// InSync is no reason: it may be asked.
	InSync Reason = ""
	// Unknown: not checked yet.
	Unknown Reason = "unknown"
	// Down: it does not answer, or not in time.
	Down Reason = "down"
	// Incompatible: its documents have another shape, and are being rebuilt.
	Incompatible Reason = "incompatible"
	// Lagging: marks of more than 1 % of the library are pending, or one for a minute.
	Lagging Reason = "lagging"
	// Miscounted: it has more or fewer documents than library and marks explain.
	Miscounted Reason = "miscounted"
	// Unreconciled: changes were written to another engine, and this one was not compared
	// with the library since.
	Unreconciled Reason = "unreconciled"
	// Timeout: it did not get a revision in the time that a search waits for it.
	Timeout Reason = "timeout"
)

// An index is lagging when more than one in lagFraction of the assets are pending, and
// more than minLag: of a small library that would be every change.
const (
	lagFraction = 100
	minLag      = 10
	maxLagAge   = time.Minute
)

func maxPending(assets int64) int64 { return max(minLag, assets/lagFraction) }

type health struct {
	lock        sync.Mutex
	reason      Reason
	checked     bool
	since       time.Time // of the reason
	checkedAt   time.Time
	empty       bool // whether the engine had no document at all
	state       State
	warned      bool      // whether a warning was logged
	oldestSince time.Time // when the oldest mark became the oldest, or there was none
}

func (h *health) current() Reason {
	h.lock.Lock()
	defer h.lock.Unlock()
	if !h.checked {
		return Unknown
	}
	return h.reason
}

func (h *health) set(reason Reason, now time.Time) {
	h.lock.Lock()
	defer h.lock.Unlock()
	if reason != h.reason || !h.checked {
		h.since = now
	}
	h.reason, h.checked, h.checkedAt = reason, true, now
}

// reconcileGrace is how long an index may be unreconciled without a warning: it is so
// at each start until it was compared.
const reconcileGrace = 5 * time.Second

func (h *health) changed(now time.Time) bool {
	h.lock.Lock()
	defer h.lock.Unlock()
	log := (h.reason == InSync) == h.warned
	if log && h.reason == Unreconciled && now.Sub(h.since) < reconcileGrace {
		return false
	}
	if log {
		h.warned = !h.warned
	}
	return log
}

// record stores counts, and returns for how long the oldest mark has been pending.
func (h *health) record(state State, documents int64, now time.Time) (age time.Duration) {
	h.lock.Lock()
	defer h.lock.Unlock()
	if state.Pending == 0 || state.Revision != h.state.Revision {
		h.oldestSince = now
	}
	h.state, h.empty = state, documents == 0 && state.Assets > 0
	return now.Sub(h.oldestSince)
}

func (h *health) assets() int64 {
	h.lock.Lock()
	defer h.lock.Unlock()
	return h.state.Assets
}

// miscountedFor returns for how long the count has been wrong since a moment. An engine
// without a single document counts as wrong for maxMiscounted at once.
func (h *health) miscountedFor(moment time.Time) (age time.Duration, ok bool) {
	h.lock.Lock()
	defer h.lock.Unlock()
	switch {
	case !h.checked || h.reason != Miscounted || !h.checkedAt.After(moment):
		return 0, false
	case h.empty:
		return maxMiscounted, true
	case h.since.After(moment):
		moment = h.since
	}
	return h.checkedAt.Sub(moment), true
}

// How often somebody looks at the level: every lookAgain, or sooner when woken, but
// not more often than takes one part in lookPart of the time, so that counting a
// large library costs little.
const (
	checkInterval   = time.Second
	minCheckPause   = 50 * time.Millisecond
	maxCheckPause   = 5 * time.Second
	checkCostFactor = 20
)

func (x *Index) watch(ctx context.Context) error {
	for ctx.Err() == nil {
		began := x.opts.Now()
		x.Check(ctx)
		took := x.opts.Now().Sub(began)
		if pause(ctx, min(maxCheckPause, max(minCheckPause, checkCostFactor*took)), nil) {
			pause(ctx, checkInterval, x.wakeCheck)
		}
	}
	return nil
}

// Check compares the counts of engine and library, for at most some seconds, and
// updates the health.
func (x *Index) Check(ctx context.Context) {
	reason := Down
	err := x.recovering("the check of the search index", func() (err error) {
		reason, err = x.compareCounts(ctx)
		return err
	})
	if ctx.Err() != nil {
		return
	}
	now := x.opts.Now()
	x.health.set(reason, now)
	switch {
	case !x.health.changed(now):
	case reason == InSync:
		x.opts.Log.Info("search index is in sync", "engine", x.opts.Name)
	default:
		x.opts.Log.Warn("search index is not in sync; falling back to the database", "engine", x.opts.Name, "reason", string(reason), "error", err)
	}
}

func (x *Index) compareCounts(ctx context.Context) (Reason, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*engineTimeout)
	defer cancel()
	shape, err := x.opts.Engine.Shape(ctx)
	if err != nil {
		return Down, err
	}
	if shape != "" && shape != Shape {
		return Incompatible, nil
	}
	matches, state, documents, err := x.countMatches(ctx, x.opts.Engine)
	if err != nil {
		return Down, err
	}
	age := x.health.record(state, documents, x.opts.Now())
	switch {
	case x.mustReconcile.Load():
		return Unreconciled, nil
	case !matches:
		return Miscounted, nil
	case state.Pending > maxPending(state.Assets), age > maxLagAge:
		return Lagging, nil
	default:
		return InSync, nil
	}
}

// countMatches reports whether the library explains how many documents an engine has.
// The library is read before and after, so that a transaction or a write between two
// counts is not taken for a loss.
func (x *Index) countMatches(ctx context.Context, engine Engine) (ok bool, after State, documents int64, err error) {
	before, err := x.opts.Source.State(ctx)
	if err != nil {
		return false, after, 0, err
	}
	limited, cancel := context.WithTimeout(ctx, engineTimeout)
	defer cancel()
	if documents, err = engine.Count(limited); err != nil {
		return false, after, 0, fmt.Errorf("count the documents: %w", err)
	}
	if after, err = x.opts.Source.State(ctx); err != nil {
		return false, after, 0, err
	}
	slack := max(before.Pending, after.Pending)
	low, high := min(before.Assets, after.Assets)-slack, max(before.Assets, after.Assets)+slack
	return low <= documents && documents <= high, after, documents, nil
}

type counters struct {
	answered                   atomic.Int64
	written, removed, repaired atomic.Int64
	lock                       sync.Mutex
	refused                    map[Reason]int64
}

// refuse counts a search that the database has to answer, and returns its error.
func (c *counters) refuse(reason Reason) error {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.refused == nil {
		c.refused = map[Reason]int64{}
	}
	c.refused[reason]++
	return errors.Join(ErrUnavailable, fmt.Errorf("search index is not in sync: %s", reason))
}

// Stats are the health of an index and its counters since the start.
type Stats struct {
	// Reason is InSync while the engine may be asked.
	Reason Reason
	// State is the library's at the last check.
	State State
	// Answered counts searches that the engine answered, Refused those that the database
	// had to answer, by reason.
	Answered int64
	Refused  map[Reason]int64
	// Written and Removed count documents; Repaired those of them that were found missing,
	// old or stray by comparing engine and library.
	Written, Removed, Repaired int64
}

// Stats returns a snapshot.
func (x *Index) Stats() Stats {
	s := Stats{Reason: x.health.current(), Answered: x.count.answered.Load(), Refused: map[Reason]int64{},
		Written: x.count.written.Load(), Removed: x.count.removed.Load(), Repaired: x.count.repaired.Load()}
	x.health.lock.Lock()
	s.State = x.health.state
	x.health.lock.Unlock()
	x.count.lock.Lock()
	defer x.count.lock.Unlock()
	for reason, n := range x.count.refused {
		s.Refused[reason] = n
	}
	return s
}
