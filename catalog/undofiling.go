package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"vodgraph/ent/bulkoperation"
	entries "vodgraph/ent/change"
)

// filingDone is where an undo stands after the tags and categories of a set without assets:
// before the id of any asset.
const filingDone = "-"

// nextUndo finds what the round of an undo is to meet: the next assets, and in the first one
// the tags and categories.
func (r *round) nextUndo(ctx context.Context) (err error) {
	if r.ids, err = r.changedBy(ctx, r.work.Set, r.row.Position, r.most); err != nil || r.row.Position != "" {
		return err
	}
	r.filing, err = r.db.Change.Query().Where(entries.ChangeSetID(r.work.Set), aboutFiling()).Exist(ctx)
	if err != nil {
		return fmt.Errorf("look for tags and categories: %w", err)
	}
	return nil
}

// filingOf is the undo of what the set made of tags and categories.
func (r *round) filingOf(ctx context.Context, d *deed) (*filingUndo, error) {
	if _, err := d.grants(ctx); err != nil {
		return nil, err
	}
	set, err := d.tx.ChangeSet.Get(ctx, r.work.Set)
	if err != nil {
		return nil, fmt.Errorf("find the change set: %w", err)
	}
	f, err := d.readFiling(ctx, set)
	return &filingUndo{deed: d, filing: f}, err
}

// undoFiling puts tags and categories back in the first round. In a later one it finds what
// stands for those that did not come back; a dry run does all of it anew, as the round
// before was taken back.
func (r *round) undoFiling(ctx context.Context, d *deed) (*filingUndo, error) {
	u, err := r.filingOf(ctx, d)
	if err != nil || len(u.all) == 0 {
		return u, err
	}
	if r.filing || r.row.DryRun {
		if err := u.backCategories(ctx); err != nil {
			return nil, err
		}
	}
	if err := u.backTags(ctx, r.filing || r.row.DryRun); err != nil {
		return nil, err
	}
	if r.filing {
		r.refused = u.items
	}
	return u, nil
}

// endUndo ends an undo: what the set made of tags and categories goes where nothing uses it.
func (r *round) endUndo(ctx context.Context, d *deed) error {
	u, err := r.filingOf(ctx, d)
	if err == nil {
		err = u.unmake(ctx, !r.row.DryRun)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(r.end(ctx, d), r.refuseFiled(ctx, d, u.items)); err != nil {
		return err
	}
	if len(d.history) == 0 {
		return d.giveBack(ctx)
	}
	if err := d.openSet(ctx); err != nil {
		return err
	}
	err = d.tx.BulkOperation.UpdateOneID(r.row.ID).SetChangeSetID(d.changeSet()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("note what the operation has changed: %w", err)
	}
	return nil
}

// refuseFiled writes down what was refused of tags and categories.
func (r *round) refuseFiled(ctx context.Context, d *deed, items []Item) error {
	if len(items) == 0 {
		return nil
	}
	err := d.tx.BulkOperation.Update().Where(bulkoperation.ID(r.row.ID)).AddFailed(int64(len(items))).Exec(ctx)
	if err != nil {
		return fmt.Errorf("count refusals: %w", err)
	}
	return r.tellFailures(ctx, d, items)
}

// leaveUnseen leaves out the assets that the caller does not see by now.
func (u *undoing) leaveUnseen(states map[string]*state) {
	for id := range u.directory.unseen {
		delete(states, id)
	}
	for id := range u.fields {
		if !slices.Contains(u.ids, id) && states[id] == nil {
			delete(u.fields, id)
		}
	}
}
