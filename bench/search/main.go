// Command search measures search engines, each on its own and in turn: what they
// find of a labelled set of queries, how fast, how fast the worst texts are that
// it may be asked, and what it costs to fill them. It writes a table in Markdown.
//
//	go run ./bench/search                      # the works alone
//	go run ./bench/search -n 100000            # with others mixed from their words
//	go run ./bench/search -n 100000 -full      # with cues, and all that filters name
//	go run ./bench/search -graph               # through the real server
//
// The works are those of the npm package bangumi-data, which npm fetches once, or
// which -data names. "trial" is the code that bleve was first tried with, kept to
// compare with.
package main

import (
	"context"
	"flag"
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
	"vodgraph/bench/works"
	"vodgraph/search"
	"vodgraph/search/bleve"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "search:", err)
		os.Exit(1)
	}
}

// settings are what the command is told.
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

// engine is one to be measured.
type engine struct {
	name string
	// open gives an empty one over a folder that may be used, and what closes it.
	open func(folder string) (finder, func() error, error)
}

// finder is what is measured of a search.Engine.
type finder interface {
	Put(ctx context.Context, docs []*search.Document) error
	Search(ctx context.Context, q *search.Query) (*search.Hits, error)
}

// engines are all there are.
func engines() []engine {
	return []engine{
		{"bleve", func(folder string) (finder, func() error, error) {
			e, err := bleve.Open(folder)
			if err != nil {
				return nil, nil, err
			}
			return e, e.Close, nil
		}},
		{"typesense", openTypesense},
		{"trial", openTrial},
	}
}

func run(ctx context.Context, args []string, to io.Writer) error {
	var s settings
	flags := flag.NewFlagSet("search", flag.ContinueOnError)
	flags.StringVar(&s.data, "data", "", "dist/data.json of the npm package bangumi-data, which npm fetches without it")
	flags.StringVar(&s.engines, "engines", "bleve,typesense,trial", "which engines, by name")
	flags.IntVar(&s.count, "n", 0, "how many documents, the works with others mixed from their words; 0 is the works alone")
	flags.IntVar(&s.each, "each", 300, "how many queries of each kind")
	flags.IntVar(&s.worst, "worst", 2000, "how many of the worst texts; 0 is none")
	flags.BoolVar(&s.full, "full", false, "documents with cues, and all that filters, sorts and facets name")
	flags.BoolVar(&s.graph, "graph", false, "the real server, asked through GraphQL, and how its index is filled and kept level")
	flags.IntVar(&s.assets, "assets", 20_000, "with -graph, how many generated assets are filled too")
	flags.StringVar(&s.database, "database", "", "with -graph, a Postgres server, on which databases are made and dropped again; SQLite without it")
	flags.Uint64Var(&s.seed, "seed", 1, "what chance begins with")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if s.data == "" {
		var err error
		if s.data, err = works.Data(ctx); err != nil {
			return err
		}
	}
	list, err := works.Read(s.data)
	if err != nil {
		return err
	}
	if s.graph {
		return measureGraph(ctx, s, list, to)
	}
	for _, e := range engines() {
		if !slices.Contains(strings.Split(s.engines, ","), e.name) {
			continue
		}
		// Each has a corpus of its own, of equal documents, which are let go once they
		// are written: a heap that holds them all would cost the engine's time.
		if err := measure(ctx, e, newCorpus(list, s), to); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	return nil
}

// measure fills an engine, and asks it.
func measure(ctx context.Context, e engine, c *corpus, to io.Writer) error {
	queries := labelled.Make(c.works, c.others, c.each, c.seed)
	folder, err := os.MkdirTemp("", "search-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	asked, end, err := e.open(folder)
	if err != nil {
		return err
	}
	defer end()
	start := time.Now()
	for batch := range slices.Chunk(c.docs, 1000) {
		if err := asked.Put(ctx, batch); err != nil {
			return err
		}
	}
	fmt.Fprintf(to, "\n%s: %d documents in %.1f s", e.name, len(c.docs), time.Since(start).Seconds())
	c.letGo()
	quiet(folder)
	fmt.Fprintf(to, ", %d MB in files, %d MB of heap\n\n| queries | recall@%d | p50 ms | p99 ms | max ms |\n|---|---|---|---|---|\n", size(folder)>>20, heap()>>20, labelled.Page)
	var kinds []labelled.Kind
	of := map[labelled.Kind][]labelled.Query{}
	for _, q := range queries {
		if of[q.Kind] == nil {
			kinds = append(kinds, q.Kind)
		}
		of[q.Kind] = append(of[q.Kind], q)
	}
	for _, kind := range kinds {
		var t times
		recall := 0.0
		var missed []string
		for _, q := range of[kind] {
			found, err := t.ask(ctx, asked, &search.Query{Text: q.Text, Limit: labelled.Page})
			if err != nil {
				return err
			}
			r := q.Recall(found)
			recall += r
			if r < 1 {
				missed = append(missed, q.Text)
			}
		}
		fmt.Fprintf(to, "| %s, %d | %.3f | %.1f | %.1f | %.1f |\n", kind, len(of[kind]), recall/float64(len(of[kind])), t.at(0.5), t.at(0.99), t.at(1))
		if len(missed) > 0 {
			fmt.Fprintf(os.Stderr, "%s misses %d of %s: %q\n", e.name, len(missed), kind, missed[:min(8, len(missed))])
		}
	}
	if e.name == "trial" {
		return nil
	}
	return measureMore(ctx, asked, c, to)
}

// measureMore asks the worst texts, pages and facets.
func measureMore(ctx context.Context, asked finder, c *corpus, to io.Writer) error {
	for _, kind := range c.harder() {
		var t times
		slowest, longest := "", 0.0
		for _, q := range kind.queries {
			if _, err := t.ask(ctx, asked, q); err != nil {
				return err
			}
			if last := t[len(t)-1]; last > longest {
				slowest, longest = q.Text, last
			}
		}
		if len(t) > 0 {
			fmt.Fprintf(to, "| %s, %d | | %.1f | %.1f (p99.9 %.1f) | %.1f |\n", kind.name, len(t), t.at(0.5), t.at(0.99), t.at(0.999), t.at(1))
			fmt.Fprintf(os.Stderr, "%s: the slowest is %q\n", kind.name, slowest)
		}
	}
	return nil
}

// times are how long queries took, in milliseconds.
type times []float64

// ask asks, and gives the ids found.
func (t *times) ask(ctx context.Context, f finder, q *search.Query) ([]string, error) {
	start := time.Now()
	hits, err := f.Search(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", q.Text, err)
	}
	*t = append(*t, float64(time.Since(start).Microseconds())/1000)
	var ids []string
	for _, h := range hits.Hits {
		ids = append(ids, h.ID)
	}
	return ids, nil
}

// at is the time that a part of the queries took at most.
func (t times) at(part float64) float64 {
	sorted := slices.Sorted(slices.Values(t))
	return sorted[min(int(part*float64(len(sorted))), len(sorted)-1)]
}

// heap is what is in use of the process's memory, after what is not was let go.
func heap() uint64 {
	runtime.GC()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	return now.HeapAlloc
}

// quiet waits until nothing in a folder has changed for a second, so that work in
// the background is not measured with what comes after.
func quiet(folder string) {
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
