// Package cli is the commands beside serve, and what they print. It reads no route and
// serves nothing.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/alecthomas/kong"

	"vodgraph/fault"
	"vodgraph/library"
)

// The exit statuses of every command.
const (
	// StatusDone: all that was asked is done.
	StatusDone = 0
	// StatusSomeRefused: some lines of a file, or assets of a purge, were refused,
	// and the others were done.
	StatusSomeRefused = 1
	// StatusFailed: the command could not run, or not to its end.
	StatusFailed = 2
)

// errSomeRefused ends a command that refused some of what it was to do, and has printed
// which.
var errSomeRefused = errors.New("some were refused")

// Streams are where a command reads from and writes to. Results go to Out;
// progress, refusals and the log go to Err.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// Commands are those beside serve.
type Commands struct {
	Import  importCommand  `cmd:"" help:"Import assets, categories and tags from files of JSON Lines, or of one JSON array."`
	Export  exportCommand  `cmd:"" help:"Export the whole library as JSON Lines, for import."`
	Apply   applyCommand   `cmd:"" help:"Apply a file of changes, a line for each asset: with dry run, repeatable, undoable."`
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

// Run runs the command of a grammar of kong that args name, until it is done or ctx ends,
// and returns the exit status.
func Run(ctx context.Context, grammar any, args []string, streams Streams) int {
	exit := -1 // what kong exits with, after printing a help text
	parser, err := kong.New(grammar,
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
	command, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintf(streams.Err, "vodgraph: %v\nFor the commands and flags: vodgraph --help\n", err)
		return StatusFailed
	}
	tuneMemory()
	err = command.Run()
	switch {
	case err == nil:
		return StatusDone
	case errors.Is(err, errSomeRefused):
		return StatusSomeRefused
	default:
		return fail(streams, err)
	}
}

// fail prints an error: of a refusal the sentence, of all else what was being
// done.
func fail(streams Streams, err error) int {
	text := err.Error()
	if refused := fault.In(err); refused != nil {
		text = refused.Message
	}
	fmt.Fprintf(streams.Err, "vodgraph: %s\n", strings.TrimSpace(text))
	return StatusFailed
}

// help prints what a command takes. Without a command that is the list of them,
// and the flags of the one that is done then.
func help(options kong.HelpOptions, command *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, command); err != nil || command.Selected() != nil {
		return err
	}
	serve, err := kong.Trace(command.Kong, []string{"serve"})
	if err != nil {
		return fmt.Errorf("find the default command: %w", err)
	}
	fmt.Fprintln(command.Stdout)
	return kong.DefaultHelpPrinter(options, serve)
}

type migrateCommand struct {
	library.Store `embed:""`
}

func (c *migrateCommand) Run(ctx context.Context, streams Streams) error {
	opened, err := library.Open(ctx, library.DefaultSettings(c.Store), library.Options{})
	if err != nil {
		return err
	}
	if n := opened.DB.Aligned; n > 0 {
		fmt.Fprintf(streams.Out, "%d assets have the size and the duration of their source files now.\n", n)
	}
	fmt.Fprintf(streams.Out, "%s is up to date.\n", opened.Where())
	return opened.Close()
}

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
