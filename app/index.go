package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"vodgraph/catalog"
	"vodgraph/fault"
	"vodgraph/search"
	"vodgraph/search/bleve"
	"vodgraph/search/typesense"
)

// leaseOfIndex is the name of the lease that the one process has which writes to
// the search engine.
const leaseOfIndex = "search-index"

// How long a server waits for the lease of a predecessor that died, and how often
// it asks. It needs it only for an index in its own folder.
const (
	leaseWait  = 15 * time.Second
	leaseAgain = 250 * time.Millisecond
)

// index is an open search engine, to be kept level with the library.
type index struct {
	*search.Index
	close func() error
}

// openIndex opens the engine that a config names, for a library. Nothing is kept
// level before it runs. It refuses with a fault an engine that cannot be had, and
// with bleve.ErrOwned within it a folder that another process has.
func openIndex(config Finding, store Store, l *library, log *slog.Logger) (*index, *catalog.Lease, error) {
	lease := l.catalog.Lease(leaseOfIndex, rand.Text(), search.TurnLasts)
	options := search.IndexOptions{Source: l.catalog, Turn: lease, Builds: l.catalog, Log: log, Now: time.Now}
	if config.Search != "" {
		engine, err := typesense.Open(config.Search)
		if err != nil {
			return nil, nil, fault.New(fault.Invalid, "--search: %v", err).At("search")
		}
		options.Name, options.Engine = "typesense", engine
		return &index{search.NewIndex(options), engine.Close}, lease, nil
	}
	engine, err := bleve.Open(store.index())
	if err != nil {
		return nil, nil, fmt.Errorf("open the search index: %w", err)
	}
	// On Postgres another server may have kept another index meanwhile.
	options.Name, options.Engine, options.Own, options.Missed = "bleve", engine, true, l.db.Postgres()
	return &index{search.NewIndex(options), engine.Close}, lease, nil
}

// alone makes sure that no other server keeps an index of its own for this library.
// Where the library lies in a folder, the index in it, which this process has, is
// proof enough. Otherwise it waits for the lease of one that died, and refuses
// where that is taken again and again for some time.
func alone(ctx context.Context, l *library, lease *catalog.Lease, wait time.Duration) error {
	if !l.db.Postgres() {
		return lease.Seize(ctx)
	}
	waited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	again := time.NewTicker(leaseAgain)
	defer again.Stop()
	for {
		taken, err := lease.Take(waited)
		if taken {
			return nil
		}
		if err != nil && waited.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-waited.Done():
			return fault.New(fault.InUse, "Another server serves this library. The built-in search index is for one server alone: "+
				"to run several, set --search typesense://KEY@HOST:8108 on all of them.").At("search")
		case <-again.C:
		}
	}
}

// owned is the refusal of a folder that another process has, for people.
func owned(err error, store Store) error {
	if errors.Is(err, bleve.ErrOwned) {
		return fault.New(fault.InUse, "The search index in %s is open in another process: "+
			"end that, name another folder with --data, or set --search.", store.index()).At("data")
	}
	return err
}
