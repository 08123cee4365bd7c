package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// target is a question at an address: requests as they go over the wire, made
// before so that the clients take little of the processor from the server.
type target struct {
	host     string
	requests [][]byte
}

// newTarget prepares requests, each of a method, an address and a body.
func newTarget(requests []*http.Request) (target, error) {
	t := target{host: requests[0].URL.Host}
	for _, r := range requests {
		var text bytes.Buffer
		if err := r.Write(&text); err != nil {
			return t, err
		}
		t.requests = append(t.requests, text.Bytes())
	}
	return t, nil
}

// turn is what a target did in one turn.
type turn struct {
	requests int
	bytes    int64
	took     time.Duration
	latency  []time.Duration // sorted
	spent    spent
}

// quantile is a latency that so large a part of the requests stayed within.
func (t turn) quantile(part float64) time.Duration {
	return t.latency[min(int(part*float64(len(t.latency))), len(t.latency)-1)]
}

// each is the processor's time a request, in milliseconds.
func (t turn) each() float64 {
	return milliseconds(t.spent.server+t.spent.database) / float64(t.requests)
}

// rate is requests a second.
func (t turn) rate() float64 { return float64(t.requests) / t.took.Seconds() }

// load asks a target for a while, by clients that each wait for an answer before
// they ask again. An answer that tells of an error ends it.
func (t target) load(ctx context.Context, clients int, long time.Duration) (turn, error) {
	turns := make([]turn, clients)
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for i := range turns {
		group.Go(func() error {
			conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", t.host)
			if err != nil {
				return err
			}
			defer conn.Close()
			c := &client{target: t, conn: conn, answers: bufio.NewReaderSize(conn, 64<<10),
				chance: rand.New(rand.NewPCG(7, uint64(i)))}
			for time.Since(began) < long && ctx.Err() == nil {
				if err := c.ask(&turns[i]); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return turn{}, err
	}
	all := turn{took: time.Since(began)}
	for _, one := range turns {
		all.requests += one.requests
		all.bytes += one.bytes
		all.latency = append(all.latency, one.latency...)
	}
	slices.Sort(all.latency)
	return all, nil
}

// client is one connection to a target.
type client struct {
	target
	conn    net.Conn
	answers *bufio.Reader
	chance  *rand.Rand
	body    bytes.Buffer
}

// ask sends a request drawn at random and reads the answer.
func (c *client) ask(into *turn) error {
	began := time.Now()
	if err := c.conn.SetDeadline(began.Add(time.Minute)); err != nil {
		return err
	}
	if _, err := c.conn.Write(c.requests[c.chance.IntN(len(c.requests))]); err != nil {
		return err
	}
	response, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		return err
	}
	c.body.Reset()
	_, err = io.Copy(&c.body, response.Body)
	if err := response.Body.Close(); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || !bytes.HasPrefix(c.body.Bytes(), []byte(`{"data":{`)) {
		return fmt.Errorf("%s: %.300s", response.Status, c.body.Bytes())
	}
	into.latency = append(into.latency, time.Since(began))
	into.requests++
	into.bytes += int64(c.body.Len())
	return nil
}

// anchorRequest asks an anchor.
func anchorRequest(address string, q question, d draw) (*http.Request, error) {
	return http.NewRequest(http.MethodGet, address+"/"+q.name+"?"+url.Values{"arg": d.args}.Encode(), nil)
}
