package catalog

import (
	"vodgraph/ent"
	"vodgraph/ent/snapshot"
)

// The lists of an input that stand in tables of their own: each that is given is the
// whole list.

func (b *maker) fillSnapshots(k *check, s *state, sets []*SnapshotSetInput) {
	var rows []*ent.Snapshot
	seen := map[snapshot.Type]bool{}
	for i, set := range sets {
		k.require(!seen[set.Type], "There is one set of each type.", append(at("snapshots", i), "type")...)
		seen[set.Type] = true
		rows = append(rows, b.snapshots(k, s, set, at("snapshots", i)...)...)
	}
	s.setSnapshots(rows)
}

func (b *maker) fillAIData(k *check, s *state, inputs []*AIDataInput) {
	all := map[string]*analysis{}
	for i, in := range inputs {
		k.require(all[in.Source] == nil, "Each source is named once.", append(at("aiData", i), "source")...)
		all[in.Source] = b.analysis(k, s, in, at("aiData", i)...)
	}
	s.ai = all
}
