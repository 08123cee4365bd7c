package read

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"vodgraph/bench/measure"
	"vodgraph/database"
	"vodgraph/library"
)

// anchor answers the questions by statements written by hand, prepared once. Its
// pool is set up as the graph's is.
type anchor struct{ prepared map[string]*sql.Stmt }

func newAnchor(ctx context.Context, db *database.DB) (*anchor, error) {
	a := &anchor{prepared: map[string]*sql.Stmt{}}
	for name, text := range (writer{postgres: db.Postgres()}).statements() {
		prepared, err := db.SQL.PrepareContext(ctx, text)
		if err != nil {
			return nil, fmt.Errorf("prepare the statement of %s: %w", name, err)
		}
		a.prepared[name] = prepared
	}
	return a, nil
}

var errNothing = errors.New("the statement has no row")

// answer hands the JSON that a statement builds to use, which may not keep it.
func (a *anchor) answer(ctx context.Context, name string, args []string, use func([]byte)) error {
	prepared, ok := a.prepared[name]
	if !ok {
		return fmt.Errorf("there is no question %q", name)
	}
	values := make([]any, len(args))
	for i, text := range args {
		values[i] = text
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			values[i] = at
		}
	}
	rows, err := prepared.QueryContext(ctx, values...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return errors.Join(errNothing, rows.Err())
	}
	var text sql.RawBytes
	if err := rows.Scan(&text); err != nil {
		return err
	}
	use(text)
	return rows.Err()
}

// Anchors opens a library for the anchors, which answer over HTTP.
func Anchors(ctx context.Context, store library.Store) (handler http.Handler, closeAnchors func() error, err error) {
	db, err := database.Open(ctx, measure.Config(store))
	if err != nil {
		return nil, nil, err
	}
	a, err := newAnchor(ctx, db)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return a, db.Close, nil
}

// ServeHTTP answers GET /Q1?arg=… as the graph answers the question.
func (a *anchor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := a.answer(r.Context(), strings.TrimPrefix(r.URL.Path, "/"), r.URL.Query()["arg"], func(text []byte) {
		w.Header().Set("Content-Type", "application/json")
		for _, part := range [][]byte{[]byte(`{"data":`), text, []byte("}")} {
			_, _ = w.Write(part) // an error means that the client went away
		}
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
