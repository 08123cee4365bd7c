package exchange

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sync/errgroup"

	"vodgraph/catalog"
	"vodgraph/fault"
)

// Options are how an import tells of itself.
type Options struct {
	// Progress is called now and then with the lines done and the bytes read.
	Progress func(lines, bytes int64)
	// Report takes a line of text for each line that is refused.
	Report io.Writer
}

// Summary is what an import did, in lines.
type Summary struct {
	Created, Changed, Unchanged, Refused int64
}

// String is the summary in words.
func (s Summary) String() string {
	words := fmt.Sprintf("%d created, %d changed, %d unchanged, %d refused.", s.Created, s.Changed, s.Unchanged, s.Refused)
	if s.Created+s.Changed == 0 {
		words += " Nothing changed."
	}
	return words
}

// Import reads the sources into the library, as one file. What is known by its
// id or reference id is changed, and only where it differs, so an import can be
// repeated. A bad line is refused and reported, and the others go in.
//
// A link to an asset that comes later is made in a second pass over just the
// lines that have one; those wait in a temporary file, so memory stays flat. A
// line that still names an asset nobody has goes in without that link, and is
// reported as refused.
func Import(ctx context.Context, c *catalog.Catalog, sources []Source, o Options) (s Summary, err error) {
	spool, err := os.CreateTemp("", "vodgraph-import-*")
	if err != nil {
		return s, fmt.Errorf("make a temporary file: %w", err)
	}
	defer func() { err = errors.Join(err, spool.Close(), os.Remove(spool.Name())) }()
	p := &pass{catalog: c, options: o, later: bufio.NewWriter(spool)}
	if err := p.run(ctx, sources, true); err != nil {
		return p.summary, err
	}
	if err := p.later.Flush(); err != nil {
		return p.summary, fmt.Errorf("keep lines for later: %w", err)
	}
	again := Source{Name: "later", Open: func() (io.ReadCloser, error) {
		_, err := spool.Seek(0, io.SeekStart)
		return io.NopCloser(spool), err
	}}
	return p.summary, p.run(ctx, []Source{again}, false)
}

// pass is one reading of lines into the library.
type pass struct {
	catalog *catalog.Catalog
	options Options
	summary Summary
	later   *bufio.Writer
	done    int64
}

// What one transaction takes.
const (
	batchLines = 500
	batchBytes = 4 << 20
)

// batch is lines that are written together.
type batch struct {
	lines []*line
	size  int
	bytes int64
}

// run reads on one side and writes on the other.
func (p *pass) run(ctx context.Context, sources []Source, first bool) error {
	group, ctx := errgroup.WithContext(ctx)
	batches := make(chan batch, 2)
	group.Go(func() error {
		defer close(batches)
		return read(ctx, sources, first, batches)
	})
	group.Go(func() error {
		for b := range batches {
			if err := p.write(ctx, b.lines, first); err != nil {
				return err
			}
			if first {
				p.done += int64(len(b.lines))
			}
			if p.options.Progress != nil {
				p.options.Progress(p.done, b.bytes)
			}
		}
		return nil
	})
	return group.Wait()
}

func read(ctx context.Context, sources []Source, first bool, batches chan<- batch) error {
	shape := newShape()
	var b batch
	before := int64(0)
	send := func() error {
		if len(b.lines) == 0 {
			return nil
		}
		select {
		case batches <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
		b = batch{}
		return nil
	}
	for _, s := range sources {
		bytes := int64(0)
		err := s.scan(ctx, func(l *line, n int64) error {
			bytes = n
			if !first {
				l.unwrap()
			}
			if l.refused == nil {
				shape.read(l)
			}
			b.lines, b.size, b.bytes = append(b.lines, l), b.size+len(l.raw), before+n
			if len(b.lines) < batchLines && b.size < batchBytes {
				return nil
			}
			return send()
		})
		if err != nil {
			return err
		}
		before += bytes
	}
	return send()
}

// kept is a line that waits for the second pass, with where it came from.
type kept struct {
	Source  string              `json:"source"`
	Number  int                 `json:"number"`
	Outcome catalog.ItemOutcome `json:"outcome"`
	Line    json.RawMessage     `json:"line"`
}

// unwrap takes a line out of what it was kept in.
func (l *line) unwrap() {
	var k kept
	if err := json.Unmarshal(l.raw, &k); err != nil {
		l.refused = fault.New(fault.Internal, "The line was not kept whole.")
		return
	}
	l.source, l.number, l.outcome, l.raw = k.Source, k.Number, k.Outcome, k.Line
}

// write writes the lines of a batch: runs of assets together, the others one by
// one, all in their order.
func (p *pass) write(ctx context.Context, lines []*line, first bool) error {
	var run []*line
	flush := func() error {
		defer func() { run = nil }()
		return p.writeAssets(ctx, run, first)
	}
	for _, l := range lines {
		if l.asset != nil && l.refused == nil {
			run = append(run, l)
			continue
		}
		if err := flush(); err != nil {
			return err
		}
		if err := p.writeName(ctx, l); err != nil {
			return err
		}
	}
	return flush()
}

func (p *pass) writeAssets(ctx context.Context, lines []*line, first bool) error {
	if len(lines) == 0 {
		return nil
	}
	inputs := make([]*catalog.AssetCreateInput, len(lines))
	for i, l := range lines {
		inputs[i] = l.asset
	}
	out, err := p.catalog.Import(ctx, inputs, first)
	if err != nil {
		return err
	}
	for i, item := range out.Items {
		switch {
		case len(item.Errors) > 0:
			if err := p.refuse(lines[i], item.Errors); err != nil {
				return err
			}
		case first:
			lines[i].outcome = item.Outcome
			p.count(item.Outcome, 1)
		}
		if item.Deferred && len(item.Errors) == 0 {
			if err := p.keep(lines[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeName writes a category or a tag, or reports a line that is neither.
func (p *pass) writeName(ctx context.Context, l *line) (err error) {
	refused := l.refused
	var outcome catalog.ItemOutcome
	switch {
	case refused != nil:
	case l.category != nil:
		outcome, err = p.catalog.ImportCategory(ctx, l.category.ID, l.category.Path)
	case l.tag != nil:
		outcome, err = p.catalog.ImportTag(ctx, l.tag.ID, l.tag.Name)
	}
	var list fault.List
	switch {
	case refused != nil:
		return p.refuse(l, fault.List{refused})
	case errors.As(err, &refused):
		return p.refuse(l, fault.List{refused})
	case errors.As(err, &list):
		return p.refuse(l, list)
	case err != nil:
		return err
	}
	p.count(outcome, 1)
	return nil
}

func (p *pass) count(outcome catalog.ItemOutcome, lines int64) {
	switch outcome {
	case catalog.Created:
		p.summary.Created += lines
	case catalog.Changed:
		p.summary.Changed += lines
	case catalog.Unchanged:
		p.summary.Unchanged += lines
	}
}

// refuse reports a line. One that is refused in the second pass no longer counts
// as what the first made of it.
func (p *pass) refuse(l *line, faults []*fault.Fault) error {
	p.summary.Refused++
	p.count(l.outcome, -1)
	if p.options.Report == nil {
		return nil
	}
	for _, f := range faults {
		if _, err := fmt.Fprintln(p.options.Report, l.refusal(f)); err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	return nil
}

// keep has a line come again in the second pass.
func (p *pass) keep(l *line) error {
	err := json.NewEncoder(p.later).Encode(kept{l.source, l.number, l.outcome, l.raw})
	if err != nil {
		return fmt.Errorf("keep a line for later: %w", err)
	}
	return nil
}
