package gqlhttp

import (
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// traceRequest begins the span of a request, and goes on with the trace of whoever sent it.
func traceRequest(tracer trace.Tracer, r *http.Request) (_ *http.Request, end func(status int)) {
	if tracer == nil {
		return r, func(int) {}
	}
	ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	ctx, span := tracer.Start(ctx, method(r), trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
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

// TraceRoute names the span of a request by the route that it takes.
func TraceRoute(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if span := trace.SpanFromContext(r.Context()); span.IsRecording() {
			if _, pattern := mux.Handler(r); pattern != "" && pattern != "/" { // to all that is within
				route := pattern[strings.Index(pattern, "/"):]
				span.SetName(method(r) + " " + route)
				span.SetAttributes(attribute.String("http.route", route))
			}
		}
		mux.ServeHTTP(w, r)
	})
}

// method is that of a request; clients can make up others than there are.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions, http.MethodPut, http.MethodDelete:
		return r.Method
	}
	return "_OTHER"
}
