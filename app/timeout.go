package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/fault"
)

// retryAfter is in how many seconds a request that took too long may be sent again.
const retryAfter = "1"

// errTimedOut is why the context of a request ends that takes too long. With it end the
// statements in the database; a connection's statement_timeout is the ceiling over them,
// where a cancellation does not arrive.
var errTimedOut = errors.New("the request took too long")

// timedOut reports whether a request has taken too long.
func timedOut(ctx context.Context) bool { return errors.Is(context.Cause(ctx), errTimedOut) }

// late is the fault of what was not done in time.
func late() *fault.Fault {
	return fault.New(fault.Timeout, "The request took too long, and was ended.")
}

// within executes a query or a mutation in the time that a request has. It is nil where
// nobody waits for the response any more, and whole where the operation was executed, at
// least in part; otherwise nothing of it was done in time.
func (t *transport) within(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext) (response *graphql.Response, whole bool) {
	ctx, cancel := context.WithTimeoutCause(ctx, t.patience, errTimedOut)
	defer cancel()
	heavy := operation.Stats.GetExtension(heavyName) != nil
	if t.courtesy != nil {
		t.courtesy.asked(heavy)
	}
	leave := t.alone(ctx, heavy) // first, so that what waits for it is in nobody's way
	if leave == nil {
		return crowded(ctx).response, false
	}
	defer leave()
	if leave = t.queue.enter(ctx); leave == nil {
		return crowded(ctx).response, false
	}
	defer leave()
	respond, ctx := exec.DispatchOperation(ctx, operation)
	response = respond(ctx)
	if !timedOut(ctx) || response != nil && len(response.Errors) == 0 {
		return response, true
	}
	t.presenter.log.LogAttrs(ctx, slog.LevelWarn, "a request took too long",
		slog.String("operation", operation.OperationName), slog.Duration("after", t.patience))
	isMutation := operation.Operation.Operation == ast.Mutation
	if response != nil && len(response.Data) > 0 && (isMutation || tells(response.Data)) {
		return response, true
	}
	f := late()
	if isMutation {
		f = interrupted(outcomeUnknown)
	}
	return refuse(http.StatusServiceUnavailable, f).response, false
}

// crowded refuses a request for which there was no place, or none in time.
func crowded(ctx context.Context) *refusal {
	if timedOut(ctx) {
		return refuse(http.StatusServiceUnavailable, late())
	}
	return refuse(http.StatusServiceUnavailable, fault.New(fault.Overloaded, "The server has too much to do; try again."))
}

// tells reports whether data tells anything but that there is none.
func tells(data json.RawMessage) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return false
	}
	for _, value := range fields {
		if string(value) != "null" {
			return true
		}
	}
	return false
}

// arrives has the rest of a request arrive in the time that it has, and returns what
// takes the deadline away again. A request that is refused keeps it: the server reads the
// rest of it too before it takes the next.
func (t *transport) arrives(w http.ResponseWriter) (arrived func()) {
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Now().Add(t.patience)) // where there is none, the connection's own holds
	return func() { _ = out.SetReadDeadline(time.Time{}) }
}

// brokenOff is the refusal of a request of which the rest does not come.
func brokenOff(err error) *refusal {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return refuse(http.StatusRequestTimeout, fault.New(fault.Timeout, "The request did not arrive in time."))
	}
	return bad(fault.New(fault.Invalid, "The request ended too early."))
}
