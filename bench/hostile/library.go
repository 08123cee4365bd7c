package main

import (
	"context"
	"errors"
	"io"
	"os"

	"vodgraph/bench/generated"
	"vodgraph/bench/served"
	"vodgraph/dbtest/postgres"
	"vodgraph/library"
)

// library makes a library in a temporary folder, or in a database of its own on a
// Postgres server, and gives what removes it.
func (s settings) library(ctx context.Context) (store library.Store, drop func(context.Context) error, err error) {
	if store.Data, err = os.MkdirTemp("", "vodgraph-hostile-"); err != nil {
		return store, nil, err
	}
	drop = func(context.Context) error { return os.RemoveAll(store.Data) }
	if s.database != "" {
		var dropDatabase func(context.Context) error
		if store.Database, dropDatabase, err = postgres.Scratch(ctx, s.database); err != nil {
			return store, nil, errors.Join(err, drop(ctx))
		}
		folder := drop
		drop = func(ctx context.Context) error { return errors.Join(dropDatabase(ctx), folder(ctx)) }
	}
	corpus, err := generated.New(generated.Size{Assets: s.assets, Seed: 1})
	if err == nil {
		from, to := io.Pipe()
		go func() { to.CloseWithError(corpus.Write(to)) }()
		err = errors.Join(served.Import(ctx, store, from), from.Close())
	}
	if err != nil {
		return store, nil, errors.Join(err, drop(context.WithoutCancel(ctx)))
	}
	return store, drop, nil
}
