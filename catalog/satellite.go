package catalog

import (
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/snapshot"
)

// fillSatellites sets what an input gives of the parts of an asset that stand in
// tables of their own: each list that is given is the whole list.
func (b *maker) fillSatellites(k *check, s *state, in *AssetCreateInput) {
	if in.Mezzanine.IsSet() && k.has(s, in.Mezzanine.Value() != nil, "mezzanine", played...) {
		s.mezzanine = b.mezzanine(k, s, in.Mezzanine.Value(), "mezzanine")
	}
	if in.PlayInfos.IsSet() && k.has(s, len(in.PlayInfos.Value()) > 0, "playInfos", played...) {
		s.playInfos = b.supersede(s.playInfos, b.playInfos(k, s, in.PlayInfos.Value(), "playInfos"))
	}
	if in.Snapshots.IsSet() && k.has(s, len(in.Snapshots.Value()) > 0, "snapshots", asset.KindVIDEO) {
		b.fillSnapshots(k, s, in.Snapshots.Value())
	}
	if in.Attachments.IsSet() && k.has(s, len(in.Attachments.Value()) > 0, "attachments", played...) {
		s.links = b.attachments(k, s, in.Attachments.Value(), "attachments")
	}
	if in.AiData.IsSet() && k.has(s, len(in.AiData.Value()) > 0, "aiData", asset.KindVIDEO, asset.KindAUDIO, asset.KindIMAGE) {
		b.fillAIData(k, s, in.AiData.Value())
	}
	if in.Cover.IsSet() && k.has(s, in.Cover.Value() != nil, "cover", played...) {
		b.cover(k, s, in.Cover.Value(), "cover")
	}
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

func (b *maker) fillAIData(k *check, s *state, inputs []*AIDataInput) {
	all := map[string]*analysis{}
	for i, in := range inputs {
		k.require(all[in.Source] == nil, "Each source is named once.", append(at("aiData", i), "source")...)
		all[in.Source] = b.analysis(k, s, in, at("aiData", i)...)
	}
	s.ai = all
}
