package library

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

const (
	// panicPause is how long a worker pauses after a panic.
	panicPause = 5 * time.Second
	// panicLogInterval is after how long the same panic is logged again.
	panicLogInterval = 10 * time.Minute
)

// Panics recovers the workers in the background from panics, so that none ends the process.
// Each panic is logged once, with its stack and under a reference.
type Panics struct {
	log       *slog.Logger
	reference func() string
	now       func() time.Time
	Pause     time.Duration
	lock      sync.Mutex
	logged    map[string]loggedPanic // by the worker
}

type loggedPanic struct {
	text, reference string
	at              time.Time
}

// NewPanics makes the panics of one process.
func NewPanics(log *slog.Logger) *Panics {
	return &Panics{log: log, reference: NewReference, now: time.Now, Pause: panicPause, logged: map[string]loggedPanic{}}
}

// NewReference makes a word of eight letters and digits, by chance.
func NewReference() string { return rand.Text()[:8] }

// workerPanic is a panic of a worker that was logged, as an error.
type workerPanic struct{ reference string }

func (w workerPanic) Error() string { return "its reference in the log is " + w.reference }

// Recovered logs a panic that was recovered from, and makes an error of it.
func (p *Panics) Recovered(worker string, value any) error {
	p.lock.Lock()
	defer p.lock.Unlock()
	text, now := fmt.Sprint(value), p.now()
	last, known := p.logged[worker]
	if known && last.text == text && now.Sub(last.at) < panicLogInterval {
		return workerPanic{last.reference}
	}
	last = loggedPanic{text, p.reference(), now}
	p.logged[worker] = last
	p.log.Error("a worker panicked; it is restarted", "worker", worker, "reference", last.reference, "error", text, "stack", string(debug.Stack()))
	return workerPanic{last.reference}
}

// Recover runs work; a panic in it is logged and becomes its error.
func (p *Panics) Recover(worker string, work func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = p.Recovered(worker, value)
		}
	}()
	return work()
}

// Supervise runs the work of a worker until it returns. After a panic it pauses, and runs it
// again.
func (p *Panics) Supervise(ctx context.Context, worker string, work func(context.Context) error) error {
	for {
		err := p.Recover(worker, func() error { return work(ctx) })
		if !errors.As(err, new(workerPanic)) {
			return err
		}
		Sleep(ctx, p.Pause)
		if ctx.Err() != nil {
			return nil
		}
	}
}
