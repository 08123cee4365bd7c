package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"vodgraph/fault"
)

// tracing sends traces of requests and of work in the background to a collector of
// OpenTelemetry. The zero one is off, and costs nothing.
type tracing struct {
	tracer   trace.Tracer
	provider *sdktrace.TracerProvider
}

const tracesPath = "/v1/traces"

// flushTime is how long the last spans may take at shutdown.
const flushTime = 5 * time.Second

// openTracing begins to send to the collector at an address, which may be empty for none. A
// collector that does not answer is no error: it is logged now and then.
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
		sdktrace.WithBatcher(&loggedExporter{SpanExporter: exporter, log: log}))
	return tracing{provider.Tracer("vodgraph"), provider}, nil
}

func tracesAt(endpoint string) string {
	if strings.HasSuffix(endpoint, tracesPath) {
		return endpoint
	}
	return strings.TrimSuffix(endpoint, "/") + tracesPath
}

func checkCollector(endpoint string) error {
	address, err := url.Parse(endpoint)
	if endpoint == "" || err == nil && (address.Scheme == "http" || address.Scheme == "https") && address.Host != "" {
		return nil
	}
	return fault.New(fault.Invalid, "--otlp-endpoint must be a URL such as http://127.0.0.1:4318.").At("otlp-endpoint")
}

func (t tracing) on() bool { return t.tracer != nil }

func (t tracing) close() error {
	if !t.on() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), flushTime)
	defer cancel()
	_ = t.provider.Shutdown(ctx) // what cannot be sent now never will, and is no reason to fail
	return nil
}

// loggedExporter logs failures to send, and not each of them.
type loggedExporter struct {
	sdktrace.SpanExporter
	log  *slog.Logger
	lock sync.Mutex
	lost int
}

// lostLogged is after how many failures in a row it is logged again.
const lostLogged = 100

func (e *loggedExporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(ctx, spans)
	e.lock.Lock()
	defer e.lock.Unlock()
	if err == nil {
		e.lost = 0
		return nil
	}
	if e.lost++; e.lost%lostLogged == 1 {
		e.log.Warn("traces could not be sent", "spans", len(spans), "error", err)
	}
	return nil // or the library writes it to standard error
}
