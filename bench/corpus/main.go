// Command corpus writes a generated library as lines of `vodgraph import` to
// standard output; what it holds, package generated says.
//
//	go run ./bench/corpus -n 100000 > corpus.jsonl
//	go run ./bench/corpus -n 100000 -plain > plain.jsonl
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"vodgraph/bench/generated"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

func run(args []string, to io.Writer) error {
	var size generated.Size
	flags := flag.NewFlagSet("corpus", flag.ContinueOnError)
	flags.IntVar(&size.Assets, "n", 100_000, "how many assets")
	flags.Uint64Var(&size.Seed, "seed", 1, "what chance begins with")
	flags.BoolVar(&size.Plain, "plain", false, "videos alone, each with 5 tags, a mezzanine, 2 play infos and 3 snapshots")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if size.Assets < 0 || flags.NArg() > 0 {
		return fmt.Errorf("-n is at least 0, and there are no arguments")
	}
	corpus, err := generated.New(size)
	if err != nil {
		return err
	}
	return corpus.Write(to)
}
