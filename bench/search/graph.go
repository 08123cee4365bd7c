package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"vodgraph/bench/generated"
	"vodgraph/bench/labelled"
	"vodgraph/bench/served"
	"vodgraph/bench/works"
	"vodgraph/dbtest/postgres"
	"vodgraph/demo/bangumi"
	lib "vodgraph/library"
	"vodgraph/search"
	"vodgraph/search/bleve"
	"vodgraph/search/typesense"
	"vodgraph/search/typesensetest"
)

// changes is how many single changes are waited for.
const changes = 50

// measureGraph measures the real server: how fast its index is filled, what it finds
// through GraphQL and how fast, beside the bare engine on the same index, and how
// long a change takes to be found.
func measureGraph(ctx context.Context, s settings, list []bangumi.Work, to io.Writer) error {
	lines, titled, err := works.Labelled(list)
	if err != nil {
		return err
	}
	queries := labelled.Make(titled, nil, s.each, s.seed)
	for _, name := range []string{"bleve", "typesense"} {
		if !slices.Contains(strings.Split(s.engines, ","), name) {
			continue
		}
		err := withLibrary(ctx, s, name, bytes.NewReader(lines), func(l *library) error { return l.ask(ctx, queries, to) })
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		corpus, err := generated.New(generated.Size{Assets: s.assets, Seed: s.seed})
		if err != nil {
			return err
		}
		from, into := io.Pipe()
		go func() { into.CloseWithError(corpus.Write(into)) }()
		err = withLibrary(ctx, s, name, from, func(l *library) error { return errors.Join(l.fill(ctx, "generated assets", to), l.stop()) })
		if err = errors.Join(err, from.Close()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// library is one that is not served yet.
type library struct {
	store  lib.Store
	name   string // of the engine
	search string // its address
	server *served.Server
}

// withLibrary imports lines into a new library, and does something with it.
func withLibrary(ctx context.Context, s settings, name string, lines io.Reader, do func(*library) error) (err error) {
	l := &library{name: name}
	if l.store.Data, err = os.MkdirTemp("", "search-"); err != nil {
		return err
	}
	defer os.RemoveAll(l.store.Data)
	if s.database != "" {
		var drop func(context.Context) error
		if l.store.Database, drop, err = postgres.Scratch(ctx, s.database); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, drop(context.WithoutCancel(ctx))) }()
	}
	if name == "typesense" {
		cache, err := postgres.CacheFolder()
		if err != nil {
			return err
		}
		server, err := typesensetest.Start(ctx, cache)
		if err != nil {
			return err
		}
		defer server.Stop()
		l.search = server.Address("bench")
	}
	if err := served.Import(ctx, l.store, lines); err != nil {
		return err
	}
	return do(l)
}

// fill serves the library, and tells how long its empty index took to be level.
func (l *library) fill(ctx context.Context, of string, to io.Writer) (err error) {
	began := time.Now()
	if l.server, err = served.Start(ctx, l.store, l.search, io.Discard); err != nil {
		return err
	}
	if err := l.server.Level(ctx); err != nil {
		return err
	}
	took := time.Since(began)
	var counted struct{ Assets struct{ TotalCount int } }
	if err := l.server.Ask(ctx, "{ assets(first: 1) { totalCount } }", nil, &counted); err != nil {
		return err
	}
	database := "SQLite"
	if l.store.Database != "" {
		database = "Postgres"
	}
	fmt.Fprintf(to, "\n%s, library on %s: %d %s filled in %.1f s, %.0f documents/s\n", l.name, database,
		counted.Assets.TotalCount, of, took.Seconds(), float64(counted.Assets.TotalCount)/took.Seconds())
	return nil
}

// stop ends the server, if there is one.
func (l *library) stop() error {
	if l.server == nil {
		return nil
	}
	return l.server.Stop()
}

// ask fills the index, asks all queries through the graph, changes titles, and then
// asks all queries of the engine alone.
func (l *library) ask(ctx context.Context, queries []labelled.Query, to io.Writer) error {
	if err := l.fill(ctx, "works", to); err != nil {
		return errors.Join(err, l.stop())
	}
	graph := newFigures(queries)
	err := graph.askAll(func(text string) ([]string, error) {
		found, err := l.server.Search(ctx, text, labelled.Page)
		if err == nil && found.Index.Degraded {
			err = fmt.Errorf("%q is answered by the database", text)
		}
		return found.IDs(), err
	})
	var lags times
	if err == nil {
		lags, err = l.lags(ctx)
	}
	if err = errors.Join(err, l.stop()); err != nil {
		return err
	}
	bare, end, err := l.engine()
	if err != nil {
		return err
	}
	alone := newFigures(queries)
	err = alone.askAll(func(text string) ([]string, error) {
		var t times
		return t.ask(ctx, bare, &search.Query{Text: text, Limit: labelled.Page})
	})
	if err = errors.Join(err, end()); err != nil {
		return err
	}
	fmt.Fprintf(to, "a change is found after %.0f ms (p50 of %d), at most %.0f ms\n", lags.at(0.5), len(lags), lags.at(1))
	fmt.Fprintf(to, "\n| queries | recall@%d | p50 ms | p99 ms | max ms | engine alone: p50 | p99 |\n|---|---|---|---|---|---|---|\n", labelled.Page)
	for _, kind := range graph.kinds {
		g, a := graph.of[kind], alone.of[kind]
		fmt.Fprintf(to, "| %s, %d | %.3f | %.1f | %.1f | %.1f | %.1f | %.1f |\n", kind, len(g.times), g.recall/float64(len(g.times)),
			g.times.at(0.5), g.times.at(0.99), g.times.at(1), a.times.at(0.5), a.times.at(0.99))
	}
	return nil
}

// engine is the engine alone, on the index of the library, which must not be served.
func (l *library) engine() (finder, func() error, error) {
	if l.search != "" {
		e, err := typesense.Open(l.search)
		if err != nil {
			return nil, nil, err
		}
		return e, e.Close, nil
	}
	e, err := bleve.Open(filepath.Join(l.store.Data, "search"))
	if err != nil {
		return nil, nil, err
	}
	return e, e.Close, nil
}

// lags is how long changes take from their answer until they are found.
func (l *library) lags(ctx context.Context) (times, error) {
	var some struct {
		Assets struct{ Nodes []struct{ ID, Title string } }
	}
	err := l.server.Ask(ctx, "query ($n: Int!) { assets(first: $n) { nodes { id title } } }", map[string]any{"n": changes}, &some)
	if err != nil {
		return nil, err
	}
	var lags times
	for _, node := range some.Assets.Nodes {
		// What was made up is found by the letters alone, and what was there is put back.
		word := strings.ToLower(rand.Text())
		for _, title := range []string{word, node.Title} {
			var changed struct{ AssetsUpdate struct{ ChangedCount int } }
			err := l.server.Ask(ctx, "mutation ($items: [AssetUpdateInput!]!) { assetsUpdate(items: $items) { changedCount } }",
				map[string]any{"items": []any{map[string]any{"id": node.ID, "title": title}}}, &changed)
			if err != nil {
				return nil, err
			}
			if changed.AssetsUpdate.ChangedCount != 1 {
				return nil, fmt.Errorf("%s was not changed", node.ID)
			}
			began := time.Now()
			for want := title == word; ; {
				found, err := l.server.Search(ctx, word, 1)
				if err != nil {
					return nil, err
				}
				if !found.Index.Degraded && slices.Contains(found.IDs(), node.ID) == want {
					break
				}
			}
			if title == word {
				lags = append(lags, float64(time.Since(began).Microseconds())/1000)
			}
		}
	}
	return lags, nil
}

// figures are what came of queries, kind by kind.
type figures struct {
	queries []labelled.Query
	kinds   []labelled.Kind
	of      map[labelled.Kind]*figure
}

type figure struct {
	times  times
	recall float64
}

func newFigures(queries []labelled.Query) *figures {
	f := &figures{queries: queries, of: map[labelled.Kind]*figure{}}
	for _, q := range queries {
		if f.of[q.Kind] == nil {
			f.kinds, f.of[q.Kind] = append(f.kinds, q.Kind), &figure{}
		}
	}
	return f
}

// askAll asks all queries.
func (f *figures) askAll(ask func(text string) ([]string, error)) error {
	for i := range f.queries {
		q := &f.queries[i]
		start := time.Now()
		found, err := ask(q.Text)
		if err != nil {
			return err
		}
		of := f.of[q.Kind]
		of.times = append(of.times, float64(time.Since(start).Microseconds())/1000)
		of.recall += q.Recall(found)
	}
	return nil
}
