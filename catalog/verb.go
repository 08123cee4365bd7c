package catalog

import (
	"context"
	"slices"

	"vodgraph/change"
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
func (c *Catalog) one(ctx context.Context, ref *change.AssetRef, parts change.Part, gather func(*change.References), decide func(*Builder, *change.Check, *change.State)) (*change.Outcome, error) {
	if err := change.WithoutNUL(&struct{ Asset *change.AssetRef }{ref}); err != nil {
		return nil, err
	}
	out := &change.Outcome{}
	revision, err := c.Do(ctx, func(d *change.Tx) error {
		n := change.References{Whole: true}
		n.Asset(ref)
		gather(&n)
		found, err := d.Resolve(ctx, &n)
		if err != nil {
			return err
		}
		row, refused := found.AssetOf(ref)
		if refused != nil {
			return refused.Under(assetName)
		}
		states, err := d.States(ctx, []*ent.Asset{row}, parts)
		if err != nil {
			return err
		}
		out.Items = []change.Item{{ID: row.ID}}
		k, ch := &change.Check{Limits: c.Options.Limits}, &change.Change{Old: states[row.ID], Next: states[row.ID].Next()}
		decide(&Builder{Tx: d, Resolved: found}, k, ch.Next)
		if !k.Ok() {
			return fault.List(k.Faults)
		}
		if err := d.Write(ctx, []*change.Change{ch}); err != nil {
			return err
		}
		if !ch.Differs {
			return change.ErrUnchanged
		}
		out.ChangeSet = d.WrittenSet(nil)
		return nil
	})
	out.Revision = revision
	return out, err
}

// requireKind refuses with WRONG_KIND an asset of another kind than those that have the
// member, where a call names the asset.
func requireKind(k *change.Check, s *change.State, member string, kinds ...asset.Kind) {
	if !slices.Contains(kinds, s.Kind) {
		k.Refuse(fault.New(fault.WrongKind, "An asset of kind %s has no %s.", s.Kind, member), assetName)
	}
}
