package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"

	"vodgraph/bench/generated"
	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/database"
	"vodgraph/dbtest/postgres"
	"vodgraph/exchange"
	"vodgraph/graph"
	lib "vodgraph/library"
	"vodgraph/media"
	"vodgraph/resolvers"
)

// library is a library made for one run, gone at its end. It counts what it asks
// of its database; the server that is measured opens the same library uncounted.
type library struct {
	store   lib.Store
	db      *database.DB
	catalog *bulk.Catalog
	counted *atomic.Int64
	drop    func(context.Context) error
}

// makeLibrary makes an empty library in a temporary folder, or in a database of
// its own on a Postgres server, and fills it with a corpus.
func makeLibrary(ctx context.Context, server string, assets int) (*library, error) {
	lib, err := emptyLibrary(ctx, server)
	if err != nil {
		return nil, err
	}
	corpus, err := generated.New(generated.Size{Assets: assets, Seed: 1})
	if err == nil {
		err = lib.fill(ctx, corpus.Write)
	}
	if err == nil && lib.db.Postgres() {
		// Autovacuum would come in the middle of the measuring.
		_, err = lib.db.SQL.ExecContext(ctx, "VACUUM ANALYZE")
	}
	if err != nil {
		return nil, errors.Join(err, lib.remove(context.WithoutCancel(ctx)))
	}
	return lib, nil
}

// emptyLibrary makes a library without assets.
func emptyLibrary(ctx context.Context, server string) (*library, error) {
	lib := &library{counted: &atomic.Int64{}}
	var err error
	if server != "" {
		lib.store.Database, lib.drop, err = postgres.Scratch(ctx, server)
	} else {
		lib.store.Data, err = os.MkdirTemp("", "vodgraph-read-")
		lib.drop = func(context.Context) error { return os.RemoveAll(lib.store.Data) }
	}
	if err != nil {
		return nil, err
	}
	config := lib.config()
	config.OnStatement = func(context.Context, string) func(error) {
		lib.counted.Add(1)
		return nil
	}
	if lib.db, err = database.Open(ctx, config); err == nil {
		err = lib.db.Migrate(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, lib.remove(context.WithoutCancel(ctx)))
	}
	lib.catalog = verbs(lib.db)
	return lib, nil
}

// verbs are those of a library, as the server does them.
func verbs(db *database.DB) *bulk.Catalog {
	return bulk.New(db.Client, change.Options{
		Limits: change.DefaultLimits(), Now: time.Now, NewID: media.ULIDs(time.Now, rand.Reader),
	})
}

// config says where the database is.
func (l *library) config() database.Config { return where(l.store) }

// where is the database of a store, as the server finds it.
func where(store lib.Store) database.Config {
	if store.Database != "" {
		return database.Config{URL: store.Database}
	}
	return database.Config{Path: filepath.Join(store.Data, "vodgraph.db")}
}

func (l *library) dialect() string {
	if l.db.Postgres() {
		return "Postgres"
	}
	return "SQLite"
}

// fill imports what write writes; no line may be refused.
func (l *library) fill(ctx context.Context, write func(io.Writer) error) error {
	summary, err := exchange.Import(ctx, l.catalog, []exchange.Source{{
		Name: "corpus",
		Open: func() (io.ReadCloser, error) {
			from, to := io.Pipe()
			go func() { to.CloseWithError(write(to)) }()
			return from, nil
		},
	}}, exchange.Options{Report: os.Stderr, Progress: func(int64, int64) {}})
	if err == nil && summary.Refused > 0 {
		err = fmt.Errorf("%d lines were refused", summary.Refused)
	}
	return err
}

// remove closes the library and takes it away.
func (l *library) remove(ctx context.Context) error {
	var err error
	if l.db != nil {
		err = l.db.Close()
	}
	return errors.Join(err, l.drop(ctx))
}

// inquirer asks the graph without a network, and counts.
type inquirer struct {
	executor *executor.Executor
	counted  *atomic.Int64
}

// inquire makes an inquirer over a database; counted rises with each statement.
func inquire(db *database.DB, verbs *bulk.Catalog, counted *atomic.Int64) *inquirer {
	return &inquirer{
		executor: executor.New(graph.NewExecutableSchema(graph.Config{Resolvers: &resolvers.Root{
			Client: db.Client, Catalog: verbs, Limits: verbs.Limits(),
		}})),
		counted: counted,
	}
}

// ask answers a document, and tells how many statements that took. An answer
// with an error is an error.
func (q *inquirer) ask(ctx context.Context, document string, variables map[string]any) (json.RawMessage, int, error) {
	before := q.counted.Load()
	ctx = graphql.StartOperationTrace(ctx)
	operation, errs := q.executor.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
	if len(errs) > 0 {
		return nil, 0, errs
	}
	respond, ctx := q.executor.DispatchOperation(ctx, operation)
	response := respond(ctx)
	if len(response.Errors) > 0 {
		return nil, 0, response.Errors
	}
	return response.Data, int(q.counted.Load() - before), nil
}

// texts reads a column of texts.
func texts(ctx context.Context, db *sql.DB, query string) ([]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
