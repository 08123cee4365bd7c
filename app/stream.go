package app

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/fault"
)

// eventStream is the media type of a stream of events. Its form is that of GraphQL
// over Server-Sent Events, in distinct connections: an event next for each result,
// and complete at the end.
// https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
const eventStream = "text/event-stream"

// keepAlive is how often a subscriber hears that the server is there.
const keepAlive = 15 * time.Second

// complete is the event that ends a stream.
const complete = "event: complete\ndata:\n\n"

// next is the event that a result is.
func next(result *graphql.Response) string {
	return "event: next\ndata: " + string(inJSON(result)) + "\n\n"
}

// begin begins a stream.
func (r reply) begin() {
	r.Header().Set("Content-Type", eventStream+charset)
	r.Header().Set("Cache-Control", "no-store")
}

// subscribe streams a subscription to one who wants events, though something else
// more, and refuses others.
func (r reply) subscribe(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext) {
	if wanted := matching(mediaRanges(r.request.Header.Values("Accept")), eventStream); wanted.specificity < 2 || wanted.quality == 0 {
		r.refuse(refuse(http.StatusNotAcceptable,
			fault.New(fault.NotAcceptable, "A subscription is answered as a stream: send Accept: %s.", eventStream)))
		return
	}
	r.stream(ctx, exec, operation)
}

// stream answers an operation with events, until it is over, the subscriber leaves, or
// the server ends.
func (r reply) stream(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(r.closing, cancel)()
	r.begin()
	out := http.NewResponseController(r.ResponseWriter)
	send := func(text string) bool {
		_, err := fmt.Fprint(r, text)
		return err == nil && out.Flush() == nil
	}
	if !send(":\n\n") {
		return
	}
	results := r.results(ctx, exec, operation)
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
				send(complete)
				return
			}
			if !send(next(result)) {
				return
			}
		}
	}
}

// results executes an operation, and gives what comes of it, one after the other, until
// it is over or ctx ends.
func (t transport) results(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext) <-chan *graphql.Response {
	results := make(chan *graphql.Response)
	if operation.Operation.Operation != ast.Subscription {
		go func() {
			defer close(results)
			defer t.recovered(ctx, func(told *graphql.Response) { t.hand(ctx, results, told) })
			if response, _ := t.within(ctx, exec, operation); response != nil {
				t.hand(ctx, results, response)
			}
		}()
		return results
	}
	respond, running := exec.DispatchOperation(ctx, operation)
	go func() {
		defer close(results)
		defer t.recovered(ctx, func(told *graphql.Response) { t.hand(ctx, results, told) })
		for {
			result := respond(running)
			if result == nil {
				return
			}
			result.Data = bytes.Clone(result.Data) // the executor writes the next over it
			if !t.hand(ctx, results, result) {
				return
			}
		}
	}()
	return results
}

// hand gives a result to the one who waits for it, and is false where nobody does.
func (t transport) hand(ctx context.Context, to chan<- *graphql.Response, result *graphql.Response) bool {
	select {
	case to <- t.sealed(ctx, result):
		return true
	case <-ctx.Done():
		return false
	}
}
