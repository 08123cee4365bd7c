package app

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// How panics of workers are taken.
const (
	// panicRest is how long a worker rests after one.
	panicRest = 5 * time.Second
	// panicAgain is after how long the same one is logged again.
	panicAgain = 10 * time.Minute
)

// panics are those of workers in the background, of which none ends the process. Each is
// logged once, with its stack and under a reference.
type panics struct {
	log       *slog.Logger
	reference func() string
	now       func() time.Time
	rest      time.Duration
	lock      sync.Mutex
	told      map[string]toldPanic // by the worker
}

// toldPanic is one that the log has.
type toldPanic struct {
	text, reference string
	at              time.Time
}

func newPanics(log *slog.Logger) *panics {
	return &panics{log: log, reference: newReference, now: time.Now, rest: panicRest, told: map[string]toldPanic{}}
}

// workerPanic is a panic of a worker, as an error, which the log has already.
type workerPanic struct{ reference string }

// Error tells where it is in the log.
func (w workerPanic) Error() string { return "its reference in the log is " + w.reference }

// caught is a panic as an error, where it was recovered from.
func (p *panics) caught(worker string, value any) error {
	p.lock.Lock()
	defer p.lock.Unlock()
	text, now := fmt.Sprint(value), p.now()
	last, known := p.told[worker]
	if known && last.text == text && now.Sub(last.at) < panicAgain {
		return workerPanic{last.reference}
	}
	last = toldPanic{text, p.reference(), now}
	p.told[worker] = last
	p.log.Error("a worker panicked, and goes on", "worker", worker, "reference", last.reference, "error", text, "stack", string(debug.Stack()))
	return workerPanic{last.reference}
}

// keep does what a worker does until that ends. After a panic it rests, and begins anew.
func (p *panics) keep(ctx context.Context, worker string, work func(context.Context) error) error {
	for {
		panicked, err := p.try(ctx, worker, work)
		if !panicked {
			return err
		}
		rest(ctx, p.rest)
		if ctx.Err() != nil {
			return nil
		}
	}
}

func (p *panics) try(ctx context.Context, worker string, work func(context.Context) error) (panicked bool, err error) {
	defer func() {
		if value := recover(); value != nil {
			panicked, err = true, p.caught(worker, value)
		}
	}()
	return false, work(ctx)
}
