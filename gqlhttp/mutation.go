package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// mutations is the extension of the executor that begins no field of Mutation once the time of
// the request is over. The executor executes the fields one after another.
type mutations struct{}

func (mutations) ExtensionName() string { return "mutations" }

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
