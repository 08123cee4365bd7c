package subscribers

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"vodgraph/bench/measure"
	"vodgraph/bench/served"
)

// atOnce is how many subscribers begin at the same time.
const atOnce = 20

// leavingTime is how long the server may take to forget those who left.
const leavingTime = 10 * time.Second

// measure measures one way to subscribe, and returns a row of the table.
func (s *settings) measure(ctx context.Context, server *served.Process, w way) (string, error) {
	start := server.Collected()
	quiet, lively := s.quiet(), s.lively()
	// The first ones make the server prepare what it keeps for all.
	warm, err := subscribe(ctx, server.URL, w, quiet[:min(len(quiet), atOnce)])
	warm.leave()
	if err != nil {
		return "", err
	}
	before := settled(ctx, server, start.Goroutines)
	idle, err := subscribe(ctx, server.URL, w, quiet)
	defer idle.leave()
	if err != nil {
		return "", err
	}
	with := server.Collected()
	select {
	case <-time.After(s.rest):
	case <-ctx.Done():
		return "", ctx.Err()
	}
	rested := server.Look()
	busy, err := subscribe(ctx, server.URL, w, slices.Repeat(lively, subscribersOfAsset))
	defer busy.leave()
	if err != nil {
		return "", err
	}
	changes, events, err := s.change(ctx, server, lively, busy)
	if err != nil {
		return "", err
	}
	all := server.Collected()
	busy.leave()
	idle.leave()
	after := settled(ctx, server, before.Goroutines)
	each := func(of int64) float64 { return float64(of) / float64(len(quiet)) }
	return fmt.Sprintf("| %s | %.1f + %.1f | %.1f | %.1f %% | %d | %.1f / %.1f | %.1f / %.1f | %d / %d / %d |", w.name,
		each(with.Heap-before.Heap)/1024, each(with.Stacks-before.Stacks)/1024, each(int64(with.Goroutines-before.Goroutines)),
		100*float64(rested.Processor-with.Processor)/float64(s.rest), len(events),
		changes.At(0.5), changes.At(0.99), events.At(0.5), events.At(0.99), before.Goroutines, all.Goroutines, after.Goroutines), nil
}

// subscriber is one whose events have titles.
type subscriber struct {
	next  func() (string, error)
	leave func()
}

// crowd are subscribers that leave together, once.
type crowd struct {
	all  []subscriber
	left sync.Once
}

func (c *crowd) leave() {
	c.left.Do(func() {
		for _, one := range c.all {
			one.leave()
		}
	})
}

// subscribe subscribes to each of the assets, and waits for the first event of each.
func subscribe(ctx context.Context, url string, w way, assets []string) (*crowd, error) {
	c := &crowd{}
	var lock sync.Mutex
	begin, beginning := errgroup.WithContext(ctx)
	begin.SetLimit(atOnce)
	for _, asset := range assets {
		begin.Go(func() error {
			if beginning.Err() != nil {
				return beginning.Err()
			}
			one, err := w.open(ctx, url, asset)
			if err != nil {
				return err
			}
			lock.Lock()
			c.all = append(c.all, one)
			lock.Unlock()
			_, err = one.next()
			return err
		})
	}
	return c, begin.Wait()
}

// change changes assets in turn, and returns how long each change took, and how long after it was sent each
// subscriber got the event. Each must get one of each change to its asset.
func (s *settings) change(ctx context.Context, server *served.Process, assets []string, busy *crowd) (changes, events measure.Latencies, err error) {
	received := &received{times: map[string][]time.Time{}}
	for _, one := range busy.all {
		go received.listen(one)
	}
	sent := map[string]time.Time{}
	tick := time.NewTicker(time.Second / time.Duration(s.rate))
	defer tick.Stop()
	for i := range int(s.time.Seconds() * float64(s.rate)) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
		title := fmt.Sprintf("%d of %d", i, time.Now().UnixNano())
		sent[title] = time.Now()
		if err := server.Rename(ctx, assets[i%len(assets)], title); err != nil {
			return nil, nil, err
		}
		changes = append(changes, time.Since(sent[title]))
	}
	waiting, end := context.WithTimeout(ctx, leavingTime)
	defer end()
	missing := 0
	err = served.Poll(waiting, 10*time.Millisecond, func() (bool, error) {
		events, missing = received.since(sent)
		return missing == 0, nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%d events did not come: %w", missing, err)
	}
	slices.Sort(changes)
	slices.Sort(events)
	return changes, events, nil
}

// received are the times of events, by their titles.
type received struct {
	lock  sync.Mutex
	times map[string][]time.Time
}

// listen keeps the times of a subscriber's events until it leaves, or none come any more.
func (r *received) listen(one subscriber) {
	for {
		title, err := one.next()
		if err != nil {
			return
		}
		now := time.Now()
		r.lock.Lock()
		r.times[title] = append(r.times[title], now)
		r.lock.Unlock()
	}
}

// since returns how long after its change was sent each event came, and how many are missing.
func (r *received) since(sent map[string]time.Time) (events measure.Latencies, missing int) {
	r.lock.Lock()
	defer r.lock.Unlock()
	for title, at := range sent {
		missing += max(subscribersOfAsset-len(r.times[title]), 0)
		for _, came := range r.times[title] {
			events = append(events, came.Sub(at))
		}
	}
	return events, missing
}

// settled is the state of the server once it has no more goroutines than it had, or after leavingTime.
func settled(ctx context.Context, server *served.Process, goroutines int) (state served.State) {
	ctx, end := context.WithTimeout(ctx, leavingTime)
	defer end()
	_ = served.Poll(ctx, 20*time.Millisecond, func() (bool, error) {
		http.DefaultClient.CloseIdleConnections()
		state = server.Collected()
		return state.Goroutines <= goroutines, nil
	})
	return state
}
