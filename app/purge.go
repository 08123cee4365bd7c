package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
)

// purgeCommand is vodgraph purge.
type purgeCommand struct {
	Store `embed:""`
	All   bool `env:"-" help:"Also where that is more than a tenth of the library and more than 100 assets."`
}

// purgeLook is how often it is looked how far a purge is.
const purgeLook = 100 * time.Millisecond

// Run deletes what is in the trash for good, and shows how far that is. It may run
// beside servers on the same library, which may do it in its place.
func (c *purgeCommand) Run(ctx context.Context, streams Streams) (err error) {
	config := Config{Library: Library{Store: c.Store, Limits: "default"}}.complete()
	if err := config.exists(); err != nil {
		return err
	}
	opened, err := openLibrary(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.close()) }()
	id, err := opened.catalog.TrashPurge(ctx, c.All, nil)
	if err != nil {
		return err
	}
	stop := opened.help(ctx, id, rand.Text(), streams)
	over, err := opened.awaits(ctx, id, "Emptying the trash", streams)
	stop()
	if err != nil {
		if ctx.Err() != nil {
			return errors.New("interrupted; a server that serves the library goes on with it, or does so when it starts")
		}
		return err
	}
	fmt.Fprintf(streams.Out, "%d assets deleted for good, %d refused.\n", over.Changed, over.Failed)
	switch {
	case over.Status == bulkoperation.StatusFAILED:
		return fmt.Errorf("the purge was given up: %s", *over.Failure)
	case over.Status == bulkoperation.StatusCANCELLED:
		return errors.New("the purge was cancelled")
	case over.Failed > 0:
		fmt.Fprintf(streams.Err, "Why: { node(id: %q) { ... on BulkOperation { failures { edges { node { assetId errors { message } } } } } } }\n", id)
		return errSomeRefused
	}
	return nil
}

// help does one operation, beside servers that may do it, too: others may need what a
// server was started with, as its limits. What it returns ends it, and waits for that.
func (l *library) help(ctx context.Context, id, holder string, streams Streams) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	helped := make(chan struct{})
	help := newOperations(l.catalog, holder, newPanics(slog.New(slog.NewTextHandler(streams.Err, nil))), newCourtesy(time.Now))
	help.only = id
	go func() {
		defer close(helped)
		help.work(ctx, holder)
	}()
	return func() {
		cancel()
		<-helped
	}
}

// awaits shows how far an operation is until it is over.
func (l *library) awaits(ctx context.Context, id, doing string, streams Streams) (*ent.BulkOperation, error) {
	look := time.NewTicker(purgeLook)
	defer look.Stop()
	var shown *progress
	for {
		row, err := l.db.Client.BulkOperation.Get(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("look at the operation: %w", err)
		}
		if shown == nil {
			shown = newProgress(streams.Err, doing, row.Matched, time.Now)
			defer shown.end()
		}
		shown.step(row.Done, row.Done)
		if row.FinishedAt != nil {
			return row, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-look.C:
		}
	}
}
