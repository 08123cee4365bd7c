// Command vodgraph is a self-hosted media asset server. Its commands and
// settings are given by `vodgraph --help`; all of it is wired in package app.
package main

import (
	"context"
	"os"

	"vodgraph/app"
	"vodgraph/cli"
)

func main() {
	ctx, stop := cli.Interruptible(context.Background(), os.Exit)
	status := app.Main(ctx, os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(status)
}
