package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"vodgraph/cli"
	"vodgraph/gqlhttp"
)

type commands struct {
	Serve serveCommand `cmd:"" default:"withargs" help:"Serve the library: the graph at /graphql, a playground at /. Done where no command is named."`
	cli.Commands
}

// Main runs the command that args name until it is done or ctx ends, and
// returns the exit status.
func Main(ctx context.Context, args []string, streams cli.Streams) int {
	return cli.Run(ctx, &commands{}, args, streams)
}

type serveCommand struct {
	Config `embed:""`
}

// Run serves until ctx ends. It first prints the addresses.
func (c *serveCommand) Run(ctx context.Context, streams cli.Streams) (err error) {
	log := slog.New(slog.NewTextHandler(streams.Err, &slog.HandlerOptions{Level: c.LogLevel}))
	a, err := Open(ctx, c.Config, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	fmt.Fprintf(streams.Out, "Playground  %s/\nGraphQL     %s%s\nData        %s\nCallers     %s\n",
		a.URL(), a.URL(), gqlhttp.Endpoint, a.library.Where(), a.callers(ctx))
	if a.metrics.listener != nil {
		fmt.Fprintf(streams.Out, "Metrics     http://%s/metrics\n", a.metrics.listener.Addr())
	}
	if err := a.FillDemo(ctx, streams.Err); err != nil {
		if ctx.Err() != nil { // a signal; the next start goes on
			return nil
		}
		return err
	}
	return a.Run(ctx)
}

func (a *App) callers(ctx context.Context) string {
	switch open, err := a.authenticator.IsOpen(ctx); {
	case err != nil || !open:
		return "who shows a key, or a token that is trusted"
	case a.config.InsecureOpen:
		return "whoever reaches the server, as an administrator (--insecure-open), until a key is made"
	default:
		return "this machine alone, as an administrator, until a key is made (vodgraph keys create)"
	}
}

// FillDemo loads the demo where the config asks for it and it isn't there yet, and writes
// how far it is to out.
func (a *App) FillDemo(ctx context.Context, out io.Writer) error {
	if !a.config.Demo {
		return nil
	}
	return cli.FillDemo(ctx, a.library.Catalog, a.config.Data, out)
}
