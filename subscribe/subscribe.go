// Package subscribe polls for many subscribers at once: whatever their number, the
// entries of one sort that anybody follows are read together, by one goroutine.
// It knows nothing of what an entry is.
package subscribe

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// pollInterval is how often entries are polled for what other servers change; what
// this one changes is polled at once.
const pollInterval = 500 * time.Millisecond

const maxPolled = 500

// Broker has the topics of a library.
type Broker struct {
	// Recovered logs a panic that was recovered from, in a poll or in the loading of an
	// event, and makes an error of it. What panicked is tried again.
	Recovered func(doing string, value any) error
	// Log is for events that cannot be loaded; nil logs nothing.
	Log *slog.Logger

	// Assets and Operations are the topics, by the ids of assets and of bulk operations.
	Assets, Operations *Topic
}

// NewBroker makes a broker with no subscribers. Until Recovered is set, a panic is only
// an error.
func NewBroker() *Broker {
	b := &Broker{Recovered: func(doing string, value any) error { return fmt.Errorf("panic in %s: %v", doing, value) }}
	b.Assets, b.Operations = newTopic(b), newTopic(b)
	return b
}

// Notify starts a poll of every topic. It returns at once.
func (b *Broker) Notify() {
	b.Assets.notify()
	b.Operations.notify()
}

// Version identifies a state of an entry.
type Version struct {
	// State is not empty, and differs from one state to the next.
	State string
	// Final is for an entry that changes no more.
	Final bool
}

// Poll reads the versions of entries by their ids. An id that it does not return is
// gone, or invisible to the caller of ctx.
type Poll func(ctx context.Context, ids []string) (map[string]Version, error)

// Topic is the entries of one sort that are followed, each for as long as it has
// subscribers.
type Topic struct {
	broker  *Broker
	wake    chan struct{}
	lock    sync.Mutex
	entries map[string]*entry
	polling bool
}

type entry struct {
	subscribers map[*subscriber]bool
	last        Version
}

func newTopic(b *Broker) *Topic {
	return &Topic{broker: b, wake: make(chan struct{}, 1), entries: map[string]*entry{}}
}

func safely[T any](b *Broker, do func() (T, error)) (result T, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = b.Recovered("subscriptions", value)
		}
	}()
	return do()
}

func (t *Topic) notify() {
	select {
	case t.wake <- struct{}{}:
	default: // a poll is due already
	}
}

// add calls a subscriber with the versions of an entry, the present one first, until ctx
// ends. Versions that follow each other fast may be one call. It is not found where the
// entry does not exist, or is invisible to the caller of ctx. All subscribers of a topic
// have the same poll.
func (t *Topic) add(ctx context.Context, id string, poll Poll, s *subscriber) (found bool, err error) {
	t.enter(id, s, poll)
	present, err := poll(ctx, []string{id}) // now that no change can be missed
	now, found := present[id]
	if err != nil || !found {
		t.leave(id, s)
		return false, err
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	if e := t.entries[id]; e != nil && e.last.State == "" {
		e.last = now
	}
	if s.last == (Version{}) { // else a poll that came after it was quicker
		s.notify(now)
	}
	context.AfterFunc(ctx, func() { t.leave(id, s) })
	return true, nil
}

func (t *Topic) enter(id string, s *subscriber, poll Poll) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.entries[id] == nil {
		t.entries[id] = &entry{subscribers: map[*subscriber]bool{}}
	}
	t.entries[id].subscribers[s] = true
	if !t.polling {
		t.polling = true
		go t.run(poll)
	}
}

func (t *Topic) leave(id string, s *subscriber) {
	t.lock.Lock()
	defer t.lock.Unlock()
	e := t.entries[id]
	if e == nil {
		return // its last version was final
	}
	delete(e.subscribers, s)
	if len(e.subscribers) == 0 {
		delete(t.entries, id)
	}
	if len(t.entries) == 0 {
		t.notify() // to end the polling
	}
}

// run polls until there are no entries. It polls as the process itself, for all
// subscribers; each loads what they may see by themselves. A poll that fails is repeated.
func (t *Topic) run(poll Poll) {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-t.wake:
		}
		ids := t.followed()
		if len(ids) == 0 {
			return
		}
		for part := range slices.Chunk(ids, maxPolled) {
			versions, err := safely(t.broker, func() (map[string]Version, error) { return poll(context.Background(), part) })
			if err == nil {
				t.publish(part, versions)
			}
		}
	}
}

func (t *Topic) followed() []string {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.polling = len(t.entries) > 0
	return slices.Collect(maps.Keys(t.entries))
}

func (t *Topic) publish(ids []string, versions map[string]Version) {
	t.lock.Lock()
	defer t.lock.Unlock()
	for _, id := range ids {
		version, found := versions[id]
		version.Final = version.Final || !found
		e := t.entries[id]
		if e == nil || e.last == version {
			continue
		}
		e.last = version
		for s := range e.subscribers {
			s.notify(version)
		}
		if version.Final {
			delete(t.entries, id) // who comes later polls for themselves
		}
	}
}

// subscriber receives one version after the other, of those that came while it was busy
// only the latest. While there are none, it takes no goroutine.
type subscriber struct {
	receive func(Version)

	lock    sync.Mutex
	next    *Version
	running bool
	// last is the latest version it was notified of. The topic's lock guards its reading.
	last Version
}

// notify passes a version on, and returns at once. One that came last is not repeated,
// and nothing follows a final one.
func (s *subscriber) notify(v Version) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.last.Final || s.last == v {
		return
	}
	s.next, s.last = &v, v
	if !s.running {
		s.running = true
		go s.run()
	}
}

func (s *subscriber) run() {
	for v := s.take(); v != nil; v = s.take() {
		s.receive(*v)
	}
}

// take is the next version, or nil, and then the goroutine ends.
func (s *subscriber) take() *Version {
	s.lock.Lock()
	defer s.lock.Unlock()
	v := s.next
	s.next, s.running = nil, v != nil
	return v
}
