package main

import (
	"context"
	"io"
	"os"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"time"

	"vodgraph/bench/served"
)

// memory is the most that a server has had for a while, in bytes: of objects on
// its heap, dead or alive; of those that were alive when garbage was collected; and
// of the process, as Linux tells, without what it maps of files.
type memory struct{ Heap, Live, Process int64 }

// every is how often a server looks at its memory.
const every = 5 * time.Millisecond

// serve serves a library, and tells for each line of its input the memory since the line
// before.
func serve(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	looking, stop := context.WithCancel(ctx)
	defer stop()
	var peak watched
	go peak.watch(looking)
	return served.ServeAnd(ctx, args, in, out, func(string) (any, error) { return peak.take(), nil })
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

// memoryOf is the most that a server has had since it was asked last.
func memoryOf(s *served.Process) (most memory, err error) {
	err = s.Say("memory", &most)
	return most, err
}
