package subscribe

import (
	"context"
	"time"
)

const retryLoad = 5 * time.Second

type events[T comparable] struct {
	ctx    context.Context
	broker *Broker
	load   func() (T, error)
	out    chan T
}

// Events are the states of an entry as load reads them, the present one first, until ctx
// ends, or the entry has a final version, which closes the channel. The channel is nil
// where the entry does not exist, or is invisible to the caller of ctx.
func Events[T comparable](ctx context.Context, t *Topic, id string, poll Poll, load func() (T, error)) (<-chan T, error) {
	e := &events[T]{ctx: ctx, broker: t.broker, load: load, out: make(chan T)}
	if found, err := t.add(ctx, id, poll, &subscriber{receive: e.receive}); err != nil || !found {
		return nil, err
	}
	return e.out, nil
}

// receive sends what has a new version. What is gone by then is left out. What cannot be
// loaded is tried again and again, for it may be long until there is a next version.
func (e *events[T]) receive(v Version) {
	var none T
	for {
		event, err := safely(e.broker, e.load)
		if err == nil {
			if event != none {
				select {
				case e.out <- event:
				case <-e.ctx.Done():
				}
			}
			break
		}
		if e.ctx.Err() != nil {
			return
		}
		if e.broker.Log != nil {
			e.broker.Log.ErrorContext(e.ctx, "an event could not be loaded; it is retried", "error", err)
		}
		select {
		case <-time.After(retryLoad):
		case <-e.ctx.Done():
		}
	}
	if v.Final {
		close(e.out)
	}
}
