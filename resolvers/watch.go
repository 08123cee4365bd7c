package resolvers

import (
	"context"
	"fmt"
	"sync"
	"time"

	"vodgraph/auth"
)

// watchEvery is how often a thing that is watched is looked at, for what other
// servers change; what this one changes is looked at at once.
const watchEvery = 500 * time.Millisecond

// Watch looks at things for those who want to know when they change. However many
// watch a thing, it is looked at once for all of them.
type Watch struct {
	// Caught is told of a panic in a look or in what is told, where it is recovered from,
	// and makes an error of it. What panicked is done again when there is something new.
	Caught func(doing string, value any) error

	lock   sync.Mutex
	things map[string]*thing
}

// NewWatch makes a watch over nothing yet.
//
// A panic is only an error until Caught is set.
func NewWatch() *Watch {
	return &Watch{things: map[string]*thing{}, Caught: func(doing string, value any) error {
		return fmt.Errorf("panic in %s: %v", doing, value)
	}}
}

// version tells states of a thing apart. over is for one that changes no more.
type version struct {
	state string
	over  bool
}

// thing is what is watched, for as long as anybody does.
type thing struct {
	watchers map[chan version]bool
	last     *version
	nudge    chan struct{}
	stop     context.CancelFunc
}

// Changed has everything that is watched be looked at now. It returns at once.
func (w *Watch) Changed() {
	w.lock.Lock()
	defer w.lock.Unlock()
	for _, t := range w.things {
		select {
		case t.nudge <- struct{}{}:
		default:
		}
	}
}

// on tells of the states of a thing, the present one first, until ctx ends or the
// thing is over. Look reads the state; states that follow each other fast may be
// told as one.
func (w *Watch) on(ctx context.Context, key string, look func(context.Context) (version, error)) <-chan version {
	told := make(chan version, 1)
	w.lock.Lock()
	t := w.things[key]
	if t == nil {
		// It is looked at for everybody; what each is told, they load as themselves.
		running, stop := context.WithCancel(auth.With(context.WithoutCancel(ctx), nil))
		t = &thing{watchers: map[chan version]bool{}, nudge: make(chan struct{}, 1), stop: stop}
		w.things[key] = t
		go w.run(running, key, t, look)
	}
	t.watchers[told] = true
	if t.last != nil {
		told <- *t.last
	}
	w.lock.Unlock()
	out := make(chan version)
	go func() {
		defer close(out)
		defer w.leave(key, t, told)
		for {
			select {
			case <-ctx.Done():
				return
			case v := <-told:
				select {
				case out <- v:
				case <-ctx.Done():
					return
				}
				if v.over {
					return
				}
			}
		}
	}()
	return out
}

// leave takes a watcher away, and the thing with the last of them.
func (w *Watch) leave(key string, t *thing, told chan version) {
	w.lock.Lock()
	defer w.lock.Unlock()
	delete(t.watchers, told)
	if len(t.watchers) == 0 {
		t.stop()
		if w.things[key] == t {
			delete(w.things, key)
		}
	}
}

// run looks at a thing until nobody watches it. A look that fails is made again.
func (w *Watch) run(ctx context.Context, key string, t *thing, look func(context.Context) (version, error)) {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for ctx.Err() == nil {
		v, err := safely(w, func() (version, error) { return look(ctx) })
		if err == nil && w.tell(key, t, v) {
			return
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		case <-t.nudge:
		}
	}
}

// safely does something for subscribers; a panic in it is an error.
func safely[T any](w *Watch, do func() (T, error)) (result T, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = w.Caught("subscriptions", value)
		}
	}()
	return do()
}

// tell tells all watchers of a state that is new, in place of one that they have not
// read yet, and whether it was the last.
func (w *Watch) tell(key string, t *thing, v version) (last bool) {
	w.lock.Lock()
	defer w.lock.Unlock()
	if t.last != nil && *t.last == v {
		return v.over
	}
	t.last = &v
	for told := range t.watchers {
		select {
		case <-told:
		default:
		}
		told <- v
	}
	if v.over && w.things[key] == t {
		delete(w.things, key) // who comes later looks for themselves
	}
	return v.over
}
