// Package subscribers measures what those who subscribe take of a server: the memory of one who is idle, how
// soon a change reaches those who are busy while the idle ones are there, and whether anything stays when all
// have left. It does so over WebSockets and over streams of events, and needs two open files a subscriber.
package subscribers

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"vodgraph/bench/measure"
	"vodgraph/bench/served"
)

// subscribersOfAsset is how many busy subscribers an asset has.
const subscribersOfAsset = 10

type settings struct {
	database   string
	idle, busy int
	rate       int
	rest, time time.Duration
}

// Scenario makes a library, serves it in a process of its own, and subscribes to it in each way.
func Scenario(flags measure.Flags) measure.Run {
	s := &settings{idle: 2000, busy: 200, rate: 10, rest: 5 * time.Second, time: 20 * time.Second}
	flags.Database(&s.database)
	flags.Int(&s.idle, "idle", 1, 4000, "how many subscribe to an asset each that is not changed")
	flags.Int(&s.busy, "busy", subscribersOfAsset, 500, "how many subscribe to assets that are changed, ten to each")
	flags.Int(&s.rate, "rate", 1, 100, "how many changes there are in a second")
	flags.Seconds(&s.rest, "rest", time.Minute, "for how long nothing is changed")
	flags.Seconds(&s.time, "seconds", 2*time.Minute, "for how long assets are changed")
	return s.run
}

func (s *settings) run(ctx context.Context, out io.Writer) error {
	return measure.WithServer(ctx, s.database, s.write, func(server *served.Process) error {
		measure.Head(out, "over | KB an idle subscriber, heap + stacks | goroutines each | processor at rest | events | change p50 / p99, ms | event p50 / p99, ms | "+
			"goroutines before / with all / after")
		for _, way := range ways {
			row, err := s.measure(ctx, server, way)
			if err != nil {
				return fmt.Errorf("%s: %w", way.name, err)
			}
			fmt.Fprintln(out, row)
		}
		return nil
	})
}

// quiet are the assets that are not changed, and lively those that are.
func (s *settings) quiet() []string  { return ids(0, s.idle) }
func (s *settings) lively() []string { return ids(s.idle, s.busy/subscribersOfAsset) }

func ids(from, many int) []string {
	all := make([]string, many)
	for i := range all {
		all[i] = "vid_01HZZZZZZZZZZZZZZZZZ" + strconv.Itoa(100_000+from+i)
	}
	return all
}

func (s *settings) write(to io.Writer) error {
	lines := json.NewEncoder(to)
	for i, id := range append(s.quiet(), s.lively()...) {
		if err := lines.Encode(map[string]any{"id": id, "kind": "VIDEO", "title": "Title " + strconv.Itoa(i)}); err != nil {
			return err
		}
	}
	return nil
}
