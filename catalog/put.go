package catalog

import (
	"context"

	"vodgraph/fault"
)

// puts is a verb that puts parts of assets, each item one part of one. Several items may
// be about one asset, but not about the same part of it.
type puts struct {
	refs   []*AssetRef // of the items
	inputs []any       // the items
	parts  part        // what must be loaded of the assets
	// sources are those of which AI data must be loaded; nil for all.
	sources []string
	gather  func(*names)
	// key is what distinguishes the item's part from others of its asset.
	key func(i int) string
	// decide changes the next state of the asset of item i.
	decide func(b *maker, k *check, s *state, i int)
	// follow sets what follows from all items of an asset together; nil for nothing.
	follow func(b *maker, ch *change)
	// differs reports whether item i changed something.
	differs func(ch *change, i int) bool
}

// put runs a verb that puts parts as one transaction, all that is refused left out, or nothing
// done at all, as the options have it.
func (c *Catalog) put(ctx context.Context, p puts, o *BulkOptions) (*Outcome, error) {
	if err := c.countItems(len(p.refs), itemList); err != nil {
		return nil, err
	}
	return c.call(ctx, o, func(d *deed, out *Outcome) error {
		verdicts, err := d.judgePuts(ctx, p)
		if err != nil {
			return err
		}
		return d.finish(ctx, out, settled{verdicts, itemList, o.policy()}, nil)
	})
}

// judgePuts decides about all items. Those of one asset have the same change.
func (d *deed) judgePuts(ctx context.Context, p puts) ([]verdict, error) {
	n, t := names{whole: true}, referred(p.refs)
	for _, ref := range p.refs {
		n.asset(ref)
	}
	p.gather(&n)
	found, err := d.find(ctx, &n)
	if err != nil {
		return nil, err
	}
	d.sources = p.sources
	b := &maker{deed: d, directory: found, seen: mentions{}}
	aims, rows := b.aim(t)
	states, err := d.states(ctx, rows, p.parts)
	if err != nil {
		return nil, err
	}
	verdicts, changes := make([]verdict, len(aims)), map[string]*change{}
	for i, a := range aims {
		k := &check{limits: d.opts.Limits}
		if a.refused == nil {
			verdicts[i].id = a.row.ID
		}
		switch k.nul(p.inputs[i]); {
		case !k.ok():
		case a.refused != nil:
			k.refuse(a.refused, assetName)
		default:
			if changes[a.row.ID] == nil {
				old := states[a.row.ID]
				changes[a.row.ID] = &change{old: old, next: old.next()}
			}
			verdicts[i].change = changes[a.row.ID]
			b.judgePut(k, p, verdicts[i].change, i)
		}
		verdicts[i].faults = k.under(at(itemList, i)...)
	}
	for _, ch := range changes {
		if p.follow != nil {
			p.follow(b, ch)
		}
	}
	for i, v := range verdicts {
		verdicts[i].same = v.faults == nil && !p.differs(v.change, i)
	}
	return verdicts, nil
}

// judgePut decides about an item. What is refused leaves the asset as it was before.
func (b *maker) judgePut(k *check, p puts, ch *change, i int) {
	if b.seen.again(ch.next.ID+"\x00"+p.key(i)) != nil {
		k.refuse(fault.New(fault.DuplicateItem, "An item before this one puts the same of this asset."))
		return
	}
	before := ch.next.next()
	if p.decide(b, k, ch.next, i); !k.ok() {
		*ch.next = *before
	}
}
