package catalog

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
	entries "vodgraph/ent/change"
	"vodgraph/ent/collect"
	"vodgraph/fault"
)

// ChangeSetUndo begins to undo a change set, and returns the id of the operation.
// It refuses with NOT_FOUND a set that is not there, and with NOT_UNDOABLE one that
// deleted assets for good, or that is not over yet.
func (c *Catalog) ChangeSetUndo(ctx context.Context, set string, o *BulkOptions) (string, error) {
	if err := withoutNUL(&struct{ ID string }{set}); err != nil {
		return "", err
	}
	return c.begin(ctx, bulkoperation.VerbUNDO, work{Set: set}, o, func(d *deed, create *ent.BulkOperationCreate) error {
		row, err := d.setToUndo(ctx, set)
		if err != nil {
			return err
		}
		deleted, err := d.tx.Change.Query().Where(entries.ChangeSetID(set), entries.Field(deletedField), entries.Not(aboutFiling())).Exist(ctx)
		if err != nil {
			return fmt.Errorf("look for deletions: %w", err)
		}
		going, err := d.tx.BulkOperation.Query().Where(bulkoperation.ChangeSetID(set), bulkoperation.StatusIn(running...)).Exist(ctx)
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

// changedBy are the ids of the next assets that a change set has changed.
func (c *Catalog) changedBy(ctx context.Context, set, after string, most int) ([]string, error) {
	ids, err := c.db.Change.Query().Where(entries.ChangeSetID(set), entries.SubjectIDGT(after), entries.Not(aboutFiling())).Modify(func(s *sql.Selector) {
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

// judgeUndo decides about the assets of a round of undoing. Fields that have another
// value by now are refused, and the others go back.
func (r *round) judgeUndo(ctx context.Context, d *deed, filed *filingUndo) ([]verdict, []*change, error) {
	u := &undoRound{undoing: &undoing{deed: d, names: map[string]string{}}, filed: filed, undone: r.work.Set, ids: r.ids, fields: map[string]reversal{}}
	if err := u.read(ctx); err != nil {
		return nil, nil, err
	}
	others, err := u.readHanded(ctx)
	if err != nil {
		return nil, nil, err
	}
	met := slices.Concat(r.ids, others)
	states, err := d.load(ctx, met, u.parts())
	if err != nil {
		return nil, nil, err
	}
	n := names{ids: u.used, references: u.wanted(met), categories: u.categories}
	if u.granted != nil {
		n.ids = slices.Concat(n.ids, met) // to find out which are hidden by now
	}
	if u.directory, err = d.find(ctx, &n); err != nil {
		return nil, nil, err
	}
	u.leaveUnseen(states)
	u.findFree(met, states)
	verdicts := make([]verdict, len(r.ids))
	for i, id := range r.ids {
		verdicts[i] = u.judge(id, states[id])
	}
	return verdicts, u.handBack(states), nil
}

// undoRound is a batch of an undo.
type undoRound struct {
	*undoing
	filed            *filingUndo
	undone           string
	ids              []string            // of the assets of the batch
	fields           map[string]reversal // by asset
	categories, used []string            // that fields name, and assets that they use
	begun            map[string]bool     // assets of which an earlier batch has put the reference id back
}

// read reads what the set did to assets, and the names of tags that must be given back.
func (u *undoRound) read(ctx context.Context) error {
	rows, err := u.tx.Change.Query().Where(entries.ChangeSetID(u.undone), collect.In[string](entries.FieldSubjectID, u.ids)).
		Order(entries.ByID()).All(ctx)
	if err != nil {
		return fmt.Errorf("read what was changed: %w", err)
	}
	u.add(rows)
	var tagged []string
	for _, row := range rows {
		switch row.Field {
		case tagsField:
			for _, one := range slices.Concat(linksIn(row.Before), linksIn(row.After)) {
				tagged = append(tagged, one.ID)
			}
		case categoriesField:
			for _, one := range slices.Concat(linksIn(row.Before), linksIn(row.After)) {
				u.categories = append(u.categories, one.ID)
			}
		case coverField:
			for _, image := range []*string{coverIn(row.Before).Image, coverIn(row.After).Image} {
				if image != nil {
					u.used = append(u.used, *image)
				}
			}
		case linksField:
			u.used = slices.AppendSeq(u.used, maps.Keys(attachedIn(row.Before)))
			u.used = slices.AppendSeq(u.used, maps.Keys(attachedIn(row.After)))
		}
	}
	return u.readTags(ctx, tagged)
}

// parts are those that the fields stand in.
func (u *undoRound) parts() (parts part) {
	for _, f := range fields {
		for _, entries := range u.fields {
			if entries[f.name] != nil && f.undo != nil {
				parts |= f.part
				break
			}
		}
	}
	return parts
}

// add takes entries in, in their order.
func (u *undoRound) add(rows []*ent.Change) {
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
	f := fieldOf(row.Field)
	switch {
	case first == nil:
		v[row.Field] = row
	case f != nil && f.join != nil:
		v[row.Field] = f.join(first, row)
	case first.Before == nil && row.After == nil && (first.After != nil || row.Before != nil):
		delete(v, row.Field)
	default:
		joined := *first
		joined.After = row.After
		v[row.Field] = &joined
	}
}

// judge puts back what it can.
func (u *undoRound) judge(id string, old *state) verdict {
	k := &check{limits: u.opts.Limits}
	if old == nil {
		k.refuse(fault.New(fault.NotFound, "The asset was deleted since."))
		return verdict{id: id, faults: k.faults}
	}
	next := old.next()
	entries := u.fields[id]
	if entries[createdField] != nil && next.TrashedAt == nil {
		next.TrashedAt = &u.now
	}
	for _, f := range fields {
		switch e := entries[f.name]; {
		case e == nil:
		case f.undo == nil:
			k.refuse(notKept(), f.name)
		default:
			f.undo(u.undoing, k, next, e)
		}
	}
	for _, field := range next.follow() {
		if entries[field] != nil { // it went back, and its source file did not
			k.refuse(changedSince(), field)
		}
	}
	return verdict{id: id, change: &change{old: old, next: next}, faults: k.faults, partly: true, begun: u.begun[id]}
}

// setToUndo is a set that the caller may undo, where it can be at all: it is their own, or
// they are an administrator, they see every asset in it, and they may do to its categories what
// the undo does. Changes of tags take a caller who sees everything.
func (d *deed) setToUndo(ctx context.Context, set string) (*ent.ChangeSet, error) {
	row, err := d.tx.ChangeSet.Get(ctx, set)
	caller := auth.From(ctx)
	if ent.IsNotFound(err) || err == nil && !caller.Can(auth.OthersChangeSets) && row.Actor != caller.Actor() {
		return nil, fault.New(fault.NotFound, "There is no such change set.").At("id")
	}
	if err != nil || caller.Unlimited() {
		return row, err
	}
	granted, err := d.grants(ctx)
	if err != nil {
		return nil, err
	}
	filed, err := d.readFiling(ctx, row)
	if err != nil {
		return nil, err
	}
	var counts [2]struct{ N int64 }
	for i, ctx := range []context.Context{ctx, auth.Sighted(ctx)} {
		var counted []struct{ N int64 }
		err := d.tx.Change.Query().Where(entries.ChangeSetID(set)).Modify(func(s *sql.Selector) {
			s.Select(sql.As(countAssets(s), "n"))
		}).Scan(ctx, &counted)
		if err != nil {
			return nil, fmt.Errorf("count what was changed: %w", err)
		}
		counts[i] = counted[0]
	}
	categories, refused := filed.allowed(granted)
	switch {
	case counts[1].N == 0 && categories == 0:
		return nil, fault.New(fault.NotFound, "There is no such change set.").At("id")
	case counts[0] != counts[1]:
		return nil, fault.New(fault.Forbidden, "The set has assets that you do not see.").At("id")
	}
	return row, refused
}
