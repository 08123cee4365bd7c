package catalog

import (
	"context"
	"errors"
	"slices"

	"vodgraph/ent/asset"
	"vodgraph/fault"
)

// one runs a verb on one asset as a deed: it loads the asset with the parts, and
// what the verb names, and has decide change the next state. All refusals come
// back as a fault.List with their places from the call's arguments down. The
// revision is nil where nothing changed.
func (c *Catalog) one(ctx context.Context, assetID string, parts part, gather func(*names), decide func(*maker, *check, *state)) (*int64, error) {
	if err := withoutNUL(&struct{ AssetID string }{assetID}); err != nil {
		return nil, err
	}
	return c.do(ctx, func(d *deed) error {
		states, err := d.load(ctx, []string{assetID}, parts)
		if err != nil {
			return err
		}
		old := states[assetID]
		if old == nil {
			return fault.New(fault.NotFound, "There is no such asset.").At("assetId")
		}
		unseen, err := d.unseen(ctx, []string{assetID})
		if err != nil {
			return err
		}
		if unseen[assetID] {
			return fault.New(fault.NotFound, "There is no such asset.").At("assetId")
		}
		var n names
		gather(&n)
		found, err := d.find(ctx, &n)
		if err != nil {
			return err
		}
		k, ch := &check{limits: c.opts.Limits}, &change{old: old, next: old.next()}
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
		return nil
	})
}

// of refuses with WRONG_KIND an asset of another kind than those that have the
// member, where a call names the asset.
func (k *check) of(s *state, member string, kinds ...asset.Kind) {
	if !slices.Contains(kinds, s.Kind) {
		k.refuse(fault.New(fault.WrongKind, "An asset of kind %s has no %s.", s.Kind, member), "assetId")
	}
}

// placed moves the place of a refusal below an argument; other errors, and none,
// stay as they are.
func placed(err error, field ...string) error {
	var refused *fault.Fault
	if errors.As(err, &refused) {
		return refused.Under(field...)
	}
	return err
}
