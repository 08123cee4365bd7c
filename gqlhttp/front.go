package gqlhttp

import (
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.opentelemetry.io/otel/trace"
)

type recorder struct {
	http.ResponseWriter
	// status is that of the answer; 0 while there is none.
	status int
	bytes  int64
}

// WriteHeader begins the answer. What comes before it, such as 103, is none.
func (s *recorder) WriteHeader(status int) {
	if s.status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

func (s *recorder) Write(text []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	n, err := s.ResponseWriter.Write(text)
	s.bytes += int64(n)
	return n, err
}

func (s *recorder) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Front is what stands before every route; tracer is nil for no traces.
func Front(p *presenter, tracer trace.Tracer, next http.Handler) http.Handler {
	return secured(identified(rand.Text, observed(p.log, tracer, recovering(p, next))))
}

// observed logs each request for those who want to see all of them, and traces it.
func observed(log *slog.Logger, tracer trace.Tracer, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, end := traceRequest(tracer, r)
		out := &recorder{ResponseWriter: w}
		began := time.Now()
		defer func() {
			if log.Enabled(r.Context(), slog.LevelDebug) {
				log.LogAttrs(r.Context(), slog.LevelDebug, "a request", slog.String("method", r.Method),
					slog.String("path", r.URL.Path), slog.Int("status", out.status), slog.Int64("bytes", out.bytes),
					slog.Duration("took", time.Since(began)), slog.String("from", r.RemoteAddr))
			}
			end(out.status)
		}()
		next.ServeHTTP(out, r)
	})
}

// recovering presents a panic like any other internal error, in place of an answer that has
// not begun. One that has begun is broken off.
func recovering(p *presenter, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := &recorder{ResponseWriter: w}
		defer func() {
			value := recover()
			if value != nil && (value == http.ErrAbortHandler || !p.answerPanic(value, out, r)) {
				panic(http.ErrAbortHandler) // the server breaks the connection off, and says nothing more
			}
		}()
		next.ServeHTTP(out, r)
	})
}

// answerPanic logs a panic, and reports whether that is the answer.
func (p *presenter) answerPanic(value any, out *recorder, r *http.Request) bool {
	shown := p.present(r.Context(), newPanicError(value))
	if out.status != 0 {
		return false
	}
	out.Header().Set("Content-Type", plainJSON+charset)
	out.Header().Set("Cache-Control", "no-store")
	out.WriteHeader(http.StatusInternalServerError)
	_ = json.NewEncoder(out).Encode(Answer{Errors: gqlerror.List{shown}}) // or the client went away
	return true
}

// SetSecurityHeaders restricts what browsers do with an answer: no guessing of its type, no
// frames, no scripts, no use by pages of other origins, and no Referer to other sites. A page
// that needs more, such as the playground, sets its own headers.
func SetSecurityHeaders(answer http.Header) {
	answer.Set("X-Content-Type-Options", "nosniff")
	answer.Set("X-Frame-Options", "DENY")
	answer.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	answer.Set("Referrer-Policy", "no-referrer")
	answer.Set("Cross-Origin-Opener-Policy", "same-origin")
	// It is not for those who ask by CORS, whom the setting of origins lets in.
	answer.Set("Cross-Origin-Resource-Policy", "same-origin")
}

func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		SetSecurityHeaders(w.Header())
		next.ServeHTTP(w, r)
	})
}
