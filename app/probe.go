package app

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"vodgraph/database"
)

// probeTime is how long a probe waits for the database.
const probeTime = 2 * time.Second

// probes tell those who watch over the server whether it lives, and whether it can
// serve. Neither says more than that, as anybody may ask.
type probes struct {
	db *database.DB
	// draining is set when the server is about to end.
	draining atomic.Bool
}

// alive answers 200 while restarting the server would mend nothing. SQLite is a part of
// the process; a Postgres that does not answer is none.
func (p *probes) alive(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), probeTime)
	defer cancel()
	err := error(nil)
	if !p.db.Postgres() {
		err = p.db.SQL.PingContext(ctx)
	}
	if ctx.Err() != nil { // it has much to do, and lives
		err = nil
	}
	answerProbe(w, err)
}

// ready answers 200 while this server can serve: its database answers and is up to date,
// and it is not about to end.
func (p *probes) ready(w http.ResponseWriter, r *http.Request) {
	if p.draining.Load() {
		answerProbe(w, errEnding)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), probeTime)
	defer cancel()
	answerProbe(w, p.db.Current(ctx))
}

// errEnding is why a server that is about to end is not ready.
var errEnding = errors.New("the server ends")

// answerProbe answers 200, or 503 with why.
func answerProbe(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	text := "ok\n"
	switch {
	case err == nil:
	case errors.Is(err, errEnding):
		text = "the server ends\n"
	case errors.Is(err, database.ErrOutdated):
		text = "the database is not up to date\n"
	default:
		text = "the database does not answer\n"
	}
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = io.WriteString(w, text) // an error means that the client went away
}
