package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// Index is an engine that is kept level with a library, and that knows whether it
// is. While it is not, or the engine does not answer, it refuses to be asked, and
// the database has to be.
type Index struct {
	opts  IndexOptions
	level level
	count counters
	// lost tells that marks are perhaps not all that the engine lacks, for whoever had
	// the turn wrote to another. It is so until engine and library are compared, and
	// until it is known.
	lost atomic.Bool
	held atomic.Pointer[time.Time] // when the turn was last taken
	// work wakes the one who drains, and look the one who looks at the level.
	work, look chan struct{}
}

// IndexOptions are what an index is made of.
type IndexOptions struct {
	// Name is the engine's, for people.
	Name string
	// Engine is asked and written to by this index alone, but for those of other
	// processes.
	Engine interface {
		Engine
		Rebuilder
	}
	Source Source
	Turn   Turn
	Builds Builds
	// Step has others go first; nil where there are none.
	Step Step
	Log  *slog.Logger
	// Now tells the time.
	Now func() time.Time
	// Caught is told of a panic, where it is recovered from, with what was being done,
	// and makes an error of it. What panicked goes on.
	Caught func(doing string, value any) error
}

// Step does a step of the telling of an engine when that may be done, and tells it
// whether it is to be short, since others want the processor. It returns when the next
// may come, with the step's error or that of ctx.
type Step func(ctx context.Context, do func(short bool) error) error

// NewIndex makes an index. It is to be asked only after Begin, and is level only
// while it runs.
func NewIndex(opts IndexOptions) *Index {
	if opts.Step == nil {
		opts.Step = func(_ context.Context, do func(bool) error) error { return do(false) }
	}
	x := &Index{opts: opts, work: make(chan struct{}, 1), look: make(chan struct{}, 1)}
	x.lost.Store(true)
	return x
}

// patience is how long a question to the engine may take.
const patience = 2 * time.Second

// waiting is how long a question waits for a revision, and again how often the
// library is asked meanwhile.
const (
	waiting = 2 * time.Second
	again   = 25 * time.Millisecond
)

// Engine is the engine's name.
func (x *Index) Engine() string { return x.opts.Name }

// Revision is that of the last deed of which, and before which, the engine was
// told everything.
func (x *Index) Revision(ctx context.Context) (int64, error) {
	revision, _, err := x.opts.Source.Told(ctx)
	return revision, err
}

// Begin finds out whether the engine may be asked, before it runs.
func (x *Index) Begin(ctx context.Context) error {
	_, told, err := x.opts.Turn.Take(ctx)
	if err != nil {
		return fmt.Errorf("ask for the turn to write to the search engine: %w", err)
	}
	x.trust(told)
	x.Check(ctx)
	return nil
}

// trust notes whether marks are all that the engine lacks.
func (x *Index) trust(told bool) {
	if x.lost.Swap(!told) == told {
		if !told {
			x.level.set(Lost, x.opts.Now())
		}
		nudge(x.look) // who looks just now may not know of it
	}
}

// Freshness is how fresh an answer must be, and whether it must tell.
type Freshness struct {
	// AtLeast is a deed that must be found; 0 is none.
	AtLeast int64
	// Tell asks for Hits.Revision.
	Tell bool
}

// Search asks the engine, once it was told of all deeds that must be found. It
// fails with ErrUnavailable where the engine is not to be trusted now, does not
// answer within 2 seconds, or is not told within 2 seconds: the database is to be
// asked then. Otherwise it fails as Engine.Search does.
func (x *Index) Search(ctx context.Context, q *Query, fresh Freshness) (*Hits, error) {
	if why := x.level.why(); why != Level {
		return nil, x.count.refuse(why)
	}
	if behind, err := x.behind(ctx); err != nil {
		return nil, err
	} else if behind {
		nudge(x.look)
		return nil, x.count.refuse(Behind)
	}
	// What is told must have been so before the engine is asked.
	revision, told, err := x.await(ctx, fresh)
	if err != nil {
		return nil, err
	}
	if !told {
		return nil, x.count.refuse(Late)
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	hits, err := x.opts.Engine.Search(limited, q)
	var refused *TextError
	switch {
	case err == nil:
		x.count.answered.Add(1)
		hits.Revision = revision
		return hits, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, ErrCursor), errors.As(err, &refused):
		return nil, err
	case errors.Is(err, ErrUnavailable) && limited.Err() == nil:
		// Others need not find out too. A single question that takes too long says
		// nothing of others.
		x.level.set(Down, x.opts.Now())
	}
	x.opts.Log.WarnContext(ctx, "the search engine did not answer; the database does", "engine", x.opts.Name, "error", err)
	nudge(x.look)
	return nil, x.count.refuse(Down)
}

// behind tells whether too much waits just now.
func (x *Index) behind(ctx context.Context) (bool, error) {
	most := mayWait(x.level.assets())
	waits, err := x.opts.Source.Waits(ctx, most+1)
	return waits > most, err
}

// await waits until no deed that must be found is left of which the engine was not
// told. It returns up to which it was, if that is asked, and whether it came to be
// in time.
func (x *Index) await(ctx context.Context, fresh Freshness) (revision int64, told bool, err error) {
	if fresh.AtLeast <= 0 && !fresh.Tell {
		return 0, true, nil
	}
	end := time.NewTimer(waiting)
	defer end.Stop()
	for {
		revision, waiting, err := x.opts.Source.Told(ctx)
		if err != nil {
			return 0, false, err
		}
		if !waiting || revision >= fresh.AtLeast {
			return revision, true, nil
		}
		next := time.NewTimer(again)
		select {
		case <-ctx.Done():
			next.Stop()
			return 0, false, ctx.Err()
		case <-end.C:
			next.Stop()
			return 0, false, nil
		case <-next.C:
		}
	}
}

// Wake tells that the library has changed, so that nobody has to find out by
// looking. It returns at once.
func (x *Index) Wake() {
	nudge(x.work)
	nudge(x.look)
}

// nudge wakes whoever waits on a channel of one place.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run keeps the engine level until ctx ends. One of all processes writes to it;
// each looks for itself whether it is level.
func (x *Index) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return x.watch(ctx) })
	group.Go(func() error { return x.takeTurns(ctx) })
	return group.Wait()
}

// How long a turn lasts and is used. A turn that could not be taken again for
// turnLost is as good as lost.
const (
	// TurnLasts is how long a turn is to last after it was taken.
	TurnLasts = 10 * time.Second
	turnAgain = 3 * time.Second
	turnLost  = 8 * time.Second
	turnAsked = time.Second
	// turnDoubted is after how long what a predecessor may have written too late is
	// looked for.
	turnDoubted = writing + TurnLasts
	turnGiven   = 2 * time.Second
)

// takeTurns drains whenever it has the turn.
func (x *Index) takeTurns(ctx context.Context) error {
	for ctx.Err() == nil {
		err := x.safely("the turn of the search index", func() error { return x.takeTurn(ctx) })
		if err != nil && ctx.Err() == nil {
			x.opts.Log.Error("the turn to write to the search engine cannot be asked for", "error", err)
		}
		pause(ctx, turnAsked, nil)
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), turnGiven)
	defer cancel()
	if err := x.safely("the turn of the search index", func() error { return x.opts.Turn.Give(last) }); err != nil {
		x.opts.Log.Warn("the turn to write to the search engine was not given back; it ends by itself", "error", err)
	}
	return nil
}

// takeTurn drains for as long as it has the turn, if it can be had.
func (x *Index) takeTurn(ctx context.Context) error {
	asked := x.opts.Now()
	mine, told, err := x.opts.Turn.Take(ctx)
	if err != nil {
		return err
	}
	x.trust(told)
	if mine {
		x.held.Store(&asked)
		x.serve(ctx)
	}
	return nil
}

// safely does something; a panic in it is an error.
func (x *Index) safely(doing string, do func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = x.opts.Caught(doing, value)
		}
	}()
	return do()
}

// serve drains while it has the turn.
func (x *Index) serve(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	held := make(chan struct{})
	go func() {
		defer close(held)
		defer cancel()
		_ = x.safely("the turn of the search index", func() error { // without it the turn is over
			x.hold(ctx)
			return nil
		})
	}()
	(&drain{Index: x, due: true, doubted: x.opts.Now().Add(turnDoubted), chunk: firstChunk}).run(ctx)
	cancel()
	<-held
}

// hold takes the turn again and again, until it is lost or ctx ends.
func (x *Index) hold(ctx context.Context) {
	for pause(ctx, turnAgain, nil) {
		asked := x.opts.Now()
		limited, cancel := context.WithTimeout(ctx, turnAgain)
		mine, told, err := x.opts.Turn.Take(limited)
		cancel()
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && mine && (told || x.lost.Load()):
			x.held.Store(&asked)
			continue
		case err == nil: // or had it meanwhile, while this process stood still
			x.trust(told)
			x.opts.Log.Warn("another process writes to the search engine, or did")
			return
		}
		x.opts.Log.Error("the turn to write to the search engine cannot be kept", "error", err)
		if !x.holds() {
			x.trust(false) // until it is known who has it
			return
		}
	}
}

// holds tells whether the turn was taken so lately that nobody else can have it.
func (x *Index) holds() bool {
	held := x.held.Load()
	return held != nil && x.opts.Now().Sub(*held) < turnLost
}

// pause waits for some time, or less where it is woken, and tells whether ctx goes
// on.
func pause(ctx context.Context, most time.Duration, wake <-chan struct{}) bool {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-wake:
	}
	return ctx.Err() == nil
}
