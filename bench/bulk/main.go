// Command bulk measures how fast many assets are changed, beside anchors: SQL
// written by hand that does the same to the same rows. It also measures what
// readers notice of an operation on the whole library, and what memory that
// takes. A figure in rows a second says something of the machine; the ratio to an
// anchor, taken in the same run, says something of the program.
//
//	go run ./bench/bulk
//	go run ./bench/bulk -database postgres://localhost/postgres -assets 20000
//
// It makes a library, changes it turn by turn, then serves it in a process of its
// own and asks that over HTTP on the loopback, and prints tables in Markdown. It
// runs at the top of the repository, on Linux.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"runtime/pprof"
	"time"

	"vodgraph/bench/served"
)

// settings are what a run goes by.
type settings struct {
	database string
	assets   int
	updates  int
	call     int
	rounds   int
	runs     int
	idle     time.Duration
	profile  string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := start(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bulk:", err)
		os.Exit(1)
	}
}

// start runs the measurement, or, where the first argument says so, the server
// that it measures.
func start(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == served.ServeCommand {
		return serve(ctx, args[1:], os.Stdin, os.Stdout)
	}
	var s settings
	var seconds float64
	flags := flag.NewFlagSet("bulk", flag.ContinueOnError)
	flags.StringVar(&s.database, "database", "",
		"a Postgres server, postgres://…, on which a database is made and dropped again; SQLite in a temporary folder without it")
	flags.IntVar(&s.assets, "assets", 100_000, "how many assets the library has, and an operation changes, 1,000 to 1,000,000")
	flags.IntVar(&s.updates, "updates", 10_000, "how many of them are changed in a turn, each to values of its own; 0 leaves this out")
	flags.IntVar(&s.call, "call", 1000, "how many of them are changed in a call, 1 to 1,000")
	flags.IntVar(&s.rounds, "rounds", 5, "how often each target has its turn, up to 50")
	flags.IntVar(&s.runs, "operations", 3, "how many operations readers are measured beside, up to 20; 0 leaves this out")
	flags.Float64Var(&seconds, "seconds", 15, "how long readers are measured alone before each, up to 120")
	flags.StringVar(&s.profile, "profile", "", "a file for a profile of the processor while the graph updates")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s.idle = time.Duration(seconds * float64(time.Second))
	switch {
	case s.assets < 1000 || s.assets > 1_000_000 || s.updates < 0 || s.updates > s.assets:
		return errors.New("-assets is 1000 to 1000000, -updates at most as many")
	case s.call < 1 || s.call > 1000 || s.rounds < 1 || s.rounds > 50:
		return errors.New("-call is 1 to 1000, -rounds 1 to 50")
	case s.runs < 0 || s.runs > 20 || s.idle <= 0 || s.idle > 2*time.Minute:
		return errors.New("-operations is at most 20, -seconds at most 120")
	case flags.NArg() > 0:
		return errors.New("there are no arguments")
	}
	return run(ctx, s, os.Stdout)
}

// run makes a library, measures, and writes the tables.
func run(ctx context.Context, s settings, out io.Writer) (err error) {
	debug.SetGCPercent(400) // as `vodgraph` sets it
	began := time.Now()
	lib, err := makeLibrary(ctx, s.database, s.assets)
	if err != nil {
		return fmt.Errorf("make the library: %w", err)
	}
	defer func() { err = errors.Join(err, lib.remove(context.WithoutCancel(ctx))) }()
	fmt.Fprintf(out, "%d assets on %s, made in %s.\n\n", s.assets, lib.dialect(), time.Since(began).Round(time.Second))
	if s.updates > 0 {
		if err := measureUpdates(ctx, s, lib, out); err != nil {
			return fmt.Errorf("measure updates: %w", err)
		}
	}
	if err := lib.close(); err != nil {
		return err
	}
	if s.runs > 0 {
		if err := measureOperations(ctx, s, lib, out); err != nil {
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
