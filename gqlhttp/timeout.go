package gqlhttp

import (
	"context"
	"errors"

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

func timedOut(ctx context.Context) bool { return errors.Is(context.Cause(ctx), errTimedOut) }

func timeoutFault() *fault.Fault {
	return fault.New(fault.Timeout, "The request took too long, and was ended.")
}

// What is known of a field of Mutation when the time of its request ends, as extensions.outcome.
const (
	// outcomeNotBegun is that of a field that nothing was done of.
	outcomeNotBegun = "NOT_BEGUN"
	// outcomeUnknown is that of a field that was being executed: its transaction was rolled back,
	// or was committed and nobody was left to hear it.
	outcomeUnknown = "UNKNOWN"
	// outcomeDone is that of a field that was executed; only what it selects was not read.
	outcomeDone = "DONE"
)

// interrupted is the fault of a field of Mutation that the time of its request ended.
func interrupted(outcome string) *fault.Fault {
	switch outcome {
	case outcomeNotBegun:
		return fault.New(fault.Timeout, "The request took too long, and was ended before this field was begun: nothing of it was done.")
	case outcomeDone:
		return fault.New(fault.Timeout, "The request took too long, and was ended while its answer was read: the change itself is done.")
	default:
		return fault.New(fault.Timeout, "The request took too long, and was ended while this field was executed: its outcome is unknown. "+
			"Look whether it was done before you send it again, or send it with an idempotencyKey.")
	}
}

func inMutation(ctx context.Context) bool {
	if !graphql.HasOperationContext(ctx) {
		return false
	}
	o := graphql.GetOperationContext(ctx).Operation
	return o != nil && o.Operation == ast.Mutation
}
