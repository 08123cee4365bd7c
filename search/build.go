package search

import (
	"context"
	"fmt"
	"time"
)

type build struct {
	engine       Rebuild
	request      int64 // 0 where nobody asked for it
	after        string
	done, total  int64
	miscountedAt time.Time
}

const (
	buildPageSize = 500
	// countTimeout is how long the count of a filled engine may stay wrong: some count late.
	countTimeout = 10 * time.Second
)

func (d *drain) beginBuild(ctx context.Context, request int64) error {
	engine, err := d.opts.Engine.Rebuild(ctx)
	if err != nil {
		return fmt.Errorf("begin a rebuild: %w", err)
	}
	state, err := d.opts.Source.State(ctx)
	if err != nil {
		return err
	}
	d.compare = nil
	d.build = &build{engine: engine, request: request, total: state.Assets}
	d.opts.Log.Info("search index rebuild started", "engine", d.opts.Name, "assets", state.Assets)
	return d.progress(ctx)
}

// buildPage writes a page of the library to the new engine, and switches to it after
// the last.
func (d *drain) buildPage(ctx context.Context) error {
	b := d.build
	page, err := d.opts.Source.Revisions(ctx, b.after, buildPageSize)
	if err != nil {
		return err
	}
	if len(page) == 0 {
		return d.switchBuild(ctx)
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

// switchBuild switches to the new engine if its count is right. Marks were read just
// before, and written to both engines.
func (d *drain) switchBuild(ctx context.Context) error {
	ok, _, documents, err := d.countMatches(ctx, d.build.engine)
	if err != nil {
		return err
	}
	if !ok {
		// Some engines count late.
		switch now := d.opts.Now(); {
		case d.build.miscountedAt.IsZero():
			d.build.miscountedAt = now
		case now.Sub(d.build.miscountedAt) > countTimeout:
			d.abandonBuild(ctx, fmt.Errorf("the new index has %d documents of %d", documents, d.build.done))
			return nil
		}
		pause(ctx, backOff, nil)
		return nil
	}
	if err := d.build.engine.Switch(ctx); err != nil {
		return fmt.Errorf("switch to the new index: %w", err)
	}
	request := d.build.request
	d.opts.Log.Info("search index rebuild finished", "engine", d.opts.Name, "documents", documents)
	d.build, d.incompatible, d.reconcileDue = nil, false, true
	signal(d.wakeCheck)
	return d.finishRequest(ctx, request, "")
}

func (d *drain) progress(ctx context.Context) error {
	if d.build.request == 0 {
		return nil
	}
	return d.opts.Rebuilds.Progress(ctx, d.build.request, d.build.done, d.build.total)
}

func (d *drain) finishRequest(ctx context.Context, request int64, failure string) error {
	if request == 0 {
		return nil
	}
	return d.opts.Rebuilds.Finish(ctx, request, failure)
}

func (d *drain) abandonBuild(ctx context.Context, why error) {
	d.opts.Log.Error("search index rebuild failed", "engine", d.opts.Name, "error", why)
	request := d.build.request
	d.discardBuild(ctx)
	if err := d.finishRequest(ctx, request, "The new index could not be filled: "+why.Error()+"."); err != nil {
		d.opts.Log.Error("result of the search index rebuild was not recorded", "error", err)
	}
}

// discardBuild removes an unfinished build, if there is one. What cannot be removed now
// is removed by the next build.
func (d *drain) discardBuild(ctx context.Context) {
	if d.build == nil {
		return
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), engineTimeout)
	defer cancel()
	if err := d.build.engine.Discard(last); err != nil {
		d.opts.Log.Warn("unfinished search index was not removed", "engine", d.opts.Name, "error", err)
	}
	d.build = nil
}
