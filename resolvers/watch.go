package resolvers

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// watchEvery is how often the things that are watched are looked at, for what other
// servers change; what this one changes is looked at at once.
const watchEvery = 500 * time.Millisecond

// lookedAt is how many things are looked at together.
const lookedAt = 500

// Watch looks at things for those who want to know when they change.
type Watch struct {
	// Caught is told of a panic in a look or in what is told, where it is recovered from,
	// and makes an error of it. What panicked is done again.
	Caught func(doing string, value any) error
	// Log is told why an event could not be made; nil is for nobody.
	Log *slog.Logger

	assets, operations *shelf
}

// NewWatch makes a watch over nothing yet.
//
// A panic is only an error until Caught is set.
func NewWatch() *Watch {
	w := &Watch{Caught: func(doing string, value any) error { return fmt.Errorf("panic in %s: %v", doing, value) }}
	w.assets, w.operations = newShelf(w), newShelf(w)
	return w
}

// Changed has everything that is watched be looked at now. It returns at once.
func (w *Watch) Changed() {
	w.assets.wake()
	w.operations.wake()
}

// version tells states of a thing apart. over is for one that changes no more.
type version struct {
	state string
	over  bool
}

// look reads the states of things by their ids. What it does not give is gone.
type look func(ctx context.Context, ids []string) (map[string]version, error)

// shelf is the things of one sort that are watched, each for as long as anybody does.
// However many there are, and however many watch them, they are looked at together and
// by one goroutine.
type shelf struct {
	*Watch
	nudge   chan struct{}
	lock    sync.Mutex
	things  map[string]*thing
	looking bool
}

// thing is what is watched. Its last version has no state where nobody has looked yet.
type thing struct {
	watchers map[*watcher]bool
	last     version
}

func newShelf(w *Watch) *shelf {
	return &shelf{Watch: w, nudge: make(chan struct{}, 1), things: map[string]*thing{}}
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

// wake has all things be looked at now.
func (s *shelf) wake() {
	select {
	case s.nudge <- struct{}{}:
	default: // they will be anyhow
	}
}

// on calls a watcher with the states of a thing, the present one first, until ctx ends.
// States that follow each other fast may be told as one. It is false for a thing that is
// not there, or that the caller of ctx does not see. All who come to a shelf have the same
// look.
func (s *shelf) on(ctx context.Context, id string, look look, w *watcher) (there bool, err error) {
	s.enter(id, w, look)
	present, err := look(ctx, []string{id}) // now that no change can be missed
	now, there := present[id]
	if err != nil || !there {
		s.leave(id, w)
		return false, err
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if t := s.things[id]; t != nil && t.last.state == "" {
		t.last = now
	}
	if w.last == (version{}) { // else it was told by a look that came after it
		w.hear(now)
	}
	context.AfterFunc(ctx, func() { s.leave(id, w) })
	return true, nil
}

// enter adds a watcher.
func (s *shelf) enter(id string, w *watcher, look look) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.things[id] == nil {
		s.things[id] = &thing{watchers: map[*watcher]bool{}}
	}
	s.things[id].watchers[w] = true
	if !s.looking {
		s.looking = true
		go s.run(look)
	}
}

// leave takes a watcher away, and the thing with the last of them.
func (s *shelf) leave(id string, w *watcher) {
	s.lock.Lock()
	defer s.lock.Unlock()
	t := s.things[id]
	if t == nil {
		return // it was over
	}
	delete(t.watchers, w)
	if len(t.watchers) == 0 {
		delete(s.things, id)
	}
	if len(s.things) == 0 {
		s.wake() // to look no more
	}
}

// run looks at the things until nobody watches any. It looks as the process itself, for
// all who watch; each loads what they see by themselves. A look that fails is made again.
func (s *shelf) run(look look) {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-s.nudge:
		}
		ids := s.watched()
		if len(ids) == 0 {
			return
		}
		for some := range slices.Chunk(ids, lookedAt) {
			states, err := safely(s.Watch, func() (map[string]version, error) { return look(context.Background(), some) })
			if err == nil {
				s.tell(some, states)
			}
		}
	}
}

// watched are the things that are, and without any, nobody looks any more.
func (s *shelf) watched() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.looking = len(s.things) > 0
	return slices.Collect(maps.Keys(s.things))
}

// tell tells the watchers of things of states that are new.
func (s *shelf) tell(ids []string, states map[string]version) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for _, id := range ids {
		state, there := states[id]
		state.over = state.over || !there
		t := s.things[id]
		if t == nil || t.last == state {
			continue
		}
		t.last = state
		for w := range t.watchers {
			w.hear(state)
		}
		if state.over {
			delete(s.things, id) // who comes later looks for themselves
		}
	}
}

// watcher is one who watches a thing. It is told of one state after the other, of the
// latest of those that came while it was being told; while there are none, it takes no
// goroutine.
type watcher struct {
	tell func(version)

	lock    sync.Mutex
	next    *version
	telling bool
	// last is what was heard last. The shelf's lock is held where it is.
	last version
}

// hear has a watcher be told of a state. It returns at once. One that was heard last is
// not told again, and after one that is over nothing is.
func (w *watcher) hear(v version) {
	w.lock.Lock()
	defer w.lock.Unlock()
	if w.last.over || w.last == v {
		return
	}
	w.next, w.last = &v, v
	if !w.telling {
		w.telling = true
		go w.run()
	}
}

func (w *watcher) run() {
	for v := w.take(); v != nil; v = w.take() {
		w.tell(*v)
	}
}

// take is the state to be told, or nil, and then nothing is told any more.
func (w *watcher) take() *version {
	w.lock.Lock()
	defer w.lock.Unlock()
	v := w.next
	w.next, w.telling = nil, v != nil
	return v
}
