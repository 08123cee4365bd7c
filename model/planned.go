package model

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"vodgraph/ent"
	"vodgraph/ent/change"
	"vodgraph/ent/collect"
	"vodgraph/ent/fact"
	"vodgraph/ent/preview"
	"vodgraph/keyset"
	"vodgraph/limits"
)

// What a dry run would change is shown as what was changed is. Of a call it is in memory, and
// of an operation in a table of its own.

// Changed is what a call has changed, or would change.
type Changed struct {
	// Set is the id of its change set; empty where nothing was changed, and for a dry run.
	Set string
	// DryRun is set for a dry run, and Planned are its changes then.
	DryRun  bool
	Planned []*ent.Change
}

// ChangesOf is a page of what a call has changed, or would change.
func ChangesOf(ctx context.Context, c *ent.Client, made Changed) (*ChangeConnection, error) {
	if !made.DryRun && made.Set != "" {
		set := &ent.ChangeSet{ID: made.Set}
		c.AdoptChangeSet(set)
		return ChangeSet{set}.Changes(ctx)
	}
	l := list[ent.Change]{table: changes, order: keyset.Order{{Column: change.FieldID, Kind: keyset.Int}}}
	binding := keyset.Bind(l.order, listName(ctx))
	args := argumentsOf(ctx)
	page, err := args.page().Page(l.order, binding)
	if err := errors.Join(args.err, err); err != nil {
		return nil, err
	}
	rest := made.Planned[min(page.Passed(), len(made.Planned)):]
	cut := cutOf(page, rest[:min(page.Limit(), len(rest))])
	if err := limits.Read(ctx, len(cut.rows)); err != nil {
		return nil, err
	}
	c.AdoptChange(cut.rows...)
	p := pageOf(l, cut, changeOf)
	p.binding = binding
	p.count = func(context.Context) (int, error) { return len(made.Planned), nil }
	return p, nil
}

var previews = table[ent.Preview]{
	name: preview.Table,
	columns: ent.PreviewColumns.With(changeColumns).With(collect.Columns{
		"revision": nil, "at": nil, "changeSet": nil, // of a change that was made
	}),
	needs: []string{preview.FieldID}, value: func(p *ent.Preview, _ string) any { return p.ID },
	keys:  map[string]func(*ent.Preview) string{preview.FieldOperationID: func(p *ent.Preview) string { return p.OperationID }},
	fetch: fetched(func(c *ent.Client) *ent.PreviewQuery { return c.Preview.Query() }),
}

// previewOf shows a change that a dry run of an operation would make as a change.
func previewOf(p *ent.Preview) Change {
	f := parentRow[ent.Preview, *ent.Preview]{p, func(p *ent.Preview) string { return strconv.FormatInt(p.ID, 10) }}
	all, _ := share(f, "as changes", func() (map[int64]*ent.Change, error) { // which has no error
		byID := map[int64]*ent.Change{}
		var rows []*ent.Change
		for _, p := range p.Batch().Rows {
			row := &ent.Change{ID: p.ID, SubjectID: p.SubjectID, Field: p.Field, Before: p.Before, After: p.After}
			byID[p.ID], rows = row, append(rows, row)
		}
		f.client().AdoptChange(rows...)
		return byID, nil
	})
	return Change{all[p.ID]}
}

// Changes is a page of what the operation has changed, or of the first changes that its dry run would make.
func (o BulkOperation) Changes(ctx context.Context) (*ChangeConnection, error) {
	if o.DryRun {
		f := apart{parentRow[ent.BulkOperation, *ent.BulkOperation]{o.BulkOperation, func(o *ent.BulkOperation) string { return o.ID }}, "previews "}
		return paged(ctx, f, func(*arguments) (list[ent.Preview], error) {
			return list[ent.Preview]{table: previews, hold: heldBy(preview.FieldOperationID),
				order: keyset.Order{{Column: preview.FieldID, Kind: keyset.Int}}}, nil
		}, previewOf)
	}
	f := parentRow[ent.BulkOperation, *ent.BulkOperation]{o.BulkOperation, func(o *ent.BulkOperation) string { return deref(o.ChangeSetID) }}
	return paged(ctx, f, func(*arguments) (list[ent.Change], error) {
		return list[ent.Change]{table: changes, hold: heldBy(change.FieldChangeSetID), order: subjectBySubject}, nil
	}, changeOf)
}

// apart is a family of which something is loaded beside what else is loaded for the same field.
type apart struct {
	family
	what string
}

func (a apart) share(key string, fn func() (any, error)) (any, error) {
	return a.family.share(a.what+key, fn)
}

// ChangeCount is how many met an outcome in a field.
type ChangeCount struct{ fact.FieldCount }

// Field is the field; nil for those that were refused as a whole.
func (c ChangeCount) Field() *string { return given(c.FieldCount.Field) }

// ChangeCounts are how many met which outcome so far, by field.
func (o BulkOperation) ChangeCounts() []ChangeCount {
	list := make([]ChangeCount, len(o.Counts))
	for i, c := range o.Counts {
		list[i] = ChangeCount{c}
	}
	return list
}

// operationInput is the part of what an operation is to do that is shown.
type operationInput struct {
	Filter json.RawMessage
	Change json.RawMessage
	Set    string
}

func inputOf(o *ent.BulkOperation) (in operationInput) {
	_ = json.Unmarshal(o.Input, &in) // which the catalog wrote
	return in
}

// Filter is which assets it is for; nil where that is no filter.
func (o BulkOperation) Filter() json.RawMessage { return inputOf(o.BulkOperation).Filter }

// Change is what it changes of each asset; nil where that is something else.
func (o BulkOperation) Change() json.RawMessage { return inputOf(o.BulkOperation).Change }

// Text is the text by whose hits its assets were chosen; nil, as no operation goes by a text.
func (o BulkOperation) Text() *string { return nil }

// Undoes is the change set that it undoes; nil for none.
func (o BulkOperation) Undoes(ctx context.Context) (*ChangeSet, error) {
	return changeSetAt(ctx, o.BulkOperation, func(o *ent.BulkOperation) string { return inputOf(o).Set })
}
