package app

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/auth"
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
func (r *reply) begin() {
	r.Header().Set("Content-Type", eventStream+charset)
	r.Header().Set("Cache-Control", "no-store")
}

// subscribe streams a subscription to one who wants events, though something else
// more, and refuses others.
func (r *reply) subscribe(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext) {
	if wanted := matching(mediaRanges(r.request.Header.Values("Accept")), eventStream); wanted.specificity < 2 || wanted.quality == 0 {
		r.refuse(refuse(http.StatusNotAcceptable,
			fault.New(fault.NotAcceptable, "A subscription is answered as a stream: send Accept: %s.", eventStream)))
		return
	}
	r.stream(ctx, exec, operation)
}

// stream answers an operation with events, until it is over, the subscriber leaves, or
// the server ends. What is not over by then is cut off, for there are clients that take
// the end of an answer for the end of its operation.
func (r *reply) stream(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext) {
	leave, refused := r.callers.take(auth.From(ctx).Actor())
	if refused != nil {
		r.refuse(refused)
		return
	}
	defer leave()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(r.closing, cancel)()
	r.begin()
	e := &streamed{reply: r, out: http.NewResponseController(r.ResponseWriter), cancel: cancel}
	e.alive = time.AfterFunc(keepAlive, func() { e.send(silence) })
	defer e.end()
	e.send(silence)
	// Events come from below many calls, and so do they go: two stacks of half the depth
	// take half the memory of one, while nothing comes.
	over := make(chan struct{})
	told := &following{transport: r.transport, ctx: ctx, exec: exec, operation: operation, tell: func(result *graphql.Response) bool {
		if result == nil {
			close(over)
			return false
		}
		return e.send(next(result))
	}}
	told.begin() // which goes deep, and here is a stack that was there already
	go told.run()
	<-over
	if ctx.Err() != nil || !e.send(complete) {
		_ = e.out.SetWriteDeadline(time.Now()) // so that the answer is not ended properly
	}
}

// silence tells only that the server is there.
const silence = ":\n\n"

// streamed is a stream of events, which is written to by those who have something to tell, and
// by time.
type streamed struct {
	*reply
	out *http.ResponseController
	// cancel ends what is told of, where nobody hears it.
	cancel context.CancelFunc
	alive  *time.Timer

	lock  sync.Mutex
	ended bool
}

// send sends an event, and is false where the subscriber does not take it.
func (e *streamed) send(text string) bool {
	e.lock.Lock()
	defer e.lock.Unlock()
	if e.ended {
		return false
	}
	_ = e.out.SetWriteDeadline(time.Now().Add(e.pace.write)) // where there is none, the connection's own holds
	if _, err := io.WriteString(e, text); err != nil || e.out.Flush() != nil {
		e.ended = true
		e.cancel()
		return false
	}
	e.alive.Reset(keepAlive)
	return true
}

// end ends the stream. Nothing is written to it any more.
func (e *streamed) end() {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.ended = true
	e.alive.Stop()
}

// following is an operation whose results are told, one after the other, until it is over,
// nobody is told any more, or ctx ends. At last nil is told.
//
// Its parts are not variables of a function, because a subscriber waits most of the time,
// and a stack is the dearer place for it: one word too many takes twice the memory.
type following struct {
	*transport
	ctx       context.Context
	exec      graphql.GraphExecutor
	operation *graphql.OperationContext
	tell      func(*graphql.Response) bool
	// respond gives the next result of a subscription, of which running is the context.
	respond graphql.ResponseHandler
	running context.Context
}

// begin begins a subscription, and does all of what is none.
//
//go:noinline
func (f *following) begin() {
	defer func() { f.caught(recover()) }()
	if f.operation.Operation.Operation == ast.Subscription {
		f.respond, f.running = f.exec.DispatchOperation(f.ctx, f.operation)
		return
	}
	response, _ := f.within(f.ctx, f.exec, f.operation)
	f.pass(response)
}

// run tells the results that are still to come once it has begun.
func (f *following) run() {
	defer f.end()
	for f.respond != nil && f.pass(f.respond(f.running)) {
	}
}

// pass tells a result, and is false where no more are wanted.
//
//go:noinline
func (f *following) pass(result *graphql.Response) bool {
	return result != nil && f.tell(f.sealed(f.ctx, result)) && f.ctx.Err() == nil
}

// end, deferred, tells of a panic, and that there is no more.
func (f *following) end() {
	f.caught(recover())
	f.tell(nil)
}

// caught tells of a panic, unless the value is nil.
func (f *following) caught(value any) {
	if value != nil {
		f.tell(&graphql.Response{Errors: gqlerror.List{f.presenter.present(f.ctx, caught(value))}})
	}
}
