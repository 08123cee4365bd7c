// Package arguments checks what a mutation was called with, before its resolver runs: nulls in
// a filter are refused, and options with an idempotency key get the digest of the call.
package arguments

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"vodgraph/change"
	"vodgraph/fault"
	"vodgraph/graph"
)

// Mutations is the extension of the executor that checks the arguments of the fields of
// Mutation. Without it idempotency keys do not distinguish calls, and nulls in filters pass.
type Mutations struct {
	// Schema is that of the executor.
	Schema *ast.Schema
}

// ExtensionName is the name of the extension.
func (Mutations) ExtensionName() string { return "arguments" }

// Validate accepts every schema.
func (Mutations) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext adds the check to the operation if it is a mutation. Interceptors of
// fields would be called for each field of each query.
func (m Mutations) MutateOperationContext(_ context.Context, o *graphql.OperationContext) *gqlerror.Error {
	if o.Operation.Operation != ast.Mutation {
		return nil
	}
	resolve := o.ResolverMiddleware
	o.ResolverMiddleware = func(ctx context.Context, next graphql.Resolver) (any, error) {
		if fc := graphql.GetFieldContext(ctx); fc.Object == "Mutation" {
			refused, err := m.check(fc, o.Variables)
			if err != nil {
				return nil, err
			}
			if len(refused) > 0 {
				return &graph.BulkOperationPayload{UserErrors: refused}, nil
			}
		}
		return resolve(ctx, next)
	}
	return nil
}

// check returns the refusals of nulls in filters. Only mutations that answer with a
// BulkOperationPayload have filters.
func (m Mutations) check(fc *graphql.FieldContext, variables map[string]any) ([]*fault.Fault, error) {
	if refused := nullsInFilters(m.Schema, fc.Field, variables); len(refused) > 0 {
		return refused, nil
	}
	options, _ := fc.Args["options"].(*change.BulkOptions)
	if options == nil || options.IdempotencyKey == nil {
		return nil, nil
	}
	var err error
	options.Mutation = fc.Field.Name
	options.Digest, err = digest(m.Schema, fc, variables)
	return nil, err
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = Mutations{}
