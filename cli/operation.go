package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"vodgraph/ent"
	"vodgraph/library"
)

const operationPoll = 100 * time.Millisecond

// runOperation runs one operation, beside servers that may run it in its place, and shows
// its progress until it is over.
func runOperation(ctx context.Context, l *library.Library, id, doing string, streams Streams) (*ent.BulkOperation, error) {
	stop := startWorker(ctx, l, id, rand.Text(), streams)
	over, err := followOperation(ctx, l, id, doing, streams)
	stop()
	if err != nil && ctx.Err() != nil {
		err = errors.New("interrupted; a server that serves the library goes on with it, or does so when it starts")
	}
	return over, err
}

// startWorker runs one operation, and no others: they may need the settings of a server, such
// as its limits. Servers may run it, too. stop ends the worker, and waits for that.
func startWorker(ctx context.Context, l *library.Library, id, owner string, streams Streams) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	worker := l.NewWorker(owner, library.NewPanics(slog.New(slog.NewTextHandler(streams.Err, nil))), library.NewThrottle(time.Now))
	worker.Only = id
	go func() {
		defer close(ended)
		worker.Work(ctx, owner)
	}()
	return func() {
		cancel()
		<-ended
	}
}

func followOperation(ctx context.Context, l *library.Library, id, doing string, streams Streams) (*ent.BulkOperation, error) {
	again := time.NewTicker(operationPoll)
	defer again.Stop()
	var shown *progress
	for {
		row, err := l.DB.Client.BulkOperation.Get(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("read the operation: %w", err)
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
		case <-again.C:
		}
	}
}
