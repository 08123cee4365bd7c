package typesense

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker"
	"github.com/typesense/typesense-go/v3/typesense/api/circuit"

	"vodgraph/search"
)

const (
	// askTimeout is for one search over all servers. One of several gets its share of what
	// is left, so that the next gets its own.
	askTimeout = 2 * time.Second
	// writeTimeout is the same for a batch of documents, or for a collection that
	// is made or deleted.
	writeTimeout = 10 * time.Second
	// failures in a row exclude a server for a pause, so that a frozen one costs no more
	// than that many searches their whole time. After the pause one search tries it, while
	// the others still avoid it.
	failures = 3
	pause    = time.Second
	maxIdle  = 32
)

// nodes sends requests to the servers, to the one that answered last first. It
// is used in place of the failover of Typesense's client, which is not made for
// several goroutines, waits 100 ms after each failure, and gives no server a
// second chance for a minute.
type nodes struct {
	http *http.Client
	all  []*serverNode
	last atomic.Int32 // the one that answered last
}

// serverNode is one server with its circuit breaker.
type serverNode struct {
	url     *url.URL
	breaker circuit.Breaker
}

func newNodes(addresses []string) (*nodes, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = maxIdle
	n := &nodes{http: &http.Client{Transport: transport}}
	for _, address := range addresses {
		parsed, err := url.Parse(address)
		if err != nil {
			return nil, errHost
		}
		n.all = append(n.all, &serverNode{url: parsed, breaker: circuit.NewGoBreaker(
			circuit.WithGoBreakerName(parsed.Host),
			circuit.WithGoBreakerMaxRequests(1),
			circuit.WithGoBreakerInterval(0),
			circuit.WithGoBreakerTimeout(pause),
			circuit.WithGoBreakerReadyToTrip(func(counts gobreaker.Counts) bool { return counts.ConsecutiveFailures >= failures }),
		)})
	}
	return n, nil
}

// Do sends a request to the first server that answers with a status below 500. The
// response is read whole, so that one that breaks off counts as a failure. It fails with
// search.ErrUnavailable where no server answers.
func (n *nodes) Do(request *http.Request) (*http.Response, error) {
	var answer *http.Response
	var failed error
	start := int(n.last.Load())
	for i := range n.all {
		at := (start + i) % len(n.all)
		got, err := n.send(request, n.all[at], len(n.all)-i)
		switch {
		case err == nil && got.StatusCode < http.StatusInternalServerError:
			n.last.Store(int32(at))
			return got, nil
		case err == nil:
			answer = got
		default:
			failed = errors.Join(failed, err)
		}
		if err := request.Context().Err(); err != nil {
			break
		}
	}
	if answer != nil {
		return answer, nil
	}
	return nil, fmt.Errorf("%w: %w", search.ErrUnavailable, failed)
}

// send sends a request to one server, which may take its share of the time left for it
// and the servers after it.
func (n *nodes) send(request *http.Request, node *serverNode, left int) (answer *http.Response, err error) {
	share := writeTimeout
	if deadline, ok := request.Context().Deadline(); ok {
		share = time.Until(deadline) / time.Duration(left)
	}
	ctx, cancel := context.WithTimeout(request.Context(), share)
	defer cancel()
	sent := request.Clone(ctx)
	sent.URL.Scheme, sent.URL.Host, sent.Host = node.url.Scheme, node.url.Host, ""
	if request.GetBody != nil {
		if sent.Body, err = request.GetBody(); err != nil {
			return nil, err
		}
	}
	broke := node.breaker.Execute(func() error {
		answer, err = n.roundTrip(sent)
		if errors.Is(context.Cause(request.Context()), context.Canceled) {
			return nil // the caller has gone, which says nothing about the server
		}
		return err
	})
	if err == nil && broke != nil {
		err = broke // it was not sent
	}
	return answer, err
}

func (n *nodes) roundTrip(request *http.Request) (*http.Response, error) {
	answer, err := n.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(content))
	return answer, nil
}
