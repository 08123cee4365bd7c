package catalog

import (
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/snapshot"
)

// The lists of an input that stand in tables of their own: each that is given is the
// whole list.

func (b *Builder) fillSnapshots(k *change.Check, s *change.State, sets []*SnapshotSetInput) {
	var rows []*ent.Snapshot
	seen := map[snapshot.Type]bool{}
	for i, set := range sets {
		k.Require(!seen[set.Type], "There is one set of each type.", append(change.Place("snapshots", i), "type")...)
		seen[set.Type] = true
		rows = append(rows, b.snapshots(k, s, set, change.Place("snapshots", i)...)...)
	}
	setSnapshots(s, rows)
}

func (b *Builder) fillAIData(k *change.Check, s *change.State, inputs []*AIDataInput) {
	all := map[string]*change.Analysis{}
	for i, in := range inputs {
		k.Require(all[in.Source] == nil, "Each source is named once.", append(change.Place("aiData", i), "source")...)
		all[in.Source] = b.analysis(k, s, in, change.Place("aiData", i)...)
	}
	s.AI = all
}
