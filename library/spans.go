package library

import (
	"context"
	"errors"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"vodgraph/search"
)

// spanStarter makes spans of what a library does; without a tracer none, at no cost.
type spanStarter struct{ tracer trace.Tracer }

// Values that people sent do not belong into a span.
func (s spanStarter) begin(ctx context.Context, name string, kind trace.SpanKind, about ...attribute.KeyValue) (_ context.Context, end func(error)) {
	if s.tracer == nil {
		return ctx, func(error) {}
	}
	ctx, span := s.tracer.Start(ctx, name, trace.WithSpanKind(kind), trace.WithAttributes(about...))
	return ctx, func(err error) { finish(span, err) }
}

// finish ends a span. The text of an error may repeat values, so it shows only that there
// was one; the log has it.
func finish(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// maxShownBytes is how much of a statement is shown, in bytes: those of bulk are very long,
// and the same over and over.
const maxShownBytes = 2000

// statement makes a span of a statement that is part of another span, and not of the
// polls that are made again and again in the background.
func (s spanStarter) statement(system string) func(ctx context.Context, query string) func(error) {
	return func(ctx context.Context, query string) func(error) {
		if !trace.SpanFromContext(ctx).IsRecording() {
			return nil
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(query), " ")
		if len(query) > maxShownBytes {
			query = strings.ToValidUTF8(query[:maxShownBytes], "") + " …"
		}
		_, end := s.begin(ctx, strings.ToUpper(verb), trace.SpanKindClient,
			attribute.String("db.system.name", system), attribute.String("db.query.text", query))
		return end
	}
}

type engine interface {
	search.Engine
	search.Rebuilder
}

type tracedEngine struct {
	engine
	spans spanStarter
	name  string
}

func (s spanStarter) engine(name string, e engine) engine {
	if s.tracer == nil {
		return e
	}
	return tracedEngine{e, s, name}
}

func (e tracedEngine) span(ctx context.Context, verb string, documents int) (context.Context, func(error)) {
	return e.spans.begin(ctx, "search "+verb, trace.SpanKindClient,
		attribute.String("vodgraph.search.engine", e.name), attribute.Int("vodgraph.search.documents", documents))
}

// Search makes a span of a query; the documents are as many as are wanted.
func (e tracedEngine) Search(ctx context.Context, q *search.Query) (hits *search.Hits, err error) {
	ctx, end := e.span(ctx, "query", q.Limit)
	defer func() {
		shown := err
		if refused := (*search.TextError)(nil); errors.As(err, &refused) || errors.Is(err, search.ErrCursor) {
			shown = nil // the query is invalid, the engine is well
		}
		end(shown)
	}()
	return e.engine.Search(ctx, q)
}

func (e tracedEngine) Put(ctx context.Context, docs []*search.Document) (err error) {
	ctx, end := e.span(ctx, "put", len(docs))
	defer func() { end(err) }()
	return e.engine.Put(ctx, docs)
}

func (e tracedEngine) Remove(ctx context.Context, ids []string) (err error) {
	ctx, end := e.span(ctx, "remove", len(ids))
	defer func() { end(err) }()
	return e.engine.Remove(ctx, ids)
}
