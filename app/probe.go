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

const probeTime = 2 * time.Second

// probes answer the liveness and the readiness probe. As anybody may ask, they answer
// nothing but the state.
type probes struct {
	db       *database.DB
	draining atomic.Bool
}

// alive answers 200 while a restart of the server would not help. SQLite is a part of the
// process; a Postgres that does not answer is not.
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
// and it does not shut down.
func (p *probes) ready(w http.ResponseWriter, r *http.Request) {
	if p.draining.Load() {
		answerProbe(w, errEnding)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), probeTime)
	defer cancel()
	answerProbe(w, p.db.Current(ctx))
}

var errEnding = errors.New("the server ends")

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
