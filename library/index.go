package library

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

	"vodgraph/fault"
	"vodgraph/outbox"
	"vodgraph/search"
	"vodgraph/search/bleve"
	"vodgraph/search/typesense"
)

// IndexLease is the name of the lease of the one process that writes to the search engine.
const IndexLease = "search-index"

// How long a server waits for the lease of a predecessor that died, and how often
// it asks. It needs it only for an index in its own folder.
const (
	LeaseWait  = 15 * time.Second
	LeaseRetry = 250 * time.Millisecond
)

// Index is an open search engine, and what writes the changes of the library to it.
type Index struct {
	*search.Index
	Lease    *outbox.NamedLease
	rebuilds *outbox.RebuildRequests
	Close    func() error
}

// OpenIndex opens the engine that a config names, for a library. Nothing is written before
// it runs. It refuses with a fault an engine that cannot be opened, and with bleve.ErrOwned
// within it a folder that another process has.
func OpenIndex(config Engine, store Store, l *Library, step search.Step, p *Panics) (*Index, error) {
	options := search.IndexOptions{Name: "bleve", Source: l.Outbox, Step: step, Log: p.log, Now: time.Now, Recovered: p.Recovered}
	opened := &Index{}
	traced := l.spans.engine
	if config.Search != "" {
		engine, err := openTypesense(config)
		if err != nil {
			return nil, err
		}
		options.Name, options.Engine, opened.Close = "typesense", traced("typesense", engine), engine.Close
	} else {
		engine, err := bleve.Open(store.Index())
		if err != nil {
			return nil, fmt.Errorf("open the search index: %w", err)
		}
		options.Engine, opened.Close = traced(options.Name, engine), engine.Close
	}
	identity, err := IndexIdentity(config, store)
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	opened.Lease = l.Outbox.Lease(IndexLease, identity, rand.Text(), search.LeaseDuration)
	opened.rebuilds = l.Outbox.Rebuilds(identity)
	options.Lease, options.Rebuilds = opened.Lease, opened.rebuilds
	opened.Index = search.NewIndex(options)
	return opened, nil
}

func openTypesense(config Engine) (*typesense.Engine, error) {
	engine, err := typesense.Open(config.Search)
	if err != nil {
		return nil, fault.New(fault.Invalid, "--search: %v", err).At("search")
	}
	return engine, nil
}

// identityFile is in the folder of the built-in index, and holds its unique name.
const identityFile = "identity"

// IndexIdentity is the unique name of the engine that a config names, which need not be open.
func IndexIdentity(config Engine, store Store) (string, error) {
	if config.Search != "" {
		engine, err := openTypesense(config)
		if err != nil {
			return "", err
		}
		return "typesense " + engine.Identity(), engine.Close()
	}
	path := filepath.Join(store.Index(), identityFile)
	word, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		word = []byte(rand.Text())
		err = errors.Join(os.MkdirAll(store.Index(), 0o750), os.WriteFile(path, word, 0o640))
	}
	if err != nil {
		return "", fmt.Errorf("read the identity of the search index: %w", err)
	}
	return "bleve " + strings.TrimSpace(string(word)), nil
}

// RequireSingleWriter takes the lease of the index, so that no other server writes another
// index of this library. A server that had this folder has died; one with another index may
// have died, and its lease is waited for. It refuses with IN_USE where that does not expire.
func RequireSingleWriter(ctx context.Context, lease *outbox.NamedLease, wait time.Duration) error {
	waited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	again := time.NewTicker(LeaseRetry)
	defer again.Stop()
	for {
		taken, _, err := lease.Steal(waited)
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

// IndexInUse is the refusal of a folder that another process has, for people.
func IndexInUse(err error, store Store) error {
	if errors.Is(err, bleve.ErrOwned) {
		return fault.New(fault.InUse, "The search index in %s is open in another process: "+
			"end that, name another folder with --data, or set --search.", store.Index()).At("data")
	}
	return err
}
