// Package bulk measures how fast many assets are changed, beside anchors: SQL written by hand that does
// the same to the same rows. It also measures what readers notice of an operation on the whole library, and
// what memory that takes. A figure in rows a second says something of the machine; the ratio to an anchor,
// taken in the same run, says something of the program.
package bulk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"runtime/pprof"
	"time"

	"vodgraph/bench/measure"
	"vodgraph/database"
	entasset "vodgraph/ent/asset"
)

type settings struct {
	database   string
	assets     int
	updates    int
	call       int
	rounds     int
	operations int
	idle       time.Duration
	profile    string
}

// Scenario makes a library and changes it turn by turn, and then serves it in a process of its own, for
// readers beside operations.
func Scenario(flags measure.Flags) measure.Run {
	s := &settings{assets: 100_000, updates: 10_000, call: 1000, rounds: 5, operations: 3, idle: 15 * time.Second}
	flags.Database(&s.database)
	flags.Int(&s.assets, "assets", 1000, 1_000_000, "how many assets the library has, and an operation changes")
	flags.Int(&s.updates, "updates", 0, 1_000_000, "how many of them are changed in a turn, each to values of its own")
	flags.Int(&s.call, "call", 1, 1000, "how many of them are changed in a call")
	flags.Int(&s.rounds, "rounds", 1, 50, "how often each target has its turn")
	flags.Int(&s.operations, "operations", 0, 20, "how many operations readers are measured beside")
	flags.Seconds(&s.idle, "seconds", 2*time.Minute, "how long readers are measured alone before each")
	flags.StringVar(&s.profile, "profile", "", "a file for a profile of the processor while the graph updates")
	return s.run
}

func (s *settings) run(ctx context.Context, out io.Writer) (err error) {
	if s.updates > s.assets {
		return errors.New("-updates is at most as many as -assets")
	}
	debug.SetGCPercent(400) // as `vodgraph` sets it
	began := time.Now()
	lib, err := measure.FilledLibrary(ctx, s.database, measure.Corpus(s.assets))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lib.Remove(ctx)) }()
	fmt.Fprintf(out, "%d assets on %s, made in %s.\n\n", s.assets, lib.Dialect(), time.Since(began).Round(time.Second))
	if s.updates > 0 {
		if err := s.measureUpdates(ctx, lib, out); err != nil {
			return fmt.Errorf("measure updates: %w", err)
		}
	}
	if s.operations > 0 {
		if err := s.measureOperations(ctx, lib.Store, out); err != nil {
			return fmt.Errorf("measure operations: %w", err)
		}
	}
	return nil
}

// profiled does something, and writes a profile of it where a file is named.
func profiled(name string, do func() error) (err error) {
	if name == "" {
		return do()
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return do()
}

// asset is one that is to be changed.
type asset struct{ id, title string }

// some are assets of a library, spread evenly over it in the order of their ids.
func some(ctx context.Context, db *database.DB, n int) ([]asset, error) {
	all, err := db.Client.Asset.Query().Order(entasset.ByID()).Select(entasset.FieldID, entasset.FieldTitle).All(ctx)
	if err != nil {
		return nil, err
	}
	chosen := make([]asset, n)
	for i := range chosen {
		one := all[i*len(all)/n]
		chosen[i] = asset{one.ID, one.Title}
	}
	return chosen, nil
}
