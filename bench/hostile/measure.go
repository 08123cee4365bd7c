package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"vodgraph/bench/served"
	"vodgraph/bench/vectors"
)

// The bounds of a request.
const (
	mostProcessor = 50 * time.Millisecond
	mostAnswer    = 64 << 10
)

// largest is how large a request is made, in bytes: some more than is read.
const largest = 5 << 20

// attackers is how many connections attack, and pace how often the good client asks.
const (
	attackers = 4
	pace      = time.Second / 20
)

// client keeps a connection for each who asks.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: attackers + 1}}

// measured is what a request came to.
type measured struct {
	sent, answer int
	verdict      string
	processor    time.Duration
}

// worse tells whether a request is over a bound.
func (m measured) worse() bool { return m.processor > mostProcessor || m.answer > mostAnswer }

func (m measured) row(name string) string {
	mark := ""
	if m.worse() {
		mark = " **over**"
	}
	return fmt.Sprintf("| %s | %.1f | %s | %.1f | %.1f%s |", name, float64(m.sent)/1024, m.verdict,
		float64(m.processor)/float64(time.Millisecond), float64(m.answer)/1024, mark)
}

// costs measures each request, prints what it came to, and gives the bodies of all, and how
// many are over a bound. Of those that grow it tells the size that took the most of the
// processor.
func (s settings) costs(ctx context.Context, server *served.Process) (all [][]byte, over int, err error) {
	fmt.Println("| request | KB sent | verdict | processor, ms | KB answered |\n|---|---|---|---|---|")
	fixed := vectors.Documents()
	maps.Copy(fixed, vectors.Values())
	tell := func(name string, m measured) {
		fmt.Println(m.row(name))
		if m.worse() {
			over++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fixed)) {
		body, err := body(fixed[name])
		if err != nil {
			return nil, 0, err
		}
		m, err := s.measure(ctx, server, body)
		if err != nil {
			return nil, 0, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, body)
		tell(name, m)
	}
	growing := vectors.Growing()
	for _, name := range slices.Sorted(maps.Keys(growing)) {
		worst, at, hard, err := s.grow(ctx, server, growing[name])
		if err != nil {
			return nil, 0, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, hard)
		tell(fmt.Sprintf("%s, doubled: worst of %d", name, at), worst)
	}
	return all, over, nil
}

// grow doubles the size of a request until it is too large to be read, and gives the worst.
func (s settings) grow(ctx context.Context, server *served.Process, of func(int) vectors.Vector) (worst measured, at int, hard []byte, err error) {
	for size := 1; ; size *= 2 {
		text, err := body(of(size))
		if err != nil || len(text) > largest || size > 1<<20 {
			return worst, at, hard, err
		}
		m, err := s.measure(ctx, server, text)
		if err != nil {
			return worst, at, hard, err
		}
		if m.processor > worst.processor {
			worst, at, hard = m, size, text
		}
	}
}

// body is a request as it is sent.
func body(v vectors.Vector) ([]byte, error) {
	return json.Marshal(map[string]any{"query": v.Document, "variables": v.Variables})
}

// measure sends a request again and again, and takes the mean of the server's processor.
// What is kept of the first does not count.
func (s settings) measure(ctx context.Context, server *served.Process, body []byte) (m measured, err error) {
	if m, err = send(ctx, server.URL, body); err != nil {
		return m, err
	}
	before, err := server.Look()
	if err != nil {
		return m, err
	}
	for range s.times {
		if _, err := send(ctx, server.URL, body); err != nil {
			return m, err
		}
	}
	after, err := server.Look()
	m.processor = (after.Processor - before.Processor) / time.Duration(s.times)
	return m, err
}

// send sends a request.
func send(ctx context.Context, url string, body []byte) (m measured, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return m, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return m, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return m, err
	}
	var answer struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return m, fmt.Errorf("read %s: %w", response.Status, err)
	}
	m = measured{sent: len(body), answer: len(text), verdict: "answered"}
	if len(answer.Errors) > 0 {
		m.verdict = answer.Errors[0].Extensions.Code
	}
	return m, nil
}

// list is what the good client asks for.
const list = `{"query": "{ assets(first: 20) { nodes { id title tags { name } categories { name } } } }"}`

// beside measures the good client alone and under attack.
func (s settings) beside(ctx context.Context, server *served.Process, all [][]byte) error {
	alone, err := s.good(ctx, server.URL)
	if err != nil {
		return err
	}
	attack, end := context.WithCancel(ctx)
	defer end()
	var attacking errgroup.Group
	counts := make([]int, attackers)
	for i := range attackers {
		attacking.Go(func() error {
			for n := i * len(all) / attackers; attack.Err() == nil; n++ {
				if _, err := send(attack, server.URL, all[n%len(all)]); err != nil && attack.Err() == nil {
					return err
				}
				counts[i]++
			}
			return nil
		})
	}
	beside, err := s.good(ctx, server.URL)
	end()
	if err := attacking.Wait(); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	requests := 0
	for _, n := range counts {
		requests += n
	}
	fmt.Printf("\n| the good client | lists | p50, ms | p99, ms |\n|---|---|---|---|\n%s\n%s\n\n%.0f hostile requests a second.\n",
		row("alone", alone), row("beside the attack", beside), float64(requests)/s.time.Seconds())
	return nil
}

// good asks for a list again and again, each at its time whether the one before is answered
// or not, and gives how long each answer took.
func (s settings) good(ctx context.Context, url string) ([]time.Duration, error) {
	took := make([]time.Duration, int(s.time/pace))
	asking, ctx := errgroup.WithContext(ctx)
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for i := range took {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, asking.Wait()
		}
		asking.Go(func() error {
			begun := time.Now()
			m, err := send(ctx, url, []byte(list))
			if took[i] = time.Since(begun); err == nil && m.verdict != "answered" {
				err = fmt.Errorf("the good client is told %s", m.verdict)
			}
			return err
		})
	}
	return took, asking.Wait()
}

// row is a row of the second table.
func row(name string, took []time.Duration) string {
	slices.Sort(took)
	at := func(of float64) float64 {
		return float64(took[int(of*float64(len(took)-1))]) / float64(time.Millisecond)
	}
	return fmt.Sprintf("| %s | %d | %.1f | %.1f |", name, len(took), at(.5), at(.99))
}
