package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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
	lease  *catalog.Lease
	builds *catalog.Builds
	close  func() error
}

// openIndex opens the engine that a config names, for a library. Nothing is kept
// level before it runs. It refuses with a fault an engine that cannot be had, and
// with bleve.ErrOwned within it a folder that another process has.
func openIndex(config Finding, store Store, l *library, step search.Step, p *panics) (*index, error) {
	options := search.IndexOptions{Name: "bleve", Source: l.catalog, Step: step, Log: p.log, Now: time.Now, Caught: p.caught}
	opened := &index{}
	traced := l.spans.engine
	if config.Search != "" {
		engine, err := openTypesense(config)
		if err != nil {
			return nil, err
		}
		options.Name, options.Engine, opened.close = "typesense", traced("typesense", engine), engine.Close
	} else {
		engine, err := bleve.Open(store.index())
		if err != nil {
			return nil, fmt.Errorf("open the search index: %w", err)
		}
		options.Engine, opened.close = traced(options.Name, engine), engine.Close
	}
	identity, err := identityOf(config, store)
	if err != nil {
		return nil, errors.Join(err, opened.close())
	}
	opened.lease = l.catalog.Lease(leaseOfIndex, identity, rand.Text(), search.TurnLasts)
	opened.builds = l.catalog.Builds(identity)
	options.Turn, options.Builds = opened.lease, opened.builds
	opened.Index = search.NewIndex(options)
	return opened, nil
}

func openTypesense(config Finding) (*typesense.Engine, error) {
	engine, err := typesense.Open(config.Search)
	if err != nil {
		return nil, fault.New(fault.Invalid, "--search: %v", err).At("search")
	}
	return engine, nil
}

// identityFile is in the folder of the index that needs no server, and holds a word
// that no other has.
const identityFile = "identity"

// identityOf tells the engine that a config names from all others, whether or not it
// is open.
func identityOf(config Finding, store Store) (string, error) {
	if config.Search != "" {
		engine, err := openTypesense(config)
		if err != nil {
			return "", err
		}
		return "typesense " + engine.Identity(), engine.Close()
	}
	path := filepath.Join(store.index(), identityFile)
	word, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		word = []byte(rand.Text())
		err = errors.Join(os.MkdirAll(store.index(), 0o750), os.WriteFile(path, word, 0o640))
	}
	if err != nil {
		return "", fmt.Errorf("tell the search index from others: %w", err)
	}
	return "bleve " + strings.TrimSpace(string(word)), nil
}

// alone makes sure that no other server keeps another index for this library. One
// with the index in this folder would have it open, so it has died; another may have
// died, and is waited for. It refuses where the lease is taken again and again for
// some time.
func alone(ctx context.Context, lease *catalog.Lease, wait time.Duration) error {
	waited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	again := time.NewTicker(leaseAgain)
	defer again.Stop()
	for {
		taken, _, err := lease.Seize(waited)
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
