package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"vodgraph/bench/generated"
	"vodgraph/bench/measure"
	"vodgraph/bench/works"
)

// writeCorpus writes what package generated makes.
func writeCorpus(flags measure.Flags) measure.Run {
	size := generated.Size{Assets: 100_000}
	flags.Int(&size.Assets, "n", 0, 100_000_000, "how many assets")
	flags.Uint64Var(&size.Seed, "seed", 1, "what chance begins with")
	flags.BoolVar(&size.Plain, "plain", false, "videos alone, each with 5 tags, a mezzanine, 2 play infos and 3 snapshots")
	return func(_ context.Context, out io.Writer) error {
		corpus, err := generated.New(size)
		if err != nil {
			return err
		}
		return corpus.Write(out)
	}
}

// writeBangumi writes what package works makes of its data: equal data makes equal lines, ids included.
func writeBangumi(flags measure.Flags) measure.Run {
	var data string
	flags.StringVar(&data, "data", "", works.DataUsage)
	return func(ctx context.Context, out io.Writer) error {
		list, err := works.Load(ctx, data)
		if err != nil {
			return err
		}
		return works.Write(list, out)
	}
}

// writeChanges writes lines that make videos, or that give each of these another title and one more tag of
// 50. They show how long many lines take.
func writeChanges(flags measure.Flags) measure.Run {
	lines, verb := 1_000_000, ""
	flags.Int(&lines, "lines", 0, 100_000_000, "how many lines")
	flags.StringVar(&verb, "verb", "", "the verb of vodgraph apply: create or update")
	return func(_ context.Context, out io.Writer) error {
		format := map[string]string{
			"create": `{"kind": "VIDEO", "title": "Title number %[1]d", "referenceId": "ref-%07[1]d"}`,
			"update": `{"referenceId": "ref-%07[1]d", "title": "New title %[1]d", "tags": {"add": ["tag %[2]d"]}}`,
		}[verb]
		if format == "" {
			return errors.New("-verb is create or update")
		}
		to := bufio.NewWriter(out)
		for n := range lines {
			fmt.Fprintf(to, format+"\n", n, n%50)
		}
		return to.Flush()
	}
}
