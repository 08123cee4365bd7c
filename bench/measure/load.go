package measure

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Target is an address, and requests as they go over the wire, which are made before, so that
// the clients take little of the processor from the server.
type Target struct {
	host     string
	requests [][]byte
}

// Add adds a request, of which all have one host.
func (t *Target) Add(request *http.Request) error {
	var text bytes.Buffer
	t.host = request.URL.Host
	err := request.Write(&text)
	t.requests = append(t.requests, text.Bytes())
	return err
}

// Turn is what a target did in one turn.
type Turn struct {
	Requests  int
	Bytes     int64
	Took      time.Duration
	Latencies Latencies
}

// Load asks a target for a while, by clients that each wait for an answer before they ask again. An
// answer with an error ends it.
func (t *Target) Load(ctx context.Context, clients int, long time.Duration) (Turn, error) {
	turns := make([]Turn, clients)
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for i := range turns {
		group.Go(func() error {
			c, err := t.dial(ctx)
			if err != nil {
				return err
			}
			defer c.conn.Close()
			chance := rand.New(rand.NewPCG(7, uint64(i)))
			for time.Since(began) < long && ctx.Err() == nil {
				sent := time.Now()
				if err := c.ask(t.requests[chance.IntN(len(t.requests))]); err != nil {
					return err
				}
				turns[i].Latencies = append(turns[i].Latencies, time.Since(sent))
				turns[i].Bytes += int64(c.body.Len())
			}
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return Turn{}, err
	}
	all := Turn{Took: time.Since(began)}
	for _, one := range turns {
		all.Bytes += one.Bytes
		all.Latencies = append(all.Latencies, one.Latencies...)
	}
	all.Requests = len(all.Latencies)
	slices.Sort(all.Latencies)
	return all, nil
}

// Answers are the bodies of the answers to the first requests, in their order.
func (t *Target) Answers(ctx context.Context, most int) ([][]byte, error) {
	c, err := t.dial(ctx)
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	var all [][]byte
	for _, request := range t.requests[:min(most, len(t.requests))] {
		if err := c.ask(request); err != nil {
			return nil, err
		}
		all = append(all, bytes.Clone(c.body.Bytes()))
	}
	return all, nil
}

type client struct {
	conn    net.Conn
	answers *bufio.Reader
	body    bytes.Buffer
}

func (t *Target) dial(ctx context.Context) (*client, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", t.host)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, answers: bufio.NewReaderSize(conn, 64<<10)}, nil
}

func (c *client) ask(request []byte) error {
	if err := c.conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return err
	}
	if _, err := c.conn.Write(request); err != nil {
		return err
	}
	response, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	c.body.Reset()
	if _, err := io.Copy(&c.body, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || !bytes.HasPrefix(c.body.Bytes(), []byte(`{"data":{`)) {
		return fmt.Errorf("%s: %.300s", response.Status, c.body.Bytes())
	}
	return nil
}

// Paced asks at fixed times until ctx ends, whether the requests before are answered or not, as many
// people do, and then waits for what is under way. A latency is counted from when its request was
// due, so that a server that stands still for a while delays all that come meanwhile.
func Paced(ctx context.Context, perSecond int, ask func(context.Context) error) (Latencies, error) {
	var lock sync.Mutex
	var all Latencies
	var group errgroup.Group
	began := time.Now()
	for i := 0; ; i++ {
		due := began.Add(time.Duration(i) * time.Second / time.Duration(perSecond))
		timer := time.NewTimer(time.Until(due))
		select {
		case <-ctx.Done():
			timer.Stop()
			err := group.Wait()
			slices.Sort(all)
			return all, err
		case <-timer.C:
		}
		group.Go(func() error {
			err := ask(context.WithoutCancel(ctx))
			lock.Lock()
			defer lock.Unlock()
			all = append(all, time.Since(due))
			return err
		})
	}
}
