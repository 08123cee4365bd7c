package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"time"

	"vodgraph/app"
	"vodgraph/bench/served"
)

// serveCommand has this command be the server that another run of it measures, so
// that its memory is the server's alone.
const serveCommand = "serve"

// memory is the most that a server has had for a while, in bytes: of objects on
// its heap, dead or alive; of those that were alive when garbage was collected; and
// of the process, as Linux tells, without what it maps of files.
type memory struct{ Heap, Live, Process int64 }

// every is how often a server looks at its memory.
const every = 5 * time.Millisecond

// serve serves a library. It writes its address once its index is level, and then, for
// each line of its input, the memory since the line before. It ends with its input.
func serve(ctx context.Context, args []string, in io.Reader, out io.Writer) (err error) {
	var store app.Store
	flags := flag.NewFlagSet(serveCommand, flag.ContinueOnError)
	flags.StringVar(&store.Data, "data", "", "the folder of the library")
	flags.StringVar(&store.Database, "database", "", "a Postgres database")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, err := served.Start(ctx, store, "", os.Stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	if err := s.Level(ctx); err != nil {
		return err
	}
	told := json.NewEncoder(out)
	if err := told.Encode(s.URL); err != nil {
		return err
	}
	looking, stop := context.WithCancel(ctx)
	defer stop()
	var peak watched
	go peak.watch(looking)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if err := told.Encode(peak.take()); err != nil {
			return err
		}
	}
	return lines.Err()
}

// watched is the memory since it was taken last.
type watched struct {
	lock sync.Mutex
	most memory
}

// watch looks again and again until ctx ends.
func (w *watched) watch(ctx context.Context) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := look()
		w.lock.Lock()
		w.most = memory{max(w.most.Heap, now.Heap), max(w.most.Live, now.Live), max(w.most.Process, now.Process)}
		w.lock.Unlock()
	}
}

func (w *watched) take() memory {
	w.lock.Lock()
	defer w.lock.Unlock()
	most := w.most
	w.most = memory{}
	return most
}

// look is the memory of this process now.
func look() memory {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(samples)
	now := memory{Heap: int64(samples[0].Value.Uint64()), Live: int64(samples[1].Value.Uint64())}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return now // not on Linux
	}
	for line := range strings.Lines(string(status)) {
		if rest, found := strings.CutPrefix(line, "RssAnon:"); found {
			kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			now.Process = kilobytes << 10
		}
	}
	return now
}

// server is a server in a process of its own.
type server struct {
	served.Server
	command *exec.Cmd
	input   io.WriteCloser
	told    *json.Decoder
}

// startServer starts a server on a library. Its memory is set as `vodgraph` sets
// its own.
func startServer(ctx context.Context, store app.Store) (*server, error) {
	own, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{serveCommand, "-data", store.Data}
	if store.Database != "" {
		args = append(args, "-database", store.Database)
	}
	s := &server{command: exec.CommandContext(ctx, own, args...)}
	s.command.Env = append(os.Environ(), "GOGC=400")
	s.command.Stderr = os.Stderr
	if s.input, err = s.command.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	s.told = json.NewDecoder(output)
	if err := s.told.Decode(&s.URL); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", own, err), s.stop())
	}
	return s, nil
}

// memory is the most that the server has had since it was asked last.
func (s *server) memory() (most memory, err error) {
	if _, err := s.input.Write([]byte("\n")); err != nil {
		return most, err
	}
	return most, s.told.Decode(&most)
}

// stop ends the process.
func (s *server) stop() error { return errors.Join(s.input.Close(), s.command.Wait()) }
