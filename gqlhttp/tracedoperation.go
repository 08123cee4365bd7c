package gqlhttp

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// tracedOperations makes a span of each operation. A subscription is one span for as long
// as it lasts, with the loading of its events below it. The polls are not: they are shared
// by all subscribers.
type tracedOperations struct{ tracer trace.Tracer }

const spanName = "span"

func (tracedOperations) ExtensionName() string { return "tracing" }

func (tracedOperations) Validate(graphql.ExecutableSchema) error { return nil }

func (t tracedOperations) operation(ctx context.Context) (context.Context, trace.Span) {
	o := graphql.GetOperationContext(ctx)
	kind, name := string(o.Operation.Operation), kindOf(o)
	return t.tracer.Start(ctx, name, trace.WithAttributes(
		attribute.String("graphql.operation.type", kind), attribute.String("graphql.operation.name", o.Operation.Name)))
}

func kindOf(o *graphql.OperationContext) string {
	if o.Operation.Name == "" {
		return string(o.Operation.Operation)
	}
	return string(o.Operation.Operation) + " " + o.Operation.Name
}

func (t tracedOperations) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	o := graphql.GetOperationContext(ctx)
	if o.Operation.Operation != ast.Subscription {
		return next(ctx)
	}
	_, span := t.operation(ctx)
	o.Stats.SetExtension(spanName, span)
	context.AfterFunc(ctx, func() { span.End() }) // it ends once, whoever is first
	respond := next(trace.ContextWithSpan(ctx, nil))
	return func(ctx context.Context) *graphql.Response {
		response := respond(ctx)
		if response == nil {
			span.End()
		}
		return response
	}
}

// InterceptResponse makes a span of a query or a mutation; an event is part of its
// subscription.
func (t tracedOperations) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	o := graphql.GetOperationContext(ctx)
	if o.Operation == nil { // the document is refused
		return next(ctx)
	}
	span, subscribed := o.Stats.GetExtension(spanName).(trace.Span)
	if !subscribed {
		ctx, span = t.operation(ctx)
		defer span.End()
	}
	response := next(trace.ContextWithSpan(ctx, span))
	if response != nil && len(response.Errors) > 0 {
		span.SetStatus(codes.Error, "")
	}
	return response
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationInterceptor
	graphql.ResponseInterceptor
} = tracedOperations{}
