package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// perSecond is how many lists are asked for in a second.
const perSecond = 50

const listDocument = `{ assets(first: 20) { nodes { id title tags { name } } } }`

// readers ask for a list at fixed times, whether the lists before are answered or
// not, as many people do. A list's latency is counted from when it was due, so that
// a server that stands still for a while is seen by all who come meanwhile.
type readers struct {
	client *http.Client
	url    string
	body   []byte

	lock    sync.Mutex
	latency []time.Duration
}

func newReaders(url string) (*readers, error) {
	body, err := json.Marshal(map[string]any{"query": listDocument})
	return &readers{url: url + "/graphql", body: body,
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1000}, Timeout: time.Minute}}, err
}

// read asks until ctx ends and then waits for what is under way. It returns the
// latencies, sorted.
func (r *readers) read(ctx context.Context) ([]time.Duration, error) {
	r.latency = nil
	var group errgroup.Group
	began := time.Now()
	for i := 0; ; i++ {
		due := began.Add(time.Duration(i) * time.Second / perSecond)
		timer := time.NewTimer(time.Until(due))
		select {
		case <-ctx.Done():
			timer.Stop()
			err := group.Wait()
			slices.Sort(r.latency)
			return r.latency, err
		case <-timer.C:
		}
		group.Go(func() error { return r.ask(context.WithoutCancel(ctx), due) })
	}
}

// ask asks for one list.
func (r *readers) ask(ctx context.Context, due time.Time) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(r.body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := r.client.Do(request)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(response.Body)
	if err := response.Body.Close(); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(text, []byte(`{"data":{"assets":{"nodes":[{`)) {
		return fmt.Errorf("%s: %.300s", response.Status, text)
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	r.latency = append(r.latency, time.Since(due))
	return nil
}

// quantile is a latency that so large a part of a sorted list stays within.
func quantile(sorted []time.Duration, part float64) time.Duration {
	return sorted[min(int(part*float64(len(sorted))), len(sorted)-1)]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
