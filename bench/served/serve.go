package served

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/metrics"
	"sync"
	"time"

	"vodgraph/bench/usage"
	"vodgraph/library"
)

// The first arguments of the bench where it is to be a process that another run of it measures: a server, and
// `vodgraph` with its commands.
const (
	ServeCommand    = "serve"
	VodgraphCommand = "vodgraph"
)

// Flags of Serve: the anchors answer too, or the most memory is watched for.
const (
	AnchorsFlag = "-anchors"
	WatchFlag   = "-watch"
)

// collectLine is the line of input that has garbage collected before the state is written.
const collectLine = "collect"

// addresses are the first line of a server's output.
type addresses struct{ URL, Anchors string }

// Anchors are what answers questions beside the graph, in the same process.
type Anchors func(ctx context.Context, store library.Store) (handler http.Handler, closeAnchors func() error, err error)

// Serve serves the library that arguments name until its input ends. It writes its addresses once its
// index is level, and then its State for each line of its input, as JSON.
func Serve(ctx context.Context, args []string, anchors Anchors, in io.Reader, out io.Writer) (err error) {
	var store library.Store
	flags := flag.NewFlagSet(ServeCommand, flag.ContinueOnError)
	flags.StringVar(&store.Data, "data", "", "the folder of the library")
	flags.StringVar(&store.Database, "database", "", "a Postgres database")
	anchored := flags.Bool(AnchorsFlag[1:], false, "answer by the anchors too")
	watching := flags.Bool(WatchFlag[1:], false, "watch for the most memory")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var most peak
	if *watching {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		go most.watch(ctx)
	}
	s, err := Start(ctx, store, "", os.Stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	if err := s.Level(ctx); err != nil {
		return err
	}
	at := addresses{URL: s.URL}
	if *anchored {
		address, stop, err := anchors.serve(ctx, store)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stop()) }()
		at.Anchors = address
	}
	answers := json.NewEncoder(out)
	if err := answers.Encode(at); err != nil {
		return err
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		state, err := look(lines.Text() == collectLine)
		if err != nil {
			return err
		}
		state.Peak = most.take()
		if err := answers.Encode(state); err != nil {
			return err
		}
	}
	return nil
}

// serve answers by the anchors at an address of its own.
func (a Anchors) serve(ctx context.Context, store library.Store) (address string, stop func() error, err error) {
	handler, closeAnchors, err := a(ctx, store)
	if err != nil {
		return "", nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, errors.Join(err, closeAnchors())
	}
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }() // it ends with Close
	return "http://" + listener.Addr().String(), func() error { return errors.Join(server.Close(), closeAnchors()) }, nil
}

// State is what a server takes at a moment.
type State struct {
	// Heap is the memory of objects and Stacks that of goroutines, in bytes.
	Heap, Stacks int64
	// Goroutines is how many there are.
	Goroutines int
	// Processor is the time that the process has used of it, in all.
	Processor time.Duration
	// Peak is the most memory since the state before, where the server watches for it.
	Peak Memory
}

func look(collect bool) (State, error) {
	if collect {
		runtime.GC() // which frees what was pooled
		runtime.GC()
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	used, err := usage.Own()
	return State{Heap: int64(memory.HeapAlloc), Stacks: int64(memory.StackInuse), Goroutines: runtime.NumGoroutine(), Processor: used}, err
}

// Memory is that of a server, in bytes: of objects on its heap, in use or not; of those that were in use
// when garbage was collected last; and of the process, without what it maps of files.
type Memory struct{ Heap, Live, Process int64 }

// peak is the most memory since it was taken last.
type peak struct {
	lock sync.Mutex
	most Memory
}

// watchInterval is how often a server looks at its memory.
const watchInterval = 5 * time.Millisecond

// watch looks again and again until ctx ends.
func (p *peak) watch(ctx context.Context) {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/live:bytes"}}
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		metrics.Read(samples)
		own, _ := usage.Memory(os.Getpid())
		p.lock.Lock()
		p.most.Heap = max(p.most.Heap, int64(samples[0].Value.Uint64()))
		p.most.Live = max(p.most.Live, int64(samples[1].Value.Uint64()))
		p.most.Process = max(p.most.Process, own)
		p.lock.Unlock()
	}
}

func (p *peak) take() Memory {
	p.lock.Lock()
	defer p.lock.Unlock()
	most := p.most
	p.most = Memory{}
	return most
}
