package catalog

import (
	"context"
	"slices"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
)

// puts is a verb that puts parts of assets, each item one part of one. Several items may
// be about one asset, but not about the same part of it.
type puts struct {
	refs   []*change.AssetRef // of the items
	inputs []any              // the items
	parts  change.Part        // what must be loaded of the assets
	// sources are those of which AI data must be loaded; nil for all.
	sources []string
	collect func(*change.References)
	// key is what distinguishes the item's part from others of its asset.
	key func(i int) string
	// decide changes the next state of the asset of item i.
	decide func(b *Builder, k *change.Check, s *change.State, i int)
	// follow sets what follows from all items of an asset together; nil for nothing.
	follow func(b *Builder, ch *change.Change)
	// differs reports whether item i changed something.
	differs func(ch *change.Change, i int) bool
}

// put runs a verb that puts parts as one transaction, all that is refused left out, or nothing
// done at all, as the options have it.
func (c *Catalog) put(ctx context.Context, p puts, o *change.BulkOptions) (*change.Outcome, error) {
	if err := c.CountItems(len(p.refs), ItemList); err != nil {
		return nil, err
	}
	return c.Call(ctx, o, func(d *change.Tx, out *change.Outcome) error {
		decisions, err := decidePuts(ctx, d, p)
		if err != nil {
			return err
		}
		return d.Finish(ctx, out, decisions, ItemList)
	})
}

func decidePuts(ctx context.Context, d *change.Tx, p puts) ([]change.Decision, error) {
	n, items := change.References{Whole: true}, referred(p.refs)
	for _, ref := range p.refs {
		n.Asset(ref)
	}
	p.collect(&n)
	found, err := d.Resolve(ctx, &n)
	if err != nil {
		return nil, err
	}
	d.Sources = p.sources
	b := builderIn(d, found)
	targets, rows := b.targets(items)
	states, err := d.States(ctx, rows, p.parts)
	if err != nil {
		return nil, err
	}
	decisions, changes := make([]change.Decision, len(targets)), map[string]*change.Change{}
	for i, a := range targets {
		k := &change.Check{Limits: d.Options.Limits}
		if a.refused == nil {
			decisions[i].ID = a.row.ID
		}
		switch k.RefuseNUL(p.inputs[i]); {
		case !k.Ok():
		case a.refused != nil:
			k.Refuse(a.refused, assetName)
		default:
			if changes[a.row.ID] == nil {
				old := states[a.row.ID]
				changes[a.row.ID] = &change.Change{Old: old, Next: old.Next()}
			}
			decisions[i].Change = changes[a.row.ID]
			b.decidePut(k, p, decisions[i].Change, i)
		}
		decisions[i].Faults = k.Under(change.Place(ItemList, i)...)
	}
	for _, ch := range changes {
		if p.follow != nil {
			p.follow(b, ch)
		}
	}
	for i, v := range decisions {
		decisions[i].Same = v.Faults == nil && !p.differs(v.Change, i)
	}
	return decisions, nil
}

// decidePut decides about an item. What is refused leaves the asset as it was before.
func (b *Builder) decidePut(k *change.Check, p puts, ch *change.Change, i int) {
	if b.seen.Again(ch.Next.ID+"\x00"+p.key(i)) != nil {
		k.Refuse(fault.New(fault.DuplicateItem, "An item before this one puts the same of this asset."))
		return
	}
	before := ch.Next.Next()
	if p.decide(b, k, ch.Next, i); !k.Ok() {
		*ch.Next = *before
	}
}

const assetName = "asset"

// one runs a verb on one asset as a transaction: it finds the asset, loads the parts, finds
// what the verb names, and lets decide change the next state. All refusals come
// back as a fault.List with their places from the call's arguments down. The outcome
// has the asset as its one item, and no revision where nothing changed.
func (c *Catalog) one(ctx context.Context, ref *change.AssetRef, parts change.Part, collect func(*change.References), decide func(*Builder, *change.Check, *change.State)) (*change.Outcome, error) {
	if err := change.WithoutNUL(&struct{ Asset *change.AssetRef }{ref}); err != nil {
		return nil, err
	}
	out := &change.Outcome{}
	revision, err := c.Do(ctx, func(d *change.Tx) error {
		n := change.References{Whole: true}
		n.Asset(ref)
		collect(&n)
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
		decide(builderIn(d, found), k, ch.Next)
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
