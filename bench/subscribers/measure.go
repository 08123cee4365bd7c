package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"vodgraph/bench/served"
)

// atOnce is how many subscribers begin at the same time.
const atOnce = 20

// leavingTime is how long the server may take to forget those who left.
const leavingTime = 10 * time.Second

// measure measures one way to subscribe, and gives a row of the table.
func (s settings) measure(ctx context.Context, server *served.Process, lib *library, w way) (string, error) {
	quiet, err := server.Collected()
	if err != nil {
		return "", err
	}
	// The first ones have the server prepare what it keeps for all.
	warm, err := crowd(ctx, server.URL, w, lib.quiet[:min(len(lib.quiet), atOnce)])
	warm.leave()
	if err != nil {
		return "", err
	}
	before, err := settles(ctx, server, quiet.Goroutines)
	if err != nil {
		return "", err
	}
	idle, err := crowd(ctx, server.URL, w, lib.quiet)
	defer idle.leave()
	if err != nil {
		return "", err
	}
	with, err := server.Collected()
	if err != nil {
		return "", err
	}
	if err := wait(ctx, s.rest); err != nil {
		return "", err
	}
	rested, err := server.Look()
	if err != nil {
		return "", err
	}
	var assets []string
	for i := range s.busy {
		assets = append(assets, lib.lively[i%len(lib.lively)])
	}
	busy, err := crowd(ctx, server.URL, w, assets)
	defer busy.leave()
	if err != nil {
		return "", err
	}
	changes, events, err := s.changes(ctx, server, lib, busy)
	if err != nil {
		return "", err
	}
	all, err := server.Collected()
	if err != nil {
		return "", err
	}
	busy.leave()
	idle.leave()
	after, err := settles(ctx, server, before.Goroutines)
	if err != nil {
		return "", err
	}
	each := func(of int64) float64 { return float64(of) / float64(len(lib.quiet)) }
	return fmt.Sprintf("| %s | %.1f + %.1f | %.1f | %.1f %% | %d | %s | %s | %d / %d / %d |", w.name,
		each(with.Heap-before.Heap)/1024, each(with.Stacks-before.Stacks)/1024, each(int64(with.Goroutines-before.Goroutines)),
		100*float64(rested.Processor-with.Processor)/float64(s.rest),
		len(events), spread(changes), spread(events), before.Goroutines, all.Goroutines, after.Goroutines), nil
}

// subscriber is one of a crowd.
type subscriber struct {
	asset string
	next  func() (string, error)
	leave func()
}

// group is a crowd of subscribers.
type group struct {
	all []subscriber
	// left is done once.
	left sync.Once
}

// leave has all of them leave.
func (g *group) leave() {
	g.left.Do(func() {
		for _, one := range g.all {
			one.leave()
		}
	})
}

// crowd subscribes to each of the assets, and waits for the first event of each.
func crowd(ctx context.Context, url string, w way, assets []string) (*group, error) {
	crowd := &group{}
	var lock sync.Mutex
	begin, ctxOfGroup := errgroup.WithContext(ctx)
	begin.SetLimit(atOnce)
	for _, asset := range assets {
		begin.Go(func() error {
			if ctxOfGroup.Err() != nil {
				return ctxOfGroup.Err()
			}
			next, leave, err := w.open(ctx, url, asset)
			if err != nil {
				return err
			}
			lock.Lock()
			crowd.all = append(crowd.all, subscriber{asset, next, leave})
			lock.Unlock()
			_, err = next()
			return err
		})
	}
	return crowd, begin.Wait()
}

// told are the times of the events, by the title that each told.
type told struct {
	lock  sync.Mutex
	times map[string][]time.Time
}

// changes changes the assets of a crowd in turn, and gives how long each change took, and
// how long after it was sent each subscriber was told of it. Each must be told of each.
func (s settings) changes(ctx context.Context, server *served.Process, lib *library, busy *group) (changes, events []time.Duration, err error) {
	heard := &told{times: map[string][]time.Time{}}
	for _, one := range busy.all {
		go heard.hear(one)
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
		if err := rename(ctx, server, lib.lively[i%len(lib.lively)], title); err != nil {
			return nil, nil, err
		}
		changes = append(changes, time.Since(sent[title]))
	}
	for deadline := time.Now().Add(leavingTime); ; {
		if events, missing := heard.since(sent, len(busy.all)/len(lib.lively)); missing == 0 {
			return changes, events, nil
		} else if time.Now().After(deadline) {
			return nil, nil, fmt.Errorf("%d events were not told", missing)
		}
		if err := wait(ctx, 10*time.Millisecond); err != nil {
			return nil, nil, err
		}
	}
}

// hear keeps the times of a subscriber's events until it leaves.
func (h *told) hear(one subscriber) {
	for {
		title, err := one.next()
		if err != nil {
			return // it has left, or events are missing in the end
		}
		now := time.Now()
		h.lock.Lock()
		h.times[title] = append(h.times[title], now)
		h.lock.Unlock()
	}
}

// since gives how long after its change was sent each event came, and how many are missing
// of so many for each change.
func (h *told) since(sent map[string]time.Time, each int) (events []time.Duration, missing int) {
	h.lock.Lock()
	defer h.lock.Unlock()
	for title, at := range sent {
		missing += max(each-len(h.times[title]), 0)
		for _, heard := range h.times[title] {
			events = append(events, heard.Sub(at))
		}
	}
	return events, missing
}

// rename gives an asset another title.
func rename(ctx context.Context, server *served.Process, id, title string) error {
	var answer struct{ AssetsUpdate struct{ ChangedCount int } }
	err := server.Ask(ctx, "mutation ($items: [AssetUpdateInput!]!) { assetsUpdate(items: $items) { changedCount } }",
		map[string]any{"items": []any{map[string]any{"id": id, "title": title}}}, &answer)
	if err == nil && answer.AssetsUpdate.ChangedCount != 1 {
		err = errors.New("nothing was changed")
	}
	return err
}

// settles waits until the server has no more goroutines than it had.
func settles(ctx context.Context, server *served.Process, goroutines int) (state served.State, err error) {
	for deadline := time.Now().Add(leavingTime); ; {
		http.DefaultClient.CloseIdleConnections()
		if state, err = server.Collected(); err != nil || state.Goroutines <= goroutines || time.Now().After(deadline) {
			return state, err
		}
		if err := wait(ctx, 20*time.Millisecond); err != nil {
			return state, err
		}
	}
}

// wait waits for a while.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// spread is the median and the 99th hundredth of times, in milliseconds.
func spread(times []time.Duration) string {
	if len(times) == 0 {
		return "-"
	}
	slices.Sort(times)
	at := func(of float64) float64 {
		return float64(times[int(of*float64(len(times)-1))]) / float64(time.Millisecond)
	}
	return strings.Join([]string{fmt.Sprintf("%.1f", at(.5)), fmt.Sprintf("%.1f", at(.99))}, " / ")
}
