package app

import (
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// seen is an answer of which it is known how it went out.
type seen struct {
	http.ResponseWriter
	// status is that of the answer; 0 while there is none.
	status int
	bytes  int64
}

// WriteHeader begins the answer. What comes before it, such as 103, is none.
func (s *seen) WriteHeader(status int) {
	if s.status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

// Write goes on with the answer, or begins it.
func (s *seen) Write(text []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	n, err := s.ResponseWriter.Write(text)
	s.bytes += int64(n)
	return n, err
}

// Unwrap has the connection behind found.
func (s *seen) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// front is what stands before every route.
func front(p *presenter, t tracing, next http.Handler) http.Handler {
	return identified(rand.Text, secured(watched(p, t, next)))
}

// watched writes each request into the log of those who want to see all of it, and has no
// panic leave it: that is told like any other internal error, in place of an answer that
// has not begun. One that has begun is broken off.
func watched(p *presenter, t tracing, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out, began := &seen{ResponseWriter: w}, time.Now()
		r, end := t.request(r)
		defer func() {
			value := recover()
			whole := value == nil || value != http.ErrAbortHandler && p.answersFor(value, out, r)
			if p.log.Enabled(r.Context(), slog.LevelDebug) {
				p.log.LogAttrs(r.Context(), slog.LevelDebug, "a request", slog.String("method", r.Method),
					slog.String("path", r.URL.Path), slog.Int("status", out.status), slog.Int64("bytes", out.bytes),
					slog.Duration("took", time.Since(began)), slog.String("from", r.RemoteAddr))
			}
			end(out.status)
			if !whole {
				panic(http.ErrAbortHandler) // the server breaks the connection off, and says nothing more
			}
		}()
		next.ServeHTTP(out, r)
	})
}

// answersFor tells of a panic, and reports whether that is the answer.
func (p *presenter) answersFor(value any, out *seen, r *http.Request) bool {
	shown := p.present(r.Context(), caught(value))
	if out.status != 0 {
		return false
	}
	out.Header().Set("Content-Type", plainJSON+charset)
	out.Header().Set("Cache-Control", "no-store")
	out.WriteHeader(http.StatusInternalServerError)
	_ = json.NewEncoder(out).Encode(answer{Errors: gqlerror.List{shown}}) // or the client went away
	return true
}
