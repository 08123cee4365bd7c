package catalog

import (
	"context"

	"vodgraph/change"
	"vodgraph/fault"
	"vodgraph/media"
)

// AssetsSetStatus has assets take a step of their status. It refuses the call
// with REQUIRED or TOO_MANY_ITEMS, and items with NOT_FOUND, DUPLICATE_ITEM,
// STALE_REVISION or STATUS_STEP_ILLEGAL.
func (c *Catalog) AssetsSetStatus(ctx context.Context, inputs []*AssetStatusInput, o *change.BulkOptions) (*change.Outcome, error) {
	list := make([]Item, len(inputs))
	for i, in := range inputs {
		list[i] = Item{AssetRef: change.AssetRef{ID: in.ID, ReferenceID: in.ReferenceID}, IfRevision: in.IfRevision, Status: in}
	}
	return c.each(ctx, Items{List: list, Name: ItemList}, SetStatus, o)
}

// SetStatus takes assets a step of their status further.
var SetStatus = &Verb{decide: func(_ *Builder, k *change.Check, s *change.State, item *Item) {
	in := item.Status
	k.RefuseNUL(in)
	if in.To == s.Status {
		return
	}
	if !media.Of(s.Kind).MayStep(s.Status, in.To) {
		k.Refuse(fault.New(fault.StatusStepIllegal, "An asset of kind %s cannot go from %s to %s.", s.Kind, s.Status, in.To), "to")
		return
	}
	s.Status, s.StatusReason = in.To, media.NFC(in.Reason)
}}
