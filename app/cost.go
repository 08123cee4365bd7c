package app

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/cost"
)

// costLimit has the executor refuse what asks for too much: a document before it is
// validated, and an operation before it is done.
type costLimit struct {
	limits cost.Limits
	// measured are the figures of documents that were found right.
	measured graphql.Cache[cost.Figures]
}

// costName is the name of the extension, and under which an operation has its figures.
const costName = "cost"

// ExtensionName names the extension.
func (costLimit) ExtensionName() string { return costName }

// Validate finds nothing wrong with any schema.
func (costLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters measures the document of a request.
func (l costLimit) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	if _, known := l.measured.Get(ctx, request.Query); known {
		return nil
	}
	figures, refused := l.limits.Document(request.Query)
	if refused != nil {
		return &gqlerror.Error{Err: refused, Message: refused.Message}
	}
	if len(request.Query) <= longestKept {
		l.measured.Add(ctx, request.Query, figures)
	}
	return nil
}

// MutateOperationContext measures the operation of a request.
func (l costLimit) MutateOperationContext(ctx context.Context, o *graphql.OperationContext) *gqlerror.Error {
	figures, known := l.measured.Get(ctx, o.RawQuery)
	if !known {
		figures, _ = l.limits.Document(o.RawQuery)
	}
	figures, refused := l.limits.Operation(figures, o.Operation, o.Variables)
	if refused != nil {
		return &gqlerror.Error{Err: refused, Message: refused.Message}
	}
	o.Stats.SetExtension(costName, figures)
	return nil
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
} = costLimit{}
