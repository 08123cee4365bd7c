package library

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"vodgraph/bulk"
	"vodgraph/fault"
)

// How operations are run: a worker has one for LeaseTime, and renews that well before it
// ends; without one it polls every operationPoll, or sooner when notified.
const (
	LeaseTime      = 10 * time.Second
	leaseRenewal   = 3 * time.Second
	operationPoll  = time.Second
	operationRetry = 2 * time.Second
	maxOperations = 4
)

// Worker runs operations, one after another. Any number of servers may have some: an
// operation has one owner at a time, and those of one that died go to the others.
type Worker struct {
	catalog *bulk.Catalog
	owner   string
	// Only is the one operation to run; all where it is empty.
	Only      string
	reference func() string
	log       *slog.Logger
	panics    *Panics
	spans     spanStarter
	throttle  *Throttle
	wake      chan struct{}
}

func newWorker(c *bulk.Catalog, owner string, p *Panics, back *Throttle) *Worker {
	return &Worker{catalog: c, owner: owner, reference: p.reference, log: p.log, panics: p, throttle: back, wake: make(chan struct{}, 1)}
}

// NewWorker makes the worker of a library; owner is its unique name among all workers.
func (l *Library) NewWorker(owner string, p *Panics, back *Throttle) *Worker {
	o := newWorker(l.Catalog, owner, p, back)
	o.spans = l.spans
	return o
}

// Notify wakes the worker, as an operation waits. It returns at once.
func (o *Worker) Notify() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Run runs operations until ctx ends, some at a time, so that a short one need not wait for
// a long one. Unfinished ones are left to the next worker.
func (o *Worker) Run(ctx context.Context) {
	var group sync.WaitGroup
	for n := range maxOperations {
		group.Go(func() { o.Work(ctx, fmt.Sprint(o.owner, "-", n)) })
	}
	group.Wait()
}

// Work runs one operation after another until ctx ends; after a panic it goes on.
func (o *Worker) Work(ctx context.Context, owner string) {
	_ = o.panics.Supervise(ctx, "operations", func(ctx context.Context) error {
		o.serve(ctx, owner)
		return nil
	})
}

func (o *Worker) serve(ctx context.Context, owner string) {
	for ctx.Err() == nil {
		id, err := o.catalog.ClaimOperation(ctx, o.Only, owner, LeaseTime)
		switch {
		case err != nil && ctx.Err() == nil:
			o.log.Error("the poll for operations failed", "error", err)
		case id != "":
			o.run(ctx, id, owner)
			continue
		}
		timer := time.NewTimer(operationPoll)
		select {
		case <-ctx.Done():
		case <-o.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// run runs an operation to its end, or fails it after maxFailures in a row.
func (o *Worker) run(ctx context.Context, id, owner string) {
	const maxFailures = 5
	renewed, failures := time.Now(), 0
	for ctx.Err() == nil {
		if time.Since(renewed) > leaseRenewal {
			if has, err := o.catalog.Heartbeat(ctx, id, owner, LeaseTime); err != nil || !has {
				return // it is over, another has it, or none could be asked
			}
			renewed = time.Now()
		}
		more := false
		err := o.throttle.Step(ctx, func(short bool) (err error) {
			more, err = o.step(ctx, id, short)
			return err
		})
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && !more:
			return
		case err == nil:
			failures = 0
			continue
		}
		if refused := fault.In(err); refused != nil {
			o.fail(ctx, id, refused.Message)
			return
		}
		if panicked := (workerPanic{}); errors.As(err, &panicked) { // it would again
			o.fail(ctx, id, panicked.Error())
			return
		}
		if failures++; failures == maxFailures {
			reference := o.reference()
			o.log.Error("an operation failed", "operation", id, "reference", reference, "error", err)
			o.fail(ctx, id, "its reference in the log is "+reference)
			return
		}
		o.log.Warn("a batch of an operation failed; it is retried", "operation", id, "error", err)
		Sleep(ctx, operationRetry)
	}
}

func (o *Worker) fail(ctx context.Context, id, why string) {
	if err := o.catalog.FailOperation(ctx, id, why); err != nil {
		o.log.Error("the failure of an operation could not be recorded", "operation", id, "error", err)
	}
}

const shortBatch = 50

func (o *Worker) step(ctx context.Context, id string, short bool) (more bool, err error) {
	ctx, end := o.spans.begin(ctx, "operation batch", trace.SpanKindInternal, attribute.String("vodgraph.operation.id", id))
	defer func() { end(err) }()
	most := bulk.MaxBatch
	if short {
		most = shortBatch
	}
	err = o.panics.Recover("operation", func() (err error) {
		more, err = o.catalog.RunBatch(ctx, id, most)
		return err
	})
	return more, err
}

// Sleep waits for some time, or until ctx ends.
func Sleep(ctx context.Context, long time.Duration) {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
