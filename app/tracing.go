package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"vodgraph/fault"
)

// tracing tells a collector of OpenTelemetry where the time of requests and of work in
// the background goes. The zero one is off, and costs nothing.
type tracing struct {
	tracer   trace.Tracer
	provider *sdktrace.TracerProvider
}

// tracesPath is where a collector takes traces, below its address.
const tracesPath = "/v1/traces"

// lastTraces is how long a server that ends waits for its last spans to be taken.
const lastTraces = 5 * time.Second

// openTracing begins to tell the collector at an address, which may be empty for none. A
// collector that does not answer is no error: the log says so, now and then.
func openTracing(ctx context.Context, endpoint string, log *slog.Logger) (tracing, error) {
	if endpoint == "" {
		return tracing{}, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(tracesAt(endpoint)))
	if err != nil {
		return tracing{}, fmt.Errorf("begin to send traces: %w", err)
	}
	about, err := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "vodgraph")), resource.WithFromEnv())
	if err != nil {
		return tracing{}, errors.Join(fmt.Errorf("read OTEL_RESOURCE_ATTRIBUTES: %w", err), exporter.Shutdown(ctx))
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithResource(about),
		sdktrace.WithBatcher(&toldExporter{SpanExporter: exporter, log: log}))
	return tracing{provider.Tracer("vodgraph"), provider}, nil
}

// tracesAt is where the collector of an address takes traces.
func tracesAt(endpoint string) string {
	if strings.HasSuffix(endpoint, tracesPath) {
		return endpoint
	}
	return strings.TrimSuffix(endpoint, "/") + tracesPath
}

// checkCollector refuses what is no address of a collector.
func checkCollector(endpoint string) error {
	address, err := url.Parse(endpoint)
	if endpoint == "" || err == nil && (address.Scheme == "http" || address.Scheme == "https") && address.Host != "" {
		return nil
	}
	return fault.New(fault.Invalid, "--otlp-endpoint must be a URL such as http://127.0.0.1:4318.").At("otlp-endpoint")
}

// on reports whether anybody is told.
func (t tracing) on() bool { return t.tracer != nil }

// close sends what was not sent yet.
func (t tracing) close() error {
	if !t.on() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), lastTraces)
	defer cancel()
	_ = t.provider.Shutdown(ctx) // what cannot be sent now never will, and is no reason to fail
	return nil
}

// begin begins a span, which end ends. Values that people sent do not belong into it.
func (t tracing) begin(ctx context.Context, name string, kind trace.SpanKind, about ...attribute.KeyValue) (_ context.Context, end func(error)) {
	if !t.on() {
		return ctx, func(error) {}
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithSpanKind(kind), trace.WithAttributes(about...))
	return ctx, func(err error) { finish(span, err) }
}

// finish ends a span. The text of an error may repeat values, so only that there was one
// is told; the log has it.
func finish(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// longestShown is how much of a statement is told, in bytes: those of bulk are very long,
// and the same over and over.
const longestShown = 2000

// statement tells of a statement that is part of something which is told of, and not of
// the looks that are made again and again in the background.
func (t tracing) statement(system string) func(ctx context.Context, query string) func(error) {
	return func(ctx context.Context, query string) func(error) {
		if !trace.SpanFromContext(ctx).IsRecording() {
			return nil
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(query), " ")
		if len(query) > longestShown {
			query = strings.ToValidUTF8(query[:longestShown], "") + " …"
		}
		_, end := t.begin(ctx, strings.ToUpper(verb), trace.SpanKindClient,
			attribute.String("db.system.name", system), attribute.String("db.query.text", query))
		return end
	}
}

// request begins the span of a request, and goes on with the trace of whoever sent it.
func (t tracing) request(r *http.Request) (_ *http.Request, end func(status int)) {
	if !t.on() {
		return r, func(int) {}
	}
	ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	ctx, span := t.tracer.Start(ctx, method(r), trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("http.request.method", method(r)), attribute.String("url.path", r.URL.Path),
		attribute.String("vodgraph.request.id", requestIDOf(ctx))))
	r = r.WithContext(ctx)
	return r, func(status int) {
		span.SetAttributes(attribute.Int("http.response.status_code", status))
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// routed names the span of a request by the route that it takes.
func routed(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nameRoute(mux, r)
		mux.ServeHTTP(w, r)
	})
}

// nameRoute names the span of a request. It is by itself because what it needs would lie
// on the stack of each stream of events for as long as that lasts.
//
//go:noinline
func nameRoute(mux *http.ServeMux, r *http.Request) {
	span := trace.SpanFromContext(r.Context())
	if !span.IsRecording() {
		return
	}
	if _, pattern := mux.Handler(r); pattern != "" && pattern != "/" { // to all that is within
		route := pattern[strings.Index(pattern, "/"):]
		span.SetName(method(r) + " " + route)
		span.SetAttributes(attribute.String("http.route", route))
	}
}

// method is that of a request; clients can make up others than there are.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions, http.MethodPut, http.MethodDelete:
		return r.Method
	}
	return "_OTHER"
}

// toldExporter writes into the log what could not be sent, and not every time.
type toldExporter struct {
	sdktrace.SpanExporter
	log  *slog.Logger
	lock sync.Mutex
	lost int
}

// lostTold is after how many failures in a row it is told again.
const lostTold = 100

// ExportSpans sends spans.
func (e *toldExporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(ctx, spans)
	e.lock.Lock()
	defer e.lock.Unlock()
	if err == nil {
		e.lost = 0
		return nil
	}
	if e.lost++; e.lost%lostTold == 1 {
		e.log.Warn("traces cannot be sent", "spans", len(spans), "error", err)
	}
	return nil // or the library writes it to standard error
}
