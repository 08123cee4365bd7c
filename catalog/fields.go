package catalog

import (
	"encoding/json"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/media"
	"vodgraph/model"
)

// AllFields are all settable facts of an asset, in the order in which they are set, kept and
// put back: what a field needs of others stands after those.
var AllFields = slices.Concat(namedFields, stateFields, fileFields, linkedFields, attachedFields)

// FieldOf is the field of a name; nil for none.
func FieldOf(name string) *field {
	i := slices.IndexFunc(AllFields, func(f *field) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return AllFields[i]
}

var stored = []asset.Kind{asset.KindIMAGE, asset.KindATTACHMENT}

var namedFields = []*field{
	{
		Name: ReferenceField, columns: []string{asset.FieldReferenceID},
		Create: []member[AssetCreateInput]{naming(orNull(func(in *AssetCreateInput) *graphql.Omittable[*string] { return &in.ReferenceID },
			setReference, "referenceId"), func(n *change.References, in *AssetCreateInput) change.Part {
			return n.Reference(in.ReferenceID.Value())
		})},
		update: []member[AssetUpdateInput]{naming(orNull(func(in *AssetUpdateInput) *graphql.Omittable[*string] { return &in.NewReferenceID },
			setReference, "newReferenceId"), func(n *change.References, in *AssetUpdateInput) change.Part {
			return n.Reference(in.NewReferenceID.Value())
		})},
		export:  func(_ Paths, s *change.State, in *AssetCreateInput) { in.ReferenceID = given(s.ReferenceID) },
		differs: func(old, next *change.State) bool { return !samePointed(old.ReferenceID, next.ReferenceID) },
		values: func(_ *change.LinkNames, old, next *change.State) (any, any) {
			return old.ReferenceID, next.ReferenceID
		},
		Undo: (*Undoing).putReference,
	},
	always(field{
		Name: "title", columns: []string{asset.FieldTitle, asset.FieldTitleKey},
		Create: []member[AssetCreateInput]{{place: []string{"title"}, at: func(in *AssetCreateInput) any { return &in.Title },
			Given: func(in *AssetCreateInput) (bool, bool) { return in.Title != "", false },
			set: func(_ *Builder, k *change.Check, s *change.State, in *AssetCreateInput) {
				s.Title = checkTitle(k, in.Title, "title")
			}}},
		update: []member[AssetUpdateInput]{orNull(func(in *AssetUpdateInput) *graphql.Omittable[*string] { return &in.Title },
			func(_ *Builder, k *change.Check, s *change.State, v *string, place []string) {
				s.Title = checkTitle(k, change.ValueOr(v, ""), place...)
			}, "title")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.Title = s.Title },
	}, func(a *ent.Asset) *string { return &a.Title }),
	{
		Name: "alternativeTitles", columns: []string{asset.FieldAlternativeTitles},
		Create: []member[AssetCreateInput]{orEmpty(func(in *AssetCreateInput) *graphql.Omittable[[]string] { return &in.AlternativeTitles },
			setTitles, "alternativeTitles")},
		update: []member[AssetUpdateInput]{orEmpty(func(in *AssetUpdateInput) *graphql.Omittable[[]string] { return &in.AlternativeTitles },
			setTitles, "alternativeTitles")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) {
			in.AlternativeTitles = givenList(s.AlternativeTitles)
		},
		differs: func(old, next *change.State) bool {
			return !slices.Equal(old.AlternativeTitles, next.AlternativeTitles)
		},
		values: func(_ *change.LinkNames, old, next *change.State) (any, any) {
			return old.AlternativeTitles, next.AlternativeTitles
		},
		Undo: func(u *Undoing, k *change.Check, s *change.State, e *ent.Change) {
			putBack(u, k, e, &s.AlternativeTitles)
		},
	},
	optional(field{
		Name: "description", columns: []string{asset.FieldDescription},
		Create: []member[AssetCreateInput]{orNull(func(in *AssetCreateInput) *graphql.Omittable[*string] { return &in.Description },
			setDescription, "description")},
		update: []member[AssetUpdateInput]{orNull(func(in *AssetUpdateInput) *graphql.Omittable[*string] { return &in.Description },
			setDescription, "description")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.Description = given(s.Description) },
	}, func(a *ent.Asset) **string { return &a.Description }),
	{
		Name: "userData", columns: []string{asset.FieldUserData},
		Create: []member[AssetCreateInput]{orEmpty(func(in *AssetCreateInput) *graphql.Omittable[json.RawMessage] { return &in.UserData },
			func(_ *Builder, k *change.Check, s *change.State, v json.RawMessage, place []string) {
				if data := compactJSON(k, v, place...); !sameJSON(data, s.UserData) {
					s.UserData = data
				}
			}, "userData")},
		update: []member[AssetUpdateInput]{orNull(func(in *AssetUpdateInput) *graphql.Omittable[*JSONChange] { return &in.UserData },
			func(_ *Builder, k *change.Check, s *change.State, v *JSONChange, place []string) {
				s.UserData = changedJSON(k, s.UserData, v, place[0])
			}, "userData")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) {
			in.UserData = givenList(unescaped(s.UserData))
		},
		differs: func(old, next *change.State) bool { return string(old.UserData) != string(next.UserData) },
		values:  func(_ *change.LinkNames, old, next *change.State) (any, any) { return old.UserData, next.UserData },
		Undo: func(u *Undoing, k *change.Check, s *change.State, e *ent.Change) {
			if u.Same(k, e, s.UserData) {
				s.UserData = e.Before
			}
		},
	},
	always(field{
		Name: "downloadEnabled", kinds: played, columns: []string{asset.FieldDownloadEnabled},
		Create: []member[AssetCreateInput]{ifGiven(func(in *AssetCreateInput) **bool { return &in.DownloadEnabled },
			intoAlways(downloadsOf), "downloadEnabled")},
		update: []member[AssetUpdateInput]{notNull(func(in *AssetUpdateInput) *graphql.Omittable[*bool] { return &in.DownloadEnabled },
			intoAlways(downloadsOf), "downloadEnabled")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) {
			if slices.Contains(played, s.Kind) {
				in.DownloadEnabled = &s.DownloadEnabled
			}
		},
	}, downloadsOf),
}

var stateFields = []*field{
	{
		Name: "status", columns: []string{asset.FieldStatus, asset.FieldStatusReason},
		Create: []member[AssetCreateInput]{
			ifGiven(func(in *AssetCreateInput) **asset.Status { return &in.Status }, setStatus, "status"),
			orNull(func(in *AssetCreateInput) *graphql.Omittable[*string] { return &in.StatusReason },
				func(_ *Builder, _ *change.Check, s *change.State, v *string, _ []string) {
					s.StatusReason = media.NFC(v)
				}, "statusReason"),
		},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) {
			in.Status, in.StatusReason = &s.Status, given(s.StatusReason)
		},
		differs: func(old, next *change.State) bool {
			return old.Status != next.Status || !samePointed(old.StatusReason, next.StatusReason)
		},
		values: func(_ *change.LinkNames, old, next *change.State) (any, any) {
			return standingOf(old), standingOf(next)
		},
		Undo: (*Undoing).putStatus,
	},
	{
		Name: "createdAt", columns: []string{asset.FieldCreatedAt},
		Create: []member[AssetCreateInput]{ifGiven(func(in *AssetCreateInput) **model.Moment { return &in.CreatedAt },
			func(_ *Builder, _ *change.Check, s *change.State, v model.Moment, _ []string) {
				s.CreatedAt = change.Timestamp(v.Time)
			}, "createdAt")},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) { in.CreatedAt = &model.Moment{Time: s.CreatedAt} },
		differs: func(old, next *change.State) bool {
			return !change.Timestamp(old.CreatedAt).Equal(change.Timestamp(next.CreatedAt))
		},
		values: func(_ *change.LinkNames, old, next *change.State) (any, any) {
			return change.TimeValue(&old.CreatedAt), change.TimeValue(&next.CreatedAt)
		},
		Undo: func(u *Undoing, k *change.Check, s *change.State, e *ent.Change) {
			var was *model.Moment
			if u.Same(k, e, change.TimeValue(&s.CreatedAt)) && Reads(e.Before, &was) && was != nil {
				s.CreatedAt = was.Time
			}
		},
	},
	{
		Name: "trashedAt", columns: []string{asset.FieldTrashedAt},
		Create: []member[AssetCreateInput]{onlyImported(orNull(func(in *AssetCreateInput) *graphql.Omittable[*model.Moment] { return &in.TrashedAt },
			func(b *Builder, _ *change.Check, s *change.State, v *model.Moment, _ []string) {
				if s.TrashedAt = nil; v != nil {
					s.TrashedAt = new(v.Or(b.Now))
				}
			}, "trashedAt"))},
		export: func(_ Paths, s *change.State, in *AssetCreateInput) {
			if s.TrashedAt != nil {
				in.TrashedAt = given(&model.Moment{Time: *s.TrashedAt})
			}
		},
		differs: func(old, next *change.State) bool { return change.When(old.TrashedAt) != change.When(next.TrashedAt) },
		values: func(_ *change.LinkNames, old, next *change.State) (any, any) {
			return change.TimeValue(old.TrashedAt), change.TimeValue(next.TrashedAt)
		},
		Undo: func(u *Undoing, k *change.Check, s *change.State, e *ent.Change) {
			var was *model.Moment
			if u.Same(k, e, change.TimeValue(s.TrashedAt)) && Reads(e.Before, &was) {
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

func setReference(b *Builder, k *change.Check, s *change.State, v *string, place []string) {
	s.ReferenceID = b.referenceID(k, s, v, place[0])
}

func setTitles(_ *Builder, k *change.Check, s *change.State, v []string, place []string) {
	s.AlternativeTitles = checkTitles(k, v, place[0])
}

func setDescription(_ *Builder, k *change.Check, s *change.State, v *string, place []string) {
	s.Description = checkDescription(k, v, place[0])
}

// InputOf is a state as an import takes it. The paths are those of its categories.
func InputOf(s *change.State, known Paths) *AssetCreateInput {
	in := &AssetCreateInput{ID: &s.ID, Kind: s.Kind, UpdatedAt: &model.Moment{Time: s.UpdatedAt}}
	for _, f := range AllFields {
		f.export(known, s, in)
	}
	return in
}

// Compare returns the fields that a change sets, with the values that the history keeps.
func Compare(c *change.Change, parts change.Part, names *change.LinkNames) (set []change.Difference) {
	for _, f := range AllFields {
		if f.differs == nil && parts&f.Part == 0 || f.differs != nil && !f.differs(c.Old, c.Next) {
			continue
		}
		d := change.Difference{Field: f.Name}
		if f.values != nil {
			d.Before, d.After = f.values(names, c.Old, c.Next)
		}
		set = append(set, d)
	}
	return set
}

// follow copies what the source file states of the size and the duration, and returns the
// names of the fields that were something else.
func FollowSourceFile(s *change.State) (differed []string) {
	m := s.Mezzanine
	if m == nil {
		return nil
	}
	if m.Size != nil && !samePointed(s.Size, m.Size) {
		s.Size = m.Size
		differed = append(differed, sizeField)
	}
	if m.Duration != nil && !samePointed(s.Duration, m.Duration) {
		s.Duration = m.Duration
		differed = append(differed, durationField)
	}
	return differed
}

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
