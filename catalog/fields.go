package catalog

import (
	"encoding/json"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/media"
	"vodgraph/model"
)

// fields are all settable facts of an asset, in the order in which they are set, kept and
// put back: what a field needs of others stands after those.
var fields = slices.Concat(namedFields, stateFields, fileFields, linkedFields, attachedFields)

// fieldOf is the field of a name; nil for none.
func fieldOf(name string) *field {
	i := slices.IndexFunc(fields, func(f *field) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return fields[i]
}

// stored are the kinds that are a file of their own.
var stored = []asset.Kind{asset.KindIMAGE, asset.KindATTACHMENT}

// namedFields are what people write about an asset.
var namedFields = []*field{
	{
		name: referenceField, columns: []string{asset.FieldReferenceID},
		create: []member[AssetCreateInput]{naming(orNull(func(in *AssetCreateInput) *graphql.Omittable[*string] { return &in.ReferenceID },
			setReference, "referenceId"), func(n *names, in *AssetCreateInput) part { return n.reference(in.ReferenceID.Value()) })},
		update: []member[AssetUpdateInput]{naming(orNull(func(in *AssetUpdateInput) *graphql.Omittable[*string] { return &in.NewReferenceID },
			setReference, "newReferenceId"), func(n *names, in *AssetUpdateInput) part { return n.reference(in.NewReferenceID.Value()) })},
		export:  func(_ paths, s *state, in *AssetCreateInput) { in.ReferenceID = given(s.ReferenceID) },
		differs: func(old, next *state) bool { return !samePointed(old.ReferenceID, next.ReferenceID) },
		values:  func(_ *linkNames, old, next *state) (any, any) { return old.ReferenceID, next.ReferenceID },
		undo:    (*undoing).putReference,
	},
	always(field{
		name: "title", columns: []string{asset.FieldTitle, asset.FieldTitleKey},
		create: []member[AssetCreateInput]{{place: []string{"title"}, at: func(in *AssetCreateInput) any { return &in.Title },
			given: func(in *AssetCreateInput) (bool, bool) { return in.Title != "", false },
			set:   func(_ *maker, k *check, s *state, in *AssetCreateInput) { s.Title = k.title(in.Title, "title") }}},
		update: []member[AssetUpdateInput]{orNull(func(in *AssetUpdateInput) *graphql.Omittable[*string] { return &in.Title },
			func(_ *maker, k *check, s *state, v *string, place []string) { s.Title = k.title(or(v, ""), place...) }, "title")},
		export: func(_ paths, s *state, in *AssetCreateInput) { in.Title = s.Title },
	}, func(a *ent.Asset) *string { return &a.Title }),
	{
		name: "alternativeTitles", columns: []string{asset.FieldAlternativeTitles},
		create: []member[AssetCreateInput]{orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]string] { return &in.AlternativeTitles },
			setTitles, "alternativeTitles")},
		update: []member[AssetUpdateInput]{orEmpty(func(in *AssetUpdateInput) *graphql.Omittable[[]string] { return &in.AlternativeTitles },
			setTitles, "alternativeTitles")},
		export:  func(_ paths, s *state, in *AssetCreateInput) { in.AlternativeTitles = givenList(s.AlternativeTitles) },
		differs: func(old, next *state) bool { return !slices.Equal(old.AlternativeTitles, next.AlternativeTitles) },
		values: func(_ *linkNames, old, next *state) (any, any) {
			return old.AlternativeTitles, next.AlternativeTitles
		},
		undo: func(u *undoing, k *check, s *state, e *ent.Change) { putBack(u, k, e, &s.AlternativeTitles) },
	},
	optional(field{
		name: "description", columns: []string{asset.FieldDescription},
		create: []member[AssetCreateInput]{orNull(func(in *AssetCreateInput) *graphql.Omittable[*string] { return &in.Description },
			setDescription, "description")},
		update: []member[AssetUpdateInput]{orNull(func(in *AssetUpdateInput) *graphql.Omittable[*string] { return &in.Description },
			setDescription, "description")},
		export: func(_ paths, s *state, in *AssetCreateInput) { in.Description = given(s.Description) },
	}, func(a *ent.Asset) **string { return &a.Description }),
	{
		name: "userData", columns: []string{asset.FieldUserData},
		create: []member[AssetCreateInput]{orEmpty(func(in *AssetCreateInput) *graphql.Omittable[json.RawMessage] { return &in.UserData },
			func(_ *maker, k *check, s *state, v json.RawMessage, place []string) {
				if data := k.compact(v, place...); !sameJSON(data, s.UserData) {
					s.UserData = data
				}
			}, "userData")},
		update: []member[AssetUpdateInput]{orNull(func(in *AssetUpdateInput) *graphql.Omittable[*JSONChange] { return &in.UserData },
			func(_ *maker, k *check, s *state, v *JSONChange, place []string) {
				s.UserData = k.changeJSON(s.UserData, v, place[0])
			}, "userData")},
		export: func(_ paths, s *state, in *AssetCreateInput) {
			in.UserData = givenList(json.RawMessage(unescaped(slices.Clone(s.UserData))))
		},
		differs: func(old, next *state) bool { return string(old.UserData) != string(next.UserData) },
		values:  func(_ *linkNames, old, next *state) (any, any) { return old.UserData, next.UserData },
		undo: func(u *undoing, k *check, s *state, e *ent.Change) {
			if u.same(k, e, s.UserData) {
				s.UserData = e.Before
			}
		},
	},
	always(field{
		name: "downloadEnabled", kinds: played, columns: []string{asset.FieldDownloadEnabled},
		create: []member[AssetCreateInput]{ifGiven(func(in *AssetCreateInput) **bool { return &in.DownloadEnabled },
			intoAlways(downloadsOf), "downloadEnabled")},
		update: []member[AssetUpdateInput]{notNull(func(in *AssetUpdateInput) *graphql.Omittable[*bool] { return &in.DownloadEnabled },
			intoAlways(downloadsOf), "downloadEnabled")},
		export: func(_ paths, s *state, in *AssetCreateInput) {
			if slices.Contains(played, s.Kind) {
				in.DownloadEnabled = &s.DownloadEnabled
			}
		},
	}, downloadsOf),
}

// stateFields are where an asset stands, and since when.
var stateFields = []*field{
	{
		name: "status", columns: []string{asset.FieldStatus, asset.FieldStatusReason},
		create: []member[AssetCreateInput]{
			ifGiven(func(in *AssetCreateInput) **asset.Status { return &in.Status }, setStatus, "status"),
			orNull(func(in *AssetCreateInput) *graphql.Omittable[*string] { return &in.StatusReason },
				func(_ *maker, _ *check, s *state, v *string, _ []string) { s.StatusReason = media.NFC(v) }, "statusReason"),
		},
		export: func(_ paths, s *state, in *AssetCreateInput) {
			in.Status, in.StatusReason = &s.Status, given(s.StatusReason)
		},
		differs: func(old, next *state) bool {
			return old.Status != next.Status || !samePointed(old.StatusReason, next.StatusReason)
		},
		values: func(_ *linkNames, old, next *state) (any, any) { return standingOf(old), standingOf(next) },
		undo:   (*undoing).putStatus,
	},
	{
		name: "createdAt", columns: []string{asset.FieldCreatedAt},
		create: []member[AssetCreateInput]{ifGiven(func(in *AssetCreateInput) **model.Moment { return &in.CreatedAt },
			func(_ *maker, _ *check, s *state, v model.Moment, _ []string) { s.CreatedAt = moment(v.Time) }, "createdAt")},
		export:  func(_ paths, s *state, in *AssetCreateInput) { in.CreatedAt = &model.Moment{Time: s.CreatedAt} },
		differs: func(old, next *state) bool { return !moment(old.CreatedAt).Equal(moment(next.CreatedAt)) },
		values: func(_ *linkNames, old, next *state) (any, any) {
			return told(&old.CreatedAt), told(&next.CreatedAt)
		},
		undo: func(u *undoing, k *check, s *state, e *ent.Change) {
			var was *model.Moment
			if u.same(k, e, told(&s.CreatedAt)) && reads(e.Before, &was) && was != nil {
				s.CreatedAt = was.Time
			}
		},
	},
	{
		name: "trashedAt", columns: []string{asset.FieldTrashedAt},
		create: []member[AssetCreateInput]{onlyImported(orNull(func(in *AssetCreateInput) *graphql.Omittable[*model.Moment] { return &in.TrashedAt },
			func(b *maker, _ *check, s *state, v *model.Moment, _ []string) {
				if s.TrashedAt = nil; v != nil {
					s.TrashedAt = new(v.Or(b.now))
				}
			}, "trashedAt"))},
		export: func(_ paths, s *state, in *AssetCreateInput) {
			if s.TrashedAt != nil {
				in.TrashedAt = given(&model.Moment{Time: *s.TrashedAt})
			}
		},
		differs: func(old, next *state) bool { return when(old.TrashedAt) != when(next.TrashedAt) },
		values: func(_ *linkNames, old, next *state) (any, any) {
			return told(old.TrashedAt), told(next.TrashedAt)
		},
		undo: func(u *undoing, k *check, s *state, e *ent.Change) {
			var was *model.Moment
			if u.same(k, e, told(s.TrashedAt)) && reads(e.Before, &was) {
				if s.TrashedAt = nil; was != nil {
					s.TrashedAt = &was.Time
				}
			}
		},
	},
}

func downloadsOf(a *ent.Asset) *bool { return &a.DownloadEnabled }

// onlyImported is a member that all but an import refuse.
func onlyImported[I any](m member[I]) member[I] {
	m.importOnly = true
	return m
}

func setReference(b *maker, k *check, s *state, v *string, place []string) {
	s.ReferenceID = b.referenceID(k, s, v, place[0])
}

func setTitles(_ *maker, k *check, s *state, v []string, place []string) {
	s.AlternativeTitles = k.titles(v, place[0])
}

func setDescription(_ *maker, k *check, s *state, v *string, place []string) {
	s.Description = k.description(v, place[0])
}
