package catalog

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent"
	"vodgraph/ent/asset"
)

// attachedFields are what stands in tables of its own. Of what machines put the history
// keeps that it was put.
var attachedFields = []*field{
	{
		name: "playInfos", kinds: played, part: withPlayInfos,
		create: []member[AssetCreateInput]{naming(orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]*PlayInfoInput] { return &in.PlayInfos },
			func(b *maker, k *check, s *state, v []*PlayInfoInput, place []string) {
				s.playInfos = b.supersede(s.playInfos, b.playInfos(k, s, v, place[0]))
			}, "playInfos"), func(n *names, in *AssetCreateInput) part {
			for _, p := range in.PlayInfos.Value() {
				n.asset(p.Watermark)
			}
			return 0
		})},
		export: func(_ paths, s *state, in *AssetCreateInput) {
			var inputs []*PlayInfoInput
			for _, p := range s.playInfos {
				inputs = append(inputs, playInfoInput(p))
			}
			in.PlayInfos = givenList(inputs)
		},
	},
	{
		name: "snapshots", kinds: []asset.Kind{asset.KindVIDEO}, part: withSnapshots,
		create: []member[AssetCreateInput]{orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]*SnapshotSetInput] { return &in.Snapshots },
			func(b *maker, k *check, s *state, v []*SnapshotSetInput, _ []string) { b.fillSnapshots(k, s, v) }, "snapshots")},
		export: func(_ paths, s *state, in *AssetCreateInput) { in.Snapshots = givenList(s.snapshotInputs()) },
	},
	{
		name: linksField, kinds: played, part: withLinks,
		create: []member[AssetCreateInput]{naming(orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]*AttachmentRef] { return &in.Attachments },
			func(b *maker, k *check, s *state, v []*AttachmentRef, place []string) {
				s.links = b.attachments(k, s, v, place[0])
			}, linksField), func(n *names, in *AssetCreateInput) part {
			for _, a := range in.Attachments.Value() {
				n.asset(a.Attachment)
			}
			return 0
		})},
		export: func(_ paths, s *state, in *AssetCreateInput) { in.Attachments = givenList(attachedInputs(s.links)) },
		values: func(_ *linkNames, old, next *state) (any, any) {
			came, went := links.diff(old.links, next.links)
			return attachedInputs(slices.Concat(went, changedLinks(old.links, came))), attachedInputs(came)
		},
		join: joinAttached,
		undo: (*undoing).putLinks,
	},
	{
		name: "aiData", kinds: []asset.Kind{asset.KindVIDEO, asset.KindAUDIO, asset.KindIMAGE}, part: withAIData,
		create: []member[AssetCreateInput]{naming(orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]*AIDataInput] { return &in.AiData },
			func(b *maker, k *check, s *state, v []*AIDataInput, _ []string) { b.fillAIData(k, s, v) }, "aiData"),
			func(n *names, in *AssetCreateInput) part {
				for _, data := range in.AiData.Value() {
					n.aiData(data)
				}
				return 0
			})},
		export: func(_ paths, s *state, in *AssetCreateInput) { in.AiData = givenList(s.aiInputs()) },
	},
	{
		name: coverField, kinds: played, part: withSnapshots, columns: []string{asset.FieldCoverImageID, asset.FieldCoverSnapshotID},
		create: []member[AssetCreateInput]{naming(orNull(func(in *AssetCreateInput) *graphql.Omittable[*CoverRef] { return &in.Cover },
			setCover, coverField), func(n *names, in *AssetCreateInput) part { return n.cover(in.Cover.Value()) })},
		update: []member[AssetUpdateInput]{naming(orNull(func(in *AssetUpdateInput) *graphql.Omittable[*CoverRef] { return &in.Cover },
			setCover, coverField), func(n *names, in *AssetUpdateInput) part { return n.cover(in.Cover.Value()) })},
		export: func(_ paths, s *state, in *AssetCreateInput) { in.Cover = given(s.coverRef()) },
		differs: func(old, next *state) bool {
			return !samePointed(old.CoverImageID, next.CoverImageID) || !samePointed(old.CoverSnapshotID, next.CoverSnapshotID)
		},
		values: func(_ *linkNames, old, next *state) (any, any) { return coverOf(old.Asset), coverOf(next.Asset) },
		undo: func(u *undoing, k *check, s *state, e *ent.Change) {
			if u.same(k, e, coverOf(s.Asset)) {
				u.putCover(k, s, e.Before)
			}
		},
	},
}

// The names of what links an asset to others.
const (
	linksField = "attachments"
	coverField = "cover"
)

func setCover(b *maker, k *check, s *state, v *CoverRef, place []string) { b.cover(k, s, v, place...) }

// attachedInputs are links as files have them.
func attachedInputs(rows []*ent.AttachmentLink) []*AttachmentRef {
	refs := make([]*AttachmentRef, len(rows))
	for i, l := range rows {
		refs[i] = &AttachmentRef{Attachment: &AssetRef{ID: &l.AttachmentID}, Language: l.Language, Label: l.Label}
	}
	return refs
}

// changedLinks are the links of a list that others take the place of.
func changedLinks(list, others []*ent.AttachmentLink) []*ent.AttachmentLink {
	replaced := map[string]bool{}
	for _, l := range others {
		replaced[l.AttachmentID] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(l *ent.AttachmentLink) bool { return !replaced[l.AttachmentID] })
}

// attachedIn are remembered links, by attachment.
func attachedIn(m json.RawMessage) map[string]*AttachmentRef {
	var refs []*AttachmentRef
	_ = json.Unmarshal(m, &refs) // what attachedInputs made; null is none
	byID := make(map[string]*AttachmentRef, len(refs))
	for _, ref := range refs {
		if ref.Attachment != nil {
			byID[or(ref.Attachment.ID, "")] = ref
		}
	}
	return byID
}

// joinAttached joins two entries of links: of each attachment the first that went, and the
// last that came.
func joinAttached(first, next *ent.Change) *ent.Change {
	before, after := attachedIn(first.Before), attachedIn(first.After)
	for id, ref := range attachedIn(next.Before) {
		if after[id] == nil && before[id] == nil {
			before[id] = ref
		}
		delete(after, id)
	}
	for id, ref := range attachedIn(next.After) {
		after[id] = ref
	}
	joined := *first
	joined.Before, joined.After = linkList(before), linkList(after)
	return &joined
}

func linkList(byID map[string]*AttachmentRef) json.RawMessage {
	refs := slices.Collect(maps.Values(byID))
	slices.SortFunc(refs, func(a, b *AttachmentRef) int { return cmp.Compare(*a.Attachment.ID, *b.Attachment.ID) })
	return json.RawMessage(text(refs).(string))
}
