package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"

	"github.com/alecthomas/kong"
)

// The exit statuses of every command.
const (
	// statusDone: all that was asked is done.
	statusDone = 0
	// statusSomeRefused: some lines of a file, or assets of a purge, were refused,
	// and the others were done.
	statusSomeRefused = 1
	// statusFailed: the command could not run, or not to its end.
	statusFailed = 2
)

// errSomeRefused ends a command that refused some of what it was to do, and has told
// of it.
var errSomeRefused = errors.New("some were refused")

// Streams are where a command reads from and writes to. Results go to Out;
// progress, refusals and the log go to Err.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// commands are what can be asked on the command line.
type commands struct {
	Serve   serveCommand   `cmd:"" default:"withargs" help:"Serve the library: the graph at /graphql, a playground at /. Done where no command is named."`
	Import  importCommand  `cmd:"" help:"Import assets, categories and tags from files of JSON Lines, or of one JSON array."`
	Export  exportCommand  `cmd:"" help:"Export the whole library as JSON Lines, for import."`
	Apply   applyCommand   `cmd:"" help:"Apply a file of changes, a line for each asset: rehearsed, repeatable, undoable."`
	Undo    undoCommand    `cmd:"" help:"Undo a change set: what an import, a file of changes or a call has changed."`
	Reindex reindexCommand `cmd:"" help:"Build the search index anew, while the old one answers."`
	Purge   purgeCommand   `cmd:"" help:"Delete for good what is in the trash."`
	Keys    keysCommand    `cmd:"" help:"Make, list and revoke keys. From the first one on, every request needs one."`
	Migrate migrateCommand `cmd:"" help:"Bring the database up to date, as every command does when it starts, and end."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

const description = `A media asset server: videos, audios, images and attachments, with what is derived from them, as one graph.

A flag with a variable behind it can be set by that in the environment, too.

Exit status: 0 when all is done, 1 when some of it was refused, 2 when a command could not run.`

// Main runs the command that args name until it is done or ctx ends, and
// returns the exit status.
func Main(ctx context.Context, args []string, streams Streams) int {
	exit := -1 // what kong exits with, after printing a help text
	parser, err := kong.New(&commands{},
		kong.Name("vodgraph"),
		kong.Description(description),
		kong.DefaultEnvars("VODGRAPH"),
		kong.Writers(streams.Out, streams.Err),
		kong.Exit(func(status int) { exit = status }),
		kong.Help(help),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(streams),
	)
	if err != nil {
		return fail(streams, fmt.Errorf("make the command line: %w", err))
	}
	asked, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintf(streams.Err, "vodgraph: %v\nFor the commands and flags: vodgraph --help\n", err)
		return statusFailed
	}
	tuneMemory()
	err = asked.Run()
	switch {
	case err == nil:
		return statusDone
	case errors.Is(err, errSomeRefused):
		return statusSomeRefused
	default:
		return fail(streams, err)
	}
}

// fail tells of an error: of a refusal the sentence, of all else what was being
// done.
func fail(streams Streams, err error) int {
	text := err.Error()
	if refused := refusalIn(err); refused != nil {
		text = refused.Message
	}
	fmt.Fprintf(streams.Err, "vodgraph: %s\n", strings.TrimSpace(text))
	return statusFailed
}

// help prints what a command takes. Without a command that is the list of them,
// and the flags of the one that is done then.
func help(options kong.HelpOptions, asked *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, asked); err != nil || asked.Selected() != nil {
		return err
	}
	serve, err := kong.Trace(asked.Kong, []string{"serve"})
	if err != nil {
		return fmt.Errorf("find the default command: %w", err)
	}
	fmt.Fprintln(asked.Stdout)
	return kong.DefaultHelpPrinter(options, serve)
}

// serveCommand is vodgraph serve.
type serveCommand struct {
	Config `embed:""`
}

// Run serves until ctx ends. It first prints where everything is.
func (c *serveCommand) Run(ctx context.Context, streams Streams) (err error) {
	log := slog.New(slog.NewTextHandler(streams.Err, &slog.HandlerOptions{Level: c.LogLevel}))
	a, err := Open(ctx, c.Config, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	fmt.Fprintf(streams.Out, "Playground  %s/\nGraphQL     %s%s\nData        %s\nCallers     %s\n",
		a.URL(), a.URL(), endpoint, a.library.where(), a.callers(ctx))
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

// callers says who is let in, for people.
func (a *App) callers(ctx context.Context) string {
	switch open, err := a.identities.open(ctx); {
	case err != nil || !open:
		return "who shows a key, or a token that is trusted"
	case a.config.InsecureOpen:
		return "whoever reaches the server, as an administrator (--insecure-open), until a key is made"
	default:
		return "this machine alone, as an administrator, until a key is made (vodgraph keys create)"
	}
}

// migrateCommand is vodgraph migrate.
type migrateCommand struct {
	Store `embed:""`
}

// Run brings the database up to date.
func (c *migrateCommand) Run(ctx context.Context, streams Streams) error {
	opened, err := openLibrary(ctx, Config{Library: Library{Store: c.Store, Limits: "default"}}.complete())
	if err != nil {
		return err
	}
	if n := opened.db.Aligned; n > 0 {
		fmt.Fprintf(streams.Out, "%d assets have the size and the duration of their source files now.\n", n)
	}
	fmt.Fprintf(streams.Out, "%s is up to date.\n", opened.where())
	return opened.close()
}

// versionCommand is vodgraph version.
type versionCommand struct{}

// Run prints the version that the binary was built of, "(devel)" where it was
// built of a working tree.
func (versionCommand) Run(streams Streams) error {
	version := "(devel)"
	if built, ok := debug.ReadBuildInfo(); ok && built.Main.Version != "" {
		version = built.Main.Version
	}
	_, err := fmt.Fprintln(streams.Out, "vodgraph", version)
	return err
}
