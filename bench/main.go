// Command bench measures vodgraph, beside anchors that are measured in the same run.
//
//	go run ./bench                 lists the scenarios
//	go run ./bench SCENARIO -h     lists the flags of one
//
// It runs at the top of the repository, on Linux. A scenario makes what it needs, in temporary folders and
// databases that are gone afterwards, and prints tables in Markdown; RESULTS.md has figures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"vodgraph/app"
	"vodgraph/bench/bulk"
	"vodgraph/bench/hostile"
	"vodgraph/bench/measure"
	"vodgraph/bench/read"
	"vodgraph/bench/search"
	"vodgraph/bench/served"
	"vodgraph/bench/subscribers"
	"vodgraph/bench/transfer"
	"vodgraph/cli"
)

type scenario struct {
	name, about string
	// define defines the flags, and returns what runs when they are read.
	define func(measure.Flags) measure.Run
}

// scenarios are all there are. The last three write files, for `vodgraph` to read.
func scenarios() []scenario {
	return []scenario{
		{"read", "How fast the graph answers four queries, beside statements written by hand that build the same JSON.", read.Scenario},
		{"bulk", "How fast many assets are changed, beside SQL written by hand, and what readers notice of an operation.", bulk.Scenario},
		{"search", "What search engines find of labelled queries and how fast, alone or (-graph) through the server.", search.Scenario},
		{"subscribers", "What idle subscribers take of a server, and how soon busy ones get an event.", subscribers.Scenario},
		{"hostile", "What requests that ask for much cost a server, and what a good client notices of them.", hostile.Scenario},
		{"import", "How fast vodgraph import and export are, and what they take of the machine.", transfer.Scenario},
		{"corpus", "Writes a generated library as lines of vodgraph import.", writeCorpus},
		{"bangumi", "Writes all works of the npm package bangumi-data as lines of vodgraph import.", writeBangumi},
		{"changes", "Writes a file of changes for vodgraph apply.", writeChanges},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	if len(os.Args) > 1 && os.Args[1] == served.VodgraphCommand {
		os.Exit(app.Main(ctx, os.Args[2:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
	}
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run runs a scenario, or is the server that one measures.
func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		for _, one := range scenarios() {
			fmt.Fprintf(out, "%-12s %s\n", one.name, one.about)
		}
		return nil
	}
	name, args := args[0], args[1:]
	if name == served.ServeCommand {
		return served.Serve(ctx, args, read.Anchors, os.Stdin, out)
	}
	for _, one := range scenarios() {
		if one.name != name {
			continue
		}
		flags := measure.Flags{FlagSet: flag.NewFlagSet(name, flag.ContinueOnError)}
		measured := one.define(flags)
		if err := flags.Parse(args); err != nil {
			return err
		}
		if flags.NArg() > 0 {
			return fmt.Errorf("%s takes flags alone, not %q", name, flags.Arg(0))
		}
		if err := measured(ctx, out); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
	return fmt.Errorf("there is no scenario %q; without arguments, all are listed", name)
}
