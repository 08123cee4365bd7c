package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"vodgraph/auth"
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
	"vodgraph/fault"
)

func (r *batch) over() bool { return len(r.ids) == 0 && r.lines == nil && !r.taxonomy }

func (r *batch) place() string {
	if r.lines != nil {
		return strconv.FormatInt(r.lines.last(), 10)
	}
	if len(r.ids) == 0 {
		return taxonomyDone
	}
	return r.ids[len(r.ids)-1]
}

// RunBatch does the next batch of an operation, at most so many assets or lines, and
// reports whether there is more to do. It is to be called by its holder alone, but is right for any number
// of callers.
func (c *Catalog) RunBatch(ctx context.Context, id string, most int) (more bool, err error) {
	row, err := c.DB.BulkOperation.Get(ctx, id)
	if err != nil {
		return false, fmt.Errorf("find the operation: %w", err)
	}
	if row.Status != bulkoperation.StatusRUNNING {
		return false, nil
	}
	// Whoever called does it, and sees no more now than then.
	ctx = auth.With(ctx, &auth.Caller{Name: row.Actor, Role: auth.Admin, Limited: row.Limited, Grants: row.Grants})
	r := &batch{Catalog: c, row: row, kind: kindOf(row), most: min(most, MaxBatch)}
	if err := readStored(row.Input, &r.work); err != nil {
		return false, fmt.Errorf("read the operation: %w", err)
	}
	// What comes next is looked for before the transaction, for it may take long.
	if err := r.kind.next(r, ctx); err != nil {
		return false, err
	}
	_, err = c.Do(ctx, func(d *change.Tx) error { return r.run(ctx, d) })
	return !r.over(), err
}

// run does the batch. Where the operation stands is read in the transaction, so that none
// is done twice, whoever does it.
func (r *batch) run(ctx context.Context, d *change.Tx) error {
	row, err := d.Ent.BulkOperation.Get(ctx, r.row.ID)
	switch {
	case err != nil:
		return fmt.Errorf("find the operation: %w", err)
	case row.Status != bulkoperation.StatusRUNNING || row.Position != r.row.Position:
		return change.ErrUnchanged // it was cancelled, or another was faster
	case r.over():
		return errors.Join(r.end(ctx, d), d.ReleaseRevision(ctx))
	}
	r.row = row
	d.Note = row.Note
	if r.row.Verb == bulkoperation.VerbUNDO {
		d.Undoes = &r.work.Set
	}
	if row.ChangeSetID != nil {
		d.ChangeSetID, d.SetOpen = *row.ChangeSetID, true
	}
	d.SetGrows = true
	out := &change.Outcome{}
	if err := r.do(ctx, d, out); err != nil {
		return err
	}
	return r.record(ctx, d, out.Items)
}

// do changes the assets of the batch, or, as a dry run, finds out what would become
// of them.
func (r *batch) do(ctx context.Context, d *change.Tx, out *change.Outcome) error {
	if r.row.DryRun {
		history, err := d.DryRun(ctx, func() error { return r.kind.run(r, ctx, d, out) })
		r.made = change.MadeIn(history)
		r.entries = change.Planned(r.shown(history[min(r.begun, len(history)):]), r.made)
		return errors.Join(err, d.ReleaseRevision(ctx))
	}
	err := r.kind.run(r, ctx, d, out)
	r.entries = d.History
	switch {
	case errors.Is(err, change.ErrUnchanged):
		return d.ReleaseRevision(ctx)
	case err != nil:
		return err
	}
	return d.OpenSet(ctx)
}

func (r *batch) record(ctx context.Context, d *change.Tx, items []change.Item) error {
	counts := &change.Outcome{Items: items}
	changed, failed := counts.CountChanged(), counts.Count(change.Failed)
	update := d.Ent.BulkOperation.UpdateOneID(r.row.ID).AddDone(int64(len(items))).AddChanged(int64(changed)).AddFailed(int64(failed) + r.refusedSubjects()).
		SetPosition(r.place()).SetCounts(r.counted(items))
	if !d.Noop && !r.row.DryRun {
		update.SetChangeSetID(d.ChangeSet())
		if err := d.GrowSet(ctx); err != nil {
			return err
		}
	}
	if err := update.Exec(ctx); err != nil {
		return fmt.Errorf("note how far the operation is: %w", err)
	}
	if r.row.DryRun {
		if err := r.keepPreviews(ctx, d); err != nil {
			return err
		}
	}
	if r.kind.keep != nil {
		if err := r.kind.keep(r, ctx, d, items); err != nil {
			return err
		}
	}
	return r.recordFailures(ctx, d, items)
}

func (r *batch) recordFailures(ctx context.Context, d *change.Tx, items []change.Item) error {
	var rows []*ent.BulkFailureCreate
	for _, item := range r.refused {
		encoded, err := json.Marshal(item.Errors)
		if err != nil {
			return fmt.Errorf("write refusals down: %w", err)
		}
		rows = append(rows, d.Ent.BulkFailure.Create().SetOperationID(r.row.ID).SetErrors(encoded).SetSubjectID(item.ID))
	}
	for i, item := range items {
		if item.Outcome != change.Failed {
			continue
		}
		encoded, err := json.Marshal(r.placed(item.Errors))
		if err != nil {
			return fmt.Errorf("write refusals down: %w", err)
		}
		row := d.Ent.BulkFailure.Create().SetOperationID(r.row.ID).SetErrors(encoded)
		if item.ID != "" {
			row.SetAssetID(item.ID)
		}
		if r.lines != nil {
			row.SetLine(r.lines.items[i].Number)
		}
		rows = append(rows, row)
	}
	if len(rows) > 0 {
		if err := d.Ent.BulkFailure.CreateBulk(rows...).Exec(ctx); err != nil {
			return fmt.Errorf("write refusals down: %w", err)
		}
	}
	return nil
}

// placed has the places of refusals begin at the arguments of the call: what stands
// in a list of assets here is one of many assets there.
func (r *batch) placed(faults []*fault.Fault) []*fault.Fault {
	placed := make([]*fault.Fault, len(faults))
	for i, f := range faults {
		placed[i] = f
		if len(f.Field) >= 2 && f.Field[0] == catalog.AssetList {
			placed[i] = f.At(f.Field[2:]...)
			if len(placed[i].Field) > 0 && r.row.Verb == bulkoperation.VerbUPDATE {
				placed[i] = placed[i].Under("change")
			}
		}
	}
	return placed
}

// end ends an operation of which all is done. What was meant at the call and was not
// met any more is unchanged.
func (r *batch) end(ctx context.Context, d *change.Tx) error {
	err := d.Ent.BulkOperation.UpdateOneID(r.row.ID).SetStatus(bulkoperation.StatusDONE).SetFinishedAt(d.Now).
		SetDone(max(r.row.Done, r.row.Matched)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("end the operation: %w", err)
	}
	return nil
}
