package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

	"vodgraph/catalog"
)

// Options are how an import tells of itself.
type Options struct {
	// Progress is called now and then with the lines done and the bytes read.
	Progress func(lines, bytes int64)
	// Report takes a line of text for each reason why a line is refused.
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
	shape, err := newShape()
	if err != nil {
		return s, err
	}
	again, err := newLater()
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, again.close()) }()
	p := &pass{catalog: c, options: o, later: again}
	err = p.run(ctx, func(ctx context.Context, yield func(*line) error) error {
		return scanAll(ctx, shape, sources, yield)
	})
	if err == nil {
		p.later = nil
		err = p.run(ctx, again.scan)
	}
	return p.summary, err
}

// What one transaction takes: few enough that another writer is not kept waiting
// for long, and enough that pages of indexes are not written over and over.
const (
	batchLines = 2000
	batchBytes = 8 << 20
)

// batch is lines that are written together.
type batch struct {
	lines []*line
	bytes int
}

// run reads on one side and writes on the other.
func (p *pass) run(ctx context.Context, scan func(context.Context, func(*line) error) error) error {
	group, ctx := errgroup.WithContext(ctx)
	batches := make(chan batch, 1)
	group.Go(func() error {
		defer close(batches)
		return gather(ctx, scan, batches)
	})
	group.Go(func() error {
		for b := range batches {
			if err := p.write(ctx, b.lines); err != nil {
				return err
			}
		}
		return nil
	})
	return group.Wait()
}

// gather makes batches of lines.
func gather(ctx context.Context, scan func(context.Context, func(*line) error) error, batches chan<- batch) error {
	var b batch
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
	err := scan(ctx, func(l *line) error {
		b.lines, b.bytes = append(b.lines, l), b.bytes+l.size
		if len(b.lines) < batchLines && b.bytes < batchBytes {
			return nil
		}
		return send()
	})
	if err != nil {
		return err
	}
	return send()
}
