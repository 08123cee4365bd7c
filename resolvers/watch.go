package resolvers

import (
	"context"
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
	lock   sync.Mutex
	things map[string]*thing
}

// NewWatch makes a watch over nothing yet.
func NewWatch() *Watch { return &Watch{things: map[string]*thing{}} }

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
		if v, err := look(ctx); err == nil && w.tell(key, t, v) {
			return
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		case <-t.nudge:
		}
	}
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
