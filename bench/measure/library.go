package measure

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"

	"vodgraph/arguments"
	"vodgraph/bench/generated"
	"vodgraph/bench/served"
	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/database"
	"vodgraph/dbtest/postgres"
	"vodgraph/graph"
	"vodgraph/library"
	"vodgraph/limits"
	"vodgraph/media"
	"vodgraph/resolvers"
)

// Library is a library made for one run.
type Library struct {
	library.Store
	drop func(context.Context) error
}

// NewLibrary makes an empty library in a temporary folder, with a database of its own on a Postgres
// server where one is named. It is not migrated yet.
func NewLibrary(ctx context.Context, server string) (*Library, error) {
	folder, err := os.MkdirTemp("", "vodgraph-bench-")
	if err != nil {
		return nil, err
	}
	l := &Library{Store: library.Store{Data: folder}, drop: func(context.Context) error { return nil }}
	if server != "" {
		if l.Database, l.drop, err = postgres.Scratch(ctx, server); err != nil {
			return nil, errors.Join(err, os.RemoveAll(folder))
		}
	}
	return l, nil
}

// FilledLibrary is NewLibrary with the lines that write writes.
func FilledLibrary(ctx context.Context, server string, write func(io.Writer) error) (*Library, error) {
	l, err := NewLibrary(ctx, server)
	if err != nil {
		return nil, err
	}
	lines := Lines(write)
	if err := errors.Join(served.Import(ctx, l.Store, lines), lines.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("make the library: %w", err), l.Remove(ctx))
	}
	return l, nil
}

// WithServer makes a library of what write writes, and does something while a process of its own serves it.
func WithServer(ctx context.Context, server string, write func(io.Writer) error, do func(*served.Process) error) (err error) {
	l, err := FilledLibrary(ctx, server, write)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Remove(ctx)) }()
	p, err := served.StartProcess(ctx, l.Store)
	if err != nil {
		return err
	}
	return errors.Join(do(p), p.Stop())
}

// ForTest is a library of so many generated assets, on a Postgres server or for "" on SQLite, until the end
// of a test.
func ForTest(t testing.TB, server string, assets int) library.Store {
	t.Helper()
	l, err := FilledLibrary(t.Context(), server, Corpus(assets))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Remove(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return l.Store
}

// Corpus writes a generated library of so many assets.
func Corpus(assets int) func(io.Writer) error {
	return func(to io.Writer) error {
		corpus, err := generated.New(generated.Size{Assets: assets, Seed: 1})
		if err != nil {
			return err
		}
		return corpus.Write(to)
	}
}

// Lines are what write writes, while it does so.
func Lines(write func(io.Writer) error) io.ReadCloser {
	from, to := io.Pipe()
	go func() { to.CloseWithError(write(to)) }()
	return from
}

// Remove deletes the library, even where ctx has ended.
func (l *Library) Remove(ctx context.Context) error {
	return errors.Join(l.drop(context.WithoutCancel(ctx)), os.RemoveAll(l.Data))
}

// Dialect is the name of the database.
func (l *Library) Dialect() string {
	if l.Database != "" {
		return "Postgres"
	}
	return "SQLite"
}

// Config is where the database is, as the server finds it.
func Config(store library.Store) database.Config {
	if store.Database != "" {
		return database.Config{URL: store.Database}
	}
	return database.Config{Path: store.File()}
}

// Graph answers documents without a network.
type Graph struct {
	executor *executor.Executor
	// Catalog has the verbs, as the server does them.
	Catalog *bulk.Catalog
}

// NewGraph makes a graph over an open database.
func NewGraph(db *database.DB) *Graph {
	verbs := bulk.New(db.Client, change.Options{
		Limits: limits.DefaultLibrary(), Now: time.Now, NewID: media.ULIDs(time.Now, rand.Reader),
	})
	schema := graph.NewExecutableSchema(graph.Config{Resolvers: &resolvers.Root{
		Client: db.Client, Catalog: verbs, Limits: verbs.Limits(),
	}})
	g := &Graph{Catalog: verbs, executor: executor.New(schema)}
	g.executor.Use(arguments.Mutations{Schema: schema.Schema()})
	return g
}

// Ask returns the JSON of an answer. An answer with an error is an error.
func (g *Graph) Ask(ctx context.Context, document string, variables map[string]any) ([]byte, error) {
	ctx = graphql.StartOperationTrace(ctx)
	operation, errs := g.executor.CreateOperationContext(ctx, &graphql.RawParams{Query: document, Variables: variables})
	if len(errs) > 0 {
		return nil, errs
	}
	respond, ctx := g.executor.DispatchOperation(ctx, operation)
	response := respond(ctx)
	if len(response.Errors) > 0 {
		return nil, fmt.Errorf("the graph answers: %w", response.Errors)
	}
	return response.Data, nil
}
