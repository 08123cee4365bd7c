package search

import (
	"context"
	"fmt"
	"time"
)

// build is an engine that is being filled anew beside the one that answers.
type build struct {
	engine      Rebuild
	wish        int64 // 0 where nobody asked for it
	after       string
	done, total int64
	// counted is when the count was first found wrong at the end.
	counted time.Time
}

const (
	// buildPage is how many assets are written to it at once.
	buildPage = 500
	// countFor is how long the count of a filled engine may take to be right.
	countFor = 10 * time.Second
)

// begin begins to build the engine anew, for a wish or because it must be.
func (d *drain) begin(ctx context.Context, wish int64) error {
	engine, err := d.opts.Engine.Rebuild(ctx)
	if err != nil {
		return fmt.Errorf("begin a new index: %w", err)
	}
	state, err := d.opts.Source.State(ctx)
	if err != nil {
		return err
	}
	d.compare = nil
	d.build = &build{engine: engine, wish: wish, total: state.Assets}
	d.opts.Log.Info("the search index is built anew", "engine", d.opts.Name, "assets", state.Assets)
	return d.progress(ctx)
}

// grow writes a page of the library to the new engine, and has it answer when it
// was the last.
func (d *drain) grow(ctx context.Context) error {
	b := d.build
	page, err := d.opts.Source.Revisions(ctx, b.after, buildPage)
	if err != nil {
		return err
	}
	if len(page) == 0 {
		return d.complete(ctx)
	}
	ids := make([]string, len(page))
	for i, r := range page {
		ids[i] = r.ID
	}
	if err := d.write(ctx, ids, b.engine); err != nil {
		return err
	}
	b.after, b.done = ids[len(ids)-1], b.done+int64(len(ids))
	b.total = max(b.total, b.done)
	return d.progress(ctx)
}

// complete has the new engine answer, if it has what it should. Marks were read just
// before, and to both engines.
func (d *drain) complete(ctx context.Context) error {
	ok, _, documents, err := d.explains(ctx, d.build.engine)
	if err != nil {
		return err
	}
	if !ok {
		// Some engines count late.
		switch now := d.opts.Now(); {
		case d.build.counted.IsZero():
			d.build.counted = now
		case now.Sub(d.build.counted) > countFor:
			d.giveUp(ctx, fmt.Errorf("the new index has %d documents of %d", documents, d.build.done))
			return nil
		}
		pause(ctx, backOff, nil)
		return nil
	}
	if err := d.build.engine.Switch(ctx); err != nil {
		return fmt.Errorf("switch to the new index: %w", err)
	}
	wish := d.build.wish
	d.opts.Log.Info("the new search index answers", "engine", d.opts.Name, "documents", documents)
	d.build, d.foreign, d.due = nil, false, true
	nudge(d.look)
	return d.finish(ctx, wish, "")
}

// progress tells how far the build is.
func (d *drain) progress(ctx context.Context) error {
	if d.build.wish == 0 {
		return nil
	}
	return d.opts.Builds.Progress(ctx, d.build.wish, d.build.done, d.build.total)
}

// finish ends a wish.
func (d *drain) finish(ctx context.Context, wish int64, failure string) error {
	if wish == 0 {
		return nil
	}
	return d.opts.Builds.Finish(ctx, wish, failure)
}

// giveUp clears the build away, and tells whoever asked for it why.
func (d *drain) giveUp(ctx context.Context, why error) {
	d.opts.Log.Error("the search index could not be built anew", "engine", d.opts.Name, "error", why)
	wish := d.build.wish
	d.discard(ctx)
	if err := d.finish(ctx, wish, "The new index could not be filled: "+why.Error()+"."); err != nil {
		d.opts.Log.Error("a build of the search index cannot be ended", "error", err)
	}
}

// discard clears a build away that will not be switched to, if there is one. What
// cannot be cleared away now is at the next build.
func (d *drain) discard(ctx context.Context) {
	if d.build == nil {
		return
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := d.build.engine.Discard(last); err != nil {
		d.opts.Log.Warn("a search index that was not finished is left", "engine", d.opts.Name, "error", err)
	}
	d.build = nil
}
