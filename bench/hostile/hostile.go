// Package hostile measures what requests that ask for much cost a server, and what those who ask for little
// notice of them. It fails where a request takes more than 50 ms of the processor, or is answered with more
// than 64 KB.
package hostile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"vodgraph/bench/measure"
	"vodgraph/bench/served"
	"vodgraph/bench/vectors"
)

// The bounds of a request.
const (
	maxProcessor = 50 * time.Millisecond
	maxAnswer    = 64 << 10
)

// largest is how large a request is made, in bytes: some more than is read.
const largest = 5 << 20

// attackers is how many connections attack, and perSecond how often the good client asks.
const (
	attackers = 4
	perSecond = 20
)

const goodList = `{"query": "{ assets(first: 20) { nodes { id title tags { name } categories { name } } } }"}`

// answered is the outcome of a request that is not refused; else it is an error code.
const answered = "answered"

type settings struct {
	database string
	assets   int
	times    int
	time     time.Duration
}

// Scenario sends each request again and again to a server in a process of its own, and then all in turn
// beside a good client.
func Scenario(flags measure.Flags) measure.Run {
	s := &settings{assets: 2000, times: 20, time: 15 * time.Second}
	flags.Database(&s.database)
	flags.Int(&s.assets, "assets", 1000, 100_000, "how many assets the library has")
	flags.Int(&s.times, "times", 1, 1000, "how often each request is sent")
	flags.Seconds(&s.time, "seconds", 2*time.Minute, "for how long the good client is measured alone, and under attack")
	return s.run
}

type attack struct {
	*settings
	server *served.Process
	client *http.Client
	out    io.Writer
	// bodies are the requests as they are sent, and over is how many are over a bound.
	bodies [][]byte
	over   int
}

func (s *settings) run(ctx context.Context, out io.Writer) error {
	return measure.WithServer(ctx, s.database, measure.Corpus(s.assets), func(server *served.Process) error {
		a := &attack{settings: s, server: server, out: out,
			client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: attackers + 1}}}
		if err := a.costs(ctx); err != nil {
			return err
		}
		if err := a.beside(ctx); err != nil {
			return err
		}
		if a.over > 0 {
			return fmt.Errorf("%d requests are over the bounds", a.over)
		}
		return nil
	})
}

// costs measures each request. Of those that grow it prints the size that took the most of the processor.
func (a *attack) costs(ctx context.Context) error {
	measure.Head(a.out, "request | KB sent | outcome | processor, ms | KB answered")
	fixed := vectors.Documents()
	maps.Copy(fixed, vectors.Values())
	for _, name := range slices.Sorted(maps.Keys(fixed)) {
		cost, err := a.measure(ctx, body(fixed[name]))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		a.add(name, cost)
	}
	growing := vectors.Growing()
	for _, name := range slices.Sorted(maps.Keys(growing)) {
		worst, size, err := a.grow(ctx, growing[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		a.add(fmt.Sprintf("%s, doubled: worst of %d", name, size), worst)
	}
	return nil
}

type cost struct {
	body      []byte
	outcome   string
	processor time.Duration
	answer    int
}

func (a *attack) add(name string, c cost) {
	mark := ""
	if c.processor > maxProcessor || c.answer > maxAnswer {
		mark = " **over**"
		a.over++
	}
	fmt.Fprintf(a.out, "| %s | %.1f | %s | %.1f | %.1f%s |\n", name, float64(len(c.body))/1024, c.outcome,
		measure.Milliseconds(c.processor), float64(c.answer)/1024, mark)
	a.bodies = append(a.bodies, c.body)
}

// grow doubles the size of a request until it is too large to be read, and returns the worst.
func (a *attack) grow(ctx context.Context, of func(int) vectors.Vector) (worst cost, at int, err error) {
	for size := 1; size <= 1<<20; size *= 2 {
		sent := body(of(size))
		if len(sent) > largest {
			break
		}
		c, err := a.measure(ctx, sent)
		if err != nil {
			return worst, at, err
		}
		if c.processor > worst.processor {
			worst, at = c, size
		}
	}
	return worst, at, nil
}

func body(v vectors.Vector) []byte {
	text, err := json.Marshal(map[string]any{"query": v.Document, "variables": v.Variables})
	if err != nil {
		panic(err) // vectors are texts, numbers, lists and objects
	}
	return text
}

// measure sends a request again and again, and takes the mean of the server's processor. What is kept of the
// first does not count.
func (a *attack) measure(ctx context.Context, body []byte) (c cost, err error) {
	c.body = body
	if c.outcome, c.answer, err = a.send(ctx, body); err != nil {
		return c, err
	}
	before := a.server.Look()
	for range a.times {
		if _, _, err := a.send(ctx, body); err != nil {
			return c, err
		}
	}
	c.processor = (a.server.Look().Processor - before.Processor) / time.Duration(a.times)
	return c, nil
}

func (a *attack) send(ctx context.Context, body []byte) (outcome string, length int, err error) {
	status, text, err := served.Post(ctx, a.client, a.server.URL, body)
	if err != nil {
		return "", 0, err
	}
	var answer struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return "", 0, fmt.Errorf("read %s: %w", status, err)
	}
	if len(answer.Errors) > 0 {
		return answer.Errors[0].Extensions.Code, len(text), nil
	}
	return answered, len(text), nil
}

// beside measures the good client alone and under attack.
func (a *attack) beside(ctx context.Context) error {
	alone, err := a.good(ctx)
	if err != nil {
		return err
	}
	attacked, end := context.WithCancel(ctx)
	defer end()
	var attacking errgroup.Group
	counts := make([]int, attackers)
	for i := range attackers {
		attacking.Go(func() error {
			for n := i * len(a.bodies) / attackers; attacked.Err() == nil; n++ {
				if _, _, err := a.send(attacked, a.bodies[n%len(a.bodies)]); err != nil && attacked.Err() == nil {
					return err
				}
				counts[i]++
			}
			return nil
		})
	}
	beside, err := a.good(ctx)
	end()
	if err := errors.Join(err, attacking.Wait()); err != nil {
		return err
	}
	requests := 0
	for _, n := range counts {
		requests += n
	}
	fmt.Fprintln(a.out)
	measure.Head(a.out, "the good client | lists | p50, ms | p99, ms")
	fmt.Fprintf(a.out, "| alone | %d | %.1f | %.1f |\n", len(alone), alone.At(0.5), alone.At(0.99))
	fmt.Fprintf(a.out, "| beside the attack | %d | %.1f | %.1f |\n", len(beside), beside.At(0.5), beside.At(0.99))
	fmt.Fprintf(a.out, "\n%.0f hostile requests a second.\n", float64(requests)/a.time.Seconds())
	return nil
}

func (a *attack) good(ctx context.Context) (measure.Latencies, error) {
	asking, end := context.WithTimeout(ctx, a.time)
	defer end()
	return measure.Paced(asking, perSecond, func(ctx context.Context) error {
		outcome, _, err := a.send(ctx, []byte(goodList))
		if err == nil && outcome != answered {
			err = fmt.Errorf("the good client gets %s", outcome)
		}
		return err
	})
}
