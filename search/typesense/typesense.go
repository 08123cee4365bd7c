// Package typesense is search on Typesense servers, of version 0.24 and later.
//
// Documents lie in one collection behind an alias, so that another can be filled
// beside it and take its place in one step. What they are made of is decided in
// document.go, what is asked for in query.go and filter.go. Of what people wrote
// only words in their normal form reach the server, and keys of titles, encoded: filters
// are of encoded values and numbers, for its filter syntax has no full escape.
//
// The server calls itself healthy while it still reads its documents after a
// crash, so nothing here asks for its health: count.
package typesense

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"vodgraph/search"
)

// Engine is search on Typesense. Close it when it is no longer used.
//
// With several servers in a cluster a question goes to the one that answered
// last. What was put is found by those that ask the leader at once, and on
// another server as soon as it has it from there, which takes milliseconds.
type Engine struct {
	index    // of the alias
	identity string
}

var (
	_ search.Engine    = (*Engine)(nil)
	_ search.Rebuilder = (*Engine)(nil)
)

// Open makes an engine of a setting such as
//
//	typesense://KEY@HOST:8108[,HOST:8108…][/NAME]
//
// with typesenses:// for TLS. The key must allow everything on collections whose
// names begin with NAME, and on aliases; NAME is "vodgraph" where it is left out.
// The error on a setting that cannot be is a sentence that does not repeat it.
// The server is not asked yet, as it may be down.
func Open(setting string) (*Engine, error) {
	at, err := parse(setting)
	if err != nil {
		return nil, err
	}
	c, err := dial(at)
	if err != nil {
		return nil, err
	}
	nodes := slices.Sorted(slices.Values(at.nodes))
	return &Engine{
		index:    index{client: c, name: at.name, alias: true, bound: &bound{}, making: &sync.Mutex{}},
		identity: strings.Join(nodes, ",") + "/" + at.name,
	}, nil
}

// Identity identifies the documents of one library on these servers: it is the same for
// settings that name the same servers, in whatever order, and the same NAME.
func (e *Engine) Identity() string { return e.identity }

// Close closes the connections.
func (e *Engine) Close() error {
	e.client.close()
	return nil
}

// Shape is the document shape that the engine holds; empty where it holds none.
func (e *Engine) Shape(ctx context.Context) (string, error) {
	behind, err := e.client.behind(ctx, e.name)
	if err != nil {
		return "", fmt.Errorf("find the shape of the documents: %w", err)
	}
	return shapeOf(e.name, behind), nil
}

// Rebuild makes a new collection; collections that no alias of this name leads
// to are deleted.
func (e *Engine) Rebuild(ctx context.Context) (search.Rebuild, error) {
	behind, err := e.client.behind(ctx, e.name)
	if err != nil {
		return nil, fmt.Errorf("find the collection that serves: %w", err)
	}
	if err := e.client.sweep(ctx, e.name, behind); err != nil {
		return nil, fmt.Errorf("clear what an earlier rebuild left: %w", err)
	}
	name, err := e.client.create(ctx, e.name)
	if err != nil {
		return nil, fmt.Errorf("make a collection: %w", err)
	}
	return &rebuild{index: index{client: e.client, name: name, bound: &bound{}, making: &sync.Mutex{}}, of: e.name}, nil
}

type rebuild struct {
	index
	of string // the alias that is to lead to it
}

// Switch points the alias to this collection, and deletes the others.
func (r *rebuild) Switch(ctx context.Context) error {
	if err := r.client.lead(ctx, r.of, r.name); err != nil {
		return fmt.Errorf("switch to the new collection: %w", err)
	}
	if err := r.client.sweep(ctx, r.of, r.name); err != nil {
		return fmt.Errorf("clear the old collection away: %w", err)
	}
	return nil
}

func (r *rebuild) Discard(ctx context.Context) error {
	if err := r.client.drop(ctx, r.name); err != nil {
		return fmt.Errorf("discard the new collection: %w", err)
	}
	return nil
}
