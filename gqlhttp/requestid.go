package gqlhttp

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"

	"go.opentelemetry.io/otel/trace"
)

const requestIDHeader = "X-Request-Id"

// requestIDShape is that of ids which are taken from a client or a proxy. All others may
// be of any length, and hold what a log is not to hold.
var requestIDShape = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

type requestIDKey struct{}

func requestIDOf(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// identified gives each request an id: its own, if it has one that fits, or one that is made.
func identified(made func() string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !requestIDShape.MatchString(id) {
			id = made()
		}
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

type requestLog struct{ slog.Handler }

// NewRequestLog adds the id of the request to each line that is logged with its context.
func NewRequestLog(h slog.Handler) slog.Handler { return requestLog{h} }

func (l requestLog) Handle(ctx context.Context, line slog.Record) error {
	if id := requestIDOf(ctx); id != "" {
		line = line.Clone()
		line.AddAttrs(slog.String("request", id))
		if span := trace.SpanContextFromContext(ctx); span.IsValid() {
			line.AddAttrs(slog.String("trace", span.TraceID().String()))
		}
	}
	return l.Handler.Handle(ctx, line)
}

func (l requestLog) WithAttrs(more []slog.Attr) slog.Handler {
	return requestLog{l.Handler.WithAttrs(more)}
}

func (l requestLog) WithGroup(name string) slog.Handler { return requestLog{l.Handler.WithGroup(name)} }
