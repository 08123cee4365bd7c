package catalog_test

import (
	"fmt"
	"math"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"vodgraph/catalog"
	"vodgraph/ent/asset"
	"vodgraph/ent/playinfo"
)

// The values that shelves are made of: few, so that filters made of the same
// ones match often, and near each other.
var (
	kinds = []asset.Kind{asset.KindVIDEO, asset.KindAUDIO, asset.KindIMAGE, asset.KindATTACHMENT}
	marks = map[asset.Kind]string{
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

// drawShelf draws a library.
func drawShelf(t *rapid.T) *shelf {
	s := &shelf{tags: tagNames}
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

func (s *shelf) grow(t *rapid.T, name string, parent, level int) {
	i := len(s.categories)
	s.categories = append(s.categories, shelfCategory{id: categoryID(i), name: name, parent: parent})
	if level == 3 {
		return
	}
	for _, child := range some(t, "children", categoryNames, 2) {
		s.grow(t, child, i, level+1)
	}
}

func drawAsset(t *rapid.T, i int, images []string) *shelfAsset {
	kind := draw(t, "kind", kinds)
	a := &shelfAsset{
		id:              fmt.Sprintf("%s%026d", marks[kind], i),
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
	}
	if rapid.Bool().Draw(t, "referenced") {
		ref := fmt.Sprintf(draw(t, "referenceId", []string{"ref %d", "ref %d that is much too long for any term"}), i)
		a.referenceID = &ref
	}
	switch kind {
	case asset.KindIMAGE:
		a.width, a.height = maybe(t, "width", pixels), maybe(t, "height", pixels)
	case asset.KindATTACHMENT:
		a.businessType = maybe(t, "businessType", businessTypes)
	default:
		drawPlayable(t, a, images)
	}
	return a
}

func drawPlayable(t *rapid.T, a *shelfAsset, images []string) {
	a.duration = maybe(t, "duration", durations)
	if rapid.Bool().Draw(t, "mezzanine") {
		a.mezzanine = &shelfSize{maybe(t, "width", pixels), maybe(t, "height", pixels)}
	}
	if len(images) > 0 {
		a.coverImage = maybe(t, "cover", images)
	}
	a.coverIsSnapshot = a.coverImage == nil && rapid.Bool().Draw(t, "snapshot")
	for range draw(t, "playInfos", []int{0, 1, 2, 3}) {
		a.playInfos = append(a.playInfos, shelfPlayInfo{
			definition: draw(t, "definition", definitions),
			format:     draw(t, "format", formats),
			status:     draw(t, "status", []playinfo.Status{playinfo.StatusNORMAL, playinfo.StatusINVISIBLE}),
			codec:      maybe(t, "codec", codecs),
		})
	}
}

// members are those of a filter; the last three nest.
var members = []string{"kind", "status", "id", "referenceId", "category", "tags", "attachmentType",
	"storageLocation", "storageClass", "mediaSource", "size", "duration", "width", "height",
	"createdAt", "updatedAt", "playInfo", "hasCover", "and", "or", "not"}

// drawFilter draws an outermost filter.
func drawFilter(t *rapid.T, s *shelf, levels int) *catalog.AssetFilter {
	f := drawInner(t, s, levels)
	if rapid.Bool().Draw(t, "trash told") {
		f.Trashed = graphql.OmittableOf(maybe(t, "trashed", []bool{true, false}))
	}
	return f
}

// drawInner draws a filter with up to three members, made of a shelf's values
// and others, nested to so many levels.
func drawInner(t *rapid.T, s *shelf, levels int) *catalog.AssetFilter {
	f := &catalog.AssetFilter{}
	choice := members
	if levels == 0 {
		choice = members[:len(members)-3]
	}
	for _, member := range some(t, "members", choice, 3) {
		drawMember(t, s, f, member, levels)
	}
	return f
}

func drawMember(t *rapid.T, s *shelf, f *catalog.AssetFilter, member string, levels int) {
	switch member {
	case "kind":
		f.Kinds = some(t, member, kinds, 3)
	case "status":
		f.Statuses = some(t, member, statuses, 3)
	case "id":
		f.IDs = some(t, member, append(s.ids(), "vid_unknown"), 30)
	case "referenceId":
		f.ReferenceIDs = some(t, member, append(s.referenceIDs(), "unknown"), 30)
	case "category":
		f.Category = drawCategoryFilter(t, s)
	case "tags":
		f.Tags = drawTagFilter(t)
	case "attachmentType":
		f.AttachmentTypes = some(t, member, businessTypes, 3)
	case "storageLocation":
		f.StorageLocations = some(t, member, append([]string{"x"}, locations...), 2)
	case "storageClass":
		f.StorageClasses = some(t, member, classes, 2)
	case "mediaSource":
		f.MediaSources = some(t, member, sources, 2)
	case "playInfo":
		f.PlayInfo = drawPlayInfoFilter(t)
	case "hasCover":
		f.HasCover = new(rapid.Bool().Draw(t, member))
	case "and":
		f.And = drawFilters(t, s, levels)
	case "or":
		f.Or = drawFilters(t, s, levels)
	case "not":
		f.Not = drawInner(t, s, levels-1)
	default:
		drawRange(t, f, member)
	}
}

func drawFilters(t *rapid.T, s *shelf, levels int) []*catalog.AssetFilter {
	filters := []*catalog.AssetFilter{}
	for range draw(t, "filters", []int{0, 1, 2, 3}) {
		filters = append(filters, drawInner(t, s, levels-1))
	}
	return filters
}

// wide draws, more often than not, no bound: ranges of four are mostly empty.
func wide[T any](t *rapid.T, from []T) *T {
	if draw(t, "bound", []bool{true, true, false}) {
		return nil
	}
	return new(draw(t, "bound", from))
}

func drawRange(t *rapid.T, f *catalog.AssetFilter, member string) {
	numbers := append([]int64{-1, 999, math.MinInt64}, sizes...)
	fractions := append([]float64{-1, 12.3455, math.MaxFloat64}, durations...)
	dots := append([]int{-1, 719, math.MaxInt}, pixels...)
	pixelRange := func() *catalog.IntRange {
		return &catalog.IntRange{Gte: wide(t, dots), Gt: wide(t, dots), Lte: wide(t, dots), Lt: wide(t, dots)}
	}
	timeRange := func() *catalog.TimeRange {
		return &catalog.TimeRange{Gte: wideTime(t), Gt: wideTime(t), Lte: wideTime(t), Lt: wideTime(t)}
	}
	switch member {
	case "size":
		f.Size = &catalog.Int64Range{
			Gte: wide(t, numbers), Gt: wide(t, numbers), Lte: wide(t, numbers), Lt: wide(t, numbers)}
	case "duration":
		f.Duration = &catalog.FloatRange{
			Gte: wide(t, fractions), Gt: wide(t, fractions), Lte: wide(t, fractions), Lt: wide(t, fractions)}
	case "width":
		f.Width = pixelRange()
	case "height":
		f.Height = pixelRange()
	case "createdAt":
		f.CreatedAt = timeRange()
	case "updatedAt":
		f.UpdatedAt = timeRange()
	}
}

// wideTime is wide for times, in other zones too, and between the milliseconds.
func wideTime(t *rapid.T) *time.Time {
	bound := wide(t, times)
	if bound == nil {
		return nil
	}
	zone := draw(t, "zone", []*time.Location{time.UTC, time.FixedZone("", 8*3600), time.FixedZone("", -5*3600-1800)})
	return new(bound.Add(draw(t, "beside", []time.Duration{0, 400 * time.Microsecond})).In(zone))
}

func drawCategoryFilter(t *rapid.T, s *shelf) *catalog.CategoryFilter {
	ids := []string{"cat_unknown"}
	for _, c := range s.categories {
		ids = append(ids, c.id)
	}
	f := &catalog.CategoryFilter{IncludeDescendants: maybe(t, "below", []bool{false, true})}
	if draw(t, "in", []bool{true, true, true, false}) {
		f.In = some(t, "in", ids, 3)
	} else {
		f.Empty = maybe(t, "empty", []bool{false, true})
	}
	return f
}

func drawTagFilter(t *rapid.T) *catalog.TagFilter {
	f := &catalog.TagFilter{}
	names := func() []string {
		list := []string{}
		for range draw(t, "names", []int{0, 1, 2, 3}) { // the same one twice, too
			name := draw(t, "name", append([]string{"unknown", ""}, tagNames...))
			list = append(list, draw(t, "written",
				[]string{name, norm.NFD.String(name), " " + name + "\t", "\u3000" + name}))
		}
		return list
	}
	for _, member := range some(t, "members", []string{"any", "all", "none", "empty"}, 2) {
		switch member {
		case "any":
			f.Any = names()
		case "all":
			f.All = names()
		case "none":
			f.None = names()
		case "empty":
			f.Empty = new(rapid.Bool().Draw(t, "empty"))
		}
	}
	return f
}

func drawPlayInfoFilter(t *rapid.T) *catalog.PlayInfoFilter {
	f := &catalog.PlayInfoFilter{}
	for _, member := range some(t, "members", []string{"definition", "format", "codec"}, 3) {
		switch member {
		case "definition":
			f.Definitions = some(t, member, definitions, 2)
		case "format":
			f.Formats = some(t, member, formats, 2)
		case "codec":
			f.Codecs = some(t, member, codecs, 2)
		}
	}
	return f
}

func (s *shelf) ids() []string {
	var ids []string
	for _, a := range s.assets {
		ids = append(ids, a.id)
	}
	return ids
}

func (s *shelf) referenceIDs() []string {
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
