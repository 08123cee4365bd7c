package catalog

import (
	"context"

	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/media"
)

// played are the kinds that play.
var played = []asset.Kind{asset.KindVIDEO, asset.KindAUDIO}

// AssetsSetStatus has assets take a step of their status. It refuses the call
// with REQUIRED or TOO_MANY_ITEMS, and items with NOT_FOUND, DUPLICATE_ITEM,
// STALE_REVISION or STATUS_STEP_ILLEGAL.
func (c *Catalog) AssetsSetStatus(ctx context.Context, inputs []*AssetStatusInput, o *BulkOptions) (*Outcome, error) {
	list := make([]target, len(inputs))
	for i, in := range inputs {
		list[i] = target{AssetRef{in.ID, in.ReferenceID}, in.IfRevision}
	}
	return c.each(ctx, targets{list: list, name: itemList}, o, gatherNone, func(_ *maker, k *check, s *state, i int) {
		in := inputs[i]
		k.nul(in)
		if in.To == s.Status {
			return
		}
		if !media.Of(s.Kind).MayStep(s.Status, in.To) {
			k.refuse(fault.New(fault.StatusStepIllegal, "An asset of kind %s cannot go from %s to %s.", s.Kind, s.Status, in.To), "to")
			return
		}
		s.Status, s.StatusReason = in.To, media.NFC(in.Reason)
	})
}
