package change

import (
	"context"
	"fmt"
	"slices"
	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/collect"
	"vodgraph/fault"
)

// Grants are the categories that a limited caller sees, by their ids; nil is for callers
// who see everything.
type Grants map[string]*ent.Category

// Grants reads what the caller sees, once in a transaction.
func (d *Tx) Grants(ctx context.Context) (Grants, error) {
	if d.Granted != nil || auth.From(ctx).Unlimited() {
		return d.Granted, nil
	}
	rows, err := d.Ent.Category.Query().All(auth.WithRowSecurity(ctx))
	if err != nil {
		return nil, fmt.Errorf("read what is granted: %w", err)
	}
	d.Granted = Grants{}
	for _, row := range rows {
		d.Granted[row.ID] = row
	}
	return d.Granted, nil
}

// Covers reports whether the caller sees a category.
func (g Grants) Covers(id string) bool { return g == nil || g[id] != nil }

// Hidden are those of some categories that the caller does not see.
func (g Grants) Hidden(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), g.Covers)
}

// Invisible are those of some assets that the caller does not see.
func (d *Tx) Invisible(ctx context.Context, ids []string) (map[string]bool, error) {
	if auth.From(ctx).Unlimited() || len(ids) == 0 {
		return nil, nil
	}
	seen, err := d.Ent.Asset.Query().Where(collect.In[string](asset.FieldID, ids)).IDs(auth.WithRowSecurity(ctx))
	if err != nil {
		return nil, fmt.Errorf("find out what is seen: %w", err)
	}
	invisible := make(map[string]bool, len(ids))
	for _, id := range ids {
		invisible[id] = true
	}
	for _, id := range seen {
		delete(invisible, id)
	}
	return invisible, nil
}

// Keep refuses categories of an asset that have none of the caller, and reports whether it
// did not.
func (g Grants) Keep(k *Check, categories []string, field ...string) bool {
	covered := g == nil || slices.ContainsFunc(categories, g.Covers)
	if !covered {
		k.Refuse(fault.New(fault.Forbidden, "It must be in a category that is granted to you."), field...)
	}
	return covered
}

// RequireUnlimited refuses a limited caller what takes one who sees everything.
func RequireUnlimited(ctx context.Context, verb auth.Verb, what string) error {
	right, _ := auth.RightTo(verb)
	if !right.Unlimited || auth.From(ctx).Unlimited() {
		return nil
	}
	return fault.New(fault.Forbidden, "%s takes a caller who is not limited to some categories.", what).At(right.Argument)
}
