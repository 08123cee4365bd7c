package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/bulkoperation"
	"vodgraph/fault"
)

// roundSize is how many assets are met in one deed: so few that others do not wait
// for long.
const roundSize = 500

// round is a batch of an operation.
type round struct {
	*Catalog
	row  *ent.BulkOperation
	work work
	ids  []string
}

// StepOperation does the next batch of an operation, and tells whether there is
// more to do. It is to be called by its holder alone, but is right for any number
// of callers.
func (c *Catalog) StepOperation(ctx context.Context, id string) (more bool, err error) {
	row, err := c.db.BulkOperation.Get(ctx, id)
	if err != nil {
		return false, fmt.Errorf("find the operation: %w", err)
	}
	if row.Status != bulkoperation.StatusRUNNING {
		return false, nil
	}
	r := &round{Catalog: c, row: row}
	if err := json.Unmarshal(row.Input, &r.work); err != nil {
		return false, fmt.Errorf("read the operation: %w", err)
	}
	// What comes next is looked for before the deed, for it may take long.
	if r.ids, err = r.next(ctx); err != nil {
		return false, err
	}
	_, err = c.do(ctx, func(d *deed) error { return r.run(ctx, d) })
	return len(r.ids) > 0, err
}

// next are the ids of the assets that the round is to meet, none at the end.
func (r *round) next(ctx context.Context) ([]string, error) {
	switch r.row.Verb {
	case bulkoperation.VerbUNDO:
		return r.changedBy(ctx, r.work.Set, r.row.Position)
	case bulkoperation.VerbPURGE:
		return r.trashedUntil(ctx, r.work.Until.Time, r.row.Position)
	}
	which, err := r.work.Filter.Predicate(r.opts.Limits)
	if err != nil {
		return nil, err
	}
	ids, err := r.db.Asset.Query().Where(which, asset.IDGT(r.row.Position), asset.IDLTE(r.row.Bound)).
		Order(asset.ByID()).Limit(roundSize).IDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the next assets: %w", err)
	}
	return ids, nil
}

// run does the round. Where the operation stands is read in the deed, so that none
// is done twice, whoever does it.
func (r *round) run(ctx context.Context, d *deed) error {
	row, err := d.tx.BulkOperation.Get(ctx, r.row.ID)
	switch {
	case err != nil:
		return fmt.Errorf("find the operation: %w", err)
	case row.Status != bulkoperation.StatusRUNNING || row.Position != r.row.Position:
		return errUnchanged // it was cancelled, or another was faster
	case len(r.ids) == 0:
		return errors.Join(r.end(ctx, d), d.giveBack(ctx))
	}
	r.row = row
	d.note, d.operator = row.Note, row.Actor
	if r.row.Verb == bulkoperation.VerbUNDO {
		d.undoes = &r.work.Set
	}
	if row.ChangeSetID != nil {
		d.set, d.setOpen = *row.ChangeSetID, true
	}
	d.setGrows = true
	out := &Outcome{}
	if err := r.do(ctx, d, out); err != nil {
		return err
	}
	return r.tell(ctx, d, out.Items)
}

// do changes the assets of the round, or, as a rehearsal, finds out what would become
// of them.
func (r *round) do(ctx context.Context, d *deed, out *Outcome) error {
	change := func() error {
		if r.row.Verb == bulkoperation.VerbPURGE {
			return d.purge(ctx, r.ids, r.work.Until.Time, out)
		}
		verdicts, chosen, err := r.judge(ctx, d)
		if err != nil {
			return err
		}
		return d.finish(ctx, out, settled{verdicts, "", SkipFailed}, chosen)
	}
	if r.row.DryRun {
		return errors.Join(d.rehearse(ctx, change), d.giveBack(ctx))
	}
	err := change()
	switch {
	case errors.Is(err, errUnchanged):
		return d.giveBack(ctx)
	case err != nil:
		return err
	}
	return d.openSet(ctx)
}

// rehearse does something, and undoes it within the deed.
func (d *deed) rehearse(ctx context.Context, fn func() error) error {
	if _, err := d.tx.ExecContext(ctx, "SAVEPOINT rehearsal"); err != nil {
		return fmt.Errorf("begin a rehearsal: %w", err)
	}
	if err := fn(); err != nil && !errors.Is(err, errUnchanged) {
		return err
	}
	d.history, d.entries = nil, 0
	if _, err := d.tx.ExecContext(ctx, "ROLLBACK TO SAVEPOINT rehearsal"); err != nil {
		return fmt.Errorf("end a rehearsal: %w", err)
	}
	return nil
}

// judge decides about the assets of the round. One that the filter does not mean any
// more is left as it is.
func (r *round) judge(ctx context.Context, d *deed) ([]verdict, []*change, error) {
	if r.row.Verb == bulkoperation.VerbUNDO {
		return r.judgeUndo(ctx, d)
	}
	which, err := r.work.Filter.Predicate(r.opts.Limits)
	if err != nil {
		return nil, nil, err
	}
	still, err := d.tx.Asset.Query().Where(which, asset.IDIn(r.ids...)).Order(asset.ByID()).IDs(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("find what is still meant: %w", err)
	}
	gather := gatherNone
	var decide func(b *maker, k *check, s *state, i int)
	switch r.row.Verb {
	case bulkoperation.VerbTRASH:
		decide = trash
	case bulkoperation.VerbRESTORE:
		decide = restore
	default:
		change := r.work.Change.of("")
		gather = func(n *names) part { return n.update(change) }
		decide = func(b *maker, k *check, s *state, _ int) { b.update(k, s, change) }
	}
	return d.judgeAll(ctx, named(still), gather, decide)
}

// tell notes what became of a round, and how far the operation is.
func (r *round) tell(ctx context.Context, d *deed, items []Item) error {
	counts := &Outcome{Items: items}
	changed, failed := counts.Count(Created, Changed, Deleted), counts.Count(Failed)
	update := d.tx.BulkOperation.UpdateOneID(r.row.ID).AddDone(int64(len(items))).AddChanged(int64(changed)).AddFailed(int64(failed)).
		SetPosition(r.ids[len(r.ids)-1])
	if !d.idle && !r.row.DryRun {
		update.SetChangeSetID(d.changeSet())
		err := d.tx.ChangeSet.UpdateOneID(d.changeSet()).AddAssetCount(d.remembered()).Exec(ctx)
		if err != nil {
			return fmt.Errorf("count what was changed: %w", err)
		}
	}
	if err := update.Exec(ctx); err != nil {
		return fmt.Errorf("note how far the operation is: %w", err)
	}
	var rows []*ent.BulkFailureCreate
	for _, item := range items {
		if item.Outcome != Failed {
			continue
		}
		told, err := json.Marshal(r.placed(item.Errors))
		if err != nil {
			return fmt.Errorf("write refusals down: %w", err)
		}
		rows = append(rows, d.tx.BulkFailure.Create().SetOperationID(r.row.ID).SetAssetID(item.ID).SetErrors(told))
	}
	if len(rows) > 0 {
		if err := d.tx.BulkFailure.CreateBulk(rows...).Exec(ctx); err != nil {
			return fmt.Errorf("write refusals down: %w", err)
		}
	}
	return nil
}

// placed has the places of refusals begin at the arguments of the call: what stands
// in a list of ids here is one of many assets there.
func (r *round) placed(faults []*fault.Fault) []*fault.Fault {
	told := make([]*fault.Fault, len(faults))
	for i, f := range faults {
		told[i] = f
		if len(f.Field) >= 2 && f.Field[0] == idList {
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
func (r *round) end(ctx context.Context, d *deed) error {
	err := d.tx.BulkOperation.UpdateOneID(r.row.ID).SetStatus(bulkoperation.StatusDONE).SetFinishedAt(d.now).
		SetDone(max(r.row.Done, r.row.Matched)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("end the operation: %w", err)
	}
	return nil
}

// HoldOperation takes an operation that waits, or that its holder has left, the one
// that is named or, where that is empty, the oldest, and returns its id; empty where there is none. It is held for some time, by the clock of
// the catalog: those of servers may differ by less than that.
func (c *Catalog) HoldOperation(ctx context.Context, only, holder string, lasts time.Duration) (id string, err error) {
	now := c.opts.Now().UnixMilli()
	err = c.aside(ctx, func(tx *ent.Tx) error {
		free := bulkoperation.HeldUntilLTE(now)
		if only != "" {
			free = bulkoperation.And(bulkoperation.ID(only), free)
		}
		row, err := tx.BulkOperation.Query().Where(bulkoperation.StatusIn(running...), free).
			Order(bulkoperation.ByCreatedAt(), bulkoperation.ByID()).First(ctx)
		if ent.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		update := tx.BulkOperation.Update().Where(bulkoperation.ID(row.ID), bulkoperation.StatusIn(running...), free).
			SetHolder(holder).SetHeldUntil(now + lasts.Milliseconds()).SetStatus(bulkoperation.StatusRUNNING)
		if row.StartedAt == nil {
			update.SetStartedAt(moment(c.opts.Now()))
		}
		n, err := update.Save(ctx)
		if n > 0 {
			id = row.ID
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("take an operation: %w", err)
	}
	return id, nil
}

// KeepOperation holds an operation for longer, and tells whether the holder still had
// it and it is not over.
func (c *Catalog) KeepOperation(ctx context.Context, id, holder string, lasts time.Duration) (kept bool, err error) {
	err = c.aside(ctx, func(tx *ent.Tx) error {
		n, err := tx.BulkOperation.Update().
			Where(bulkoperation.ID(id), bulkoperation.Holder(holder), bulkoperation.StatusEQ(bulkoperation.StatusRUNNING)).
			SetHeldUntil(c.opts.Now().UnixMilli() + lasts.Milliseconds()).Save(ctx)
		kept = n > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("keep an operation: %w", err)
	}
	return kept, nil
}

// FailOperation gives an operation up, with a reference for the log. What it has
// done stays.
func (c *Catalog) FailOperation(ctx context.Context, id, reference string) error {
	return c.aside(ctx, func(tx *ent.Tx) error {
		return tx.BulkOperation.Update().Where(bulkoperation.ID(id), bulkoperation.StatusIn(running...)).
			SetStatus(bulkoperation.StatusFAILED).SetFailure(reference).SetFinishedAt(moment(c.opts.Now())).Exec(ctx)
	})
}
