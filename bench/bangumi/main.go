// Command bangumi turns all works of the npm package bangumi-data into lines of
// `vodgraph import`, on standard output. The data is not part of this repository:
//
//	npm pack bangumi-data@0.3.208 && tar xzf bangumi-data-0.3.208.tgz
//	go run ./bench/bangumi package/dist/data.json > bangumi.jsonl
//
// Equal data makes equal lines, ids included; what they hold, package works says.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"vodgraph/bench/works"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bangumi:", err)
		os.Exit(1)
	}
}

func run(args []string, to io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("name the package's dist/data.json")
	}
	list, err := works.Read(args[0])
	if err != nil {
		return err
	}
	out := bufio.NewWriter(to)
	for _, each := range works.Lines(list) {
		text, err := each.Encode()
		if err != nil {
			return err
		}
		// An error of the writer stays with it and comes up in Flush.
		out.Write(append(text, '\n'))
	}
	return out.Flush()
}
