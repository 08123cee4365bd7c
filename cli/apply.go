package cli

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/ent/bulkoperation"
	"vodgraph/exchange"
	"vodgraph/fault"
	"vodgraph/gqlhttp"
	"vodgraph/library"
)

type applyCommand struct {
	library.Settings `embed:""`

	// URL is the server to send the file to. Without it the file is applied straight to
	// the library of Data or Database, under the settings given here.
	URL string `placeholder:"URL" help:"The server to send it to, http://HOST:PORT (default straight to the library)."`
	// Key is the secret of a key of that server.
	Key string `placeholder:"SECRET" help:"The key to send to the server; better set by VODGRAPH_KEY, as others may see the command line."`

	Verb           string `required:"" enum:"create,update,trash,restore,delete" env:"-" placeholder:"create|update|trash|restore|delete" help:"What the lines are for."`
	DryRun         bool   `env:"-" help:"Show what each line would change, and write nothing."`
	Force          bool   `env:"-" help:"With delete: also what other assets use."`
	IdempotencyKey string `env:"-" placeholder:"WORD" help:"A name for this file: with the same name and the same lines it is continued, or its results are returned again (default a random one, printed when it is needed)."`
	Note           string `env:"-" placeholder:"TEXT" help:"A note for the history."`
	Results        string `env:"-" placeholder:"FILE" help:"Where to write the results of the lines, as JSON Lines."`
	File           string `arg:"" name:"file" help:"The file, of JSON Lines: for create as AssetCreateInput has them, for update as AssetUpdateInput, else {\"id\": …} or {\"referenceId\": …}; - for standard input."`
}

type applier interface {
	send(ctx context.Context, in io.Reader, f bulk.File) (gqlhttp.Receipt, error)
	// results reads the results of the lines after one. A stream without a summary at
	// its end was cut off.
	results(ctx context.Context, id string, after int64) (io.ReadCloser, error)
	// close ends what send has begun.
	close() error
}

func (c *applyCommand) Run(ctx context.Context, streams Streams) (err error) {
	source, total, err := sources([]string{c.File}, streams.In)
	if err != nil {
		return err
	}
	if c.IdempotencyKey == "" {
		c.IdempotencyKey = rand.Text()
	}
	by, err := c.applier(ctx, streams)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, by.close()) }()
	reader := &resultReader{source: source[0], total: total, kept: io.Discard}
	if c.Results == "" {
		err = c.apply(ctx, by, reader, streams)
	} else {
		err = replace(c.Results, func(file io.Writer) error {
			buffer := bufio.NewWriter(file)
			reader.kept = buffer
			return errors.Join(c.apply(ctx, by, reader, streams), buffer.Flush())
		})
	}
	if err != nil {
		return c.withResumeHint(ctx, err)
	}
	return c.summarise(reader, streams)
}

// withResumeHint adds to an error how to continue after it, where that is possible.
func (c *applyCommand) withResumeHint(ctx context.Context, err error) error {
	refused := fault.In(err)
	switch {
	case refused != nil && (len(refused.Field) > 0 || refused.Code == fault.Required):
		return err
	case ctx.Err() != nil:
		err = errors.New("interrupted")
	case refused != nil:
		err = errors.New(strings.TrimSuffix(refused.Message, "."))
	}
	return fmt.Errorf("%w; the same command with --idempotency-key %s goes on where it stood", err, c.IdempotencyKey)
}

func (c *applyCommand) applier(ctx context.Context, streams Streams) (applier, error) {
	if c.URL != "" {
		return newRemoteApplier(c.URL, c.Key)
	}
	settings := c.Settings.Complete()
	if c.Verb != "create" {
		if err := settings.Exists(); err != nil {
			return nil, err
		}
	}
	opened, err := library.Open(ctx, settings, library.Options{})
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return &localApplier{library: opened, owner: rand.Text(), streams: streams}, nil
}

func (c *applyCommand) apply(ctx context.Context, by applier, reader *resultReader, streams Streams) (err error) {
	in, err := reader.source.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	reader.shown = newProgress(streams.Err, "Sending", reader.total, time.Now)
	defer func() { reader.shown.end() }()
	f := bulk.File{Verb: exchange.Verb(c.Verb), Force: c.Force,
		Options: &change.BulkOptions{DryRun: &c.DryRun, IdempotencyKey: &c.IdempotencyKey}}
	if c.Note != "" {
		f.Options.Note = &c.Note
	}
	if c.File != "-" {
		f.Name = filepath.Base(c.File)
	}
	sent, err := by.send(ctx, &shownReader{Reader: in, shown: reader.shown}, f)
	if err != nil {
		return err
	}
	reader.shown.end()
	reader.shown = newProgress(streams.Err, "Applying", sent.Lines, time.Now)
	return reader.follow(ctx, by, sent.ID)
}

func (c *applyCommand) summarise(reader *resultReader, streams Streams) error {
	s, dry := reader.summary, ""
	if c.DryRun {
		dry = "Dry run: "
		if err := reader.planned.show(streams.Out); err != nil {
			return err
		}
	}
	fmt.Fprintf(streams.Out, "%s%d changed, %d unchanged, %d refused.\n", dry, s.Changed, s.Unchanged, s.Failed)
	if s.ChangeSet != "" && s.Status == bulkoperation.StatusDONE && c.Verb != "delete" {
		fmt.Fprintf(streams.Out, "To undo: mutation { changeSetUndo(id: %q) { operation { id } userErrors { message } } }\n", s.ChangeSet)
	}
	switch {
	case s.Status == bulkoperation.StatusCANCELLED:
		return fmt.Errorf("it was cancelled after %d lines; what was done stays", s.Done)
	case s.Status != bulkoperation.StatusDONE:
		return fmt.Errorf("it failed after %d lines, and what was done stays: %s", s.Done, s.Failure)
	case s.Failed > 0:
		return errSomeRefused
	}
	return nil
}

type shownReader struct {
	io.Reader
	shown *progress
	bytes int64
}

func (r *shownReader) Read(into []byte) (int, error) {
	n, err := r.Reader.Read(into)
	r.bytes += int64(n)
	r.shown.step(r.bytes>>20, r.bytes)
	return n, err
}

var errCutOff = errors.New("the results were cut off")

// How often results that were cut off are requested again: long enough for a restart of
// the server.
const (
	followWait = time.Second
	maxFollows = 60
)

type resultReader struct {
	source  exchange.Source
	total   int64 // bytes; -1 where that is not known
	shown   *progress
	kept    io.Writer
	last    int64 // the number of the last line
	done    int64 // lines
	planned plannedRows
	summary *exchange.ChangesSummary
}

// follow reads all results of an operation. It goes on where they were cut off.
func (a *resultReader) follow(ctx context.Context, by applier, id string) error {
	for failures := 0; ; failures++ {
		before := a.last
		err := a.read(ctx, by, id)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil || !errors.Is(err, errCutOff) || failures == maxFollows:
			return err
		case a.last > before:
			failures = 0
		}
		library.Sleep(ctx, followWait)
	}
}

func (a *resultReader) read(ctx context.Context, by applier, id string) (err error) {
	in, err := by.results(ctx, id, a.last)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	lines := bufio.NewReader(in)
	for {
		text, err := lines.ReadBytes('\n')
		if err != nil { // a line without its end is none
			return errors.Join(errCutOff, err)
		}
		var line exchange.ResultLine
		if err := json.Unmarshal(text, &line); err != nil {
			return fmt.Errorf("read results: %w", err)
		}
		if _, err := a.kept.Write(text); err != nil {
			return fmt.Errorf("write results: %w", err)
		}
		if line.Summary != nil {
			a.summary = line.Summary
			return nil
		}
		a.last = line.Line
		a.done++
		a.shown.step(a.done, a.done)
		a.planned.add(line)
		for _, e := range line.Errors {
			fmt.Fprintln(a.shown, exchange.Refusal(a.source.Name, line.Line, e))
		}
	}
}

type localApplier struct {
	library *library.Library
	owner   string
	streams Streams
	stop    func() // ends what send began; nil before
}

func (l *localApplier) send(ctx context.Context, in io.Reader, f bulk.File) (gqlhttp.Receipt, error) {
	f.By = bulk.Claim{Holder: l.owner, Lasts: library.LeaseTime} // under the settings given here, not those of a server
	changes, err := exchange.Receive(ctx, l.library.Catalog, in, f)
	if err != nil {
		return gqlhttp.Receipt{}, err
	}
	l.stop = startWorker(ctx, l.library, changes.ID, l.owner, l.streams)
	return gqlhttp.Receipt{ID: changes.ID, Lines: changes.Lines}, nil
}

func (l *localApplier) results(ctx context.Context, id string, after int64) (io.ReadCloser, error) {
	in, out := io.Pipe()
	go func() {
		err := exchange.Results(ctx, l.library.Catalog, exchange.ResultsOf{ID: id, After: after}, out, func(ctx context.Context) error {
			library.Sleep(ctx, gqlhttp.ResultsPoll)
			return ctx.Err()
		})
		out.CloseWithError(err)
	}()
	return in, nil
}

func (l *localApplier) close() error {
	if l.stop != nil {
		l.stop()
	}
	return l.library.Close()
}
