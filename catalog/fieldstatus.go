package catalog

import (
	"vodgraph/change"
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/media"
)

// standing is a status with its reason, which the history keeps as one value.
type standing struct {
	Status asset.Status `json:"status"`
	Reason *string      `json:"reason"`
}

func standingOf(s *change.State) standing { return standing{s.Status, s.StatusReason} }

// setStatus sets any status that assets of the kind have.
func setStatus(_ *Builder, k *change.Check, s *change.State, v asset.Status, place []string) {
	if s.Status = v; !media.Of(s.Kind).HasStatus(v) {
		k.Refuse(fault.New(fault.WrongKind, "No %s is ever %s.", s.Kind, v), place...)
	}
}
