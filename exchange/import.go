package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"vodgraph/bulk"

	"golang.org/x/sync/errgroup"
)

// Options are how an import is done, and reports what it does.
type Options struct {
	LineOptions
	// Progress is called now and then with the lines done and the bytes read.
	Progress func(lines, bytes int64)
	// Report takes a line of text for each reason why a line is refused, for each link that
	// is left out, and for each warning.
	Report io.Writer
	// ChangeSet is called at the end, and where the import breaks off, with the id of what it
	// has changed, to be undone; not at all where that is nothing.
	ChangeSet func(id string)
}

// Summary is what an import did, in lines. Each line is one of created, changed, unchanged
// and refused.
type Summary struct {
	Created, Changed, Unchanged, Refused int64
	// LeftOut lines are in without a link to an asset that nobody has.
	LeftOut int64
	// Warnings are values that were kept though a call would refuse them.
	Warnings int64
	// Categories and Tags are those made that have no line of their own, as other lines name
	// them. With Created they are all rows of assets, categories and tags that were made.
	Categories, Tags int64
}

// String is the summary in words.
func (s Summary) String() string {
	words := fmt.Sprintf("%d created, %d changed, %d unchanged, %d refused.", s.Created, s.Changed, s.Unchanged, s.Refused)
	if s.Categories+s.Tags > 0 {
		words += fmt.Sprintf(" %s and %s made for lines that name them.", counted(s.Categories, "category", "categories"), counted(s.Tags, "tag", "tags"))
	}
	if s.LeftOut > 0 {
		words += fmt.Sprintf(" %d without links that name nobody.", s.LeftOut)
	}
	if s.Warnings > 0 {
		words += fmt.Sprintf(" Warnings: %d.", s.Warnings)
	}
	if s.Created+s.Changed == 0 {
		words += " Nothing changed."
	}
	return words
}

func counted(n int64, one, more string) string {
	if n == 1 {
		more = one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// Import reads the sources into the library, as one file and one change set. What is known by
// its id or reference id is changed, and only where it differs, so an import can be
// repeated. A bad line is refused and reported, leaves nothing behind, and the others go in.
//
// The order of lines about different assets, tags and categories does not matter; lines about
// one are done in their order. Sources are read twice: first for categories and tags, and for
// whether they can be read at all. Lines that need what may still come wait in a
// temporary file; of each a few dozen bytes stay in memory. A line that names an asset
// which nobody has goes in without that link, and is reported.
func Import(ctx context.Context, c *bulk.Catalog, sources []Source, o Options) (s Summary, err error) {
	shape, err := newShape()
	if err != nil {
		return s, err
	}
	sources, remove, err := spooled(sources)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	p := &pass{importing: newImporting(c, o.LineOptions), options: o}
	err = p.filing(ctx, func(ctx context.Context, yield func(*line) error) error {
		return scanAll(ctx, shape, sources, filingLine, yield)
	})
	if err == nil {
		err = p.stages(ctx, func(ctx context.Context, yield func(*line) error) error {
			return scanAll(ctx, shape, sources, anyLine, yield)
		})
	}
	made := p.importing.Made()
	p.summary.Categories, p.summary.Tags = made.Categories-p.created[categoryLine], made.Tags-p.created[tagLine]
	if set := p.importing.ChangeSet(); set != "" && o.ChangeSet != nil {
		o.ChangeSet(set)
	}
	return p.summary, err
}

// scanner hands on lines, from the beginning each time.
type scanner func(ctx context.Context, yield func(*line) error) error

func (p *pass) stages(ctx context.Context, file scanner) (err error) {
	from := func(ctx context.Context, yield func(*line) error) error {
		return file(ctx, func(l *line) error {
			if l.sort() == categoryLine || l.sort() == tagLine {
				return nil
			}
			return yield(l)
		})
	}
	p.first = true
	for range 3 {
		if p.later, err = newLater(); err != nil {
			return err
		}
		defer func(k *later) { err = errors.Join(err, k.close()) }(p.later)
		if err := p.run(ctx, from); err != nil {
			return err
		}
		order, err := p.importing.Next(ctx)
		if err != nil {
			return err
		}
		p.first, from = false, p.later.in(order)
	}
	return nil
}

func (p *pass) filing(ctx context.Context, file scanner) error {
	var categories, tags []*line
	err := file(ctx, func(l *line) error {
		switch l.sort() {
		case categoryLine:
			categories = append(categories, l)
		case tagLine:
			tags = append(tags, l)
		default: // which the stages do
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, lines := range [][]*line{categories, tags} {
		if len(lines) > 0 {
			if err := p.write(ctx, lines); err != nil {
				return err
			}
		}
	}
	return nil
}

// What one transaction takes: few enough that another writer is not kept waiting
// for long, and enough that pages of indexes are not written over and over.
const (
	batchLines = 2000
	batchBytes = 8 << 20
)

type batch struct {
	lines []*line
	bytes int
}

// run reads on one side and writes on the other.
func (p *pass) run(ctx context.Context, scan scanner) error {
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

func gather(ctx context.Context, scan scanner, batches chan<- batch) error {
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
		if !l.joined && (len(b.lines) >= batchLines || b.bytes >= batchBytes) {
			if err := send(); err != nil {
				return err
			}
		}
		b.lines, b.bytes = append(b.lines, l), b.bytes+l.size
		return nil
	})
	if err != nil {
		return err
	}
	return send()
}
