package read

import (
	"context"
	"errors"
	"sync/atomic"

	"vodgraph/bench/measure"
	"vodgraph/bench/served"
	"vodgraph/database"
	"vodgraph/library"
)

// server is a process that serves a library, which is open here too.
type server struct {
	*served.Process
	*opened
	lib *measure.Library
}

// startOwn makes a library, and serves it with the anchors.
func startOwn(ctx context.Context, database string, assets int) (*server, error) {
	lib, err := measure.FilledLibrary(ctx, database, measure.Corpus(assets))
	if err != nil {
		return nil, err
	}
	return start(ctx, lib, func() (*served.Process, error) { return served.StartProcess(ctx, lib.Store, served.AnchorsFlag) })
}

// startBuild serves a library of the same assets by another build, which makes it: it may have other tables.
func startBuild(ctx context.Context, program, database string, assets int) (*server, error) {
	lib, err := measure.NewLibrary(ctx, database)
	if err != nil {
		return nil, err
	}
	return start(ctx, lib, func() (*served.Process, error) {
		lines := measure.Lines(measure.Corpus(assets))
		defer lines.Close()
		return served.StartBuild(ctx, program, lib.Store, lines)
	})
}

// start removes the library where it cannot be served.
func start(ctx context.Context, lib *measure.Library, serve func() (*served.Process, error)) (s *server, err error) {
	s = &server{lib: lib}
	if s.Process, err = serve(); err == nil {
		s.opened, err = open(ctx, lib.Store)
	}
	if err == nil && s.db.Postgres() {
		// Autovacuum would come in the middle of the measuring.
		_, err = s.db.SQL.ExecContext(ctx, "VACUUM ANALYZE")
	}
	if err != nil {
		return nil, errors.Join(err, s.close(ctx))
	}
	return s, nil
}

func (s *server) close(ctx context.Context) (err error) {
	if s.Process != nil {
		err = s.Process.Stop()
	}
	if s.opened != nil {
		err = errors.Join(err, s.db.Close())
	}
	return errors.Join(err, s.lib.Remove(ctx))
}

type opened struct {
	db         *database.DB
	graph      *measure.Graph
	statements atomic.Int64
}

func open(ctx context.Context, store library.Store) (*opened, error) {
	o := &opened{}
	config := measure.Config(store)
	config.OnStatement = func(context.Context, string) func(error) {
		o.statements.Add(1)
		return nil
	}
	var err error
	if o.db, err = database.Open(ctx, config); err != nil {
		return nil, err
	}
	o.graph = measure.NewGraph(o.db)
	return o, nil
}

// count returns how many statements the graph takes for a document.
func (o *opened) count(ctx context.Context, document string, variables map[string]any) (int, error) {
	before := o.statements.Load()
	_, err := o.graph.Ask(ctx, document, variables)
	return int(o.statements.Load() - before), err
}
