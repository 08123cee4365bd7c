// Package read measures how fast the graph answers, beside anchors: statements written by hand that
// build the same JSON in the database, served by the same process. A figure in requests a second says
// something of the machine; the ratio to the anchor, taken in the same run, says something of the graph.
package read

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"vodgraph/bench/measure"
)

type settings struct {
	database string
	assets   int
	turn     time.Duration
	rounds   int
	clients  int
	beside   string
}

// Scenario checks that graph and anchors answer the same, measures them turn by turn over HTTP, and counts
// the statements of the examples of the README, which it reads at the top of the repository.
func Scenario(flags measure.Flags) measure.Run {
	s := &settings{assets: 20_000, turn: 5 * time.Second, rounds: 3, clients: 16}
	flags.Database(&s.database)
	flags.Int(&s.assets, "assets", 1000, 1_000_000, "how many assets the library has")
	flags.Seconds(&s.turn, "seconds", time.Minute, "how long each target is asked in each round")
	flags.Int(&s.rounds, "rounds", 1, 20, "how often each target has its turn")
	flags.Int(&s.clients, "clients", 1, 256, "how many clients ask at once")
	flags.StringVar(&s.beside, "beside", "", "another build of `vodgraph`, whose graph is measured in the same run, on a library that it imports itself")
	return s.run
}

func (s *settings) run(ctx context.Context, out io.Writer) (err error) {
	began := time.Now()
	own, err := startOwn(ctx, s.database, s.assets)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, own.close(ctx)) }()
	fmt.Fprintf(out, "%d assets on %s, made in %s. %d clients, %d rounds of %s.\n\n",
		s.assets, own.lib.Dialect(), time.Since(began).Round(time.Second), s.clients, s.rounds, s.turn)
	targets := []target{{anchorTarget, own}, {graphTarget, own}}
	if s.beside != "" {
		other, err := startBuild(ctx, s.beside, s.database, s.assets)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, other.close(ctx)) }()
		targets = append(targets, target{besideTarget, other})
	}
	rows, err := s.measure(ctx, targets)
	if err != nil {
		return fmt.Errorf("measure: %w", err)
	}
	printRows(out, rows)
	shapes, err := countShapes(ctx)
	if err != nil {
		return fmt.Errorf("count statements: %w", err)
	}
	printShapes(out, shapes)
	return nil
}
