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

// operationPoll is how often it is read how far an operation is.
const operationPoll = 100 * time.Millisecond

// runOperation does one operation, beside servers that may do it in its place, and shows how
// far it is until it is over.
func runOperation(ctx context.Context, l *library.Library, id, doing string, streams Streams) (*ent.BulkOperation, error) {
	stop := startWorker(ctx, l, id, rand.Text(), streams)
	over, err := followOperation(ctx, l, id, doing, streams)
	stop()
	if err != nil && ctx.Err() != nil {
		err = errors.New("interrupted; a server that serves the library goes on with it, or does so when it starts")
	}
	return over, err
}

// startWorker does one operation, beside servers that may do it, too: others may need what a
// server was started with, as its limits. What it returns ends it, and waits for that.
func startWorker(ctx context.Context, l *library.Library, id, holder string, streams Streams) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	worker := l.NewWorker(holder, library.NewPanics(slog.New(slog.NewTextHandler(streams.Err, nil))), library.NewThrottle(time.Now))
	worker.Only = id
	go func() {
		defer close(ended)
		worker.Work(ctx, holder)
	}()
	return func() {
		cancel()
		<-ended
	}
}

// followOperation shows how far an operation is until it is over.
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
