package catalog

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	entries "vodgraph/ent/change"
	"vodgraph/ent/collect"
	"vodgraph/fault"
)

// A deed reads everything, for what it decides must hold for the whole library. What a
// caller names in it is looked up as they see it: what they may not see is not there.

// grants are the categories that a limited caller sees, by their ids; nil is for callers
// who see everything.
type grants map[string]*ent.Category

// grants reads what the caller sees, once in a deed.
func (d *deed) grants(ctx context.Context) (grants, error) {
	if d.granted != nil || auth.From(ctx).Unlimited() {
		return d.granted, nil
	}
	rows, err := d.tx.Category.Query().All(auth.Sighted(ctx))
	if err != nil {
		return nil, fmt.Errorf("read what is granted: %w", err)
	}
	d.granted = grants{}
	for _, row := range rows {
		d.granted[row.ID] = row
	}
	return d.granted, nil
}

// covers tells whether the caller sees a category.
func (g grants) covers(id string) bool { return g == nil || g[id] != nil }

// hidden are those of some categories that the caller does not see.
func (g grants) hidden(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), g.covers)
}

// keep refuses categories of an asset that have none of the caller, and tells whether it
// did not.
func (g grants) keep(k *check, categories []string, field ...string) bool {
	covered := g == nil || slices.ContainsFunc(categories, g.covers)
	if !covered {
		k.refuse(fault.New(fault.Forbidden, "It must be in a category that is granted to you."), field...)
	}
	return covered
}

// unseen are those of some assets that the caller does not see.
func (d *deed) unseen(ctx context.Context, ids []string) (map[string]bool, error) {
	if auth.From(ctx).Unlimited() || len(ids) == 0 {
		return nil, nil
	}
	seen, err := d.tx.Asset.Query().Where(collect.In[string](asset.FieldID, ids)).IDs(auth.Sighted(ctx))
	if err != nil {
		return nil, fmt.Errorf("find out what is seen: %w", err)
	}
	unseen := make(map[string]bool, len(ids))
	for _, id := range ids {
		unseen[id] = true
	}
	for _, id := range seen {
		delete(unseen, id)
	}
	return unseen, nil
}

// wholly refuses a deed on what belongs to all, by a caller who does not see all.
func wholly(ctx context.Context, what string, field ...string) error {
	if auth.From(ctx).Unlimited() {
		return nil
	}
	return fault.New(fault.Forbidden, "%s takes a caller who is not limited to some categories.", what).At(field...)
}

// setToUndo is a set that the caller may undo, where it can be at all: it is their own, or
// they are an administrator, they see every asset in it, and they may do to its categories what
// the undo does. Changes of tags take a caller who sees everything.
func (d *deed) setToUndo(ctx context.Context, set string) (*ent.ChangeSet, error) {
	row, err := d.tx.ChangeSet.Get(ctx, set)
	caller := auth.From(ctx)
	if ent.IsNotFound(err) || err == nil && !caller.May(auth.Admin) && row.Actor != caller.Actor() {
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
