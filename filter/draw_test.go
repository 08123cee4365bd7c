package filter_test

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"pgregory.net/rapid"

	"vodgraph/ent/asset"
	"vodgraph/ent/fact"
	"vodgraph/ent/playinfo"
	"vodgraph/filter"
)

// The values that libraries are made of: few, so that filters made of the same
// ones match often, and near each other.
var (
	kinds    = []asset.Kind{asset.KindVIDEO, asset.KindAUDIO, asset.KindIMAGE, asset.KindATTACHMENT}
	prefixes = map[asset.Kind]string{
		asset.KindVIDEO: "vid_", asset.KindAUDIO: "aud_", asset.KindIMAGE: "img_", asset.KindATTACHMENT: "att_"}
	statuses      = []asset.Status{asset.StatusUPLOADING, asset.StatusNORMAL, asset.StatusBLOCKED}
	businessTypes = []asset.BusinessType{
		asset.BusinessTypeWATERMARK, asset.BusinessTypeSUBTITLE, asset.BusinessTypeMATERIAL}
	classes       = []asset.StorageClass{asset.StorageClassSTANDARD, asset.StorageClassIA}
	sources       = []asset.MediaSource{asset.MediaSourceGENERAL, asset.MediaSourceLIVE}
	definitions   = []playinfo.Definition{playinfo.DefinitionFD, playinfo.DefinitionHD, playinfo.DefinitionAUTO}
	formats       = []playinfo.Format{playinfo.FormatMP4, playinfo.FormatM3U8}
	codecs        = []string{"h264", "H264", "a/b", "hevc of a codec's name that is too long for a term"}
	locations     = []string{"default", "100%_'\"x", "Default", "a storage location whose name is too long for a term"}
	sizes         = []int64{0, 1, 1000, 1001, 1 << 40, math.MaxInt64}
	durations     = []float64{0, 0.001, 12.345, 12.346, 7200, 1 << 43, 1<<43 + 1, 1e15}
	pixels        = []int{0, 720, 1080, 1081, 3840}
	tagNames      = []string{"a", "A", "é", "猫", "two words", `<&>"'\`, "\u2028"}
	titles        = []string{"Sea", "sea", "Séa", "a title that is too long for a term, and so there is a hash"}
	fileNames     = []string{"a.mp4", "A.mp4", "b'?.png"}
	labels        = []string{"cat", "Cat", "a label whose name is too long for any of the terms"}
	languages     = []string{"ja", "JA", "zh-Hans"}
	suggestions   = []fact.Suggestion{fact.Pass, fact.Review, fact.Block}
	hdrTypes      = []fact.HdrType{fact.SDR, fact.HLG}
	imageTypes    = []asset.ImageType{asset.ImageTypeDEFAULT, asset.ImageTypeCOVER}
	categoryNames = []string{"Anime", "Anime 2", "Anime!", "anime", "映画"}
	times         = []time.Time{
		time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 2, 28, 23, 59, 59, 999e6, time.UTC),
		time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 3, 1, 0, 0, 0, 1e6, time.UTC),
		time.Date(2026, 3, 1, 0, 0, 0, 100e6, time.UTC),
		time.Date(2026, 3, 1, 0, 0, 0, 120e6, time.UTC),
		time.Date(2026, 3, 1, 0, 0, 1, 0, time.UTC),
		time.Date(9999, 12, 31, 12, 0, 0, 0, time.UTC),
	}
)

func draw[T any](t *rapid.T, label string, from []T) T {
	return rapid.SampledFrom(from).Draw(t, label)
}

// maybe draws a value, or none.
func maybe[T any](t *rapid.T, label string, from []T) *T {
	return rapid.Ptr(rapid.SampledFrom(from), true).Draw(t, label)
}

// some draws up to n different values, each number of them as likely; the list is
// never nil.
func some[T comparable](t *rapid.T, label string, from []T, n int) []T {
	n = draw(t, label, indexes(make([]struct{}, min(n, len(from))+1)))
	if n == 0 {
		return []T{}
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), n, n, rapid.ID[T]).Draw(t, label)
}

// drawLibrary draws a library.
func drawLibrary(t *rapid.T) *library {
	s := &library{tags: tagNames}
	for _, root := range categoryNames {
		s.grow(t, root, -1, 1)
	}
	var images []string
	for i := range draw(t, "assets", []int{0, 1, 10, 60, 60, 60}) {
		a := drawAsset(t, i, images)
		if a.kind == asset.KindIMAGE {
			images = append(images, a.id)
		}
		a.categories = some(t, "categories", indexes(s.categories), 3)
		s.assets = append(s.assets, a)
	}
	return s
}

func (s *library) grow(t *rapid.T, name string, parent, level int) {
	i := len(s.categories)
	s.categories = append(s.categories, libraryCategory{id: categoryID(i), name: name, parent: parent})
	if level == 3 {
		return
	}
	for _, child := range some(t, "children", categoryNames, 2) {
		s.grow(t, child, i, level+1)
	}
}

func drawAsset(t *rapid.T, i int, images []string) *libraryAsset {
	kind := draw(t, "kind", kinds)
	a := &libraryAsset{
		id:              fmt.Sprintf("%s%026d", prefixes[kind], i),
		kind:            kind,
		status:          draw(t, "status", statuses),
		storageLocation: draw(t, "location", locations),
		storageClass:    draw(t, "class", classes),
		mediaSource:     draw(t, "source", sources),
		size:            maybe(t, "size", sizes),
		createdAt:       draw(t, "createdAt", times),
		updatedAt:       draw(t, "updatedAt", times),
		tags:            some(t, "tags", tagNames, 3),
		trashed:         draw(t, "trashed", []bool{true, false, false, false}),
		title:           draw(t, "title", titles),
		description:     maybe(t, "description", titles),
		fileName:        maybe(t, "fileName", fileNames),
		downloadEnabled: rapid.Bool().Draw(t, "downloadEnabled"),
		labels:          some(t, "labels", labels, 2),
	}
	for range draw(t, "reviews", []int{0, 0, 1, 2}) {
		a.reviews = append(a.reviews, maybe(t, "review", suggestions))
	}
	for range draw(t, "cues", []int{0, 0, 1, 2}) {
		a.speech = append(a.speech, maybe(t, "speech", languages))
		a.screenText = append(a.screenText, maybe(t, "screenText", languages))
	}
	if rapid.Bool().Draw(t, "referenced") {
		ref := fmt.Sprintf(draw(t, "referenceId", []string{"ref %d", "ref %d that is much too long for any term"}), i)
		a.referenceID = &ref
	}
	switch kind {
	case asset.KindIMAGE:
		a.imageType = new(draw(t, "imageType", imageTypes))
		a.width, a.height = maybe(t, "width", pixels), maybe(t, "height", pixels)
	case asset.KindATTACHMENT:
		a.businessType = maybe(t, "businessType", businessTypes)
	default:
		drawPlayable(t, a, images)
	}
	return a
}

func drawPlayable(t *rapid.T, a *libraryAsset, images []string) {
	a.duration = maybe(t, "duration", durations)
	if rapid.Bool().Draw(t, "mezzanine") {
		a.mezzanine = &librarySize{maybe(t, "width", pixels), maybe(t, "height", pixels), maybe(t, "fileName", fileNames)}
	}
	if len(images) > 0 {
		a.coverImage = maybe(t, "cover", images)
	}
	a.coverIsSnapshot = a.coverImage == nil && rapid.Bool().Draw(t, "snapshot")
	for range draw(t, "playInfos", []int{0, 1, 2, 3}) {
		a.playInfos = append(a.playInfos, libraryPlayInfo{
			definition: draw(t, "definition", definitions),
			format:     draw(t, "format", formats),
			status:     draw(t, "status", []playinfo.Status{playinfo.StatusNORMAL, playinfo.StatusINVISIBLE}),
			codec:      maybe(t, "codec", codecs),
			hdrType:    maybe(t, "hdrType", hdrTypes),
		})
	}
}

// drawFilter draws an outermost filter.
func drawFilter(t *rapid.T, s *library, levels int) *filter.AssetFilter {
	f := drawInner(t, s, levels)
	if rapid.Bool().Draw(t, "trash given") {
		f.Trashed = graphql.OmittableOf(maybe(t, "trashed", []bool{true, false}))
	}
	return f
}

// drawInner draws a filter with up to three members, made of a library's values and others,
// nested to so many levels.
func drawInner(t *rapid.T, s *library, levels int) *filter.AssetFilter {
	f := &filter.AssetFilter{}
	choice := slices.Concat(filter.Members, filter.NestingMembers)
	if levels == 0 {
		choice = filter.Members
	}
	for _, member := range some(t, "members", choice, 3) {
		switch member {
		case "and":
			f.And = drawFilters(t, s, levels)
		case "or":
			f.Or = drawFilters(t, s, levels)
		case "not":
			f.Not = drawInner(t, s, levels-1)
		default:
			drawn[member](t, s, f)
		}
	}
	return f
}

func drawFilters(t *rapid.T, s *library, levels int) []*filter.AssetFilter {
	filters := []*filter.AssetFilter{}
	for range draw(t, "filters", []int{0, 1, 2, 3}) {
		filters = append(filters, drawInner(t, s, levels-1))
	}
	return filters
}

// drawn draws each member of a filter, by its name.
var drawn = map[string]func(*rapid.T, *library, *filter.AssetFilter){
	"kinds":    func(t *rapid.T, _ *library, f *filter.AssetFilter) { f.Kinds = some(t, "kinds", kinds, 3) },
	"statuses": func(t *rapid.T, _ *library, f *filter.AssetFilter) { f.Statuses = some(t, "statuses", statuses, 3) },
	"ids": func(t *rapid.T, s *library, f *filter.AssetFilter) {
		f.IDs = some(t, "ids", append(s.ids(), "vid_unknown"), 30)
	},
	"referenceIds": func(t *rapid.T, s *library, f *filter.AssetFilter) {
		f.ReferenceIDs = some(t, "referenceIds", append(s.referenceIDs(), "unknown"), 30)
	},
	"category": func(t *rapid.T, s *library, f *filter.AssetFilter) { f.Category = drawCategoryFilter(t, s) },
	"tags":     func(t *rapid.T, _ *library, f *filter.AssetFilter) { f.Tags = drawTagFilter(t) },
	"attachmentTypes": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.AttachmentTypes = some(t, "attachmentTypes", businessTypes, 3)
	},
	"storageLocations": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.StorageLocations = some(t, "storageLocations", append([]string{"x"}, locations...), 2)
	},
	"storageClasses": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.StorageClasses = some(t, "storageClasses", classes, 2)
	},
	"mediaSources": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.MediaSources = some(t, "mediaSources", sources, 2)
	},
	"size": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.Size = drawRange(t, append([]int64{-1, 999, math.MinInt64}, sizes...))
	},
	"duration": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.Duration = drawRange(t, append([]float64{-1, 12.3455, math.MaxFloat64}, durations...))
	},
	"width": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.Width = drawRange(t, append([]int{-1, 719, math.MaxInt}, pixels...))
	},
	"height": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.Height = drawRange(t, append([]int{-1, 719, math.MaxInt}, pixels...))
	},
	"createdAt": func(t *rapid.T, _ *library, f *filter.AssetFilter) { f.CreatedAt = drawTimeRange(t) },
	"updatedAt": func(t *rapid.T, _ *library, f *filter.AssetFilter) { f.UpdatedAt = drawTimeRange(t) },
	"playInfo":  func(t *rapid.T, _ *library, f *filter.AssetFilter) { f.PlayInfo = drawPlayInfoFilter(t) },
	"titles": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.Titles = some(t, "titles", append([]string{" Sea", "Se\u0301a", "unknown"}, titles...), 3)
	},
	"description": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.Description = &filter.PresenceFilter{Empty: drawEmpty(t)}
	},
	"fileName": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.FileName = &filter.FileNameFilter{In: drawList(t, "in", fileNames), Empty: drawEmpty(t)}
	},
	"downloadEnabled": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.DownloadEnabled = new(rapid.Bool().Draw(t, "downloadEnabled"))
	},
	"imageTypes": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.ImageTypes = some(t, "imageTypes", imageTypes, 2)
	},
	"review": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.Review = &filter.ReviewFilter{Suggestions: drawList(t, "suggestions", suggestions), Empty: drawEmpty(t)}
	},
	"labels": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.Labels = &filter.LabelFilter{Any: drawList(t, "any", labels), None: drawList(t, "none", labels), Empty: drawEmpty(t)}
	},
	"speech":     func(t *rapid.T, _ *library, f *filter.AssetFilter) { f.Speech = drawLanguageFilter(t) },
	"screenText": func(t *rapid.T, _ *library, f *filter.AssetFilter) { f.ScreenText = drawLanguageFilter(t) },
	"hasCover": func(t *rapid.T, _ *library, f *filter.AssetFilter) {
		f.HasCover = new(rapid.Bool().Draw(t, "hasCover"))
	},
}

// drawEmpty draws, more often than not, none: most lists match what is not empty.
func drawEmpty(t *rapid.T) *bool { return draw(t, "empty", []*bool{nil, nil, new(true), new(false)}) }

// drawList draws none, or up to two values.
func drawList[T comparable](t *rapid.T, label string, from []T) []T {
	if rapid.Bool().Draw(t, label) {
		return nil
	}
	return some(t, label, from, 2)
}

func drawLanguageFilter(t *rapid.T) *filter.LanguageFilter {
	return &filter.LanguageFilter{Languages: drawList(t, "languages", languages), Empty: drawEmpty(t)}
}

// drawRange draws, for each bound, more often none than one: ranges of four are mostly empty.
func drawRange[T any](t *rapid.T, from []T) *filter.Range[T] {
	bound := func() *T {
		if draw(t, "bound", []bool{true, true, false}) {
			return nil
		}
		return new(draw(t, "bound", from))
	}
	return &filter.Range[T]{Gte: bound(), Gt: bound(), Lte: bound(), Lt: bound()}
}

// drawTimeRange draws times in other zones too, and between the milliseconds.
func drawTimeRange(t *rapid.T) *filter.TimeRange {
	var bounds []time.Time
	for _, at := range times {
		zone := draw(t, "zone", []*time.Location{time.UTC, time.FixedZone("", 8*3600), time.FixedZone("", -5*3600-1800)})
		bounds = append(bounds, at.Add(draw(t, "beside", []time.Duration{0, 400 * time.Microsecond})).In(zone))
	}
	return drawRange(t, bounds)
}

func drawPlayInfoFilter(t *rapid.T) *filter.PlayInfoFilter {
	f := &filter.PlayInfoFilter{}
	for _, member := range some(t, "members", []string{"definition", "format", "codec", "hdrType"}, 3) {
		switch member {
		case "definition":
			f.Definitions = some(t, member, definitions, 2)
		case "format":
			f.Formats = some(t, member, formats, 2)
		case "hdrType":
			f.HdrTypes = some(t, member, hdrTypes, 2)
		case "codec":
			f.Codecs = some(t, member, codecs, 2)
		}
	}
	return f
}

func (s *library) ids() []string {
	var ids []string
	for _, a := range s.assets {
		ids = append(ids, a.id)
	}
	return ids
}

func (s *library) referenceIDs() []string {
	var ids []string
	for _, a := range s.assets {
		if a.referenceID != nil {
			ids = append(ids, *a.referenceID)
		}
	}
	return ids
}

func indexes[T any](list []T) []int {
	at := make([]int, len(list))
	for i := range list {
		at[i] = i
	}
	return at
}
