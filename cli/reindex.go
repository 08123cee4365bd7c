package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"vodgraph/fault"
	"vodgraph/library"
	"vodgraph/outbox"
	"vodgraph/search"
	"vodgraph/search/bleve"
)

type reindexCommand struct {
	library.Store  `embed:""`
	library.Engine `embed:""`
}

const reindexPoll = 250 * time.Millisecond

// Run requests a new search index, and shows its progress until it answers. The server
// that writes the index builds it; where there is none, this command does.
func (c *reindexCommand) Run(ctx context.Context, streams Streams) (err error) {
	settings := library.DefaultSettings(c.Store)
	if err := settings.Exists(); err != nil {
		return err
	}
	opened, err := library.Open(ctx, settings, library.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	identity, err := library.IndexIdentity(c.Engine, settings.Store)
	if err != nil {
		return err
	}
	lease := opened.Outbox.Lease(library.IndexLease, identity, rand.Text(), search.LeaseDuration)
	switch other, err := lease.HeldByOther(ctx); {
	case err != nil:
		return err
	case other:
		return fault.New(fault.InUse, "A server keeps another search index for this library. Give --search and --data as that has them.").At("search")
	}
	rebuilds := opened.Outbox.Rebuilds(identity)
	request, err := rebuilds.Create(ctx)
	if err != nil {
		return err
	}
	helping, stop := context.WithCancel(ctx)
	helped := make(chan error, 1)
	go func() {
		helped <- runIndex(helping, c.Engine, settings.Store, opened, slog.New(slog.NewTextHandler(streams.Err, nil)))
	}()
	state, err := follow(ctx, rebuilds, request, streams)
	stop()
	if err = errors.Join(err, <-helped); err != nil {
		if ctx.Err() != nil {
			return errors.New("interrupted; a server that serves the library goes on with it, or does so when it starts")
		}
		return err
	}
	fmt.Fprintf(streams.Out, "The new search index answers; it has %d documents.\n", state.Done)
	return nil
}

func follow(ctx context.Context, rebuilds *outbox.RebuildRequests, request int64, streams Streams) (outbox.RebuildStatus, error) {
	var shown *progress
	look := time.NewTicker(reindexPoll)
	defer look.Stop()
	for {
		state, err := rebuilds.Status(ctx, request)
		if err != nil {
			return state, err
		}
		if shown == nil && state.Total > 0 {
			shown = newProgress(streams.Err, "Building the search index", state.Total, time.Now)
			defer shown.end()
		}
		if shown != nil {
			shown.step(state.Done, state.Done)
		}
		switch {
		case state.Failure != "":
			return state, errors.New(state.Failure)
		case state.Finished:
			return state, nil
		}
		select {
		case <-ctx.Done():
			return state, ctx.Err()
		case <-look.C:
		}
	}
}

// runIndex writes the index while no server does, until ctx ends.
func runIndex(ctx context.Context, engine library.Engine, store library.Store, opened *library.Library, log *slog.Logger) error {
	for ctx.Err() == nil {
		kept, err := library.OpenIndex(engine, store, opened, nil, library.NewPanics(log))
		switch {
		case errors.Is(err, bleve.ErrOwned): // by a server, which may end
			select {
			case <-ctx.Done():
			case <-time.After(library.LeaseRetry):
			}
			continue
		case err != nil:
			return err
		}
		if engine.Search == "" { // whoever had the folder has died
			if _, _, err := kept.Lease.Steal(ctx); err != nil {
				return errors.Join(err, kept.Close())
			}
		}
		return errors.Join(kept.Run(ctx), kept.Close())
	}
	return nil
}
