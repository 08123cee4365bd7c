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
	began time.Time
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

// front is what stands before every route. It has each request be one with an id, writes it
// into the log of those who want to see all of it, and has no panic leave it: that is told
// like any other internal error, in place of an answer that has not begun. One that has
// begun is broken off.
//
// It is one handler, and not one for each of these, because the calls down to a stream of
// events stay on a stack for as long as that lasts.
func front(p *presenter, t tracing, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		r, end := t.request(identified(rand.Text, w, r))
		out := &seen{ResponseWriter: w, began: time.Now()}
		defer out.ends(p, r, end)
		next.ServeHTTP(out, r)
	})
}

// ends, deferred, is the end of a request.
func (s *seen) ends(p *presenter, r *http.Request, end func(status int)) {
	value := recover()
	whole := value == nil || value != http.ErrAbortHandler && p.answersFor(value, s, r)
	if p.log.Enabled(r.Context(), slog.LevelDebug) {
		p.log.LogAttrs(r.Context(), slog.LevelDebug, "a request", slog.String("method", r.Method),
			slog.String("path", r.URL.Path), slog.Int("status", s.status), slog.Int64("bytes", s.bytes),
			slog.Duration("took", time.Since(s.began)), slog.String("from", r.RemoteAddr))
	}
	end(s.status)
	if !whole {
		panic(http.ErrAbortHandler) // the server breaks the connection off, and says nothing more
	}
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
