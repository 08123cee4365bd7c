package catalog

import (
	"context"
	"slices"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/fault"
)

// each runs a verb on many assets as one transaction. gather adds what the items name
// and returns which parts must be loaded; decide makes the next state of item i.
func (c *Catalog) each(ctx context.Context, t Targets, o *change.BulkOptions, gather func(*change.References) change.Part,
	decide func(b *Builder, k *change.Check, s *change.State, i int)) (*change.Outcome, error) {
	if err := c.CountItems(len(t.List), t.Name); err != nil {
		return nil, err
	}
	return c.Call(ctx, o, func(d *change.Tx, out *change.Outcome) error {
		verdicts, chosen, err := DecideAll(ctx, d, t, gather, decide)
		if err != nil {
			return err
		}
		return d.Finish(ctx, out, change.Decisions{All: verdicts, List: t.Name, Policy: o.Policy()}, chosen)
	})
}

// judgeAll decides about all targets. It returns images made of cover candidates
// too, which go with what is decided.
func DecideAll(ctx context.Context, d *change.Tx, t Targets, gather func(*change.References) change.Part,
	decide func(b *Builder, k *change.Check, s *change.State, i int)) ([]change.Decision, []*change.Change, error) {
	n := change.References{Whole: true}
	for i := range t.List {
		n.Asset(&t.List[i].AssetRef)
	}
	parts := gather(&n)
	if _, err := d.Grants(ctx); err != nil {
		return nil, nil, err
	}
	found, err := d.Resolve(ctx, &n)
	if err != nil {
		return nil, nil, err
	}
	b := &Builder{Tx: d, Resolved: found, seen: change.Mentions{}}
	if !t.InOrder {
		b.Keys = map[string]WantedKey{}
	}
	aims, rows := b.aim(t)
	states, err := d.States(ctx, rows, parts)
	if err != nil {
		return nil, nil, err
	}
	if b.renamed, err = renamedFor(ctx, d, aims, parts, states); err != nil {
		return nil, nil, err
	}
	verdicts, chosen := make([]change.Decision, len(t.List)), make([][]*change.Change, len(t.List))
	for i, a := range aims {
		k := &change.Check{Limits: d.Options.Limits}
		b.chosen = nil
		verdicts[i] = b.judge(k, a, states, func(s *change.State) { decide(b, k, s, i) })
		verdicts[i].Faults = k.Under(change.Place(t.Name, i)...)
		chosen[i] = b.chosen
	}
	b.SettleKeys(verdicts, t.Name)
	for i := range chosen {
		if verdicts[i].Faults != nil {
			chosen[i] = nil
		}
	}
	return verdicts, slices.Concat(chosen...), nil
}

// judge decides about one item.
func (b *Builder) judge(k *change.Check, a aim, states map[string]*change.State, decide func(*change.State)) change.Decision {
	if a.refused != nil {
		k.Refuse(a.refused)
		return change.Decision{}
	}
	v := change.Decision{ID: a.row.ID}
	if again := b.seen.Again(a.row.ID); again != nil {
		k.Refuse(again)
		return v
	}
	old := states[a.row.ID]
	v.Change = &change.Change{Old: old, Next: old.Next()}
	if a.ifRevision != nil && *a.ifRevision != old.Revision {
		k.Refuse(fault.New(fault.StaleRevision, "The asset is at revision %d now, not %d.", old.Revision, *a.ifRevision), "ifRevision")
		return v
	}
	decide(v.Change.Next)
	return v
}

// AssetsUpdate changes what people write about assets. It refuses the call with
// REQUIRED or TOO_MANY_ITEMS; items one by one, or under ATOMIC all.
func (c *Catalog) AssetsUpdate(ctx context.Context, inputs []*AssetUpdateInput, o *change.BulkOptions) (*change.Outcome, error) {
	list, gather, decide := PlanUpdates(inputs)
	return c.each(ctx, list, o, gather, decide)
}

// AssetUpdate changes what people write about one asset, and refuses it with places from
// the argument input down. Its outcome has the asset as its one item. The options' error
// policy makes no difference.
func (c *Catalog) AssetUpdate(ctx context.Context, in *AssetUpdateInput, o *change.BulkOptions) (*change.Outcome, error) {
	out, err := c.AssetsUpdate(ctx, []*AssetUpdateInput{in}, o)
	if err != nil {
		return nil, err
	}
	var refused fault.List
	for _, f := range out.Items[0].Errors {
		refused = append(refused, f.At(f.Field[2:]...).Under("input"))
	}
	if refused != nil {
		return nil, refused
	}
	return out, nil
}

// wantedOf is what inputs want of the assets that they name.
func PlanUpdates(inputs []*AssetUpdateInput) (Targets, func(*change.References) change.Part, func(*Builder, *change.Check, *change.State, int)) {
	list := make([]Target, len(inputs))
	for i, in := range inputs {
		list[i] = Target{change.AssetRef{ID: in.ID, ReferenceID: in.ReferenceID}, in.IfRevision}
	}
	gather := func(n *change.References) (parts change.Part) {
		for _, in := range inputs {
			parts |= NamesOfUpdate(n, in)
		}
		return parts
	}
	return Targets{List: list, Name: ItemList}, gather, func(b *Builder, k *change.Check, s *change.State, i int) {
		k.RefuseNUL(inputs[i])
		b.Update(k, s, inputs[i])
	}
}

// update gathers what an input names, and returns which parts it is about.
func NamesOfUpdate(n *change.References, in *AssetUpdateInput) (parts change.Part) {
	for _, f := range AllFields {
		for i := range f.update {
			parts |= f.update[i].gather(n, in, f.Part)
		}
	}
	return parts
}

// Update sets what the input gives.
func (b *Builder) Update(k *change.Check, s *change.State, in *AssetUpdateInput) {
	b.sameNames(k, s, in)
	for _, f := range AllFields {
		for i := range f.update {
			f.update[i].apply(b, k, s, in, f.kinds)
		}
	}
	b.applyFile(k, s, in)
	FollowSourceFile(s)
	if k.Ok() && in.NewReferenceID.IsSet() && b.Keys == nil {
		moveReferenceID(b.Resolved, &ent.Asset{ID: s.ID, Kind: s.Kind, BusinessType: s.BusinessType, ReferenceID: s.ReferenceID, TrashedAt: s.TrashedAt})
	}
}
