package catalog

import (
	"encoding/json"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
)

// standing is a status with its reason, which the history keeps as one value.
type standing struct {
	Status asset.Status `json:"status"`
	Reason *string      `json:"reason"`
}

func standingOf(s *state) standing { return standing{s.Status, s.StatusReason} }

// setStatus sets any status that assets of the kind have.
func setStatus(_ *maker, k *check, s *state, v asset.Status, place []string) {
	if s.Status = v; !hasStatus(s.Kind, v) {
		k.refuse(fault.New(fault.WrongKind, "No %s is ever %s.", s.Kind, v), place...)
	}
}

// putStatus puts a status back together with its reason. Versions before kept the status
// alone; the reason that came with it goes with it then.
func (u *undoing) putStatus(k *check, s *state, e *ent.Change) {
	var before, after asset.Status
	if json.Unmarshal(e.After, &after) == nil && json.Unmarshal(e.Before, &before) == nil {
		if s.Status != after {
			k.refuse(changedSince(), e.Field)
			return
		}
		s.Status, s.StatusReason = before, nil
		return
	}
	var was standing
	if u.same(k, e, standingOf(s)) && json.Unmarshal(e.Before, &was) == nil {
		s.Status, s.StatusReason = was.Status, was.Reason
	}
}
