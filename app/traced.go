package app

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"vodgraph/search"
)

// tracedOperations has the executor tell of each operation. A subscription is one span
// for as long as it lasts; what its events cost is below it, and not the looks by which
// they are noticed, which are made for all its subscribers together.
type tracedOperations struct{ tracing }

// spanName is under which an operation has its span.
const spanName = "span"

// ExtensionName names the extension.
func (tracedOperations) ExtensionName() string { return "tracing" }

// Validate finds nothing wrong with any schema.
func (tracedOperations) Validate(graphql.ExecutableSchema) error { return nil }

// operation begins the span of an operation.
func (t tracedOperations) operation(ctx context.Context) (context.Context, trace.Span) {
	o := graphql.GetOperationContext(ctx)
	kind, name := string(o.Operation.Operation), kindOf(o)
	return t.tracer.Start(ctx, name, trace.WithAttributes(
		attribute.String("graphql.operation.type", kind), attribute.String("graphql.operation.name", o.Operation.Name)))
}

// kindOf is what an operation is, and its name, if it has one.
func kindOf(o *graphql.OperationContext) string {
	if o.Operation.Name == "" {
		return string(o.Operation.Operation)
	}
	return string(o.Operation.Operation) + " " + o.Operation.Name
}

// InterceptOperation tells of a subscription.
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

// InterceptResponse tells of a query or a mutation, and has an event be part of its
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

// engine is a search engine, as an index wants it.
type engine interface {
	search.Engine
	search.Rebuilder
}

// tracedEngine tells of what is asked of an engine, and of what is written to it.
type tracedEngine struct {
	engine
	tracing
	name string
}

// engine has an engine tell of itself, if anybody is to be told.
func (t tracing) engine(name string, e engine) engine {
	if !t.on() {
		return e
	}
	return tracedEngine{e, t, name}
}

func (e tracedEngine) span(ctx context.Context, deed string, documents int) (context.Context, func(error)) {
	return e.begin(ctx, "search "+deed, trace.SpanKindClient,
		attribute.String("vodgraph.search.engine", e.name), attribute.Int("vodgraph.search.documents", documents))
}

// Search tells of a question; the documents are as many as are wanted.
func (e tracedEngine) Search(ctx context.Context, q *search.Query) (hits *search.Hits, err error) {
	ctx, end := e.span(ctx, "query", q.Limit)
	defer func() {
		told := err
		if refused := (*search.TextError)(nil); errors.As(err, &refused) || errors.Is(err, search.ErrCursor) {
			told = nil // it is the question that is wrong
		}
		end(told)
	}()
	return e.engine.Search(ctx, q)
}

// Put tells of documents that are written.
func (e tracedEngine) Put(ctx context.Context, docs []*search.Document) (err error) {
	ctx, end := e.span(ctx, "put", len(docs))
	defer func() { end(err) }()
	return e.engine.Put(ctx, docs)
}

// Remove tells of documents that are taken out.
func (e tracedEngine) Remove(ctx context.Context, ids []string) (err error) {
	ctx, end := e.span(ctx, "remove", len(ids))
	defer func() { end(err) }()
	return e.engine.Remove(ctx, ids)
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationInterceptor
	graphql.ResponseInterceptor
} = tracedOperations{}
