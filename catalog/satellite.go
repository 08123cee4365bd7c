package catalog

import (
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/snapshot"
)

// fillSatellites sets what an input gives of the parts of an asset that stand in
// tables of their own: each list that is given is the whole list. It tells
// whether links were left for later.
func (b *maker) fillSatellites(k *check, s *state, in *AssetCreateInput) (late bool) {
	if in.Mezzanine.IsSet() && k.has(s, in.Mezzanine.Value() != nil, "mezzanine", played...) {
		s.mezzanine = b.mezzanine(k, s, in.Mezzanine.Value(), "mezzanine")
	}
	if in.PlayInfos.IsSet() && k.has(s, len(in.PlayInfos.Value()) > 0, "playInfos", played...) {
		rows, later := b.playInfos(k, s, in.PlayInfos.Value(), "playInfos")
		s.playInfos, late = b.supersede(s.playInfos, rows), late || later
	}
	if in.Snapshots.IsSet() && k.has(s, len(in.Snapshots.Value()) > 0, "snapshots", asset.KindVIDEO) {
		b.fillSnapshots(k, s, in.Snapshots.Value())
	}
	if in.Attachments.IsSet() && k.has(s, len(in.Attachments.Value()) > 0, "attachments", played...) {
		rows, later := b.attachments(k, s, in.Attachments.Value(), "attachments")
		s.links, late = rows, late || later
	}
	if in.AiData.IsSet() && k.has(s, len(in.AiData.Value()) > 0, "aiData", asset.KindVIDEO, asset.KindAUDIO, asset.KindIMAGE) {
		late = b.fillAIData(k, s, in.AiData.Value()) || late
	}
	if in.Cover.IsSet() && k.has(s, in.Cover.Value() != nil, "cover", played...) {
		late = b.cover(k, s, in.Cover.Value(), "cover") || late
	}
	return late
}

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

func (b *maker) fillAIData(k *check, s *state, inputs []*AIDataInput) (late bool) {
	all := map[string]*analysis{}
	for i, in := range inputs {
		k.require(all[in.Source] == nil, "Each source is named once.", append(at("aiData", i), "source")...)
		made, later := b.analysis(k, s, in, at("aiData", i)...)
		all[in.Source], late = made, late || later
	}
	s.ai = all
	return late
}
