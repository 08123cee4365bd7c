package search

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Why says why an engine is not to be asked.
type Why string

// The reasons.
const (
	// Level is none: it may be asked.
	Level Why = ""
	// Unknown: nobody has looked yet.
	Unknown Why = "unknown"
	// Down: it does not answer, or not in time.
	Down Why = "down"
	// Foreign: its documents are of another shape, and are being built anew.
	Foreign Why = "foreign"
	// Behind: the marks of more than 1 % of the library wait, or one for a minute.
	Behind Why = "behind"
	// Miscounted: it has more or fewer documents than the library and the marks explain.
	Miscounted Why = "miscounted"
	// Lost: whoever was told of changes told another engine of them, and this one was
	// not compared with the library since.
	Lost Why = "lost"
	// Late: it was not told of a revision in the time that a question waits.
	Late Why = "late"
)

// An index is behind when more than one in behindPart of the assets wait, and more
// than behindLeast: of a small library that would be every change.
const (
	behindPart  = 100
	behindLeast = 10
	// behindFor is how long the earliest mark may wait.
	behindFor = time.Minute
)

// mayWait is how many of so many assets may wait.
func mayWait(assets int64) int64 { return max(behindLeast, assets/behindPart) }

// level is what was seen when somebody last looked.
type level struct {
	lock   sync.Mutex
	seen   Why
	looked bool
	since  time.Time // when it began to be so
	at     time.Time // when somebody last looked
	empty  bool      // whether the engine had no document at all
	state  State
	warned bool      // whether people were told that it is not level
	moved  time.Time // when the earliest mark was last another, or there was none
}

func (l *level) why() Why {
	l.lock.Lock()
	defer l.lock.Unlock()
	if !l.looked {
		return Unknown
	}
	return l.seen
}

// set notes what was seen.
func (l *level) set(why Why, now time.Time) {
	l.lock.Lock()
	defer l.lock.Unlock()
	if why != l.seen || !l.looked {
		l.since = now
	}
	l.seen, l.looked, l.at = why, true, now
}

// lostUsually is for how long an index is lost at each start, until it is compared.
const lostUsually = 5 * time.Second

// told decides whether people are told: that it is not level, unless that is usual,
// and that it is again, if they were told before.
func (l *level) told(now time.Time) bool {
	l.lock.Lock()
	defer l.lock.Unlock()
	tell := (l.seen == Level) == l.warned
	if tell && l.seen == Lost && now.Sub(l.since) < lostUsually {
		return false
	}
	if tell {
		l.warned = !l.warned
	}
	return tell
}

// note notes counts, and returns for how long the earliest mark has waited.
func (l *level) note(state State, documents int64, now time.Time) (waited time.Duration) {
	l.lock.Lock()
	defer l.lock.Unlock()
	if state.Waiting == 0 || state.Revision != l.state.Revision {
		l.moved = now
	}
	l.state, l.empty = state, documents == 0 && state.Assets > 0
	return now.Sub(l.moved)
}

// assets is how many there were.
func (l *level) assets() int64 {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.state.Assets
}

// wrongSince tells whether the count was wrong all the while after a moment, and
// how long. An engine without a single document counts as wrong for ever.
func (l *level) wrongSince(moment time.Time) (long time.Duration, ok bool) {
	l.lock.Lock()
	defer l.lock.Unlock()
	switch {
	case !l.looked || l.seen != Miscounted || !l.at.After(moment):
		return 0, false
	case l.empty:
		return wrongFor, true
	case l.since.After(moment):
		moment = l.since
	}
	return l.at.Sub(moment), true
}

// How often somebody looks at the level: every lookAgain, or sooner when woken, but
// not more often than takes one part in lookPart of the time, so that counting a
// large library costs little.
const (
	lookAgain = time.Second
	lookLeast = 50 * time.Millisecond
	lookMost  = 5 * time.Second
	lookPart  = 20
)

// watch looks at the level until ctx ends.
func (x *Index) watch(ctx context.Context) error {
	for ctx.Err() == nil {
		began := x.opts.Now()
		x.Check(ctx)
		took := x.opts.Now().Sub(began)
		if pause(ctx, min(lookMost, max(lookLeast, lookPart*took)), nil) {
			pause(ctx, lookAgain, x.look)
		}
	}
	return nil
}

// Check looks whether the engine is level, for at most some seconds.
func (x *Index) Check(ctx context.Context) {
	why := Down
	err := x.safely("the level of the search index", func() (err error) {
		why, err = x.compareCounts(ctx)
		return err
	})
	if ctx.Err() != nil {
		return
	}
	now := x.opts.Now()
	x.level.set(why, now)
	switch told := x.level.told(now); {
	case !told:
	case why == Level:
		x.opts.Log.Info("the search index is level", "engine", x.opts.Name)
	default:
		x.opts.Log.Warn("the search index is not level; the database answers", "engine", x.opts.Name, "why", string(why), "error", err)
	}
}

// compareCounts compares what the engine has with what the library explains.
func (x *Index) compareCounts(ctx context.Context) (Why, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	shape, err := x.opts.Engine.Shape(ctx)
	if err != nil {
		return Down, err
	}
	if shape != "" && shape != Shape {
		return Foreign, nil
	}
	explained, state, documents, err := x.explains(ctx, x.opts.Engine)
	if err != nil {
		return Down, err
	}
	waited := x.level.note(state, documents, x.opts.Now())
	switch {
	case x.lost.Load():
		return Lost, nil
	case !explained:
		return Miscounted, nil
	case state.Waiting > mayWait(state.Assets), waited > behindFor:
		return Behind, nil
	default:
		return Level, nil
	}
}

// explains tells whether the library explains how many documents an engine has.
// The library is looked at before and after, so that a deed, or the telling of it,
// between two counts is not taken for a loss.
func (x *Index) explains(ctx context.Context, engine Engine) (ok bool, after State, documents int64, err error) {
	before, err := x.opts.Source.State(ctx)
	if err != nil {
		return false, after, 0, err
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if documents, err = engine.Count(limited); err != nil {
		return false, after, 0, fmt.Errorf("count the documents: %w", err)
	}
	if after, err = x.opts.Source.State(ctx); err != nil {
		return false, after, 0, err
	}
	slack := max(before.Waiting, after.Waiting)
	least, most := min(before.Assets, after.Assets)-slack, max(before.Assets, after.Assets)+slack
	return least <= documents && documents <= most, after, documents, nil
}

// counters are what was done since the start.
type counters struct {
	answered                atomic.Int64
	written, removed, found atomic.Int64
	lock                    sync.Mutex
	refused                 map[Why]int64
}

// refuse counts a question that the database has to answer, and is the error of it.
func (c *counters) refuse(why Why) error {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.refused == nil {
		c.refused = map[Why]int64{}
	}
	c.refused[why]++
	return errors.Join(ErrUnavailable, fmt.Errorf("the index is %s", why))
}

// Stats are how an index stands, and what it did since the start.
type Stats struct {
	// Why is Level while the engine may be asked.
	Why Why
	// State is the library, when somebody last looked.
	State State
	// Answered are questions that the engine answered, Refused those that it could
	// not, by the reason.
	Answered int64
	Refused  map[Why]int64
	// Written and Removed are documents, and Mended those of them that were found
	// missing, old or stray by comparing the engine with the library.
	Written, Removed, Mended int64
}

// Stats tells how the index stands.
func (x *Index) Stats() Stats {
	s := Stats{Why: x.level.why(), Answered: x.count.answered.Load(), Refused: map[Why]int64{},
		Written: x.count.written.Load(), Removed: x.count.removed.Load(), Mended: x.count.found.Load()}
	x.level.lock.Lock()
	s.State = x.level.state
	x.level.lock.Unlock()
	x.count.lock.Lock()
	defer x.count.lock.Unlock()
	for why, n := range x.count.refused {
		s.Refused[why] = n
	}
	return s
}
