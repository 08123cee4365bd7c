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

// How operations are done: an operation is held for operationHeld, and held again
// well before that ends; who has none looks for one every operationLook, or sooner
// when one is called for.
const (
	LeaseTime      = 10 * time.Second
	leaseRenewal   = 3 * time.Second
	operationPoll  = time.Second
	operationRetry = 2 * time.Second
	// maxOperations is how many operations a server does at a time.
	maxOperations = 4
)

// Worker does what waits to be done, one operation after another. Any number of
// servers may: an operation has one holder at a time, and one that died leaves its
// own to the others.
type Worker struct {
	catalog *bulk.Catalog
	holder  string
	// Only is the one operation to do; all where it is empty.
	Only string
	// reference makes a short word that the log can be searched for.
	reference func() string
	log       *slog.Logger
	panics    *Panics
	spans     spanStarter
	courtesy  *Throttle
	wake      chan struct{}
}

func newWorker(c *bulk.Catalog, holder string, p *Panics, back *Throttle) *Worker {
	return &Worker{catalog: c, holder: holder, reference: p.reference, log: p.log, panics: p, courtesy: back, wake: make(chan struct{}, 1)}
}

// NewWorker makes the worker of a library; holder is its name among all workers.
func (l *Library) NewWorker(holder string, p *Panics, back *Throttle) *Worker {
	o := newWorker(l.Catalog, holder, p, back)
	o.spans = l.spans
	return o
}

// Notify tells that an operation waits. It returns at once.
func (o *Worker) Notify() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Run does operations until ctx ends, some at a time, so that a short one need not
// wait for a long one. Those that are under way then are left to whoever comes next.
func (o *Worker) Run(ctx context.Context) {
	var group sync.WaitGroup
	for n := range maxOperations {
		group.Go(func() { o.Work(ctx, fmt.Sprint(o.holder, "-", n)) })
	}
	group.Wait()
}

// Work does one operation after another, whatever happens.
func (o *Worker) Work(ctx context.Context, holder string) {
	_ = o.panics.Supervise(ctx, "operations", func(ctx context.Context) error {
		o.serve(ctx, holder)
		return nil
	})
}

// serve does one operation after another.
func (o *Worker) serve(ctx context.Context, holder string) {
	for ctx.Err() == nil {
		id, err := o.catalog.HoldOperation(ctx, o.Only, holder, LeaseTime)
		switch {
		case err != nil && ctx.Err() == nil:
			o.log.Error("operations cannot be looked for", "error", err)
		case id != "":
			o.do(ctx, id, holder)
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

// do does an operation to its end, or gives it up where it fails again and again.
func (o *Worker) do(ctx context.Context, id, holder string) {
	const most = 5
	held, failures := time.Now(), 0
	for ctx.Err() == nil {
		if time.Since(held) > leaseRenewal {
			if kept, err := o.catalog.KeepOperation(ctx, id, holder, LeaseTime); err != nil || !kept {
				return // it is over, another has it, or none could be asked
			}
			held = time.Now()
		}
		more := false
		err := o.courtesy.Step(ctx, func(short bool) (err error) {
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
		if failures++; failures == most {
			reference := o.reference()
			o.log.Error("an operation was given up", "operation", id, "reference", reference, "error", err)
			o.fail(ctx, id, "its reference in the log is "+reference)
			return
		}
		o.log.Warn("a batch of an operation failed, and is tried again", "operation", id, "error", err)
		Sleep(ctx, operationRetry)
	}
}

// fail gives an operation up.
func (o *Worker) fail(ctx context.Context, id, why string) {
	if err := o.catalog.FailOperation(ctx, id, why); err != nil {
		o.log.Error("an operation cannot be ended", "operation", id, "error", err)
	}
}

// shortBatch is how many assets a batch meets while others ask.
const shortBatch = 50

// step does a batch; a panic in it is an error.
func (o *Worker) step(ctx context.Context, id string, short bool) (more bool, err error) {
	ctx, end := o.spans.begin(ctx, "operation batch", trace.SpanKindInternal, attribute.String("vodgraph.operation.id", id))
	defer func() {
		if value := recover(); value != nil {
			more, err = true, o.panics.Recovered("operation", value)
		}
		end(err)
	}()
	most := bulk.MostInStep
	if short {
		most = shortBatch
	}
	return o.catalog.StepOperation(ctx, id, most)
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
