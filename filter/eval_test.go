package filter_test

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"vodgraph/ent/asset"
	"vodgraph/ent/playinfo"
	"vodgraph/filter"
)

// library is a small library in memory, with what filters look at.
type library struct {
	tags       []string
	categories []libraryCategory
	assets     []*libraryAsset
}

type libraryCategory struct {
	id, name string
	parent   int // among the categories; -1 for a root
}

type libraryAsset struct {
	id                   string
	kind                 asset.Kind
	status               asset.Status
	referenceID          *string
	businessType         *asset.BusinessType
	storageLocation      string
	storageClass         asset.StorageClass
	mediaSource          asset.MediaSource
	size                 *int64
	duration             *float64
	width, height        *int // an image's own
	createdAt, updatedAt time.Time
	categories           []int // among the library's
	tags                 []string
	mezzanine            *librarySize
	playInfos            []libraryPlayInfo
	coverImage           *string
	coverIsSnapshot      bool
	trashed              bool
}

type librarySize struct{ width, height *int }

type libraryPlayInfo struct {
	definition playinfo.Definition
	format     playinfo.Format
	status     playinfo.Status
	codec      *string
}

// matching is what the schema says a filter matches, asset by asset.
func (s *library) matching(f *filter.AssetFilter) []string {
	ids := []string{}
	for _, a := range s.assets {
		if trashedAs(a, f) && s.matches(a, f) {
			ids = append(ids, a.id)
		}
	}
	slices.Sort(ids)
	return ids
}

// trashedAs reports whether an asset is in the trash where the outermost filter
// wants it to be, and not where it wants it not to be.
func trashedAs(a *libraryAsset, f *filter.AssetFilter) bool {
	if f == nil || !f.Trashed.IsSet() {
		return !a.trashed
	}
	in := f.Trashed.Value()
	return in == nil || *in == a.trashed
}

func (s *library) matches(a *libraryAsset, f *filter.AssetFilter) bool {
	for _, member := range filter.Members {
		if !evaluated[member](s, a, f) {
			return false
		}
	}
	return !slices.ContainsFunc(f.And, func(g *filter.AssetFilter) bool { return !s.matches(a, g) }) &&
		(f.Or == nil || slices.ContainsFunc(f.Or, func(g *filter.AssetFilter) bool { return s.matches(a, g) })) &&
		(f.Not == nil || !s.matches(a, f.Not))
}

// evaluated is what the schema says of each member, by its name: whether it matches an asset
// or is not given.
var evaluated = map[string]func(*library, *libraryAsset, *filter.AssetFilter) bool{
	"kinds":    func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool { return among(f.Kinds, &a.kind) },
	"statuses": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool { return among(f.Statuses, &a.status) },
	"ids":      func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool { return among(f.IDs, &a.id) },
	"referenceIds": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return among(f.ReferenceIDs, a.referenceID)
	},
	"category": func(s *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return f.Category == nil || s.categorised(a, f.Category)
	},
	"tags": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return f.Tags == nil || tagged(a, f.Tags)
	},
	"attachmentTypes": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return among(f.AttachmentTypes, a.businessType)
	},
	"storageLocations": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return among(f.StorageLocations, &a.storageLocation)
	},
	"storageClasses": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return among(f.StorageClasses, &a.storageClass)
	},
	"mediaSources": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return among(f.MediaSources, &a.mediaSource)
	},
	"size":     func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool { return inside(f.Size, a.size) },
	"duration": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool { return inside(f.Duration, a.duration) },
	"width": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return inside(f.Width, a.measured().width)
	},
	"height": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return inside(f.Height, a.measured().height)
	},
	"createdAt": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return insideTime(f.CreatedAt, a.createdAt)
	},
	"updatedAt": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return insideTime(f.UpdatedAt, a.updatedAt)
	},
	"playInfo": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return f.PlayInfo == nil || slices.ContainsFunc(a.playInfos, func(p libraryPlayInfo) bool {
			return p.status == playinfo.StatusNORMAL && among(f.PlayInfo.Definitions, &p.definition) &&
				among(f.PlayInfo.Formats, &p.format) && among(f.PlayInfo.Codecs, p.codec)
		})
	},
	"hasCover": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return f.HasCover == nil || *f.HasCover == (a.coverImage != nil || a.coverIsSnapshot)
	},
}

// measured is the size of an image, else of the mezzanine.
func (a *libraryAsset) measured() librarySize {
	switch {
	case a.kind == asset.KindIMAGE:
		return librarySize{a.width, a.height}
	case a.mezzanine != nil:
		return *a.mezzanine
	}
	return librarySize{}
}

func (s *library) categorised(a *libraryAsset, f *filter.CategoryFilter) bool {
	if f.Empty != nil && *f.Empty != (len(a.categories) == 0) {
		return false
	}
	return f.In == nil || slices.ContainsFunc(a.categories, func(c int) bool {
		if slices.Contains(f.In, s.categories[c].id) {
			return true
		}
		if f.IncludeDescendants != nil && !*f.IncludeDescendants {
			return false
		}
		for c = s.categories[c].parent; c >= 0; c = s.categories[c].parent {
			if slices.Contains(f.In, s.categories[c].id) {
				return true
			}
		}
		return false
	})
}

func tagged(a *libraryAsset, f *filter.TagFilter) bool {
	has := func(name string) bool { return slices.Contains(a.tags, strings.TrimSpace(norm.NFC.String(name))) }
	hasNot := func(name string) bool { return !has(name) }
	return (f.Any == nil || slices.ContainsFunc(f.Any, has)) &&
		!slices.ContainsFunc(f.All, hasNot) &&
		!slices.ContainsFunc(f.None, has) &&
		(f.Empty == nil || *f.Empty == (len(a.tags) == 0))
}

func among[T comparable](list []T, v *T) bool {
	return list == nil || v != nil && slices.Contains(list, *v)
}

func inside[T cmp.Ordered](r *filter.Range[T], v *T) bool {
	return r == nil || v != nil && (r.Gte == nil || *v >= *r.Gte) && (r.Gt == nil || *v > *r.Gt) &&
		(r.Lte == nil || *v <= *r.Lte) && (r.Lt == nil || *v < *r.Lt)
}

func insideTime(r *filter.TimeRange, v time.Time) bool {
	if r == nil {
		return true
	}
	milli := func(t *time.Time) *int64 {
		if t == nil {
			return nil
		}
		n := t.UnixMilli()
		return &n
	}
	return inside(&filter.Range[int64]{Gte: milli(r.Gte), Gt: milli(r.Gt), Lte: milli(r.Lte), Lt: milli(r.Lt)}, milli(&v))
}
