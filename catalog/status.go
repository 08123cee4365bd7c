package catalog

import (
	"context"
	"slices"

	"vodgraph/ent/asset"
	"vodgraph/fault"
)

// steps are the statuses that a status may be followed by.
type steps map[asset.Status][]asset.Status

// playedSteps are those of videos and audios. UPLOADING again means that the
// source is being replaced.
var playedSteps = steps{
	asset.StatusUPLOADING:        {asset.StatusUPLOADED, asset.StatusTRANSCODING, asset.StatusNORMAL, asset.StatusUPLOAD_FAILED},
	asset.StatusUPLOAD_FAILED:    {asset.StatusUPLOADING},
	asset.StatusUPLOADED:         {asset.StatusTRANSCODING, asset.StatusCHECKING, asset.StatusNORMAL, asset.StatusUPLOADING},
	asset.StatusTRANSCODING:      {asset.StatusNORMAL, asset.StatusCHECKING, asset.StatusTRANSCODE_FAILED, asset.StatusUPLOADING},
	asset.StatusTRANSCODE_FAILED: {asset.StatusTRANSCODING, asset.StatusUPLOADING},
	asset.StatusCHECKING:         {asset.StatusNORMAL, asset.StatusBLOCKED, asset.StatusTRANSCODING, asset.StatusUPLOADING},
	asset.StatusNORMAL:           {asset.StatusBLOCKED, asset.StatusCHECKING, asset.StatusUPLOADING},
	asset.StatusBLOCKED:          {asset.StatusNORMAL, asset.StatusUPLOADING},
}

// storedSteps are those of images and attachments.
var storedSteps = steps{
	asset.StatusUPLOADING:     {asset.StatusNORMAL, asset.StatusUPLOAD_FAILED},
	asset.StatusUPLOAD_FAILED: {asset.StatusUPLOADING},
	asset.StatusNORMAL:        {asset.StatusUPLOADING},
}

// played are the kinds that play.
var played = []asset.Kind{asset.KindVIDEO, asset.KindAUDIO}

func stepsOf(k asset.Kind) steps {
	if slices.Contains(played, k) {
		return playedSteps
	}
	return storedSteps
}

// hasStatus reports whether assets of the kind are ever in the status.
func hasStatus(k asset.Kind, s asset.Status) bool {
	_, has := stepsOf(k)[s]
	return has
}

// mayStep reports whether an asset of the kind may go from one status to the
// other. To stay where it is is no step.
func mayStep(k asset.Kind, from, to asset.Status) bool {
	return slices.Contains(stepsOf(k)[from], to)
}

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
		if !mayStep(s.Kind, s.Status, in.To) {
			k.refuse(fault.New(fault.StatusStepIllegal, "An asset of kind %s cannot go from %s to %s.", s.Kind, s.Status, in.To), "to")
			return
		}
		s.Status, s.StatusReason = in.To, normal(in.Reason)
	})
}
