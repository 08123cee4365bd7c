package search

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// drain tells an engine what has changed, for as long as it has the turn. It does
// one thing after the other, so that an older document never lands on a newer one:
// marks first, then a page of whatever takes longer. It can end at any line, and
// another goes on: marks are forgotten when what they tell of is written.
type drain struct {
	*Index
	// due tells that engine and library are to be compared, when all marks are read.
	due      bool
	compare  *compare
	compared time.Time
	// doubted is when they are to be compared once more: a process that had the turn
	// before and was frozen may write what it had read, until its call ends.
	doubted time.Time
	// foreign tells that the engine's documents are of another shape, so that
	// nothing may be written to it before it is built anew.
	foreign bool
	known   bool // whether foreign is known
	build   *build
	chunk   int // how many documents are read at once
}

const (
	// marksAtOnce is how many marks are read at once.
	marksAtOnce = 1000
	// idle is how long a drain that has nothing to do waits until it looks again,
	// for what other processes have written.
	idle = 500 * time.Millisecond
	// wrongFor is how long a count must be wrong until the engine is compared.
	wrongFor = 10 * time.Second
	// After an error it waits from backOff to mostBackOff.
	backOff     = 100 * time.Millisecond
	mostBackOff = 2 * time.Second
	// failuresTold is after how many failures in a row it is told again.
	failuresTold = 30
	// writing is how long an engine may take to write what is read at once.
	writing = 30 * time.Second
)

// run drains until ctx ends.
func (d *drain) run(ctx context.Context) {
	wait, failures := backOff, 0
	for ctx.Err() == nil {
		var worked bool
		err := d.safely("the search index", func() (err error) {
			worked, err = d.step(ctx)
			return err
		})
		switch {
		case ctx.Err() != nil:
		case err != nil:
			if failures++; failures == 1 || failures%failuresTold == 0 {
				d.opts.Log.Warn("the search index cannot be told what has changed; it goes on by itself", "engine", d.opts.Name, "error", err)
			}
			// It may have lost more than what was just refused.
			d.due, d.compare = true, nil
			_ = d.safely("the search index", func() error {
				d.failed(ctx, failures, err)
				return nil
			})
			pause(ctx, wait, nil)
			wait = min(2*wait, mostBackOff)
		default:
			wait, failures = backOff, 0
			if !worked {
				pause(ctx, idle, d.work)
			}
		}
	}
	_ = d.safely("the search index", func() error {
		d.discard(ctx)
		return nil
	})
}

// step does one thing, if there is one to do.
func (d *drain) step(ctx context.Context) (worked bool, err error) {
	if !d.known {
		shape, err := d.opts.Engine.Shape(ctx)
		if err != nil {
			return false, fmt.Errorf("find the shape of the documents: %w", err)
		}
		d.known, d.foreign = true, shape != "" && shape != Shape
	}
	if d.foreign && d.build == nil {
		return true, d.begin(ctx, 0)
	}
	marks, err := d.opts.Source.Stale(ctx, marksAtOnce)
	if err != nil {
		return false, err
	}
	if len(marks) > 0 {
		if err := d.tell(ctx, marks); err != nil || len(marks) == marksAtOnce {
			return true, err
		}
	}
	if d.build != nil {
		return true, d.grow(ctx)
	}
	if worked, err := d.mend(ctx); worked || err != nil {
		return worked, err
	}
	wish, err := d.opts.Builds.Wanted(ctx)
	if err != nil {
		return false, err
	}
	if wish != 0 {
		return true, d.begin(ctx, wish)
	}
	return len(marks) > 0, nil
}

// tell tells of what was marked, and forgets the marks.
func (d *drain) tell(ctx context.Context, marks []StaleMark) error {
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

// targets are the engines to tell of changes.
func (d *drain) targets() (engines []Engine) {
	if !d.foreign {
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
	mostChunk  = 250
	shortChunk = 50 // while others want the processor
	chunkText  = 8 << 20
)

// write makes engines have what there is of some assets, and nothing of those that
// are gone.
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

// writePart writes what is read at once.
func (d *drain) writePart(ctx context.Context, ids []string, engines []Engine) error {
	docs, err := d.opts.Source.Documents(ctx, ids)
	if err != nil {
		return err
	}
	gone := absent(ids, docs)
	if !d.holds() {
		return errTurn // what was read may be old
	}
	for _, engine := range engines {
		if err := put(ctx, engine, docs, gone); err != nil {
			return err
		}
	}
	d.count.written.Add(int64(len(docs)))
	d.count.removed.Add(int64(len(gone)))
	d.chunk = max(1, min(mostChunk, 2*d.chunk, chunkText*len(ids)/max(1, textsOf(docs))))
	return nil
}

// errTurn is a turn that ended unnoticed.
var errTurn = errors.New("the turn to write to the search engine is over")

// put puts documents and removes others.
func put(ctx context.Context, engine Engine, docs []*Document, gone []string) error {
	ctx, cancel := context.WithTimeout(ctx, writing)
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

// absent are the ids that no document has.
func absent(ids []string, docs []*Document) (gone []string) {
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

// textsOf is how many bytes the texts of documents have.
func textsOf(docs []*Document) (bytes int) {
	for _, doc := range docs {
		for _, texts := range doc.Texts {
			for _, text := range texts {
				bytes += len(text)
			}
		}
	}
	return bytes
}

// mend compares a page of engine and library where that is due, and writes what
// differs.
func (d *drain) mend(ctx context.Context) (worked bool, err error) {
	if long, wrong := d.level.wrongSince(d.compared); wrong && long >= wrongFor {
		d.due = true
	}
	if !d.doubted.IsZero() && d.opts.Now().After(d.doubted) {
		d.due, d.doubted = true, time.Time{}
	}
	if !d.due {
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
	d.count.found.Add(int64(len(differ)))
	d.compare.found += len(differ)
	if done {
		if d.compare.found > 0 {
			d.opts.Log.Info("what the search index lacked was mended", "engine", d.opts.Name, "documents", d.compare.found)
		}
		d.due, d.compare, d.compared = false, nil, d.opts.Now()
		if err := d.opts.Turn.Say(ctx); err != nil {
			return false, err
		}
		d.trust(true)
		nudge(d.look)
	}
	return true, nil
}

// failed gives up a build that fails again and again, though not for an engine
// that is down, for which it waits.
func (d *drain) failed(ctx context.Context, failures int, err error) {
	const most = 5
	if d.build == nil || failures < most || errors.Is(err, ErrUnavailable) {
		return
	}
	d.giveUp(ctx, err)
}
