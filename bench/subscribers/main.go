// Command subscribers measures what those who subscribe take of a server: the memory of
// one who is idle, how soon a change is told to those who are busy while the idle ones
// are there, and whether anything stays when all have left. It does so over WebSockets
// and over streams of events.
//
//	go run ./bench/subscribers
//	go run ./bench/subscribers -database postgres://localhost/postgres
//
// It makes a library, serves it in a process of its own, asks that over HTTP on the
// loopback, and prints a table in Markdown. It runs at the top of the repository, on
// Linux, and needs two open files a subscriber.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"vodgraph/bench/served"
)

// settings are what a run goes by.
type settings struct {
	database   string
	idle, busy int
	rate       int
	rest, time time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := start(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "subscribers:", err)
		os.Exit(1)
	}
}

// start runs the measurement, or, where the first argument says so, the server
// that it measures.
func start(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == served.ServeCommand {
		return served.Serve(ctx, args[1:], os.Stdin, os.Stdout)
	}
	var s settings
	var rest, seconds float64
	flags := flag.NewFlagSet("subscribers", flag.ContinueOnError)
	flags.StringVar(&s.database, "database", "",
		"a Postgres server, postgres://…, on which a database is made and dropped again; SQLite in a temporary folder without it")
	flags.IntVar(&s.idle, "idle", 2000, "how many subscribe to an asset each that is not changed, up to 4,000")
	flags.IntVar(&s.busy, "busy", 200, "how many subscribe to assets that are changed, ten to each, up to 500")
	flags.IntVar(&s.rate, "rate", 10, "how many changes there are in a second, up to 100")
	flags.Float64Var(&rest, "rest", 5, "for how many seconds nothing is changed, up to 60")
	flags.Float64Var(&seconds, "seconds", 20, "for how many seconds assets are changed, up to 120")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s.rest, s.time = time.Duration(rest*float64(time.Second)), time.Duration(seconds*float64(time.Second))
	switch {
	case s.idle < 1 || s.idle > 4000 || s.busy < subscribersOfAsset || s.busy > 500:
		return errors.New("-idle is 1 to 4000, -busy 10 to 500")
	case s.rate < 1 || s.rate > 100 || s.rest <= 0 || s.rest > time.Minute || s.time <= 0 || s.time > 2*time.Minute:
		return errors.New("-rate is 1 to 100, -rest at most 60, -seconds at most 120")
	case flags.NArg() > 0:
		return errors.New("there are no arguments")
	}
	return s.run(ctx)
}

// run makes the library, and measures each way to subscribe.
func (s settings) run(ctx context.Context) (err error) {
	lib, err := s.library(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lib.drop(context.WithoutCancel(ctx))) }()
	server, err := served.StartProcess(ctx, lib.store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	fmt.Println("| over | KB an idle subscriber, heap + stacks | goroutines each | processor at rest | events | change p50 / p99, ms | event p50 / p99, ms | " +
		"goroutines before / with all / after |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, way := range ways {
		row, err := s.measure(ctx, server, lib, way)
		if err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
		fmt.Println(row)
	}
	return nil
}
