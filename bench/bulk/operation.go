package bulk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"vodgraph/bench/measure"
	"vodgraph/bench/served"
	"vodgraph/database"
	entasset "vodgraph/ent/asset"
	"vodgraph/library"
)

// part is by how much the smaller operation is smaller, that memory is compared
// with.
const part = 10

// beside is what readers and memory were while an operation went on, and readers
// before it.
type beside struct {
	changed     int64
	took        time.Duration
	idle, busy  measure.Latencies
	before, had served.Memory
}

// measureOperations measures operations on the whole library, and one on a part of
// it, each on a server that has just been started, and prints the tables.
func (s *settings) measureOperations(ctx context.Context, store library.Store, out io.Writer) error {
	until, err := madeUntil(ctx, store, s.assets/part)
	if err != nil {
		return err
	}
	// The first server fills its index, which takes memory and time of its own.
	first, err := served.StartProcess(ctx, store)
	if err != nil {
		return err
	}
	if err := first.Stop(); err != nil {
		return err
	}
	var all []*beside
	for i := range s.operations + 1 {
		filter := map[string]any{}
		if i == 0 {
			filter["createdAt"] = map[string]any{"lte": until}
		}
		done, err := s.measureOperation(ctx, store, filter, fmt.Sprint("operation ", i))
		if err != nil {
			return err
		}
		all = append(all, done)
	}
	printReaders(out, all[1:])
	printMemory(out, all)
	return nil
}

// madeUntil is until when so many assets were made.
func madeUntil(ctx context.Context, store library.Store, n int) (until time.Time, err error) {
	db, err := database.Open(ctx, measure.Config(store))
	if err != nil {
		return until, err
	}
	defer db.Close()
	last, err := db.Client.Asset.Query().Order(entasset.ByCreatedAt()).Offset(n - 1).First(ctx)
	if err != nil {
		return until, err
	}
	return last.CreatedAt, nil
}

// perSecond is how many lists readers ask for in a second.
const perSecond = 50

// readers keep their connections.
var readers = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1000}, Timeout: time.Minute}

// readLists asks for lists until ctx ends.
func readLists(ctx context.Context, url string) (measure.Latencies, error) {
	body := []byte(`{"query": "{ assets(first: 20) { nodes { id title tags { name } } } }"}`)
	return measure.Paced(ctx, perSecond, func(ctx context.Context) error {
		status, text, err := served.Post(ctx, readers, url, body)
		if err == nil && !bytes.HasPrefix(text, []byte(`{"data":{"assets":{"nodes":[{`)) {
			err = fmt.Errorf("%s: %.300s", status, text)
		}
		return err
	})
}

// warming is how long readers ask before they are measured.
const warming = 2 * time.Second

// measureOperation starts a server, lets readers ask it, first alone and then beside an operation on the
// assets of a filter, and stops it.
func (s *settings) measureOperation(ctx context.Context, store library.Store, filter map[string]any, name string) (b *beside, err error) {
	server, err := served.StartProcess(ctx, store, served.WatchFlag)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	b = &beside{}
	for _, long := range []time.Duration{warming, s.idle} {
		alone, end := context.WithTimeout(ctx, long)
		b.idle, err = readLists(alone, server.URL)
		end()
		if err != nil {
			return nil, err
		}
	}
	b.before = server.Look().Peak
	busy, end := context.WithCancel(ctx)
	group, busy := errgroup.WithContext(busy)
	group.Go(func() (err error) {
		b.busy, err = readLists(busy, server.URL)
		return err
	})
	group.Go(func() error {
		defer end()
		return b.operate(ctx, server, filter, name)
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	b.had = server.Look().Peak
	return b, nil // the next server waits until the index is level
}

// operation is one as the server shows it.
type operation struct {
	ID                    string
	Status                string
	Changed               int64
	StartedAt, FinishedAt *time.Time
}

// operate changes all assets of a filter, and waits until that is done.
func (b *beside) operate(ctx context.Context, s *served.Process, filter map[string]any, name string) error {
	var begun struct {
		AssetsUpdateWhere struct {
			Operation  *operation
			UserErrors []struct{ Message string }
		}
	}
	err := s.Ask(ctx, `mutation ($filter: AssetFilter!, $change: AssetChangeInput!) {
		assetsUpdateWhere(filter: $filter, change: $change, all: true) { operation { id } userErrors { message } } }`,
		map[string]any{"filter": filter, "change": map[string]any{
			"description": "It was changed by " + name + ".", "tags": map[string]any{"add": []any{name}},
		}}, &begun)
	if err != nil {
		return err
	}
	if begun.AssetsUpdateWhere.Operation == nil {
		return fmt.Errorf("the operation was refused: %v", begun.AssetsUpdateWhere.UserErrors)
	}
	return served.Poll(ctx, 200*time.Millisecond, func() (bool, error) {
		var now struct{ Node operation }
		err := s.Ask(ctx, `query ($id: ID!) { node(id: $id) { ... on BulkOperation { status changed startedAt finishedAt } } }`,
			map[string]any{"id": begun.AssetsUpdateWhere.Operation.ID}, &now)
		switch {
		case err != nil:
		case now.Node.Status == "DONE":
			b.changed, b.took = now.Node.Changed, now.Node.FinishedAt.Sub(*now.Node.StartedAt)
			return true, nil
		case now.Node.Status != "QUEUED" && now.Node.Status != "RUNNING":
			err = fmt.Errorf("the operation is %s", now.Node.Status)
		}
		return false, err
	})
}

func printReaders(out io.Writer, all []*beside) {
	fmt.Fprintf(out, "%d lists of 20 assets with their tags are asked for in a second, alone and beside an operation on all assets.\n\n", perSecond)
	measure.Head(out, "operation | changed | seconds | rows/s | alone: lists | p50 / p99, ms | beside: lists | p50 / p99, ms | max | p99 to alone")
	ratios := make([]float64, len(all))
	for i, b := range all {
		ratios[i] = b.busy.At(0.99) / b.idle.At(0.99)
		fmt.Fprintf(out, "| %d | %d | %.1f | %.0f | %d | %.1f / %.1f | %d | %.1f / %.1f | %.1f | %.2f |\n", i+1, b.changed, b.took.Seconds(),
			float64(b.changed)/b.took.Seconds(), len(b.idle), b.idle.At(0.5), b.idle.At(0.99),
			len(b.busy), b.busy.At(0.5), b.busy.At(0.99), b.busy.At(1), ratios[i])
	}
	fmt.Fprintf(out, "\nThe median of the last column is %.2f.\n\n", measure.Median(ratios))
}

func printMemory(out io.Writer, all []*beside) {
	measure.Head(out, "changed | heap before, MB | heap, MB | alive before, MB | alive, MB | process before, MB | process, MB")
	for _, b := range all {
		fmt.Fprintf(out, "| %d | %d | %d | %d | %d | %d | %d |\n", b.changed, b.before.Heap>>20, b.had.Heap>>20,
			b.before.Live>>20, b.had.Live>>20, b.before.Process>>20, b.had.Process>>20)
	}
	fmt.Fprintln(out)
}
