// Package search measures search engines: what they find of a labelled set of queries, how fast, how fast the
// worst texts are that they may be asked, and what it costs to fill them; or the same through the real server.
//
// The works that queries are made from are those of the npm package bangumi-data. "trial" is the code that
// bleve was first tried with, kept to compare with.
package search

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"vodgraph/bench/labelled"
	"vodgraph/bench/measure"
	"vodgraph/bench/works"
	"vodgraph/dbtest/postgres"
	"vodgraph/search"
	"vodgraph/search/bleve"
	"vodgraph/search/searchtest"
	"vodgraph/search/typesense"
	"vodgraph/search/typesensetest"
)

type settings struct {
	data    string
	engines string
	count   int
	each    int
	worst   int
	full    bool
	seed    uint64

	graph    bool
	assets   int
	database string
}

// Scenario measures engines in turn.
func Scenario(flags measure.Flags) measure.Run {
	s := &settings{each: 300, worst: 2000, assets: 20_000}
	flags.StringVar(&s.data, "data", "", works.DataUsage)
	flags.StringVar(&s.engines, "engines", "bleve,typesense,trial", "which engines, by name")
	flags.Int(&s.count, "n", 0, 10_000_000, "how many documents, the works with others mixed from their words; 0 is the works alone")
	flags.Int(&s.each, "each", 1, 10_000, "how many queries of each kind")
	flags.Int(&s.worst, "worst", 0, 100_000, "how many of the worst texts")
	flags.BoolVar(&s.full, "full", false, "documents with cues, and all that filters, sorts and facets name")
	flags.BoolVar(&s.graph, "graph", false, "the real server, asked through GraphQL, and how its index is filled and kept level")
	flags.Int(&s.assets, "assets", 0, 1_000_000, "with -graph, how many generated assets are filled too")
	flags.Database(&s.database)
	flags.Uint64Var(&s.seed, "seed", 1, "what chance begins with")
	return s.run
}

func (s *settings) run(ctx context.Context, out io.Writer) error {
	list, err := works.Load(ctx, s.data)
	if err != nil {
		return err
	}
	for _, name := range strings.Split(s.engines, ",") {
		switch {
		case s.graph && name != trialName:
			err = s.measureGraph(ctx, name, list, out)
		case !s.graph:
			// Each has a corpus of its own, of equal documents, which are freed once they are
			// written: a heap that holds them all would cost the engine's time.
			err = measureEngine(ctx, name, newCorpus(list, s), out)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

const (
	bleveName     = "bleve"
	typesenseName = "typesense"
	trialName     = "trial"
)

// engine is what is measured of a search.Engine.
type engine interface {
	Put(ctx context.Context, docs []*search.Document) error
	Search(ctx context.Context, q *search.Query) (*search.Hits, error)
	Close() error
}

// open opens an engine over a folder, or at the address of a server.
func open(name, folder, address string) (engine, error) {
	switch name {
	case bleveName:
		return bleve.Open(folder)
	case typesenseName:
		return typesense.Open(address)
	case trialName:
		return openTrial(folder)
	}
	return nil, fmt.Errorf("there is no engine %q", name)
}

// startServer starts the server that an engine needs, as tests do, and returns its address; "" where it needs none.
func startServer(ctx context.Context, name string) (address string, stop func(), err error) {
	if name != typesenseName {
		return "", func() {}, nil
	}
	cache, err := postgres.CacheFolder()
	if err != nil {
		return "", nil, err
	}
	server, err := typesensetest.Start(ctx, cache)
	if err != nil {
		return "", nil, err
	}
	return server.Address("bench"), server.Stop, nil
}

func measureEngine(ctx context.Context, name string, c *corpus, out io.Writer) error {
	queries := labelled.Make(c.works, c.others, c.each, c.seed)
	folder, err := os.MkdirTemp("", "search-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	address, stop, err := startServer(ctx, name)
	if err != nil {
		return err
	}
	defer stop()
	e, err := open(name, folder, address)
	if err != nil {
		return err
	}
	defer e.Close()
	start := time.Now()
	for batch := range slices.Chunk(c.docs, 1000) {
		if err := e.Put(ctx, batch); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "\n%s: %d documents in %.1f s", name, len(c.docs), time.Since(start).Seconds())
	c.free()
	settle(folder)
	fmt.Fprintf(out, ", %d MB in files, %d MB of heap\n\n", size(folder)>>20, heap()>>20)
	measure.Head(out, fmt.Sprintf("queries | recall@%d | p50 ms | p99 ms | max ms", labelled.Page))
	figures, err := askLabelled(queries, find(ctx, e))
	if err != nil {
		return err
	}
	for _, f := range figures {
		fmt.Fprintf(out, "| %s, %d | %.3f | %.1f | %.1f | %.1f |\n", f.kind, len(f.latencies), f.meanRecall(),
			f.latencies.At(0.5), f.latencies.At(0.99), f.latencies.At(1))
		if len(f.missed) > 0 {
			fmt.Fprintf(os.Stderr, "%s misses %d of %s: %q\n", name, len(f.missed), f.kind, f.missed[:min(8, len(f.missed))])
		}
	}
	if name == trialName {
		return nil
	}
	return measureHarder(ctx, e, c, out)
}

func measureHarder(ctx context.Context, e engine, c *corpus, out io.Writer) error {
	for _, kind := range c.harder() {
		if len(kind.queries) == 0 {
			continue
		}
		var all measure.Latencies
		slowest, longest := "", time.Duration(0)
		for _, q := range kind.queries {
			start := time.Now()
			if _, err := e.Search(ctx, q); err != nil {
				return fmt.Errorf("%q: %w", q.Text.Typed(), err)
			}
			took := time.Since(start)
			if all = append(all, took); took > longest {
				slowest, longest = q.Text.Typed(), took
			}
		}
		slices.Sort(all)
		fmt.Fprintf(out, "| %s, %d | | %.1f | %.1f (p99.9 %.1f) | %.1f |\n", kind.name, len(all), all.At(0.5), all.At(0.99), all.At(0.999), all.At(1))
		fmt.Fprintf(os.Stderr, "%s: the slowest is %q\n", kind.name, slowest)
	}
	return nil
}

// find returns the ids of the first page of a text.
func find(ctx context.Context, e engine) func(text string) ([]string, error) {
	return func(text string) ([]string, error) {
		hits, err := e.Search(ctx, &search.Query{Text: searchtest.Text(text), Limit: labelled.Page})
		if err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		var ids []string
		for _, h := range hits.Hits {
			ids = append(ids, h.ID)
		}
		return ids, nil
	}
}

// figure is what came of the queries of a kind.
type figure struct {
	kind      labelled.Kind
	latencies measure.Latencies
	recall    float64 // summed up
	missed    []string
}

func (f *figure) meanRecall() float64 { return f.recall / float64(len(f.latencies)) }

// askLabelled asks queries, which are in the order of their kinds.
func askLabelled(queries []labelled.Query, find func(text string) ([]string, error)) (all []*figure, err error) {
	for i := range queries {
		q := &queries[i]
		if len(all) == 0 || all[len(all)-1].kind != q.Kind {
			all = append(all, &figure{kind: q.Kind})
		}
		f := all[len(all)-1]
		start := time.Now()
		found, err := find(q.Text)
		if err != nil {
			return nil, err
		}
		f.latencies = append(f.latencies, time.Since(start))
		recall := q.Recall(found)
		if f.recall += recall; recall < 1 {
			f.missed = append(f.missed, q.Text)
		}
	}
	for _, f := range all {
		slices.Sort(f.latencies)
	}
	return all, nil
}

// heap is what is in use of the process's memory, without garbage.
func heap() uint64 {
	runtime.GC()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	return now.HeapAlloc
}

// settle waits until nothing in a folder has changed for a second, so that work in the background is not
// measured with what comes after.
func settle(folder string) {
	before, since := int64(-1), time.Now()
	for time.Since(since) < time.Second {
		if now := size(folder); now != before {
			before, since = now, time.Now()
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// size is that of all files in a folder, in bytes.
func size(folder string) (bytes int64) {
	// Files come and go meanwhile; those that are gone count nothing.
	_ = filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}
