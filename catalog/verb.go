package catalog

import (
	"context"
	"slices"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/fault"
)

// Verb is what a call does to each of its items. What is left out is nothing.
type Verb struct {
	// names adds what an item names beside its asset, and returns the parts of that which
	// are to be loaded.
	names func(*change.References, *Item) change.Part
	// load reads what decide needs beside the states.
	load func(context.Context, *change.Tx, *Builder, []target, change.Part) error
	// decide makes the next state of an item's asset, or refuses. It reads no database.
	decide func(*Builder, *change.Check, *change.State, *Item)
	// settle refuses items for what others are about, when all are decided.
	settle func(b *Builder, decisions []change.Decision, list string)
}

// Item is one of those of a call: the asset that it names, the revision that this must have, and
// what it asks for.
type Item struct {
	change.AssetRef
	IfRevision *int64
	Update     *AssetUpdateInput // of Update
	Status     *AssetStatusInput // of SetStatus
}

// The arguments that name assets: by items of their own, or by references alone.
const (
	ItemList  = "items"
	AssetList = "assets"
)

// Items are those of an argument of a name.
type Items struct {
	List []Item
	Name string
	// InOrder makes the reference ids that one gives up free for those after it alone, as
	// in a file, and not for all.
	InOrder bool
}

func referred(refs []*change.AssetRef) Items {
	list := make([]Item, len(refs))
	for i, ref := range refs {
		list[i] = Item{AssetRef: *ref}
	}
	return Items{List: list, Name: AssetList}
}

// ByID are items of ids of assets that all ask for the same.
func ByID(ids []string, same Item) Items {
	list := make([]Item, len(ids))
	for i := range ids {
		list[i] = same
		list[i].AssetRef = change.AssetRef{ID: &ids[i]}
	}
	return Items{List: list, Name: AssetList}
}

// target is an item and its asset, as it was when the call came, whatever the items do to
// reference ids; or the refusal where there is none.
type target struct {
	*Item
	row     *ent.Asset
	state   *change.State
	refused *fault.Fault
}

func (c *Catalog) each(ctx context.Context, items Items, v *Verb, o *change.BulkOptions) (*change.Outcome, error) {
	if err := c.CountItems(len(items.List), items.Name); err != nil {
		return nil, err
	}
	return c.Call(ctx, o, func(d *change.Tx, out *change.Outcome) error { return v.Run(ctx, d, items, out) })
}

// Run resolves what the items name, loads the states of their assets, decides what becomes of
// them, and writes the differences.
func (v *Verb) Run(ctx context.Context, d *change.Tx, items Items, out *change.Outcome) error {
	b, parts, err := v.resolve(ctx, d, items)
	if err != nil {
		return err
	}
	targets, err := v.loadTargets(ctx, d, b, items, parts)
	if err != nil {
		return err
	}
	decisions, made := v.decideAll(b, targets, items.Name)
	return d.Finish(ctx, out, decisions, items.Name, made...)
}

// resolve finds all that the items name, and returns the parts to load.
func (v *Verb) resolve(ctx context.Context, d *change.Tx, items Items) (*Builder, change.Part, error) {
	names, parts := change.References{Whole: true}, change.Part(0)
	for i := range items.List {
		names.Asset(&items.List[i].AssetRef)
		if v.names != nil {
			parts |= v.names(&names, &items.List[i])
		}
	}
	if _, err := d.Grants(ctx); err != nil {
		return nil, 0, err
	}
	found, err := d.Resolve(ctx, &names)
	if err != nil {
		return nil, 0, err
	}
	b := builderIn(d, found)
	if !items.InOrder {
		b.Keys = map[string]WantedKey{}
	}
	return b, parts, nil
}

func builderIn(d *change.Tx, found *change.Resolved) *Builder {
	return &Builder{Resolved: found, Now: d.Now, Options: d.Options, Granted: d.Granted, seen: change.Mentions{}}
}

func (v *Verb) loadTargets(ctx context.Context, d *change.Tx, b *Builder, items Items, parts change.Part) ([]target, error) {
	targets, rows := b.targets(items)
	states, err := d.States(ctx, rows, parts)
	if err != nil {
		return nil, err
	}
	for i, t := range targets {
		if t.row != nil {
			targets[i].state = states[t.row.ID]
		}
	}
	if v.load == nil {
		return targets, nil
	}
	return targets, v.load(ctx, d, b, targets, parts)
}

func (b *Builder) targets(items Items) (list []target, rows []*ent.Asset) {
	list = make([]target, len(items.List))
	for i := range items.List {
		item := &items.List[i]
		row, refused := b.AssetOf(&item.AssetRef)
		if nul := item.NULRefused(); row == nil && nul != nil {
			refused = nul
		}
		if refused == nil {
			rows = append(rows, row)
		}
		list[i] = target{Item: item, row: row, refused: refused}
	}
	return list, rows
}

// decideAll decides about all targets. It returns images made of cover candidates too,
// which go with what is decided.
func (v *Verb) decideAll(b *Builder, targets []target, list string) ([]change.Decision, []*change.Change) {
	decisions, made := make([]change.Decision, len(targets)), make([][]*change.Change, len(targets))
	for i := range targets {
		k := &change.Check{Limits: b.Options.Limits}
		b.chosen = nil
		decisions[i] = v.decideOne(b, k, &targets[i])
		decisions[i].Faults = k.Under(change.Place(list, i)...)
		made[i] = b.chosen
	}
	if v.settle != nil {
		v.settle(b, decisions, list)
	}
	for i := range made {
		if decisions[i].Faults != nil {
			made[i] = nil
		}
	}
	return decisions, slices.Concat(made...)
}

func (v *Verb) decideOne(b *Builder, k *change.Check, t *target) change.Decision {
	if t.refused != nil {
		k.Refuse(t.refused)
		return change.Decision{}
	}
	decision := change.Decision{ID: t.row.ID}
	if again := b.seen.Again(t.row.ID); again != nil {
		k.Refuse(again)
		return decision
	}
	decision.Change = &change.Change{Old: t.state, Next: t.state.Next()}
	if t.IfRevision != nil && *t.IfRevision != t.state.Revision {
		k.Refuse(fault.New(fault.StaleRevision, "The asset is at revision %d now, not %d.", t.state.Revision, *t.IfRevision), "ifRevision")
		return decision
	}
	v.decide(b, k, decision.Change.Next, t.Item)
	return decision
}
