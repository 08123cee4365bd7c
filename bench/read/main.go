// Command read measures how fast the graph answers, beside anchors: statements
// written by hand that build the same JSON in the database, served by the same
// process. A figure in requests a second says something of the machine; the
// ratio to the anchor, taken in the same run, says something of the graph.
//
//	go run ./bench/read
//	go run ./bench/read -database postgres://localhost/postgres -assets 100000
//
// It makes a library, checks that graph and anchors answer the same, measures
// them turn by turn over HTTP on the loopback, and prints tables in Markdown. It
// runs at the top of the repository.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

// settings are what a run goes by.
type settings struct {
	database string
	assets   int
	turn     time.Duration
	rounds   int
	clients  int
	beside   string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := start(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "read:", err)
		os.Exit(1)
	}
}

// start runs the measurement, or, where the first argument says so, the server
// that it measures.
func start(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == serveCommand {
		return serve(ctx, args[1:], os.Stdin, os.Stdout)
	}
	var s settings
	var seconds float64
	flags := flag.NewFlagSet("read", flag.ContinueOnError)
	flags.StringVar(&s.database, "database", "",
		"a Postgres server, postgres://…, on which a database is made and dropped again; SQLite in a temporary folder without it")
	flags.IntVar(&s.assets, "assets", 20_000, "how many assets the library has, 1,000 to 1,000,000")
	flags.Float64Var(&seconds, "seconds", 5, "how long each target is asked in each round, up to 60")
	flags.IntVar(&s.rounds, "rounds", 3, "how often each target has its turn, up to 20")
	flags.IntVar(&s.clients, "clients", 16, "how many clients ask at once, up to 256")
	flags.StringVar(&s.beside, "beside", "", "another build of this command, whose graph is measured in the same run")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s.turn = time.Duration(seconds * float64(time.Second))
	switch {
	case s.assets < 1000 || s.assets > 1_000_000:
		return errors.New("-assets is 1000 to 1000000")
	case s.turn <= 0 || s.turn > time.Minute || s.rounds < 1 || s.rounds > 20 || s.clients < 1 || s.clients > 256:
		return errors.New("-seconds is at most 60, -rounds 1 to 20, -clients 1 to 256")
	case flags.NArg() > 0:
		return errors.New("there are no arguments")
	}
	return run(ctx, s, os.Stdout)
}

// run makes a library, measures, and writes the tables.
func run(ctx context.Context, s settings, out io.Writer) (err error) {
	began := time.Now()
	lib, err := makeLibrary(ctx, s.database, s.assets)
	if err != nil {
		return fmt.Errorf("make the library: %w", err)
	}
	defer func() { err = errors.Join(err, lib.remove(context.WithoutCancel(ctx))) }()
	fmt.Fprintf(out, "%d assets on %s, made in %s. %d clients, %d rounds of %s.\n\n",
		s.assets, lib.dialect(), time.Since(began).Round(time.Second), s.clients, s.rounds, s.turn)
	rows, err := measure(ctx, s, lib)
	if err != nil {
		return fmt.Errorf("measure: %w", err)
	}
	printReading(out, rows)
	shapes, err := countShapes(ctx)
	if err != nil {
		return fmt.Errorf("count statements: %w", err)
	}
	printShapes(out, shapes)
	return nil
}
