package catalog

import (
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/media"
)

// standing is a status with its reason, which the history keeps as one value.
type standing struct {
	Status asset.Status `json:"status"`
	Reason *string      `json:"reason"`
}

func standingOf(s *state) standing { return standing{s.Status, s.StatusReason} }

// setStatus sets any status that assets of the kind have.
func setStatus(_ *maker, k *check, s *state, v asset.Status, place []string) {
	if s.Status = v; !media.Of(s.Kind).HasStatus(v) {
		k.refuse(fault.New(fault.WrongKind, "No %s is ever %s.", s.Kind, v), place...)
	}
}
