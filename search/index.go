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

// Index is an engine that is kept in sync with a library, with its health. While it is
// not in sync or the engine does not answer, Search refuses and the caller asks the
// database.
type Index struct {
	opts   IndexOptions
	health health
	count  counters
	// mustReconcile is set when the pending marks may not be all that the engine lacks,
	// because another holder of the lease wrote to another engine. It stays set until
	// engine and library were compared.
	mustReconcile         atomic.Bool
	leasedAt              atomic.Pointer[time.Time] // when the lease was last renewed
	wakeWriter, wakeCheck chan struct{}
}

// IndexOptions are the dependencies of an index.
type IndexOptions struct {
	// Name is the engine's name in logs.
	Name string
	// Engine is used by this index alone, apart from indexes of other processes.
	Engine interface {
		Engine
		Rebuilder
	}
	Source   Source
	Lease    WriterLease
	Rebuilds RebuildRequests
	// Step throttles the writer; nil does not.
	Step Step
	Log  *slog.Logger
	// Now is the clock.
	Now func() time.Time
	// Recovered logs a panic that was recovered while doing something, and returns it as
	// an error. The loop goes on.
	Recovered func(doing string, value any) error
}

// Step runs one step of the writer when the load allows it. short asks for a small
// step, since requests want the processor. It returns when the next step may run, with
// the step's error or that of ctx.
type Step func(ctx context.Context, do func(short bool) error) error

// NewIndex makes an index. Call Begin before Search; it is in sync only while Run runs.
func NewIndex(opts IndexOptions) *Index {
	if opts.Step == nil {
		opts.Step = func(_ context.Context, do func(bool) error) error { return do(false) }
	}
	x := &Index{opts: opts, wakeWriter: make(chan struct{}, 1), wakeCheck: make(chan struct{}, 1)}
	x.mustReconcile.Store(true)
	return x
}

const engineTimeout = 2 * time.Second

// waiting is how long a question waits for a revision, and again how often the
// library is asked meanwhile.
const (
	RevisionTimeout = 2 * time.Second
	revisionPoll    = 25 * time.Millisecond
)

// Engine returns the engine's name.
func (x *Index) Engine() string { return x.opts.Name }

// Revision returns the revision up to which all transactions are in the engine.
func (x *Index) Revision(ctx context.Context) (int64, error) {
	revision, _, err := x.opts.Source.SyncedRevision(ctx)
	return revision, err
}

// Begin checks once whether the engine may be asked. Call it before Run.
func (x *Index) Begin(ctx context.Context) error {
	_, synced, err := x.opts.Lease.Claim(ctx)
	if err != nil {
		return fmt.Errorf("claim the lease of the search index: %w", err)
	}
	x.setSynced(synced)
	x.Check(ctx)
	return nil
}

func (x *Index) setSynced(synced bool) {
	if x.mustReconcile.Swap(!synced) == synced {
		if !synced {
			x.health.set(Unreconciled, x.opts.Now())
		}
		signal(x.wakeCheck) // a check that runs now may have missed it
	}
}

// Search asks the engine once it has the revision that the query asks for. It fails with
// ErrUnavailable when the index is not in sync, or when the engine does not answer, or
// does not have the revision, within 2 seconds: ask the database then. Otherwise it
// fails as Engine.Search does.
func (x *Index) Search(ctx context.Context, q *Query) (*Hits, error) {
	if reason := x.health.current(); reason != InSync {
		return nil, x.count.refuse(reason)
	}
	if lagging, err := x.lagging(ctx); err != nil {
		return nil, err
	} else if lagging {
		signal(x.wakeCheck)
		return nil, x.count.refuse(Lagging)
	}
	// The revision must have been reached before the engine is asked.
	revision, reached, err := x.await(ctx, q.Freshness)
	if err != nil {
		return nil, err
	}
	if !reached {
		return nil, x.count.refuse(Timeout)
	}
	limited, cancel := context.WithTimeout(ctx, engineTimeout)
	defer cancel()
	hits, err := x.opts.Engine.Search(limited, q)
	switch {
	case err == nil:
		x.count.answered.Add(1)
		hits.Revision = revision
		return hits, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, ErrCursor):
		return nil, err
	case errors.Is(err, ErrUnavailable) && limited.Err() == nil:
		// A single search that takes too long says nothing about others; this error
		// does, and need not be found out by each.
		x.health.set(Down, x.opts.Now())
	}
	x.opts.Log.WarnContext(ctx, "search engine did not answer; falling back to the database", "engine", x.opts.Name, "error", err)
	signal(x.wakeCheck)
	return nil, x.count.refuse(Down)
}

func (x *Index) lagging(ctx context.Context) (bool, error) {
	limit := maxPending(x.health.assets())
	pending, err := x.opts.Source.PendingCount(ctx, limit+1)
	return pending > limit, err
}

// await waits until the engine has the revision, for at most RevisionTimeout. It
// returns the engine's revision if that is asked, and whether it came in time.
func (x *Index) await(ctx context.Context, fresh Freshness) (revision int64, reached bool, err error) {
	if fresh.AtLeast <= 0 && !fresh.WithRevision {
		return 0, true, nil
	}
	end := time.NewTimer(RevisionTimeout)
	defer end.Stop()
	for {
		revision, pending, err := x.opts.Source.SyncedRevision(ctx)
		if err != nil {
			return 0, false, err
		}
		if !pending || revision >= fresh.AtLeast {
			return revision, true, nil
		}
		next := time.NewTimer(revisionPoll)
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

// Wake signals that the library has changed, which saves waiting for the next poll. It
// returns at once.
func (x *Index) Wake() {
	signal(x.wakeWriter)
	signal(x.wakeCheck)
}

// signal wakes the reader of a channel with a buffer of one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run keeps the engine in sync until ctx ends. Of all processes the one with the lease
// writes; each checks the health for itself.
func (x *Index) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return x.watch(ctx) })
	group.Go(func() error { return x.holdLease(ctx) })
	return group.Wait()
}

// Times of the lease. One that could not be renewed for leaseSafe counts as lost.
const (
	// LeaseDuration is how long the lease of the index writer is valid.
	LeaseDuration = 10 * time.Second
	leaseRenewal  = 3 * time.Second
	leaseSafe     = 8 * time.Second
	leasePoll     = time.Second
	// lateWrites is how long after claiming the lease its last holder may still write.
	lateWrites     = writeTimeout + LeaseDuration
	releaseTimeout = 2 * time.Second
)

func (x *Index) holdLease(ctx context.Context) error {
	for ctx.Err() == nil {
		err := x.recovering("the lease of the search index", func() error { return x.writeIfLeased(ctx) })
		if err != nil && ctx.Err() == nil {
			x.opts.Log.Error("search index lease cannot be claimed", "error", err)
		}
		pause(ctx, leasePoll, nil)
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	if err := x.recovering("the lease of the search index", func() error { return x.opts.Lease.Release(last) }); err != nil {
		x.opts.Log.Warn("search index lease was not released; it expires by itself", "error", err)
	}
	return nil
}

func (x *Index) writeIfLeased(ctx context.Context) error {
	at := x.opts.Now()
	held, synced, err := x.opts.Lease.Claim(ctx)
	if err != nil {
		return err
	}
	x.setSynced(synced)
	if held {
		x.leasedAt.Store(&at)
		x.writeWhileLeased(ctx)
	}
	return nil
}

func (x *Index) recovering(doing string, do func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = x.opts.Recovered(doing, value)
		}
	}()
	return do()
}

func (x *Index) writeWhileLeased(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		defer cancel()
		_ = x.recovering("the lease of the search index", func() error { // without it the lease expires
			x.renewLease(ctx)
			return nil
		})
	}()
	(&drain{Index: x, reconcileDue: true, reconcileAgainAt: x.opts.Now().Add(lateWrites), chunk: firstChunk}).run(ctx)
	cancel()
	<-renewed
}

func (x *Index) renewLease(ctx context.Context) {
	for pause(ctx, leaseRenewal, nil) {
		at := x.opts.Now()
		limited, cancel := context.WithTimeout(ctx, leaseRenewal)
		held, synced, err := x.opts.Lease.Claim(limited)
		cancel()
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && held && (synced || x.mustReconcile.Load()):
			x.leasedAt.Store(&at)
			continue
		case err == nil: // or had it while this process stood still
			x.setSynced(synced)
			x.opts.Log.Warn("search index lease lost to another process")
			return
		}
		x.opts.Log.Error("search index lease cannot be renewed", "error", err)
		if !x.leaseValid() {
			x.setSynced(false) // until it is known who holds the lease
			return
		}
	}
}

// leaseValid reports whether the lease was renewed so recently that no other process
// can have it.
func (x *Index) leaseValid() bool {
	at := x.leasedAt.Load()
	return at != nil && x.opts.Now().Sub(*at) < leaseSafe
}

// pause waits for d, or until wake. It reports whether ctx is still alive.
func pause(ctx context.Context, d time.Duration, wake <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-wake:
	}
	return ctx.Err() == nil
}
