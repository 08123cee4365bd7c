package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"

	"vodgraph/bench/generated"
	"vodgraph/bench/served"
	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/database"
	"vodgraph/dbtest/postgres"
	"vodgraph/graph"
	lib "vodgraph/library"
	"vodgraph/media"
	"vodgraph/resolvers"
)

// library is a library made for one run, gone at its end.
type library struct {
	store lib.Store
	db    *database.DB // nil while it is not open here
	drop  func(context.Context) error
}

// makeLibrary makes a library in a temporary folder, or in a database of its own
// on a Postgres server, fills it with a corpus, and opens it.
func makeLibrary(ctx context.Context, server string, assets int) (lib *library, err error) {
	lib = &library{}
	if lib.store.Data, err = os.MkdirTemp("", "vodgraph-bulk-"); err != nil {
		return nil, err
	}
	lib.drop = func(context.Context) error { return os.RemoveAll(lib.store.Data) }
	if server != "" {
		var drop func(context.Context) error
		if lib.store.Database, drop, err = postgres.Scratch(ctx, server); err != nil {
			return nil, errors.Join(err, lib.remove(ctx))
		}
		lib.drop = func(ctx context.Context) error { return errors.Join(drop(ctx), os.RemoveAll(lib.store.Data)) }
	}
	corpus, err := generated.New(generated.Size{Assets: assets, Seed: 1})
	if err == nil {
		from, to := io.Pipe()
		go func() { to.CloseWithError(corpus.Write(to)) }()
		err = errors.Join(served.Import(ctx, lib.store, from), from.Close())
	}
	if err == nil {
		lib.db, err = database.Open(ctx, lib.config())
	}
	if err != nil {
		return nil, errors.Join(err, lib.remove(context.WithoutCancel(ctx)))
	}
	return lib, nil
}

// config is where the database is, as the server finds it.
func (l *library) config() database.Config {
	if l.store.Database != "" {
		return database.Config{URL: l.store.Database}
	}
	return database.Config{Path: filepath.Join(l.store.Data, "vodgraph.db")}
}

func (l *library) dialect() string {
	if l.store.Database != "" {
		return "Postgres"
	}
	return "SQLite"
}

// close closes the database, where it is open.
func (l *library) close() error {
	if l.db == nil {
		return nil
	}
	db := l.db
	l.db = nil
	return db.Close()
}

// remove closes the library and takes it away.
func (l *library) remove(ctx context.Context) error { return errors.Join(l.close(), l.drop(ctx)) }

// verbs are those of a library, as the server does them.
func verbs(db *database.DB) *bulk.Catalog {
	return bulk.New(db.Client, change.Options{
		Limits: change.DefaultLimits(), Now: time.Now, NewID: media.ULIDs(time.Now, rand.Reader),
	})
}

// inquire makes an executor of the graph over a database.
func inquire(db *database.DB) *executor.Executor {
	verbs := verbs(db)
	return executor.New(graph.NewExecutableSchema(graph.Config{Resolvers: &resolvers.Root{
		Client: db.Client, Catalog: verbs, Limits: verbs.Limits(),
	}}))
}

// ask answers a document without a network, as JSON. An answer with an error is
// an error.
func ask(ctx context.Context, e *executor.Executor, document string, variables map[string]any) ([]byte, error) {
	ctx = graphql.StartOperationTrace(ctx)
	operation, errs := e.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
	if len(errs) > 0 {
		return nil, errs
	}
	respond, ctx := e.DispatchOperation(ctx, operation)
	response := respond(ctx)
	if len(response.Errors) > 0 {
		return nil, fmt.Errorf("the graph answers: %w", response.Errors)
	}
	return response.Data, nil
}

// asset is one that is to be changed.
type asset struct{ id, title string }

// some are assets of a library, spread evenly over it in the order of their ids.
func some(ctx context.Context, db *database.DB, n int) ([]asset, error) {
	rows, err := db.SQL.QueryContext(ctx, "SELECT id, title FROM assets ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []asset
	for rows.Next() {
		var a asset
		if err := rows.Scan(&a.id, &a.title); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	if len(all) < n {
		return nil, errors.Join(rows.Err(), fmt.Errorf("the library has %d assets, fewer than %d", len(all), n))
	}
	chosen := make([]asset, n)
	for i := range chosen {
		chosen[i] = all[i*len(all)/n]
	}
	return chosen, rows.Err()
}
