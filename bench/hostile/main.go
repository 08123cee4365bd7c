// Command hostile measures what requests that ask for much cost a server, and what those
// who ask for little notice of them.
//
//	go run ./bench/hostile
//	go run ./bench/hostile -database postgres://localhost/postgres
//
// It makes a library, serves it in a process of its own, asks that over HTTP on the
// loopback, and prints tables in Markdown. It runs at the top of the repository, on Linux.
// It fails where a request takes more than 50 ms of the processor, or is answered with
// more than 64 KB.
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
	database string
	assets   int
	times    int
	time     time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := start(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "hostile:", err)
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
	var seconds float64
	flags := flag.NewFlagSet("hostile", flag.ContinueOnError)
	flags.StringVar(&s.database, "database", "",
		"a Postgres server, postgres://…, on which a database is made and dropped again; SQLite in a temporary folder without it")
	flags.IntVar(&s.assets, "assets", 2000, "how many assets the library has, 1,000 to 100,000")
	flags.IntVar(&s.times, "times", 20, "how often each request is sent, up to 1,000")
	flags.Float64Var(&seconds, "seconds", 15, "for how long the good client is measured alone, and under attack, up to 120")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s.time = time.Duration(seconds * float64(time.Second))
	switch {
	case s.assets < 1000 || s.assets > 100_000 || s.times < 1 || s.times > 1000 || s.time <= 0 || s.time > 2*time.Minute:
		return errors.New("-assets is 1000 to 100000, -times 1 to 1000, -seconds at most 120")
	case flags.NArg() > 0:
		return errors.New("there are no arguments")
	}
	return s.run(ctx)
}

// run makes the library and measures.
func (s settings) run(ctx context.Context) (err error) {
	store, drop, err := s.library(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop(context.WithoutCancel(ctx))) }()
	server, err := served.StartProcess(ctx, store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	all, over, err := s.costs(ctx, server)
	if err != nil {
		return err
	}
	if err := s.beside(ctx, server, all); err != nil {
		return err
	}
	if over > 0 {
		return fmt.Errorf("%d requests are over the bounds", over)
	}
	return nil
}
