package search

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// drain writes changes to the engine while this process has the lease. It does one step
// at a time, so that an older document never overwrites a newer one: marks first, then
// a page of whatever takes longer. It can end at any line, and another process goes on:
// marks are removed only after their documents were written.
type drain struct {
	*Index
	// reconcileDue is set when engine and library are to be compared, after all marks.
	reconcileDue bool
	compare      *compare
	reconciledAt time.Time
	// reconcileAgainAt is when they are compared once more: a process that had the lease
	// before and was frozen may write what it had read, until its call ends.
	reconcileAgainAt time.Time
	// incompatible is set when the engine's documents have another shape: nothing may be
	// written to it before it is rebuilt.
	incompatible bool
	shapeKnown   bool // whether incompatible is valid
	build        *build
	chunk        int // how many documents are read at once
}

const (
	maxMarks = 1000
	// idle is the poll interval for what other processes have written.
	idle = 500 * time.Millisecond
	// maxMiscounted is how long a count may be wrong before the engine is compared.
	maxMiscounted  = 10 * time.Second
	backOff        = 100 * time.Millisecond
	maxBackOff     = 2 * time.Second
	failuresPerLog = 30
	writeTimeout   = 30 * time.Second
)

func (d *drain) run(ctx context.Context) {
	wait, failures := backOff, 0
	for ctx.Err() == nil {
		var worked bool
		err := d.recovering("the search index", func() (err error) {
			worked, err = d.step(ctx)
			return err
		})
		switch {
		case ctx.Err() != nil:
		case err != nil:
			if failures++; failures == 1 || failures%failuresPerLog == 0 {
				d.opts.Log.Warn("search index update failed; retrying", "engine", d.opts.Name, "error", err)
			}
			// It may have lost more than what was just refused.
			d.reconcileDue, d.compare = true, nil
			_ = d.recovering("the search index", func() error {
				d.buildFailed(ctx, failures, err)
				return nil
			})
			pause(ctx, wait, nil)
			wait = min(2*wait, maxBackOff)
		default:
			wait, failures = backOff, 0
			if !worked {
				pause(ctx, idle, d.wakeWriter)
			}
		}
	}
	_ = d.recovering("the search index", func() error {
		d.discardBuild(ctx)
		return nil
	})
}

func (d *drain) step(ctx context.Context) (worked bool, err error) {
	if !d.shapeKnown {
		shape, err := d.opts.Engine.Shape(ctx)
		if err != nil {
			return false, fmt.Errorf("find the shape of the documents: %w", err)
		}
		d.shapeKnown, d.incompatible = true, shape != "" && shape != Shape
	}
	if d.incompatible && d.build == nil {
		return true, d.beginBuild(ctx, 0)
	}
	marks, err := d.opts.Source.Stale(ctx, maxMarks)
	if err != nil {
		return false, err
	}
	if len(marks) > 0 {
		if err := d.writeMarked(ctx, marks); err != nil || len(marks) == maxMarks {
			return true, err
		}
	}
	if d.build != nil {
		return true, d.buildPage(ctx)
	}
	if worked, err := d.reconcile(ctx); worked || err != nil {
		return worked, err
	}
	request, err := d.opts.Rebuilds.Latest(ctx)
	if err != nil {
		return false, err
	}
	if request != 0 {
		return true, d.beginBuild(ctx, request)
	}
	return len(marks) > 0, nil
}

func (d *drain) writeMarked(ctx context.Context, marks []StaleMark) error {
	seen := make(map[string]bool, len(marks))
	var ids []string
	for _, mark := range marks {
		if !seen[mark.Asset] {
			seen[mark.Asset] = true
			ids = append(ids, mark.Asset)
		}
	}
	if err := d.write(ctx, ids, d.targets()...); err != nil {
		return err
	}
	return d.opts.Source.Forget(ctx, marks)
}

func (d *drain) targets() (engines []Engine) {
	if !d.incompatible {
		engines = append(engines, d.opts.Engine)
	}
	if d.build != nil {
		engines = append(engines, d.build.engine)
	}
	return engines
}

// Documents are read by so many that those read at once have about chunkText bytes
// of texts: there are some of a hundred bytes, and some of megabytes.
const (
	firstChunk = 50
	maxChunk   = 250
	shortChunk = 50 // while others want the processor
	chunkText  = 8 << 20
)

func (d *drain) write(ctx context.Context, ids []string, engines ...Engine) error {
	for len(ids) > 0 {
		err := d.opts.Step(ctx, func(short bool) error {
			n := min(d.chunk, len(ids))
			if short {
				n = min(n, shortChunk)
			}
			part := ids[:n]
			ids = ids[n:]
			return d.writePart(ctx, part, engines)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *drain) writePart(ctx context.Context, ids []string, engines []Engine) error {
	docs, err := d.opts.Source.Documents(ctx, ids)
	if err != nil {
		return err
	}
	gone := missing(ids, docs)
	if !d.leaseValid() {
		return errLeaseLost // what was read may be old
	}
	for _, engine := range engines {
		if err := writeTo(ctx, engine, docs, gone); err != nil {
			return err
		}
	}
	d.count.written.Add(int64(len(docs)))
	d.count.removed.Add(int64(len(gone)))
	d.chunk = max(1, min(maxChunk, 2*d.chunk, chunkText*len(ids)/max(1, textBytes(docs))))
	return nil
}

var errLeaseLost = errors.New("the lease of the search index has expired")

func writeTo(ctx context.Context, engine Engine, docs []*Document, gone []string) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	if len(docs) > 0 {
		if err := engine.Put(ctx, docs); err != nil {
			return fmt.Errorf("put documents: %w", err)
		}
	}
	if len(gone) > 0 {
		if err := engine.Remove(ctx, gone); err != nil {
			return fmt.Errorf("remove documents: %w", err)
		}
	}
	return nil
}

func missing(ids []string, docs []*Document) (gone []string) {
	there := make(map[string]bool, len(docs))
	for _, doc := range docs {
		there[doc.ID] = true
	}
	for _, id := range ids {
		if !there[id] {
			gone = append(gone, id)
		}
	}
	return gone
}

func textBytes(docs []*Document) (bytes int) {
	for _, doc := range docs {
		for _, texts := range doc.Texts {
			for _, text := range texts {
				bytes += len(text)
			}
		}
	}
	return bytes
}

// reconcile compares a page of engine and library when that is due, and repairs the
// differences.
func (d *drain) reconcile(ctx context.Context) (worked bool, err error) {
	if age, wrong := d.health.miscountedFor(d.reconciledAt); wrong && age >= maxMiscounted {
		d.reconcileDue = true
	}
	if !d.reconcileAgainAt.IsZero() && d.opts.Now().After(d.reconcileAgainAt) {
		d.reconcileDue, d.reconcileAgainAt = true, time.Time{}
	}
	if !d.reconcileDue {
		return false, nil
	}
	if d.compare == nil {
		d.compare = &compare{engine: d.opts.Engine, source: d.opts.Source}
	}
	differ, done, err := d.compare.page(ctx)
	if err != nil {
		return false, err
	}
	if err := d.write(ctx, differ, d.opts.Engine); err != nil {
		return false, err
	}
	d.count.repaired.Add(int64(len(differ)))
	d.compare.found += len(differ)
	if done {
		if d.compare.found > 0 {
			d.opts.Log.Info("search index repaired", "engine", d.opts.Name, "documents", d.compare.found)
		}
		d.reconcileDue, d.compare, d.reconciledAt = false, nil, d.opts.Now()
		if err := d.opts.Lease.MarkSynced(ctx); err != nil {
			return false, err
		}
		d.setSynced(true)
		signal(d.wakeCheck)
	}
	return true, nil
}

// buildFailed abandons a build that fails repeatedly; for an engine that is down it
// waits.
func (d *drain) buildFailed(ctx context.Context, failures int, err error) {
	const most = 5
	if d.build == nil || failures < most || errors.Is(err, ErrUnavailable) {
		return
	}
	d.abandonBuild(ctx, err)
}
