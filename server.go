// Command vodgraph is a self-hosted media asset server. Its commands and
// settings are told by `vodgraph --help`; all of it is wired in package app.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"vodgraph/app"
)

func main() {
	// The first signal ends the command in good order: requests under way are
	// answered. The second one ends the process.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	status := app.Main(ctx, os.Args[1:], app.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(status)
}
