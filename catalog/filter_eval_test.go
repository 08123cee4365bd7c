package catalog_test

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"vodgraph/catalog"
	"vodgraph/ent/asset"
	"vodgraph/ent/playinfo"
)

// shelf is a small library in memory, with what filters look at.
type shelf struct {
	tags       []string
	categories []shelfCategory
	assets     []*shelfAsset
}

type shelfCategory struct {
	id, name string
	parent   int // among the categories; -1 for a root
}

type shelfAsset struct {
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
	categories           []int // among the shelf's
	tags                 []string
	mezzanine            *shelfSize
	playInfos            []shelfPlayInfo
	coverImage           *string
	coverIsSnapshot      bool
	trashed              bool
}

type shelfSize struct{ width, height *int }

type shelfPlayInfo struct {
	definition playinfo.Definition
	format     playinfo.Format
	status     playinfo.Status
	codec      *string
}

// matching is what the schema says a filter matches, asset by asset.
func (s *shelf) matching(f *catalog.AssetFilter) []string {
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
func trashedAs(a *shelfAsset, f *catalog.AssetFilter) bool {
	if f == nil || !f.Trashed.IsSet() {
		return !a.trashed
	}
	in := f.Trashed.Value()
	return in == nil || *in == a.trashed
}

func (s *shelf) matches(a *shelfAsset, f *catalog.AssetFilter) bool {
	every := []bool{
		among(f.Kinds, &a.kind), among(f.Statuses, &a.status), among(f.IDs, &a.id),
		among(f.ReferenceIDs, a.referenceID), among(f.AttachmentTypes, a.businessType),
		among(f.StorageLocations, &a.storageLocation), among(f.StorageClasses, &a.storageClass),
		among(f.MediaSources, &a.mediaSource),
		f.Size == nil || inside(a.size, f.Size.Gte, f.Size.Gt, f.Size.Lte, f.Size.Lt),
		f.Duration == nil || inside(a.duration, f.Duration.Gte, f.Duration.Gt, f.Duration.Lte, f.Duration.Lt),
		insidePixels(f.Width, a.measured().width), insidePixels(f.Height, a.measured().height),
		insideTime(f.CreatedAt, a.createdAt), insideTime(f.UpdatedAt, a.updatedAt),
		f.Category == nil || s.filed(a, f.Category),
		f.Tags == nil || tagged(a, f.Tags),
		f.PlayInfo == nil || slices.ContainsFunc(a.playInfos, func(p shelfPlayInfo) bool {
			return p.status == playinfo.StatusNORMAL && among(f.PlayInfo.Definitions, &p.definition) &&
				among(f.PlayInfo.Formats, &p.format) && among(f.PlayInfo.Codecs, p.codec)
		}),
		f.HasCover == nil || *f.HasCover == (a.coverImage != nil || a.coverIsSnapshot),
		!slices.ContainsFunc(f.And, func(g *catalog.AssetFilter) bool { return !s.matches(a, g) }),
		f.Or == nil || slices.ContainsFunc(f.Or, func(g *catalog.AssetFilter) bool { return s.matches(a, g) }),
		f.Not == nil || !s.matches(a, f.Not),
	}
	return !slices.Contains(every, false)
}

// measured is the size of an image, else of the mezzanine.
func (a *shelfAsset) measured() shelfSize {
	switch {
	case a.kind == asset.KindIMAGE:
		return shelfSize{a.width, a.height}
	case a.mezzanine != nil:
		return *a.mezzanine
	}
	return shelfSize{}
}

func (s *shelf) filed(a *shelfAsset, f *catalog.CategoryFilter) bool {
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

func tagged(a *shelfAsset, f *catalog.TagFilter) bool {
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

func inside[T cmp.Ordered](v, gte, gt, lte, lt *T) bool {
	return v != nil && (gte == nil || *v >= *gte) && (gt == nil || *v > *gt) &&
		(lte == nil || *v <= *lte) && (lt == nil || *v < *lt)
}

func insidePixels(r *catalog.IntRange, v *int) bool {
	return r == nil || inside(v, r.Gte, r.Gt, r.Lte, r.Lt)
}

func insideTime(r *catalog.TimeRange, v time.Time) bool {
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
	return inside(milli(&v), milli(r.Gte), milli(r.Gt), milli(r.Lte), milli(r.Lt))
}
