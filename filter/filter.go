// Package filter is the input AssetFilter: which assets a list, a search or a change of many
// assets means. Each member is one row of a table (members.go), which says what it counts
// towards limits, what is refused, its canonical form, its SQL and its filter of the search
// engines. Everything else loops over the table; only and, or, not and the trash stand apart.
//
// What is not here: reading arguments (resolvers), loading rows (model), making the documents
// that engines keep (catalog), which use the terms of term.go too.
package filter

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent/asset"
	"vodgraph/ent/fact"
	"vodgraph/ent/playinfo"
	"vodgraph/media"
)

// AssetFilter says which assets: those for which every given member holds. It is bound by
// name to the input of schema.graphql.
//
// A nil slice or pointer is a member that is not given. A slice that is given and empty
// matches nothing; only an empty And, All or None matches everything. A nil filter is one
// without members: it matches all that is not in the trash.
// JSON keeps all of this, so that a filter can be stored and read back; Predicate refuses
// the few values that JSON cannot hold.
type AssetFilter struct {
	// Kinds, Statuses and IDs match an asset whose own is in the list.
	Kinds    []asset.Kind   `json:"kinds,omitzero"`
	Statuses []asset.Status `json:"statuses,omitzero"`
	IDs      []string       `json:"ids,omitzero"`
	// ReferenceIDs match exactly, and never an asset without one.
	ReferenceIDs []string `json:"referenceIds,omitzero"`
	// Titles match a title that is the same after Clean.
	Titles      []string        `json:"titles,omitzero"`
	Description *PresenceFilter `json:"description,omitempty"`
	// FileName is that of the asset, or of its mezzanine.
	FileName *FileNameFilter `json:"fileName,omitempty"`
	Category *CategoryFilter `json:"category,omitempty"`
	Tags     *TagFilter      `json:"tags,omitempty"`
	// AttachmentTypes match attachments of these types, and nothing of another kind.
	AttachmentTypes  []asset.BusinessType `json:"attachmentTypes,omitzero"`
	StorageLocations []string             `json:"storageLocations,omitzero"`
	StorageClasses   []asset.StorageClass `json:"storageClasses,omitzero"`
	MediaSources     []asset.MediaSource  `json:"mediaSources,omitzero"`
	// Size is in bytes, Duration in seconds; the bounds of Duration are finite.
	Size     *Int64Range `json:"size,omitempty"`
	Duration *FloatRange `json:"duration,omitempty"`
	// Width and Height are in pixels, of an image, else of the mezzanine.
	Width  *IntRange `json:"width,omitempty"`
	Height *IntRange `json:"height,omitempty"`
	// CreatedAt and UpdatedAt are compared in UTC and to the millisecond, which is how
	// times are kept: what a bound has below a millisecond is cut off.
	CreatedAt *TimeRange      `json:"createdAt,omitempty"`
	UpdatedAt *TimeRange      `json:"updatedAt,omitempty"`
	PlayInfo  *PlayInfoFilter `json:"playInfo,omitempty"`
	HasCover  *bool           `json:"hasCover,omitempty"`
	// DownloadEnabled is what the column says; only videos and audios can have false.
	DownloadEnabled *bool `json:"downloadEnabled,omitempty"`
	// ImageTypes match images of these types, and nothing of another kind.
	ImageTypes []asset.ImageType `json:"imageTypes,omitzero"`
	Review     *ReviewFilter     `json:"review,omitempty"`
	Labels     *LabelFilter      `json:"labels,omitempty"`
	// Speech and ScreenText are the languages of cues of either kind.
	Speech     *LanguageFilter `json:"speech,omitempty"`
	ScreenText *LanguageFilter `json:"screenText,omitempty"`
	// Trashed is whether the asset is in the trash: it is not, where that is left out, and
	// it may be or not where it is nil. Only the outermost filter has it.
	Trashed graphql.Omittable[*bool] `json:"trashed,omitzero"`
	// And matches what all of its filters match, Or what any of them does, and Not what
	// its filter does not match, absent values or no.
	And []*AssetFilter `json:"and,omitzero"`
	Or  []*AssetFilter `json:"or,omitzero"`
	Not *AssetFilter   `json:"not,omitempty"`
}

// PresenceFilter matches an asset that has none of something or, where Empty is false, one.
type PresenceFilter struct {
	Empty *bool `json:"empty,omitempty"`
}

// FileNameFilter says what the files of an asset are called: every given member holds.
type FileNameFilter struct {
	In    []string `json:"in,omitzero"`
	Empty *bool    `json:"empty,omitempty"`
}

// ReviewFilter says what analysers suggest for an asset: every given member holds.
type ReviewFilter struct {
	Suggestions []fact.Suggestion `json:"suggestions,omitzero"`
	Empty       *bool             `json:"empty,omitempty"`
}

// LabelFilter says which labels an asset has, by their names: every given member holds. An
// empty None matches every asset.
type LabelFilter struct {
	Any   []string `json:"any,omitzero"`
	None  []string `json:"none,omitzero"`
	Empty *bool    `json:"empty,omitempty"`
}

// LanguageFilter says in which languages an asset has cues: every given member holds. Empty
// is whether it has none, in whatever language.
type LanguageFilter struct {
	Languages []string `json:"languages,omitzero"`
	Empty     *bool    `json:"empty,omitempty"`
}

// CategoryFilter says which categories an asset is in: every given member holds.
type CategoryFilter struct {
	// In has categories. The asset is in one of them, or, unless IncludeDescendants is
	// false, anywhere below one. Unknown ones match nothing; an id that no category could
	// have is refused.
	In                 []*media.CategoryRef `json:"in,omitzero"`
	IncludeDescendants *bool                `json:"includeDescendants,omitempty"`
	// Empty is whether the asset is in no category at all.
	Empty *bool `json:"empty,omitempty"`
}

// TagFilter says which tags an asset has, by their names: every given member holds. Names
// are compared after NFC and trimming, as tags are kept.
type TagFilter struct {
	// Any matches an asset that has one of the tags.
	Any []string `json:"any,omitzero"`
	// All matches one that has each of them; of an empty list, every asset.
	All []string `json:"all,omitzero"`
	// None matches one that has none of them; of an empty list, every asset.
	None []string `json:"none,omitzero"`
	// Empty is whether the asset has no tag at all.
	Empty *bool `json:"empty,omitempty"`
}

// PlayInfoFilter matches an asset of which one play info is NORMAL and fulfils every given
// member. Without members, any NORMAL play info will do.
type PlayInfoFilter struct {
	Definitions []playinfo.Definition `json:"definitions,omitzero"`
	Formats     []playinfo.Format     `json:"formats,omitzero"`
	Codecs      []string              `json:"codecs,omitzero"`
	HdrTypes    []fact.HdrType        `json:"hdrTypes,omitzero"`
}

// Range matches a value within every given bound, and never an absent one.
type Range[T any] struct {
	Gte *T `json:"gte,omitempty"`
	Gt  *T `json:"gt,omitempty"`
	Lte *T `json:"lte,omitempty"`
	Lt  *T `json:"lt,omitempty"`
}

// The ranges of the schema. Bounds of a FloatRange are finite, and those of a TimeRange are
// of the years 0 to 9999 in UTC.
type (
	Int64Range = Range[int64]
	IntRange   = Range[int]
	FloatRange = Range[float64]
	TimeRange  = Range[time.Time]
)

// bounds are those of the range that are there and those that are not, in the order of the
// schema.
func (r *Range[T]) bounds() [4]*T { return [...]*T{r.Gte, r.Gt, r.Lte, r.Lt} }

func mapped[T, U any](r *Range[T], of func(T) U) *Range[U] {
	one := func(bound *T) *U {
		if bound == nil {
			return nil
		}
		value := of(*bound)
		return &value
	}
	return &Range[U]{Gte: one(r.Gte), Gt: one(r.Gt), Lte: one(r.Lte), Lt: one(r.Lt)}
}

func (f *AssetFilter) within(visit func(*AssetFilter)) {
	if f == nil {
		return
	}
	visit(f)
	for _, g := range f.And {
		g.within(visit)
	}
	for _, g := range f.Or {
		g.within(visit)
	}
	f.Not.within(visit)
}
