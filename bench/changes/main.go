// Command changes writes files of changes, to try how long many lines take:
//
//	go run ./bench/changes -lines 1000000 create > create.jsonl
//	go run ./bench/changes -lines 1000000 update > update.jsonl
//	vodgraph apply --verb create create.jsonl && vodgraph apply --verb update update.jsonl
//
// The first makes videos, and the second gives each another title and one tag of 50
// more.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
)

func main() {
	lines := flag.Int("lines", 1_000_000, "how many lines")
	flag.Parse()
	formats := map[string]string{
		"create": `{"kind": "VIDEO", "title": "Title number %[1]d", "referenceId": "ref-%07[1]d"}`,
		"update": `{"referenceId": "ref-%07[1]d", "title": "New title %[1]d", "tags": {"add": ["tag %[2]d"]}}`,
	}
	format, known := formats[flag.Arg(0)]
	if !known {
		fmt.Fprintln(os.Stderr, "Say create or update.")
		os.Exit(2)
	}
	out := bufio.NewWriter(os.Stdout)
	for n := range *lines {
		fmt.Fprintf(out, format+"\n", n, n%50)
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
