package bulk

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"vodgraph/auth"
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
	entries "vodgraph/ent/change"
	"vodgraph/ent/collect"
	"vodgraph/fault"
)

// ChangeSetUndo begins to undo a change set, and returns the id of the operation.
// It refuses with NOT_FOUND a set that is not there, and with NOT_UNDOABLE one that
// deleted assets for good, or that is not over yet.
func (c *Catalog) ChangeSetUndo(ctx context.Context, set string, o *change.BulkOptions) (string, error) {
	if err := change.WithoutNUL(&struct{ ID string }{set}); err != nil {
		return "", err
	}
	return c.begin(ctx, bulkoperation.VerbUNDO, work{Set: set}, o, func(d *change.Tx, create *ent.BulkOperationCreate) error {
		row, err := setToUndo(ctx, d, set)
		if err != nil {
			return err
		}
		deleted, err := d.Ent.Change.Query().Where(entries.ChangeSetID(set), entries.Field(change.DeletedField), entries.Not(change.AboutTaxonomy())).Exist(ctx)
		if err != nil {
			return fmt.Errorf("look for deletions: %w", err)
		}
		going, err := d.Ent.BulkOperation.Query().Where(bulkoperation.ChangeSetID(set), bulkoperation.StatusIn(change.Running...)).Exist(ctx)
		if err != nil {
			return fmt.Errorf("look for a running operation: %w", err)
		}
		switch {
		case deleted:
			return fault.New(fault.NotUndoable, "The set deleted assets for good.").At("id")
		case going:
			return fault.New(fault.NotUndoable, "The set is not over yet; cancel its operation, or wait for it.").At("id")
		}
		create.SetMatched(row.AssetCount).SetBound("")
		return nil
	})
}

func (c *Catalog) changedBy(ctx context.Context, set, after string, most int) ([]string, error) {
	ids, err := c.DB.Change.Query().Where(entries.ChangeSetID(set), entries.SubjectIDGT(after), entries.Not(change.AboutTaxonomy())).Modify(func(s *sql.Selector) {
		s.Select(s.C(entries.FieldSubjectID)).Distinct().OrderBy(s.C(entries.FieldSubjectID)).Limit(most)
	}).Strings(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the next assets: %w", err)
	}
	return ids, nil
}

// reversal is what a change set did to one asset, field by field: the first value
// before and the last after.
type reversal map[string]*ent.Change

// decideUndo decides about the assets of a batch of undoing. Fields that have another
// value by now are refused, and the others go back.
func (r *batch) decideUndo(ctx context.Context, d *change.Tx, restored *taxonomyUndo) ([]change.Decision, []*change.Change, error) {
	u := &undoBatch{Undoing: &catalog.Undoing{Tx: d, Names: map[string]string{}}, restored: restored, undone: r.work.Set, ids: r.ids, fields: map[string]reversal{}}
	if err := u.read(ctx); err != nil {
		return nil, nil, err
	}
	others, err := u.readHanded(ctx)
	if err != nil {
		return nil, nil, err
	}
	met := slices.Concat(r.ids, others)
	states, err := d.Load(ctx, met, u.parts())
	if err != nil {
		return nil, nil, err
	}
	n := change.References{IDs: u.used, ReferenceIDs: u.wanted(met), CategoryIDs: u.categories}
	if u.Granted != nil {
		n.IDs = slices.Concat(n.IDs, met) // to find out which are hidden by now
	}
	if u.Resolved, err = d.Resolve(ctx, &n); err != nil {
		return nil, nil, err
	}
	u.leaveInvisible(states)
	u.findFree(met, states)
	decisions := make([]change.Decision, len(r.ids))
	for i, id := range r.ids {
		decisions[i] = u.decide(id, states[id])
	}
	return decisions, u.handBack(states), nil
}

type undoBatch struct {
	*catalog.Undoing
	restored         *taxonomyUndo
	undone           string
	ids              []string            // of the assets of the batch
	fields           map[string]reversal // by asset
	categories, used []string            // that fields name, and assets that they use
	begun            map[string]bool     // assets of which an earlier batch has put the reference id back
}

func (u *undoBatch) read(ctx context.Context) error {
	rows, err := u.Ent.Change.Query().Where(entries.ChangeSetID(u.undone), collect.In[string](entries.FieldSubjectID, u.ids)).
		Order(entries.ByID()).All(ctx)
	if err != nil {
		return fmt.Errorf("read what was changed: %w", err)
	}
	u.add(rows)
	var tagged, marks []string
	for _, row := range rows {
		switch row.Field {
		case "attachmentType":
			marks = append(marks, row.SubjectID)
		case catalog.TagsField:
			for _, one := range slices.Concat(change.LinksIn(row.Before), change.LinksIn(row.After)) {
				tagged = append(tagged, one.ID)
			}
		case catalog.CategoriesField:
			for _, one := range slices.Concat(change.LinksIn(row.Before), change.LinksIn(row.After)) {
				u.categories = append(u.categories, one.ID)
			}
		case catalog.CoverField:
			for _, image := range []*string{catalog.CoverIn(row.Before).Image, catalog.CoverIn(row.After).Image} {
				if image != nil {
					u.used = append(u.used, *image)
				}
			}
		case catalog.LinksField:
			u.used = slices.AppendSeq(u.used, maps.Keys(catalog.AttachedIn(row.Before)))
			u.used = slices.AppendSeq(u.used, maps.Keys(catalog.AttachedIn(row.After)))
		}
	}
	if u.Marks, err = catalog.MarksInUse(ctx, u.Tx, marks); err != nil {
		return err
	}
	return u.readTags(ctx, tagged)
}

func (u *undoBatch) parts() (parts change.Part) {
	for _, f := range catalog.AllFields {
		for _, entries := range u.fields {
			if entries[f.Name] != nil && f.Undo != nil {
				parts |= f.Part
				break
			}
		}
	}
	return parts
}

func (u *undoBatch) add(rows []*ent.Change) {
	for _, row := range rows {
		if u.fields[row.SubjectID] == nil {
			u.fields[row.SubjectID] = reversal{}
		}
		u.fields[row.SubjectID].add(row)
	}
}

// add joins an entry to those before it of the same field. What was nothing before and is
// nothing after did not change.
func (v reversal) add(row *ent.Change) {
	first := v[row.Field]
	f := catalog.FieldOf(row.Field)
	switch {
	case first == nil:
		v[row.Field] = row
	case f != nil && f.Join != nil:
		v[row.Field] = f.Join(first, row)
	case first.Before == nil && row.After == nil && (first.After != nil || row.Before != nil):
		delete(v, row.Field)
	default:
		joined := *first
		joined.After = row.After
		v[row.Field] = &joined
	}
}

func (u *undoBatch) decide(id string, old *change.State) change.Decision {
	k := &change.Check{Limits: u.Options.Limits}
	if old == nil {
		k.Refuse(fault.New(fault.NotFound, "The asset was deleted since."))
		return change.Decision{ID: id, Faults: k.Faults}
	}
	next := old.Next()
	entries := u.fields[id]
	if entries[change.CreatedField] != nil && next.TrashedAt == nil {
		next.TrashedAt = &u.Now
	}
	for _, f := range catalog.AllFields {
		switch e := entries[f.Name]; {
		case e == nil:
		case f.Undo == nil:
			k.Refuse(catalog.NotKept(), f.Name)
		default:
			f.Undo(u.Undoing, k, next, e)
		}
	}
	for _, field := range catalog.FollowSourceFile(next) {
		if entries[field] != nil { // it went back, and its source file did not
			k.Refuse(catalog.ChangedSince(), field)
		}
	}
	return change.Decision{ID: id, Change: &change.Change{Old: old, Next: next}, Faults: k.Faults, Partly: true, Begun: u.begun[id]}
}

// setToUndo is a set that the caller may undo, where it can be at all: it is their own, or
// they are an administrator, they see every asset in it, and they may do to its categories what
// the undo does. Changes of tags take a caller who sees everything.
func setToUndo(ctx context.Context, d *change.Tx, set string) (*ent.ChangeSet, error) {
	row, err := d.Ent.ChangeSet.Get(ctx, set)
	caller := auth.From(ctx)
	if ent.IsNotFound(err) || err == nil && !caller.Can(auth.OthersChangeSets) && row.Actor != caller.Actor() {
		return nil, fault.New(fault.NotFound, "There is no such change set.").At("id")
	}
	if err != nil || caller.Unlimited() {
		return row, err
	}
	granted, err := d.Grants(ctx)
	if err != nil {
		return nil, err
	}
	restored, err := readTaxonomy(ctx, d, row)
	if err != nil {
		return nil, err
	}
	var counts [2]struct{ N int64 }
	for i, ctx := range []context.Context{ctx, auth.WithRowSecurity(ctx)} {
		var counted []struct{ N int64 }
		err := d.Ent.Change.Query().Where(entries.ChangeSetID(set)).Modify(func(s *sql.Selector) {
			s.Select(sql.As(change.CountAssets, "n"))
		}).Scan(ctx, &counted)
		if err != nil {
			return nil, fmt.Errorf("count what was changed: %w", err)
		}
		counts[i] = counted[0]
	}
	categories, refused := restored.allowed(granted)
	switch {
	case counts[1].N == 0 && categories == 0:
		return nil, fault.New(fault.NotFound, "There is no such change set.").At("id")
	case counts[0] != counts[1]:
		return nil, fault.New(fault.Forbidden, "The set has assets that you do not see.").At("id")
	}
	return row, refused
}
