package catalog

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/ent/asset"
	"vodgraph/ent/playinfo"
)

// AssetFilter says which assets: those for which every given member holds. It is
// the same for lists, for search and for what is done to many assets at once,
// and it is bound by name to the input of schema.graphql.
//
// A nil slice or pointer is a member that is not given. A slice that is given
// and empty matches nothing; only an empty And, All or None asks for nothing, and
// so matches everything. A nil filter is one without members: it matches all that
// is not in the trash.
// JSON keeps all of this, so that a filter can be stored and read back; Predicate
// refuses the few values that JSON cannot hold.
type AssetFilter struct {
	// Kinds, Statuses and IDs match an asset whose own is in the list.
	Kinds    []asset.Kind   `json:"kinds,omitzero"`
	Statuses []asset.Status `json:"statuses,omitzero"`
	IDs      []string       `json:"ids,omitzero"`
	// ReferenceIDs match exactly, and never an asset without one.
	ReferenceIDs []string        `json:"referenceIds,omitzero"`
	Category     *CategoryFilter `json:"category,omitempty"`
	Tags         *TagFilter      `json:"tags,omitempty"`
	// AttachmentTypes match attachments of these types, and nothing of
	// another kind.
	AttachmentTypes  []asset.BusinessType `json:"attachmentTypes,omitzero"`
	StorageLocations []string             `json:"storageLocations,omitzero"`
	StorageClasses   []asset.StorageClass `json:"storageClasses,omitzero"`
	MediaSources     []asset.MediaSource  `json:"mediaSources,omitzero"`
	// Size is in bytes, Duration in seconds.
	Size     *Int64Range `json:"size,omitempty"`
	Duration *FloatRange `json:"duration,omitempty"`
	// Width and Height are in pixels, of an image, else of the mezzanine.
	Width  *IntRange `json:"width,omitempty"`
	Height *IntRange `json:"height,omitempty"`
	// CreatedAt and UpdatedAt are compared in UTC and to the millisecond, which
	// is how times are kept: what a bound has below a millisecond is cut off.
	CreatedAt *TimeRange      `json:"createdAt,omitempty"`
	UpdatedAt *TimeRange      `json:"updatedAt,omitempty"`
	PlayInfo  *PlayInfoFilter `json:"playInfo,omitempty"`
	HasCover  *bool           `json:"hasCover,omitempty"`
	// Trashed is whether the asset is in the trash: it is not, where that is left
	// out, and it may be or not where it is nil. Only the outermost filter has it.
	Trashed graphql.Omittable[*bool] `json:"trashed,omitzero"`
	// And matches what all of its filters match, Or what any of them does, and
	// Not what its filter does not match, absent values or no.
	And []*AssetFilter `json:"and,omitzero"`
	Or  []*AssetFilter `json:"or,omitzero"`
	Not *AssetFilter   `json:"not,omitempty"`
}

// CategoryFilter says which categories an asset is in: every given member holds.
type CategoryFilter struct {
	// In has the ids of categories. The asset is in one of them, or, unless
	// IncludeDescendants is false, anywhere below one. Unknown ids match nothing.
	In                 []string `json:"in,omitzero"`
	IncludeDescendants *bool    `json:"includeDescendants,omitempty"`
	// Empty is whether the asset is in no category at all.
	Empty *bool `json:"empty,omitempty"`
}

// TagFilter says which tags an asset has, by their names: every given member
// holds. Names are compared after NFC and trimming, as tags are kept.
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

// PlayInfoFilter matches an asset of which one play info is NORMAL and fulfils
// every given member. Without members, any NORMAL play info will do.
type PlayInfoFilter struct {
	Definitions []playinfo.Definition `json:"definitions,omitzero"`
	Formats     []playinfo.Format     `json:"formats,omitzero"`
	Codecs      []string              `json:"codecs,omitzero"`
}

// Int64Range matches a value within every given bound, and never an absent one.
type Int64Range struct {
	Gte *int64 `json:"gte,omitempty"`
	Gt  *int64 `json:"gt,omitempty"`
	Lte *int64 `json:"lte,omitempty"`
	Lt  *int64 `json:"lt,omitempty"`
}

// IntRange matches as Int64Range does.
type IntRange struct {
	Gte *int `json:"gte,omitempty"`
	Gt  *int `json:"gt,omitempty"`
	Lte *int `json:"lte,omitempty"`
	Lt  *int `json:"lt,omitempty"`
}

// FloatRange matches as Int64Range does. Its bounds are finite.
type FloatRange struct {
	Gte *float64 `json:"gte,omitempty"`
	Gt  *float64 `json:"gt,omitempty"`
	Lte *float64 `json:"lte,omitempty"`
	Lt  *float64 `json:"lt,omitempty"`
}

// TimeRange matches as Int64Range does. Its bounds are of the years 0 to 9999 in
// UTC.
type TimeRange struct {
	Gte *time.Time `json:"gte,omitempty"`
	Gt  *time.Time `json:"gt,omitempty"`
	Lte *time.Time `json:"lte,omitempty"`
	Lt  *time.Time `json:"lt,omitempty"`
}

// bounds is any of the ranges; each converts to it.
type bounds[T any] struct{ Gte, Gt, Lte, Lt *T }

// cut is a range of times with its bounds as times are kept.
func (r *TimeRange) cut() *TimeRange {
	if r == nil {
		return nil
	}
	kept := func(p *time.Time) *time.Time {
		if p == nil {
			return nil
		}
		t := moment(*p)
		return &t
	}
	return &TimeRange{Gte: kept(r.Gte), Gt: kept(r.Gt), Lte: kept(r.Lte), Lt: kept(r.Lt)}
}

// descends reports whether what is below a category counts as in it.
func (f *CategoryFilter) descends() bool {
	return f.IncludeDescendants == nil || *f.IncludeDescendants
}
