package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"vodgraph/exchange"
	"vodgraph/fault"
	"vodgraph/library"
)

const standard = "-"

type importCommand struct {
	library.Settings `embed:""`
	Clear            bool     `env:"-" help:"Clear in known assets the fields that their lines leave out, as exports leave out empty ones: to update an older copy by a newer export."`
	Note             string   `env:"-" placeholder:"TEXT" help:"A note for the history."`
	Files            []string `arg:"" name:"file" help:"The files, in the order they are to be read; - for standard input."`
}

// Run imports the files as one, and prints a summary. It may run beside a server on
// the same library.
func (c *importCommand) Run(ctx context.Context, streams Streams) (err error) {
	sources, total, err := sources(c.Files, streams.In)
	if err != nil {
		return err
	}
	opened, err := library.Open(ctx, c.Settings.Complete(), library.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()

	shown := newProgress(streams.Err, "Importing", total, time.Now)
	set := ""
	options := exchange.Options{
		LineOptions: exchange.LineOptions{Clear: c.Clear},
		Progress:    shown.step,
		Report:      shown,
		ChangeSet:   func(id string) { set = id },
	}
	if c.Note != "" {
		options.Note = &c.Note
	}
	summary, err := exchange.Import(ctx, opened.Catalog, sources, options)
	shown.end()
	if set != "" {
		defer fmt.Fprintf(streams.Out, "To undo it: vodgraph undo %s\n", set)
	}
	if err != nil && ctx.Err() != nil {
		return errors.New("the import was interrupted; what was written stays, and the same command goes on with the rest")
	}
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	fmt.Fprintln(streams.Out, summary)
	if err := opened.DB.Analyze(ctx); err != nil {
		fmt.Fprintf(streams.Err, "Postgres could not analyze its tables, and may be slow until it does so by itself: %v\n", err)
	}
	if summary.Refused+summary.LeftOut > 0 {
		return errSomeRefused
	}
	return nil
}

// sources are the files to import, and how many bytes they have together; -1
// where that is not known. It refuses a file that cannot be read before
// anything is imported.
func sources(names []string, in io.Reader) ([]exchange.Source, int64, error) {
	var list []exchange.Source
	var total int64
	for _, name := range names {
		source := exchange.Source{Name: name, Reopens: true, Open: func() (io.ReadCloser, error) { return os.Open(name) }}
		if name == standard {
			source = exchange.Source{Name: "standard input", Open: func() (io.ReadCloser, error) { return io.NopCloser(in), nil }}
			total = -1
		} else {
			size, err := size(name)
			if err != nil {
				return nil, 0, err
			}
			if total >= 0 {
				total += size
			}
		}
		list = append(list, source)
	}
	return list, total, nil
}

func size(name string) (int64, error) {
	file, err := os.Open(name)
	if err != nil {
		return 0, fault.New(fault.NotFound, "Cannot read %s: %v.", name, errors.Unwrap(err)).At("file")
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fault.New(fault.Invalid, "%s is a folder; name the files in it.", name).At("file")
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return 0, err
	}
	return info.Size(), nil
}

type exportCommand struct {
	library.Store `embed:""`
	Output        string `arg:"" optional:"" name:"file" default:"-" help:"Where to write it; - for standard output, as by default."`
}

// Run writes the library as it stands. A file is not left behind half written.
func (c *exportCommand) Run(ctx context.Context, streams Streams) (err error) {
	settings := library.DefaultSettings(c.Store)
	if err := settings.Exists(); err != nil {
		return err
	}
	opened, err := library.Open(ctx, settings, library.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	write := func(to io.Writer) error {
		buffer := bufio.NewWriterSize(to, 1<<20)
		if err := exchange.Export(ctx, opened.Catalog, buffer); err != nil {
			return fmt.Errorf("export: %w", err)
		}
		return buffer.Flush()
	}
	if c.Output == standard {
		return write(streams.Out)
	}
	return replace(c.Output, write)
}

// replace writes a file beside its place and moves it there when it is whole.
func replace(name string, write func(io.Writer) error) error {
	part := name + ".part"
	file, err := os.Create(part)
	if err != nil {
		return fmt.Errorf("make the file: %w", err)
	}
	err = errors.Join(write(file), file.Close())
	if err == nil {
		err = os.Rename(part, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return nil
}
