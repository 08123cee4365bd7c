package filter_test

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"vodgraph/ent/asset"
	"vodgraph/ent/fact"
	"vodgraph/ent/playinfo"
	"vodgraph/filter"
	"vodgraph/media"
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
	title                string
	description          *string
	fileName             *string // its own
	downloadEnabled      bool
	imageType            *asset.ImageType
	reviews              []*fact.Suggestion // by an analyser each
	labels               []string
	speech, screenText   []*string // languages of cues
}

type librarySize struct {
	width, height *int
	fileName      *string
}

type libraryPlayInfo struct {
	definition playinfo.Definition
	format     playinfo.Format
	status     playinfo.Status
	codec      *string
	hdrType    *fact.HdrType
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
				among(f.PlayInfo.Formats, &p.format) && among(f.PlayInfo.Codecs, p.codec) &&
				among(f.PlayInfo.HdrTypes, p.hdrType)
		})
	},
	"titles": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return f.Titles == nil || slices.ContainsFunc(f.Titles, func(title string) bool {
			return strings.TrimSpace(norm.NFC.String(title)) == a.title
		})
	},
	"description": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return f.Description == nil || has(f.Description.Empty, a.description != nil)
	},
	"fileName": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		names := []*string{a.fileName}
		if a.mezzanine != nil {
			names = append(names, a.mezzanine.fileName)
		}
		names = slices.DeleteFunc(names, func(name *string) bool { return name == nil })
		return f.FileName == nil || has(f.FileName.Empty, len(names) > 0) && (f.FileName.In == nil ||
			slices.ContainsFunc(names, func(name *string) bool { return among(f.FileName.In, name) }))
	},
	"downloadEnabled": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return f.DownloadEnabled == nil || *f.DownloadEnabled == a.downloadEnabled
	},
	"imageTypes": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool { return among(f.ImageTypes, a.imageType) },
	"review": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		given := slices.DeleteFunc(slices.Clone(a.reviews), func(s *fact.Suggestion) bool { return s == nil })
		return f.Review == nil || has(f.Review.Empty, len(given) > 0) && (f.Review.Suggestions == nil ||
			slices.ContainsFunc(given, func(s *fact.Suggestion) bool { return among(f.Review.Suggestions, s) }))
	},
	"labels": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return f.Labels == nil || labelled(a.labels, f.Labels)
	},
	"speech":     func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool { return cues(a.speech, f.Speech) },
	"screenText": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool { return cues(a.screenText, f.ScreenText) },
	"hasCover": func(_ *library, a *libraryAsset, f *filter.AssetFilter) bool {
		return f.HasCover == nil || *f.HasCover == (a.coverImage != nil || a.coverIsSnapshot)
	},
}

// has reports whether something that an asset has, or has not, is what a filter's empty says.
func has(empty *bool, there bool) bool { return empty == nil || *empty != there }

// cues reports whether cues in these languages fulfil a filter.
func cues(languages []*string, f *filter.LanguageFilter) bool {
	return f == nil || has(f.Empty, len(languages) > 0) &&
		(f.Languages == nil || slices.ContainsFunc(languages, func(l *string) bool { return among(f.Languages, l) }))
}

// labelled reports whether a filter of labels matches those of an asset.
func labelled(names []string, f *filter.LabelFilter) bool {
	have := func(name string) bool { return slices.Contains(names, name) }
	return has(f.Empty, len(names) > 0) && (f.Any == nil || slices.ContainsFunc(f.Any, have)) && !slices.ContainsFunc(f.None, have)
}

// measured is the size of an image, else of the mezzanine.
func (a *libraryAsset) measured() librarySize {
	switch {
	case a.kind == asset.KindIMAGE:
		return librarySize{width: a.width, height: a.height}
	case a.mezzanine != nil:
		return *a.mezzanine
	}
	return librarySize{}
}

func (s *library) categorised(a *libraryAsset, f *filter.CategoryFilter) bool {
	if f.Empty != nil && *f.Empty != (len(a.categories) == 0) {
		return false
	}
	named := func(c int) bool {
		return slices.ContainsFunc(f.In, func(ref *media.CategoryRef) bool {
			if ref.ID != nil {
				return *ref.ID == s.categories[c].id
			}
			return slices.EqualFunc(ref.Path, s.path(c), func(name, kept string) bool { return strings.TrimSpace(name) == kept })
		})
	}
	return f.In == nil || slices.ContainsFunc(a.categories, func(c int) bool {
		for ; c >= 0; c = s.categories[c].parent {
			if named(c) {
				return true
			}
			if f.IncludeDescendants != nil && !*f.IncludeDescendants {
				return false
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
