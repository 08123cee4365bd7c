package app

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/fault"
)

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

// inMutation reports whether what is executed is a mutation.
func inMutation(ctx context.Context) bool {
	if !graphql.HasOperationContext(ctx) {
		return false
	}
	o := graphql.GetOperationContext(ctx).Operation
	return o != nil && o.Operation == ast.Mutation
}

// mutations is the extension of the executor that begins no field of Mutation once the time of
// the request is over. The executor executes the fields one after another.
type mutations struct{}

// ExtensionName names the extension.
func (mutations) ExtensionName() string { return "mutations" }

// Validate finds nothing wrong with any schema.
func (mutations) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptRootField executes a field, or answers null with an error where that is too late.
func (mutations) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	if ctx.Err() == nil || !inMutation(ctx) {
		return next(ctx)
	}
	root := graphql.GetRootFieldContext(ctx)
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: "Mutation", Field: root.Field})
	graphql.AddError(ctx, interrupted(outcomeNotBegun))
	return graphql.Null
}

var _ interface {
	graphql.HandlerExtension
	graphql.RootFieldInterceptor
} = mutations{}
