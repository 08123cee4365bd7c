package catalog

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/media"
)

// attachedFields are what stands in tables of its own. Of what machines put the history
// keeps that it was put.
var attachedFields = []*field{
	{
		Name: "playInfos", kinds: played, Part: change.WithPlayInfos,
		Create: []member[AssetCreateInput]{naming(orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]*PlayInfoInput] { return &in.PlayInfos },
			func(b *Builder, k *change.Check, s *change.State, v []*PlayInfoInput, place []string) {
				s.PlayInfos = b.supersede(s.PlayInfos, b.playInfos(k, s, v, place[0]))
			}, "playInfos"), func(n *change.References, in *AssetCreateInput) change.Part {
			for _, p := range in.PlayInfos.Value() {
				n.Asset(p.Watermark)
			}
			return 0
		})},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) {
			var inputs []*PlayInfoInput
			for _, p := range s.PlayInfos {
				inputs = append(inputs, playInfoInput(p))
			}
			in.PlayInfos = givenList(inputs)
		},
	},
	{
		Name: "snapshots", kinds: []asset.Kind{asset.KindVIDEO}, Part: change.WithSnapshots,
		Create: []member[AssetCreateInput]{orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]*SnapshotSetInput] { return &in.Snapshots },
			func(b *Builder, k *change.Check, s *change.State, v []*SnapshotSetInput, _ []string) {
				b.fillSnapshots(k, s, v)
			}, "snapshots")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.Snapshots = givenList(snapshotInputsOf(s)) },
	},
	{
		Name: LinksField, kinds: played, Part: change.WithLinks,
		Create: []member[AssetCreateInput]{naming(orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]*AttachmentRef] { return &in.Attachments },
			func(b *Builder, k *change.Check, s *change.State, v []*AttachmentRef, place []string) {
				s.Links = b.attachments(k, s, v, place[0])
			}, LinksField), func(n *change.References, in *AssetCreateInput) change.Part {
			for _, a := range in.Attachments.Value() {
				n.Asset(a.Attachment)
			}
			return 0
		})},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) {
			in.Attachments = givenList(attachedInputs(s.Links))
		},
		values: func(_ *change.LinkNames, old, next *change.State) (any, any) {
			came, went := change.Links.Diff(old.Links, next.Links)
			return attachedInputs(slices.Concat(went, changedLinks(old.Links, came))), attachedInputs(came)
		},
		Join: joinAttached,
		Undo: (*Undoing).putLinks,
	},
	{
		Name: "aiData", kinds: []asset.Kind{asset.KindVIDEO, asset.KindAUDIO, asset.KindIMAGE}, Part: change.WithAIData,
		Create: []member[AssetCreateInput]{naming(orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]*AIDataInput] { return &in.AiData },
			func(b *Builder, k *change.Check, s *change.State, v []*AIDataInput, _ []string) {
				b.fillAIData(k, s, v)
			}, "aiData"),
			func(n *change.References, in *AssetCreateInput) change.Part {
				for _, data := range in.AiData.Value() {
					namesOfAIData(n, data)
				}
				return 0
			})},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.AiData = givenList(aiInputsOf(s)) },
	},
	{
		Name: CoverField, kinds: played, Part: change.WithSnapshots, columns: []string{asset.FieldCoverImageID, asset.FieldCoverSnapshotID},
		Create: []member[AssetCreateInput]{naming(orNull(func(in *AssetCreateInput) *graphql.Omittable[*CoverRef] { return &in.Cover },
			setCover, CoverField), func(n *change.References, in *AssetCreateInput) change.Part { return namesOfCover(n, in.Cover.Value()) })},
		update: []member[AssetUpdateInput]{naming(orNull(func(in *AssetUpdateInput) *graphql.Omittable[*CoverRef] { return &in.Cover },
			setCover, CoverField), func(n *change.References, in *AssetUpdateInput) change.Part { return namesOfCover(n, in.Cover.Value()) })},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.Cover = given(coverRefOf(s)) },
		differs: func(old, next *change.State) bool {
			return !samePointed(old.CoverImageID, next.CoverImageID) || !samePointed(old.CoverSnapshotID, next.CoverSnapshotID)
		},
		values: func(_ *change.LinkNames, old, next *change.State) (any, any) {
			return change.CoverOf(old.Asset), change.CoverOf(next.Asset)
		},
		Undo: func(u *Undoing, k *change.Check, s *change.State, e *ent.Change) {
			if u.Same(k, e, change.CoverOf(s.Asset)) {
				u.putCover(k, s, e.Before)
			}
		},
	},
}

// The names of what links an asset to others.
const (
	LinksField = "attachments"
	CoverField = "cover"
)

func setCover(b *Builder, k *change.Check, s *change.State, v *CoverRef, place []string) {
	b.cover(k, s, v, place...)
}

func attachedInputs(rows []*ent.AttachmentLink) []*AttachmentRef {
	refs := make([]*AttachmentRef, len(rows))
	for i, l := range rows {
		refs[i] = &AttachmentRef{Attachment: &change.AssetRef{ID: &l.AttachmentID}, Language: l.Language, Label: l.Label}
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

// AttachedIn are remembered links, by attachment.
func AttachedIn(m json.RawMessage) map[string]*AttachmentRef {
	var refs []*AttachmentRef
	_ = json.Unmarshal(m, &refs) // what attachedInputs made; null is none
	byID := make(map[string]*AttachmentRef, len(refs))
	for _, ref := range refs {
		if ref.Attachment != nil {
			byID[change.ValueOr(ref.Attachment.ID, "")] = ref
		}
	}
	return byID
}

// joinAttached joins two entries of links: of each attachment the first that went, and the
// last that came.
func joinAttached(first, next *ent.Change) *ent.Change {
	before, after := AttachedIn(first.Before), AttachedIn(first.After)
	for id, ref := range AttachedIn(next.Before) {
		if after[id] == nil && before[id] == nil {
			before[id] = ref
		}
		delete(after, id)
	}
	for id, ref := range AttachedIn(next.After) {
		after[id] = ref
	}
	joined := *first
	joined.Before, joined.After = linkList(before), linkList(after)
	return &joined
}

func linkList(byID map[string]*AttachmentRef) json.RawMessage {
	refs := slices.Collect(maps.Values(byID))
	slices.SortFunc(refs, func(a, b *AttachmentRef) int { return cmp.Compare(*a.Attachment.ID, *b.Attachment.ID) })
	return json.RawMessage(change.JSONText(refs).(string))
}

// linkedFields are the lists of things that assets share: the history keeps what went of
// them and what came, by id and by the name of that moment.
var linkedFields = []*field{
	{
		Name: TagsField, Part: change.WithTags,
		Create: []member[AssetCreateInput]{orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]string] { return &in.Tags },
			func(_ *Builder, k *change.Check, s *change.State, v []string, place []string) {
				s.Tags = checkTags(k, v, place...)
			}, TagsField)},
		update: []member[AssetUpdateInput]{orNull(func(in *AssetUpdateInput) *graphql.Omittable[*StringListChange] { return &in.Tags },
			func(_ *Builder, k *change.Check, s *change.State, v *StringListChange, place []string) {
				s.Tags = changedTags(k, s.Tags, v, place[0])
			}, TagsField)},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.Tags = givenList(s.Tags) },
		values: func(named *change.LinkNames, old, next *change.State) (any, any) {
			return named.OfTags(change.Without(old.Tags, next.Tags)), named.OfTags(change.Without(next.Tags, old.Tags))
		},
		Join: joinLinks,
		Undo: (*Undoing).putTags,
	},
	{
		Name: CategoriesField, Part: change.WithCategories,
		Create: []member[AssetCreateInput]{naming(orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]*media.CategoryRef] { return &in.Categories },
			func(b *Builder, k *change.Check, s *change.State, v []*media.CategoryRef, place []string) {
				s.Categories = b.places(k, s.Kind, v, place...)
			}, CategoriesField), func(n *change.References, in *AssetCreateInput) change.Part {
			return n.Category(in.Categories.Value()...)
		})},
		update: []member[AssetUpdateInput]{naming(orNull(func(in *AssetUpdateInput) *graphql.Omittable[*CategoryListChange] { return &in.Categories },
			func(b *Builder, k *change.Check, s *change.State, v *CategoryListChange, place []string) {
				s.Categories = b.changeCategories(k, s, v, place[0])
			}, CategoriesField), func(n *change.References, in *AssetUpdateInput) change.Part {
			if ch := in.Categories.Value(); ch != nil {
				n.Category(slices.Concat(ch.Set, ch.Add, ch.Remove)...)
			}
			return 0
		})},
		export: exportCategories,
		values: func(named *change.LinkNames, old, next *change.State) (any, any) {
			return named.OfCategories(change.Without(old.Categories, next.Categories)), named.OfCategories(change.Without(next.Categories, old.Categories))
		},
		Join: joinLinks,
		Undo: (*Undoing).putCategories,
	},
}

// The names of the lists of things that assets share.
const (
	TagsField       = "tags"
	CategoriesField = "categories"
)
