package catalog

import (
	"context"
	"slices"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
)

// assetName is the argument that names the asset of a verb on one.
const assetName = "asset"

// one runs a verb on one asset as a deed: it finds the asset, loads the parts, finds
// what the verb names, and lets decide change the next state. All refusals come
// back as a fault.List with their places from the call's arguments down. The outcome
// has the asset as its one item, and no revision where nothing changed.
func (c *Catalog) one(ctx context.Context, ref *AssetRef, parts part, gather func(*names), decide func(*maker, *check, *state)) (*Outcome, error) {
	if err := withoutNUL(&struct{ Asset *AssetRef }{ref}); err != nil {
		return nil, err
	}
	out := &Outcome{}
	revision, err := c.do(ctx, func(d *deed) error {
		n := names{whole: true}
		n.asset(ref)
		gather(&n)
		found, err := d.find(ctx, &n)
		if err != nil {
			return err
		}
		row, refused := found.one(ref)
		if refused != nil {
			return refused.Under(assetName)
		}
		states, err := d.states(ctx, []*ent.Asset{row}, parts)
		if err != nil {
			return err
		}
		out.Items = []Item{{ID: row.ID}}
		k, ch := &check{limits: c.opts.Limits}, &change{old: states[row.ID], next: states[row.ID].next()}
		decide(&maker{deed: d, directory: found}, k, ch.next)
		if !k.ok() {
			return fault.List(k.faults)
		}
		if err := d.write(ctx, []*change{ch}); err != nil {
			return err
		}
		if !ch.differs {
			return errUnchanged
		}
		out.ChangeSet = d.toldSet(nil)
		return nil
	})
	out.Revision = revision
	return out, err
}

// of refuses with WRONG_KIND an asset of another kind than those that have the
// member, where a call names the asset.
func (k *check) of(s *state, member string, kinds ...asset.Kind) {
	if !slices.Contains(kinds, s.Kind) {
		k.refuse(fault.New(fault.WrongKind, "An asset of kind %s has no %s.", s.Kind, member), assetName)
	}
}
