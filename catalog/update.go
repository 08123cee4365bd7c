package catalog

import (
	"context"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/fault"
)

// AssetsUpdate changes what people write about assets. It refuses the call with
// REQUIRED or TOO_MANY_ITEMS; items one by one, or under ATOMIC all.
func (c *Catalog) AssetsUpdate(ctx context.Context, inputs []*AssetUpdateInput, o *change.BulkOptions) (*change.Outcome, error) {
	return c.each(ctx, Updates(inputs), Update, o)
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

// Update changes what people write about assets, and their files.
var Update = &Verb{
	names:  func(n *change.References, item *Item) change.Part { return NamesOfUpdate(n, item.Update) },
	load:   loadRenamed,
	decide: (*Builder).update,
	settle: (*Builder).SettleKeys,
}

// Updates are the items of inputs that name their assets.
func Updates(inputs []*AssetUpdateInput) Items {
	list := make([]Item, len(inputs))
	for i, in := range inputs {
		list[i] = Item{AssetRef: change.AssetRef{ID: in.ID, ReferenceID: in.ReferenceID}, IfRevision: in.IfRevision, Update: in}
	}
	return Items{List: list, Name: ItemList}
}

// NamesOfUpdate collects what an input names, and returns which parts it is about.
func NamesOfUpdate(n *change.References, in *AssetUpdateInput) (parts change.Part) {
	for _, f := range AllFields {
		for i := range f.update {
			parts |= f.update[i].collect(n, in, f.Part)
		}
	}
	return parts
}

func (b *Builder) update(k *change.Check, s *change.State, item *Item) {
	in := item.Update
	k.RefuseNUL(in)
	b.sameNames(k, s, item)
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
