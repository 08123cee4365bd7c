package exchange

import (
	"context"
	"fmt"
	"slices"

	"vodgraph/change"
	"vodgraph/fault"
	"vodgraph/taxonomy"
)

type pass struct {
	importing *importing
	options   Options
	summary   Summary
	created   [sorts]int64 // by what the lines are
	later     *later       // for the next stage; nil in the last
	first     bool
	done      int64
}

// write writes lines in their order: those of one sort that stand together as
// one. Lines of categories and tags are done before.
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
	if !p.first {
		return nil
	}
	p.done += int64(len(lines))
	if p.options.Progress != nil {
		p.options.Progress(p.done, lines[len(lines)-1].at)
	}
	return nil
}

func (p *pass) put(ctx context.Context, lines []*line) ([]change.Item, error) {
	var out *change.Outcome
	var err error
	switch lines[0].sort() {
	case refusedLine:
		return refused(lines), nil
	case categoryLine:
		out, err = p.importing.Categories(ctx, valuesOf(lines, func(l *line) taxonomy.CategoryLine { return *l.category }))
	case tagLine:
		out, err = p.importing.Tags(ctx, valuesOf(lines, func(l *line) taxonomy.TagLine { return *l.tag }))
	default:
		out, err = p.importing.Assets(ctx, valuesOf(lines, func(l *line) stagedLine {
			return stagedLine{AssetCreateInput: l.asset, Linking: l.linking, Joined: l.joined}
		}))
	}
	if err != nil {
		return nil, err
	}
	return out.Items, nil
}

func refused(lines []*line) []change.Item {
	return valuesOf(lines, func(l *line) change.Item {
		return change.Item{Outcome: change.Failed, Errors: []*fault.Fault{l.refused}}
	})
}

func valuesOf[T any](lines []*line, value func(*line) T) []T {
	values := make([]T, len(lines))
	for i, l := range lines {
		values[i] = value(l)
	}
	return values
}

// settle counts what became of a line, once: the links that a later stage makes of it are not
// counted again.
func (p *pass) settle(l *line, item change.Item) error {
	switch {
	case item.Outcome == Waiting:
		if err := p.warn(l, l.warnings); err != nil {
			return err
		}
		return p.later.keep(l, l.asset, false)
	case len(item.Errors) > 0:
		p.summary.Refused++
		return p.report(l, item.Errors, "")
	case !l.linking:
		p.count(l, item.Outcome)
	}
	if !l.linking {
		if err := p.warn(l, slices.Concat(l.warnings, item.Warnings)); err != nil {
			return err
		}
	}
	if item.Pending {
		return p.later.keep(l, linksOf(l.asset, item.ID), true)
	}
	if len(item.Missing) > 0 {
		p.summary.LeftOut++
		return p.report(l, item.Missing, "left out: ")
	}
	return nil
}

func (p *pass) warn(l *line, warnings []*fault.Fault) error {
	p.summary.Warnings += int64(len(warnings))
	return p.report(l, warnings, "warning: ")
}

func (p *pass) count(l *line, outcome change.ItemOutcome) {
	switch outcome {
	case change.Created:
		p.summary.Created++
		p.created[l.sort()]++
	case change.Changed:
		p.summary.Changed++
	case change.Unchanged:
		p.summary.Unchanged++
	case change.Deleted, change.Failed: // an import deletes nothing, and counts refusals apart
	}
}

func (p *pass) report(l *line, faults []*fault.Fault, what string) error {
	if p.options.Report == nil {
		return nil
	}
	for _, f := range faults {
		if _, err := fmt.Fprintln(p.options.Report, l.reported(f, what)); err != nil {
			return fmt.Errorf("report: %w", err)
		}
	}
	return nil
}
