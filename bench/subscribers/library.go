package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strconv"

	"vodgraph/bench/served"
	"vodgraph/dbtest/postgres"
	lib "vodgraph/library"
)

// subscribersOfAsset is how many busy subscribers an asset has.
const subscribersOfAsset = 10

// library is a library made for one run, gone at its end.
type library struct {
	store lib.Store
	// quiet are the assets that are not changed, and lively those that are.
	quiet, lively []string
	drop          func(context.Context) error
}

// library makes a library in a temporary folder, or in a database of its own on a
// Postgres server.
func (s settings) library(ctx context.Context) (lib *library, err error) {
	lib = &library{}
	if lib.store.Data, err = os.MkdirTemp("", "vodgraph-subscribers-"); err != nil {
		return nil, err
	}
	lib.drop = func(context.Context) error { return os.RemoveAll(lib.store.Data) }
	if s.database != "" {
		var drop func(context.Context) error
		if lib.store.Database, drop, err = postgres.Scratch(ctx, s.database); err != nil {
			return nil, errors.Join(err, lib.drop(ctx))
		}
		lib.drop = func(ctx context.Context) error { return errors.Join(drop(ctx), os.RemoveAll(lib.store.Data)) }
	}
	reader, writer := io.Pipe()
	go func() {
		lines := json.NewEncoder(writer)
		for i := range s.idle + s.busy/subscribersOfAsset {
			id := "vid_01HZZZZZZZZZZZZZZZZZ" + strconv.Itoa(100_000+i)
			if i < s.idle {
				lib.quiet = append(lib.quiet, id)
			} else {
				lib.lively = append(lib.lively, id)
			}
			if lines.Encode(map[string]any{"id": id, "kind": "VIDEO", "title": "Title " + strconv.Itoa(i)}) != nil {
				break // the import has ended, and says why
			}
		}
		writer.Close()
	}()
	if err := served.Import(ctx, lib.store, reader); err != nil {
		return nil, errors.Join(err, reader.Close(), lib.drop(context.WithoutCancel(ctx)))
	}
	return lib, nil
}
