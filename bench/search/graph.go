package search

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"vodgraph/bench/labelled"
	"vodgraph/bench/measure"
	"vodgraph/bench/served"
	"vodgraph/bench/works"
	"vodgraph/demo/bangumi"
)

// changes is how many single changes are waited for.
const changes = 50

// measureGraph measures the real server: how fast its index is filled, what it finds through GraphQL and how
// fast, beside the engine alone on the same index, and how long a change takes to be found.
func (s *settings) measureGraph(ctx context.Context, name string, list []bangumi.Work, out io.Writer) error {
	queries := labelled.Make(works.Labelled(list), nil, s.each, s.seed)
	write := func(to io.Writer) error { return works.Write(list, to) }
	err := s.withLibrary(ctx, name, write, func(l *library) error { return l.measure(ctx, queries, out) })
	if err != nil {
		return err
	}
	return s.withLibrary(ctx, name, measure.Corpus(s.assets), func(l *library) error {
		return l.serve(ctx, "generated assets", out, func(*served.Server) error { return nil })
	})
}

// library is one that is not served yet.
type library struct {
	*measure.Library
	name    string // of the engine
	address string
}

// withLibrary makes a library, and does something with it.
func (s *settings) withLibrary(ctx context.Context, name string, write func(io.Writer) error, do func(*library) error) (err error) {
	lib, err := measure.FilledLibrary(ctx, s.database, write)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lib.Remove(ctx)) }()
	address, stop, err := startServer(ctx, name)
	if err != nil {
		return err
	}
	defer stop()
	return do(&library{lib, name, address})
}

// serve serves the library, prints how long its empty index took to be level, and does something then.
func (l *library) serve(ctx context.Context, of string, out io.Writer, do func(*served.Server) error) (err error) {
	began := time.Now()
	server, err := served.Start(ctx, l.Store, l.address, io.Discard)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	if err := server.Level(ctx); err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	var counted struct{ Assets struct{ TotalCount int } }
	if err := server.Ask(ctx, "{ assets(first: 1) { totalCount } }", nil, &counted); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s, library on %s: %d %s filled in %.1f s, %.0f documents/s\n", l.name, l.Dialect(),
		counted.Assets.TotalCount, of, took, float64(counted.Assets.TotalCount)/took)
	return do(server)
}

// measure asks all queries through the graph, changes titles, and then asks all queries of the engine alone.
func (l *library) measure(ctx context.Context, queries []labelled.Query, out io.Writer) error {
	var graph []*figure
	var lags measure.Latencies
	err := l.serve(ctx, "works", out, func(server *served.Server) (err error) {
		graph, err = askLabelled(queries, func(text string) ([]string, error) {
			found, err := server.Search(ctx, text, labelled.Page)
			if err == nil && found.Index.Degraded {
				err = fmt.Errorf("%q is answered by the database", text)
			}
			return found.IDs(), err
		})
		if err == nil {
			lags, err = measureLags(ctx, server)
		}
		return err
	})
	if err != nil {
		return err
	}
	e, err := open(l.name, l.Index(), l.address)
	if err != nil {
		return err
	}
	alone, err := askLabelled(queries, find(ctx, e))
	if err = errors.Join(err, e.Close()); err != nil {
		return err
	}
	fmt.Fprintf(out, "a change is found after %.0f ms (p50 of %d), at most %.0f ms\n\n", lags.At(0.5), len(lags), lags.At(1))
	measure.Head(out, fmt.Sprintf("queries | recall@%d | p50 ms | p99 ms | max ms | engine alone: p50 | p99", labelled.Page))
	for i, g := range graph {
		fmt.Fprintf(out, "| %s, %d | %.3f | %.1f | %.1f | %.1f | %.1f | %.1f |\n", g.kind, len(g.latencies), g.meanRecall(),
			g.latencies.At(0.5), g.latencies.At(0.99), g.latencies.At(1), alone[i].latencies.At(0.5), alone[i].latencies.At(0.99))
	}
	return nil
}

// measureLags is how long changes take from their answer until they are found.
func measureLags(ctx context.Context, server *served.Server) (lags measure.Latencies, err error) {
	var some struct {
		Assets struct{ Nodes []struct{ ID, Title string } }
	}
	err = server.Ask(ctx, "query ($n: Int!) { assets(first: $n) { nodes { id title } } }", map[string]any{"n": changes}, &some)
	if err != nil {
		return nil, err
	}
	for _, node := range some.Assets.Nodes {
		// An invented word is found by its letters alone. Then the title is put back.
		word := strings.ToLower(rand.Text())
		for _, title := range []string{word, node.Title} {
			if err := server.Rename(ctx, node.ID, title); err != nil {
				return nil, err
			}
			began := time.Now()
			for want := title == word; ; {
				found, err := server.Search(ctx, word, 1)
				if err != nil {
					return nil, err
				}
				if !found.Index.Degraded && slices.Contains(found.IDs(), node.ID) == want {
					break
				}
			}
			if title == word {
				lags = append(lags, time.Since(began))
			}
		}
	}
	slices.Sort(lags)
	return lags, nil
}
