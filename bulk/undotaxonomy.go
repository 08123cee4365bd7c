package bulk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"vodgraph/auth"
	"vodgraph/change"
	entries "vodgraph/ent/change"
	"vodgraph/fault"
)

// taxonomyDone is where an undo stands after the tags and categories of a set without assets:
// before the id of any asset.
const taxonomyDone = "-"

// nextUndo finds what the batch of an undo is to meet: the next assets, and in the first one
// the tags and categories.
func (r *batch) nextUndo(ctx context.Context) (err error) {
	if r.ids, err = r.changedBy(ctx, r.work.Set, r.row.Position, r.most+1); err != nil {
		return err
	}
	if r.last = len(r.ids) <= r.most; !r.last {
		r.ids = r.ids[:r.most]
	}
	if r.row.Position != "" {
		return nil
	}
	// What is gone is seen by nobody who is limited, and yet comes back.
	r.taxonomy, err = r.DB.Change.Query().Where(entries.ChangeSetID(r.work.Set), change.AboutTaxonomy()).Exist(auth.With(ctx, nil))
	if err != nil {
		return fmt.Errorf("look for tags and categories: %w", err)
	}
	return nil
}

func (r *batch) taxonomyOf(ctx context.Context, d *change.Tx) (*taxonomyUndo, error) {
	if _, err := d.Grants(ctx); err != nil {
		return nil, err
	}
	set, err := d.Ent.ChangeSet.Get(ctx, r.work.Set)
	if err != nil {
		return nil, fmt.Errorf("find the change set: %w", err)
	}
	f, err := readTaxonomy(ctx, d, set)
	return &taxonomyUndo{Tx: d, taxonomyChanges: f}, err
}

// undoTaxonomy puts tags and categories back in the first batch. In a later one it finds what
// stands for those that did not come back; a dry run does all of it anew, as the batch
// before was taken back.
func (r *batch) undoTaxonomy(ctx context.Context, d *change.Tx) (*taxonomyUndo, error) {
	u, err := r.taxonomyOf(ctx, d)
	if err != nil || len(u.all) == 0 {
		return u, err
	}
	if r.taxonomy || r.row.DryRun {
		if err := u.backCategories(ctx); err != nil {
			return nil, err
		}
	}
	if err := u.backTags(ctx, r.taxonomy || r.row.DryRun); err != nil {
		return nil, err
	}
	if r.taxonomy {
		r.refused = u.items
	} else {
		r.begun = len(d.History) // it was shown with the first batch
	}
	u.items = nil
	if r.row.DryRun {
		u.operation, u.met = r.row.ID, r.row.Position
	}
	return u, nil
}

// undo is the batch of an undo: in the first one tags and categories come back, in the last
// one those go that the set made and that nothing uses any more.
func (r *batch) undo(ctx context.Context, d *change.Tx, out *change.Outcome) error {
	restored, err := r.undoTaxonomy(ctx, d)
	if err != nil {
		return err
	}
	decisions, chosen, err := r.decideUndo(ctx, d, restored)
	if err != nil {
		return err
	}
	err = d.Finish(ctx, out, decisions, "", chosen...)
	if err != nil && !errors.Is(err, change.ErrUnchanged) {
		return err
	}
	if r.last {
		if err := r.undoDeferred(ctx, restored); err != nil {
			return err
		}
		if err := restored.unmake(ctx); err != nil {
			return err
		}
		r.refused = append(r.refused, restored.items...)
	}
	if len(d.History) > 0 {
		return nil
	}
	return err
}

// refusedSubjects returns how many tags and categories did not go back. What the set made and
// others use by now is listed among the failures, and counted as none.
func (r *batch) refusedSubjects() (n int64) {
	for _, item := range r.refused {
		if item.Errors[0].Code != fault.InUse {
			n++
		}
	}
	return n
}

// leaveInvisible leaves out the assets that the caller does not see by now.
func (u *undoBatch) leaveInvisible(states map[string]*change.State) {
	for id := range u.Resolved.Invisible {
		delete(states, id)
	}
	for id := range u.fields {
		if !slices.Contains(u.ids, id) && states[id] == nil {
			delete(u.fields, id)
		}
	}
}
