package catalog

import (
	"context"
	"slices"

	"vodgraph/ent"
	"vodgraph/fault"
)

// target names an asset that an item is about, and the revision it must have.
type target struct {
	AssetRef
	ifRevision *int64
}

// The arguments that name assets: by items of their own, or by references alone.
const (
	itemList  = "items"
	assetList = "assets"
)

// targets are those of an argument of a name.
type targets struct {
	list []target
	name string
	// inOrder has the reference ids that one gives up be free for those after it alone, as
	// in a file, and not for all.
	inOrder bool
}

// aim is what a target came to when the call came, whatever its items do to
// reference ids: an asset, or a refusal.
type aim struct {
	target
	row     *ent.Asset
	refused *fault.Fault
}

// each runs a verb on many assets as one deed. gather adds what the items name
// and tells which parts must be loaded; decide makes the next state of item i.
func (c *Catalog) each(ctx context.Context, t targets, o *BulkOptions, gather func(*names) part,
	decide func(b *maker, k *check, s *state, i int)) (*Outcome, error) {
	if err := c.countItems(len(t.list), t.name); err != nil {
		return nil, err
	}
	return c.call(ctx, o, func(d *deed, out *Outcome) error {
		verdicts, chosen, err := d.judgeAll(ctx, t, gather, decide)
		if err != nil {
			return err
		}
		return d.finish(ctx, out, settled{verdicts, t.name, o.policy()}, chosen)
	})
}

// judgeAll decides about all targets. It returns images made of cover candidates
// too, which go with what is decided.
func (d *deed) judgeAll(ctx context.Context, t targets, gather func(*names) part,
	decide func(b *maker, k *check, s *state, i int)) ([]verdict, []*change, error) {
	n := names{whole: true}
	for i := range t.list {
		n.asset(&t.list[i].AssetRef)
	}
	parts := gather(&n)
	if _, err := d.grants(ctx); err != nil {
		return nil, nil, err
	}
	found, err := d.find(ctx, &n)
	if err != nil {
		return nil, nil, err
	}
	b := &maker{deed: d, directory: found, seen: mentions{}}
	if !t.inOrder {
		b.keys = map[string]wantedKey{}
	}
	aims, rows := b.aim(t)
	states, err := d.states(ctx, rows, parts)
	if err != nil {
		return nil, nil, err
	}
	if b.renamed, err = d.renamedFor(ctx, aims, parts, states); err != nil {
		return nil, nil, err
	}
	verdicts, chosen := make([]verdict, len(t.list)), make([][]*change, len(t.list))
	for i, a := range aims {
		k := &check{limits: d.opts.Limits}
		b.chosen = nil
		verdicts[i] = b.judge(k, a, states, func(s *state) { decide(b, k, s, i) })
		verdicts[i].faults = k.under(at(t.name, i)...)
		chosen[i] = b.chosen
	}
	b.settleKeys(verdicts, t.name)
	for i := range chosen {
		if verdicts[i].faults != nil {
			chosen[i] = nil
		}
	}
	return verdicts, slices.Concat(chosen...), nil
}

// aim finds the targets, and tells the rows of those that there are.
func (b *maker) aim(t targets) (aims []aim, rows []*ent.Asset) {
	aims = make([]aim, len(t.list))
	for i, one := range t.list {
		row, refused := b.one(&one.AssetRef)
		if k := (&check{}); row == nil {
			if k.nul(&one.AssetRef); !k.ok() {
				refused = k.faults[0]
			}
		}
		if refused == nil {
			rows = append(rows, row)
		}
		aims[i] = aim{one, row, refused}
	}
	return aims, rows
}

// judge decides about one item.
func (b *maker) judge(k *check, a aim, states map[string]*state, decide func(*state)) verdict {
	if a.refused != nil {
		k.refuse(a.refused)
		return verdict{}
	}
	v := verdict{id: a.row.ID}
	if again := b.seen.again(a.row.ID); again != nil {
		k.refuse(again)
		return v
	}
	old := states[a.row.ID]
	v.change = &change{old: old, next: old.next()}
	if a.ifRevision != nil && *a.ifRevision != old.Revision {
		k.refuse(fault.New(fault.StaleRevision, "The asset is at revision %d now, not %d.", old.Revision, *a.ifRevision), "ifRevision")
		return v
	}
	decide(v.change.next)
	return v
}

// AssetsUpdate changes what people write about assets. It refuses the call with
// REQUIRED or TOO_MANY_ITEMS; items one by one, or under ATOMIC all.
func (c *Catalog) AssetsUpdate(ctx context.Context, inputs []*AssetUpdateInput, o *BulkOptions) (*Outcome, error) {
	list, gather, decide := wantedOf(inputs)
	return c.each(ctx, list, o, gather, decide)
}

// AssetUpdate changes what people write about one asset, and refuses it with places from
// the argument input down. Its outcome has the asset as its one item. The options' error
// policy makes no difference.
func (c *Catalog) AssetUpdate(ctx context.Context, in *AssetUpdateInput, o *BulkOptions) (*Outcome, error) {
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
func wantedOf(inputs []*AssetUpdateInput) (targets, func(*names) part, func(*maker, *check, *state, int)) {
	list := make([]target, len(inputs))
	for i, in := range inputs {
		list[i] = target{AssetRef{in.ID, in.ReferenceID}, in.IfRevision}
	}
	gather := func(n *names) (parts part) {
		for _, in := range inputs {
			parts |= n.update(in)
		}
		return parts
	}
	return targets{list: list, name: itemList}, gather, func(b *maker, k *check, s *state, i int) {
		k.nul(inputs[i])
		b.update(k, s, inputs[i])
	}
}

// update gathers what an input names, and tells which parts it is about.
func (n *names) update(in *AssetUpdateInput) (parts part) {
	for _, f := range fields {
		for i := range f.update {
			parts |= f.update[i].gather(n, in, f.part)
		}
	}
	return parts
}

// update sets what the input gives.
func (b *maker) update(k *check, s *state, in *AssetUpdateInput) {
	b.sameNames(k, s, in)
	for _, f := range fields {
		for i := range f.update {
			f.update[i].apply(b, k, s, in, f.kinds)
		}
	}
	b.applyFile(k, s, in)
	s.follow()
	if k.ok() && in.NewReferenceID.IsSet() && b.keys == nil {
		b.rename(&ent.Asset{ID: s.ID, Kind: s.Kind, BusinessType: s.BusinessType, ReferenceID: s.ReferenceID, TrashedAt: s.TrashedAt})
	}
}
