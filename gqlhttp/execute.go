package gqlhttp

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

type throttle interface {
	// Note notes that a request has come, an expensive one or not.
	Note(heavy bool)
	// BeginHeavy begins an expensive request. What it returns is, at its end, for how long
	// its slot must stay empty.
	BeginHeavy() (cooldown func() time.Duration)
}

// executor runs queries and mutations: only so many at once, and each for the time that
// a request has.
type executor struct {
	presenter *presenter
	// Patience is the time that a request has to arrive, and again to be answered. It is
	// not for subscriptions.
	Patience time.Duration
	// queue lets only so many operations run at once, and heavy fewer of those that are.
	queue, heavy *queue
	// throttle is nil where nothing runs in the background.
	throttle throttle
}

// execute executes a query or a mutation. The response is nil where nobody waits for it
// any more, and whole where the operation was executed, at least in part; otherwise
// nothing of it was done in time.
func (e *executor) execute(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext) (response *graphql.Response, whole bool) {
	ctx, cancel := context.WithTimeoutCause(ctx, e.Patience, errTimedOut)
	defer cancel()
	heavy := operation.Stats.GetExtension(heavyName) != nil
	if e.throttle != nil {
		e.throttle.Note(heavy)
	}
	leave := e.acquireHeavySlot(ctx, heavy) // first, so that what waits for it is in nobody's way
	if leave == nil {
		return overloaded(ctx).response, false
	}
	defer leave()
	if leave = e.queue.enter(ctx); leave == nil {
		return overloaded(ctx).response, false
	}
	defer leave()
	respond, ctx := exec.DispatchOperation(ctx, operation)
	response = respond(ctx)
	if !timedOut(ctx) || response != nil && len(response.Errors) == 0 {
		return response, true
	}
	e.presenter.log.LogAttrs(ctx, slog.LevelWarn, "a request took too long",
		slog.String("operation", operation.OperationName), slog.Duration("after", e.Patience))
	isMutation := operation.Operation.Operation == ast.Mutation
	if response != nil && len(response.Data) > 0 && (isMutation || hasData(response.Data)) {
		return response, true
	}
	f := timeoutFault()
	if isMutation {
		f = interrupted(outcomeUnknown)
	}
	return newHTTPError(http.StatusServiceUnavailable, f).response, false
}

func hasData(data json.RawMessage) bool {
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

// acquireHeavySlot waits for a slot of an expensive request; what is not expensive needs
// none. What it returns releases the slot; it is nil as for queue.enter.
//
// While many cheap requests come, the slot stays empty for a while when it is released:
// they would wait for a processor that is never free.
func (e *executor) acquireHeavySlot(ctx context.Context, heavy bool) (leave func()) {
	if !heavy {
		return func() {}
	}
	free := e.heavy.enter(ctx)
	if free == nil || e.throttle == nil {
		return free
	}
	cooldown := e.throttle.BeginHeavy()
	return func() {
		if wait := cooldown(); wait > 0 {
			time.AfterFunc(wait, free)
			return
		}
		free()
	}
}

// deadline gives the rest of a request the time that it has to arrive, and returns what
// takes the deadline away again. A request that is refused keeps it: the server reads the
// rest of it too before it takes the next.
func (e *executor) deadline(w http.ResponseWriter) (arrived func()) {
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Now().Add(e.Patience)) // where there is none, the connection's own holds
	return func() { _ = out.SetReadDeadline(time.Time{}) }
}
