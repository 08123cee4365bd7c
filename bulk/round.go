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
	"vodgraph/ent/asset"
	"vodgraph/ent/bulkoperation"
	"vodgraph/fault"
)

// over says that there is nothing left to be done.
func (r *round) over() bool { return len(r.ids) == 0 && r.lines == nil && !r.filing }

// place is where the operation stands after the round.
func (r *round) place() string {
	if r.lines != nil {
		return strconv.FormatInt(r.lines.last(), 10)
	}
	if len(r.ids) == 0 {
		return filingDone
	}
	return r.ids[len(r.ids)-1]
}

// StepOperation does the next batch of an operation, at most so many assets or lines, and
// reports whether there is more to do. It is to be called by its holder alone, but is right for any number
// of callers.
func (c *Catalog) StepOperation(ctx context.Context, id string, most int) (more bool, err error) {
	row, err := c.DB.BulkOperation.Get(ctx, id)
	if err != nil {
		return false, fmt.Errorf("find the operation: %w", err)
	}
	if row.Status != bulkoperation.StatusRUNNING {
		return false, nil
	}
	// Whoever called does it, and sees no more now than then.
	ctx = auth.With(ctx, &auth.Caller{Name: row.Actor, Role: auth.Admin, Limited: row.Limited, Grants: row.Grants})
	r := &round{Catalog: c, row: row, most: min(most, MostInStep)}
	if err := readStored(row.Input, &r.work); err != nil {
		return false, fmt.Errorf("read the operation: %w", err)
	}
	// What comes next is looked for before the transaction, for it may take long.
	switch {
	case row.Received != nil:
		err = r.nextLines(ctx)
	case row.Verb == bulkoperation.VerbUNDO:
		err = r.nextUndo(ctx)
	default:
		r.ids, err = r.next(ctx)
	}
	if err != nil {
		return false, err
	}
	if row.Received != nil && r.over() {
		if err := c.clearFile(ctx, id); err != nil {
			return false, err
		}
	}
	_, err = c.Do(ctx, func(d *change.Tx) error { return r.run(ctx, d) })
	return !r.over(), err
}

// next are the ids of the assets that the round is to meet, none at the end.
func (r *round) next(ctx context.Context) ([]string, error) {
	if r.row.Verb == bulkoperation.VerbPURGE {
		return r.trashedUntil(ctx, r.work.Until.Time, r.row.Position, r.most)
	}
	which, err := r.work.Filter.Predicate(r.Options.Limits.Filter)
	if err != nil {
		return nil, err
	}
	ids, err := r.DB.Asset.Query().Where(which, asset.IDGT(r.row.Position), asset.IDLTE(r.row.Bound)).
		Order(asset.ByID()).Limit(r.most).IDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the next assets: %w", err)
	}
	return ids, nil
}

// run does the round. Where the operation stands is read in the transaction, so that none
// is done twice, whoever does it.
func (r *round) run(ctx context.Context, d *change.Tx) error {
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
	return r.tell(ctx, d, out.Items)
}

// do changes the assets of the round, or, as a dry run, finds out what would become
// of them.
func (r *round) do(ctx context.Context, d *change.Tx, out *change.Outcome) error {
	run := func() error {
		if r.lines != nil {
			return r.doLines(ctx, d, out)
		}
		if r.row.Verb == bulkoperation.VerbPURGE {
			return purgeAssets(ctx, d, r.ids, r.work.Until.Time, out)
		}
		if r.row.Verb == bulkoperation.VerbUNDO {
			return r.undo(ctx, d, out)
		}
		verdicts, chosen, err := r.judge(ctx, d)
		if err != nil {
			return err
		}
		return d.Finish(ctx, out, change.Decisions{All: verdicts, List: "", Policy: change.SkipFailed}, chosen)
	}
	if r.row.DryRun {
		history, err := d.DryRun(ctx, run)
		r.made = change.MadeIn(history)
		r.entries = change.Planned(r.shown(history[min(r.begun, len(history)):]), r.made)
		return errors.Join(err, d.ReleaseRevision(ctx))
	}
	err := run()
	r.entries = d.History
	switch {
	case errors.Is(err, change.ErrUnchanged):
		return d.ReleaseRevision(ctx)
	case err != nil:
		return err
	}
	return d.OpenSet(ctx)
}

// judge decides about the assets of the round. One that the filter does not mean any
// more is left as it is.
func (r *round) judge(ctx context.Context, d *change.Tx) ([]change.Decision, []*change.Change, error) {
	which, err := r.work.Filter.Predicate(r.Options.Limits.Filter)
	if err != nil {
		return nil, nil, err
	}
	still, err := d.Ent.Asset.Query().Where(which, asset.IDIn(r.ids...)).Order(asset.ByID()).IDs(auth.WithRowSecurity(ctx))
	if err != nil {
		return nil, nil, fmt.Errorf("find what is still meant: %w", err)
	}
	gather := catalog.GatherNone
	var decide func(b *catalog.Builder, k *change.Check, s *change.State, i int)
	switch r.row.Verb {
	case bulkoperation.VerbTRASH:
		decide = catalog.Trash
	case bulkoperation.VerbRESTORE:
		decide = catalog.Restore
	default:
		in := &catalog.AssetUpdateInput{AssetChangeInput: *r.work.Change}
		gather = func(n *change.References) change.Part { return catalog.NamesOfUpdate(n, in) }
		decide = func(b *catalog.Builder, k *change.Check, s *change.State, _ int) { b.Update(k, s, in) }
	}
	return catalog.DecideAll(ctx, d, catalog.ByID(still), gather, decide)
}

// tell notes what became of a round, and how far the operation is.
func (r *round) tell(ctx context.Context, d *change.Tx, items []change.Item) error {
	counts := &change.Outcome{Items: items}
	changed, failed := counts.CountChanged(), counts.Count(change.Failed)
	update := d.Ent.BulkOperation.UpdateOneID(r.row.ID).AddDone(int64(len(items))).AddChanged(int64(changed)).AddFailed(int64(failed) + r.refusedFiling()).
		SetPosition(r.place()).SetCounts(r.counted(items))
	if !d.Idle && !r.row.DryRun {
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
	if r.lines != nil {
		if err := r.keepResults(ctx, d, items); err != nil {
			return err
		}
	}
	return r.tellFailures(ctx, d, items)
}

// tellFailures writes down which items were refused, and why.
func (r *round) tellFailures(ctx context.Context, d *change.Tx, items []change.Item) error {
	var rows []*ent.BulkFailureCreate
	for _, item := range r.refused {
		told, err := json.Marshal(item.Errors)
		if err != nil {
			return fmt.Errorf("write refusals down: %w", err)
		}
		rows = append(rows, d.Ent.BulkFailure.Create().SetOperationID(r.row.ID).SetErrors(told).SetSubjectID(item.ID))
	}
	for i, item := range items {
		if item.Outcome != change.Failed {
			continue
		}
		told, err := json.Marshal(r.placed(item.Errors))
		if err != nil {
			return fmt.Errorf("write refusals down: %w", err)
		}
		row := d.Ent.BulkFailure.Create().SetOperationID(r.row.ID).SetErrors(told)
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
func (r *round) placed(faults []*fault.Fault) []*fault.Fault {
	told := make([]*fault.Fault, len(faults))
	for i, f := range faults {
		told[i] = f
		if len(f.Field) >= 2 && f.Field[0] == catalog.AssetList {
			told[i] = f.At(f.Field[2:]...)
			if len(told[i].Field) > 0 && r.row.Verb == bulkoperation.VerbUPDATE {
				told[i] = told[i].Under("change")
			}
		}
	}
	return told
}

// end ends an operation of which all is done. What was meant at the call and was not
// met any more is unchanged.
func (r *round) end(ctx context.Context, d *change.Tx) error {
	err := d.Ent.BulkOperation.UpdateOneID(r.row.ID).SetStatus(bulkoperation.StatusDONE).SetFinishedAt(d.Now).
		SetDone(max(r.row.Done, r.row.Matched)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("end the operation: %w", err)
	}
	return nil
}
