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

// aim is what a target came to when the call came, whatever its items do to
// reference ids: an asset, or a refusal.
type aim struct {
	target
	row     *ent.Asset
	refused *fault.Fault
}

// each runs a verb on many assets as one deed. gather adds what the items name
// and tells which parts must be loaded; decide makes the next state of item i.
func (c *Catalog) each(ctx context.Context, targets []target, o *BulkOptions, gather func(*names) part,
	decide func(b *maker, k *check, s *state, i int)) (*Outcome, error) {
	if err := c.countItems(len(targets), "items"); err != nil {
		return nil, err
	}
	out := &Outcome{}
	revision, err := c.do(ctx, func(d *deed) error {
		var n names
		for i := range targets {
			n.asset(&targets[i].AssetRef)
		}
		parts := gather(&n)
		found, err := d.find(ctx, &n)
		if err != nil {
			return err
		}
		b := &maker{deed: d, directory: found, seen: mentions{}}
		aims, ids := b.aim(targets)
		states, err := d.load(ctx, ids, parts)
		if err != nil {
			return err
		}
		verdicts := make([]verdict, len(targets))
		for i, a := range aims {
			k := &check{limits: c.opts.Limits}
			verdicts[i] = b.judge(k, a, states, func(s *state) { decide(b, k, s, i) })
			verdicts[i].faults = k.under(at("items", i)...)
		}
		return d.finish(ctx, out, verdicts, o.policy(), b.chosen)
	})
	out.Revision = revision
	return out, err
}

// aim finds the targets, and tells the ids of those that there are.
func (b *maker) aim(targets []target) (aims []aim, ids []string) {
	aims = make([]aim, len(targets))
	for i, t := range targets {
		row, refused := b.one(&t.AssetRef)
		if aims[i] = (aim{t, row, refused}); refused == nil {
			ids = append(ids, row.ID)
		}
	}
	return aims, ids
}

// judge decides about one item.
func (b *maker) judge(k *check, a aim, states map[string]*state, decide func(*state)) verdict {
	if k.nul(&a.AssetRef); !k.ok() {
		return verdict{}
	}
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
	chosen := len(b.chosen)
	decide(v.change.next)
	if !k.ok() {
		b.chosen = b.chosen[:chosen]
	}
	return v
}

// finish settles the verdicts of a call and writes its changes, with more that go
// with them.
func (d *deed) finish(ctx context.Context, out *Outcome, verdicts []verdict, policy ErrorPolicy, more []*change) error {
	items, changes := settle(verdicts, policy)
	out.Items = items
	if len(changes) > 0 {
		changes = append(more, changes...)
	}
	if err := d.write(ctx, changes); err != nil {
		return err
	}
	if !conclude(items, verdicts) {
		return errUnchanged
	}
	return nil
}

// AssetsUpdate changes what people write about assets. It refuses the call with
// REQUIRED or TOO_MANY_ITEMS; items one by one, or under ATOMIC all.
func (c *Catalog) AssetsUpdate(ctx context.Context, inputs []*AssetUpdateInput, o *BulkOptions) (*Outcome, error) {
	targets := make([]target, len(inputs))
	for i, in := range inputs {
		targets[i] = target{AssetRef{in.ID, in.ReferenceID}, in.IfRevision}
	}
	gather := func(n *names) (parts part) {
		for _, in := range inputs {
			parts |= n.update(in)
		}
		return parts
	}
	return c.each(ctx, targets, o, gather, func(b *maker, k *check, s *state, i int) {
		k.nul(inputs[i])
		b.update(k, s, inputs[i])
	})
}

// update gathers what an input names, and tells which parts it is about.
func (n *names) update(in *AssetUpdateInput) (parts part) {
	if ref := in.NewReferenceID.Value(); ref != nil {
		n.references = append(n.references, *ref)
	}
	if in.Tags.IsSet() {
		parts |= withTags
	}
	if in.Categories.IsSet() {
		parts |= withCategories
		if ch := in.Categories.Value(); ch != nil {
			n.category(slices.Concat(ch.Set, ch.Add, ch.Remove)...)
		}
	}
	if ref := in.Cover.Value(); ref != nil {
		n.cover(ref)
		parts |= withSnapshots
		if ref.Candidate != nil {
			parts |= withAIData
		}
	}
	return parts
}

// update sets what the input gives.
func (b *maker) update(k *check, s *state, in *AssetUpdateInput) {
	if in.NewReferenceID.IsSet() {
		s.ReferenceID = b.referenceID(k, s, in.NewReferenceID.Value(), "newReferenceId")
	}
	if in.Title.IsSet() {
		s.Title = k.title(or(in.Title.Value(), ""), "title")
	}
	if in.AlternativeTitles.IsSet() {
		s.AlternativeTitles = k.titles(in.AlternativeTitles.Value(), "alternativeTitles")
	}
	if in.Description.IsSet() {
		s.Description = k.description(in.Description.Value(), "description")
	}
	if in.DownloadEnabled.IsSet() && k.has(s, true, "downloadEnabled", played...) {
		if in.DownloadEnabled.Value() == nil {
			k.refuse(fault.New(fault.Required, "Downloads are enabled or not."), "downloadEnabled")
			return
		}
		s.DownloadEnabled = *in.DownloadEnabled.Value()
	}
	if in.UserData.IsSet() {
		s.UserData = k.changeJSON(s.UserData, in.UserData.Value(), "userData")
	}
	if in.Tags.IsSet() {
		s.tags = k.changeTags(s.tags, in.Tags.Value(), "tags")
	}
	if in.Categories.IsSet() {
		s.categories = b.changeCategories(k, s, in.Categories.Value(), "categories")
	}
	if in.Cover.IsSet() && k.has(s, in.Cover.Value() != nil, "cover", played...) {
		b.cover(k, s, in.Cover.Value(), "cover")
	}
	if k.ok() && in.NewReferenceID.IsSet() {
		b.rename(&ent.Asset{ID: s.ID, Kind: s.Kind, ReferenceID: s.ReferenceID})
	}
}
