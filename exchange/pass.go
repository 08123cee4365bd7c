package exchange

import (
	"context"
	"fmt"

	"vodgraph/catalog"
	"vodgraph/fault"
)

// pass is one reading of lines into the library.
type pass struct {
	catalog *catalog.Catalog
	options Options
	summary Summary
	later   *later // nil in the second pass
	done    int64
}

// write writes lines in their order: those of one sort that stand together as
// one.
func (p *pass) write(ctx context.Context, lines []*line) error {
	for rest := lines; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].sort() == rest[0].sort() {
			n++
		}
		items, err := p.put(ctx, rest[:n])
		if err != nil {
			return err
		}
		for i, item := range items {
			if err := p.settle(rest[i], item); err != nil {
				return err
			}
		}
		rest = rest[n:]
	}
	if p.later == nil {
		return nil
	}
	p.done += int64(len(lines))
	if p.options.Progress != nil {
		p.options.Progress(p.done, lines[len(lines)-1].at)
	}
	return nil
}

// put writes lines of one sort.
func (p *pass) put(ctx context.Context, lines []*line) ([]catalog.Item, error) {
	var out *catalog.Outcome
	var err error
	switch lines[0].sort() {
	case refusedLine:
		out = &catalog.Outcome{}
		for _, l := range lines {
			out.Items = append(out.Items, catalog.Item{Outcome: catalog.Failed, Errors: []*fault.Fault{l.refused}})
		}
	case categoryLine:
		out, err = p.catalog.ImportCategories(ctx, valuesOf(lines, func(l *line) catalog.CategoryLine { return *l.category }))
	case tagLine:
		out, err = p.catalog.ImportTags(ctx, valuesOf(lines, func(l *line) catalog.TagLine { return *l.tag }))
	default:
		out, err = p.catalog.Import(ctx, valuesOf(lines, func(l *line) *catalog.AssetCreateInput { return l.asset }))
	}
	if err != nil {
		return nil, err
	}
	return out.Items, nil
}

func valuesOf[T any](lines []*line, value func(*line) T) []T {
	values := make([]T, len(lines))
	for i, l := range lines {
		values[i] = value(l)
	}
	return values
}

// settle counts what became of a line. One that is refused in the second pass no
// longer counts as what the first made of it.
func (p *pass) settle(l *line, item catalog.Item) error {
	if p.later == nil {
		if faults := append(item.Errors, item.Missing...); len(faults) > 0 {
			p.count(l.outcome, -1)
			return p.refuse(l, faults)
		}
		return nil
	}
	if len(item.Errors) > 0 {
		return p.refuse(l, item.Errors)
	}
	p.count(item.Outcome, 1)
	if err := p.warn(l, item.Warnings); err != nil {
		return err
	}
	if l.asset == nil {
		return nil
	}
	return p.later.keep(l, item)
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

// warn reports what a line states that was taken otherwise, or that a call would refuse.
func (p *pass) warn(l *line, warnings []*fault.Fault) error {
	if p.options.Report == nil {
		return nil
	}
	for _, f := range warnings {
		if _, err := fmt.Fprintln(p.options.Report, "warning: "+l.refusal(f)); err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	return nil
}

// refuse reports a line.
func (p *pass) refuse(l *line, faults []*fault.Fault) error {
	p.summary.Refused++
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
