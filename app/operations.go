package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"vodgraph/catalog"
)

// How operations are done: an operation is held for operationHeld, and held again
// well before that ends; who has none looks for one every operationLook, or sooner
// when one is called for.
const (
	operationHeld  = 10 * time.Second
	operationAgain = 3 * time.Second
	operationLook  = time.Second
	operationWait  = 2 * time.Second
	// operationsAtOnce is how many operations a server does at a time.
	operationsAtOnce = 4
)

// operations does what waits to be done, one operation after another. Any number of
// servers may: an operation has one holder at a time, and one that died leaves its
// own to the others.
type operations struct {
	catalog *catalog.Catalog
	holder  string
	// only is the one operation to do; all where it is empty.
	only string
	// reference makes a short word that the log can be searched for.
	reference func() string
	log       *slog.Logger
	panics    *panics
	spans     spanStarter
	courtesy  *courtesy
	wake      chan struct{}
}

func newOperations(c *catalog.Catalog, holder string, p *panics, towards *courtesy) *operations {
	return &operations{catalog: c, holder: holder, reference: p.reference, log: p.log, panics: p, courtesy: towards, wake: make(chan struct{}, 1)}
}

// call tells that an operation waits. It returns at once.
func (o *operations) call() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// run does operations until ctx ends, some at a time, so that a short one need not
// wait for a long one. Those that are under way then are left to whoever comes next.
func (o *operations) run(ctx context.Context) {
	var group sync.WaitGroup
	for n := range operationsAtOnce {
		group.Go(func() { o.work(ctx, fmt.Sprint(o.holder, "-", n)) })
	}
	group.Wait()
}

// work does one operation after another, whatever happens.
func (o *operations) work(ctx context.Context, holder string) {
	_ = o.panics.keep(ctx, "operations", func(ctx context.Context) error {
		o.serve(ctx, holder)
		return nil
	})
}

// serve does one operation after another.
func (o *operations) serve(ctx context.Context, holder string) {
	for ctx.Err() == nil {
		id, err := o.catalog.HoldOperation(ctx, o.only, holder, operationHeld)
		switch {
		case err != nil && ctx.Err() == nil:
			o.log.Error("operations cannot be looked for", "error", err)
		case id != "":
			o.do(ctx, id, holder)
			continue
		}
		timer := time.NewTimer(operationLook)
		select {
		case <-ctx.Done():
		case <-o.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// do does an operation to its end, or gives it up where it fails again and again.
func (o *operations) do(ctx context.Context, id, holder string) {
	const most = 5
	held, failures := time.Now(), 0
	for ctx.Err() == nil {
		if time.Since(held) > operationAgain {
			if kept, err := o.catalog.KeepOperation(ctx, id, holder, operationHeld); err != nil || !kept {
				return // it is over, another has it, or none could be asked
			}
			held = time.Now()
		}
		more := false
		err := o.courtesy.step(ctx, func(short bool) (err error) {
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
		if refused := refusalIn(err); refused != nil {
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
		rest(ctx, operationWait)
	}
}

// fail gives an operation up.
func (o *operations) fail(ctx context.Context, id, why string) {
	if err := o.catalog.FailOperation(ctx, id, why); err != nil {
		o.log.Error("an operation cannot be ended", "operation", id, "error", err)
	}
}

// shortBatch is how many assets a batch meets while others ask.
const shortBatch = 50

// step does a batch; a panic in it is an error.
func (o *operations) step(ctx context.Context, id string, short bool) (more bool, err error) {
	ctx, end := o.spans.begin(ctx, "operation batch", trace.SpanKindInternal, attribute.String("vodgraph.operation.id", id))
	defer func() {
		if value := recover(); value != nil {
			more, err = true, o.panics.caught("operation", value)
		}
		end(err)
	}()
	most := catalog.MostInStep
	if short {
		most = shortBatch
	}
	return o.catalog.StepOperation(ctx, id, most)
}

// rest waits for some time, or until ctx ends.
func rest(ctx context.Context, long time.Duration) {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
