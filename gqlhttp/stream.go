package gqlhttp

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/access"
	"vodgraph/auth"
)

// keepAlive is how often a subscriber hears that the server is there.
const keepAlive = 15 * time.Second

// silence is a comment, which shows only that the server is there.
const silence = ":\n\n"

type subscriptions struct {
	presenter *presenter
	executor  *executor
	// closing ends when the server does, and subscriptions with it.
	closing context.Context
	Pace    Pace
	// callers limits the subscriptions of each caller, by the name that history has for them.
	callers *access.ConnectionLimiter
}

// follow executes an operation and calls send with its results, one after the other,
// until it is over, send is false, or ctx ends. A panic is a result, too.
func (s *subscriptions) follow(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext, send func(*graphql.Response) bool) {
	defer s.presenter.recovered(ctx, func(shown *graphql.Response) { send(shown) })
	if operation.Operation.Operation != ast.Subscription {
		if response, _ := s.executor.execute(ctx, exec, operation); response != nil {
			send(s.presenter.seal(ctx, response))
		}
		return
	}
	next, running := exec.DispatchOperation(ctx, operation)
	for {
		response := next(running)
		if response == nil || !send(s.presenter.seal(ctx, response)) || ctx.Err() != nil {
			return
		}
	}
}

// stream answers an operation with events, until it is over, the subscriber leaves, or
// the server ends. What is not over by then is cut off, for there are clients that take
// the end of an answer for the end of its operation.
func (s *subscriptions) stream(ctx context.Context, out *responder, exec graphql.GraphExecutor, operation *graphql.OperationContext) {
	leave, refused := s.callers.Acquire(auth.From(ctx).Actor())
	if refused != nil {
		out.refuse(newHTTPError(http.StatusTooManyRequests, refused))
		return
	}
	defer leave()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.closing, cancel)()
	out.beginEvents()
	e := &eventWriter{out: out, conn: http.NewResponseController(out.ResponseWriter), timeout: s.Pace.write, cancel: cancel}
	e.alive = time.AfterFunc(keepAlive, func() { e.send(silence) })
	defer e.end()
	e.send(silence)
	s.follow(ctx, exec, operation, func(result *graphql.Response) bool { return e.send(nextEvent(result)) })
	if ctx.Err() != nil || !e.send(completeEvent) {
		_ = e.conn.SetWriteDeadline(time.Now()) // so that the answer is not ended properly
	}
}

type eventWriter struct {
	out     io.Writer
	conn    *http.ResponseController
	timeout time.Duration
	// cancel ends the operation, where nobody receives its results.
	cancel context.CancelFunc
	alive  *time.Timer

	lock  sync.Mutex
	ended bool
}

func (e *eventWriter) send(text string) bool {
	e.lock.Lock()
	defer e.lock.Unlock()
	if e.ended {
		return false
	}
	_ = e.conn.SetWriteDeadline(time.Now().Add(e.timeout)) // where there is none, the connection's own holds
	if _, err := io.WriteString(e.out, text); err != nil || e.conn.Flush() != nil {
		e.ended = true
		e.cancel()
		return false
	}
	e.alive.Reset(keepAlive)
	return true
}

func (e *eventWriter) end() {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.ended = true
	e.alive.Stop()
}
