package library

import (
	"context"
	"crypto/rand"
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

// Panics are those of workers in the background, of which none ends the process. Each is
// logged once, with its stack and under a reference.
type Panics struct {
	log       *slog.Logger
	reference func() string
	now       func() time.Time
	Rest      time.Duration
	lock      sync.Mutex
	logged    map[string]loggedPanic // by the worker
}

// loggedPanic is one that the log has.
type loggedPanic struct {
	text, reference string
	at              time.Time
}

// NewPanics makes the panics of one process.
func NewPanics(log *slog.Logger) *Panics {
	return &Panics{log: log, reference: NewReference, now: time.Now, Rest: panicRest, logged: map[string]loggedPanic{}}
}

// NewReference makes a word of eight letters and digits, by chance.
func NewReference() string { return rand.Text()[:8] }

// workerPanic is a panic of a worker, as an error, which the log has already.
type workerPanic struct{ reference string }

// Error tells where it is in the log.
func (w workerPanic) Error() string { return "its reference in the log is " + w.reference }

// Recovered is a panic as an error, where it was recovered from.
func (p *Panics) Recovered(worker string, value any) error {
	p.lock.Lock()
	defer p.lock.Unlock()
	text, now := fmt.Sprint(value), p.now()
	last, known := p.logged[worker]
	if known && last.text == text && now.Sub(last.at) < panicAgain {
		return workerPanic{last.reference}
	}
	last = loggedPanic{text, p.reference(), now}
	p.logged[worker] = last
	p.log.Error("a worker panicked, and goes on", "worker", worker, "reference", last.reference, "error", text, "stack", string(debug.Stack()))
	return workerPanic{last.reference}
}

// Supervise does what a worker does until that ends. After a panic it rests, and begins anew.
func (p *Panics) Supervise(ctx context.Context, worker string, work func(context.Context) error) error {
	for {
		panicked, err := p.try(ctx, worker, work)
		if !panicked {
			return err
		}
		Sleep(ctx, p.Rest)
		if ctx.Err() != nil {
			return nil
		}
	}
}

func (p *Panics) try(ctx context.Context, worker string, work func(context.Context) error) (panicked bool, err error) {
	defer func() {
		if value := recover(); value != nil {
			panicked, err = true, p.Recovered(worker, value)
		}
	}()
	return false, work(ctx)
}
