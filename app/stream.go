package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/fault"
)

// eventStream is the media type of a stream of events. Its form is that of GraphQL
// over Server-Sent Events, in distinct connections: an event next for each result,
// and complete at the end.
// https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
const eventStream = "text/event-stream"

// keepAlive is how often a subscriber hears that the server is there.
const keepAlive = 15 * time.Second

// subscribed is an operation that subscribes.
type subscribed struct {
	exec      graphql.GraphExecutor
	operation *graphql.OperationContext
}

// stream answers a subscription, until it is over, the subscriber leaves, or the
// server ends.
func (t transport) stream(ctx context.Context, w http.ResponseWriter, r *http.Request, s subscribed) {
	if !strings.Contains(r.Header.Get("Accept"), eventStream) {
		t.refuse(w, &refusal{http.StatusNotAcceptable,
			fault.New(fault.Invalid, "A subscription is answered as a stream: send Accept: %s.", eventStream)})
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(t.closing, cancel)()
	w.Header().Set("Content-Type", eventStream)
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	send := func(text string) bool {
		_, err := fmt.Fprint(w, text)
		return err == nil && out.Flush() == nil
	}
	if !send(":\n\n") {
		return
	}
	results := make(chan *graphql.Response)
	respond, running := s.exec.DispatchOperation(ctx, s.operation)
	go func() {
		defer close(results)
		for {
			result := respond(running)
			if result == nil {
				return
			}
			select {
			case results <- result:
			case <-ctx.Done():
				return
			}
		}
	}()
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-alive.C:
			if !send(":\n\n") {
				return
			}
		case result, more := <-results:
			if !more {
				send("event: complete\ndata:\n\n")
				return
			}
			text, err := json.Marshal(result)
			if err != nil || !send("event: next\ndata: "+string(text)+"\n\n") {
				return
			}
		}
	}
}
