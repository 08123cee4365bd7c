package filter

import (
	"vodgraph/ent/asset"
	"vodgraph/ent/cue"
	"vodgraph/ent/fact"
	"vodgraph/ent/playinfo"
	"vodgraph/media"
	"vodgraph/search"
)

var assetMembers = []member[AssetFilter]{
	list("kinds", func(f *AssetFilter) *[]asset.Kind { return &f.Kinds }, column(asset.FieldKind), term(search.TermKind)),
	list("statuses", func(f *AssetFilter) *[]asset.Status { return &f.Statuses }, column(asset.FieldStatus), term(search.TermStatus)),
	list("ids", func(f *AssetFilter) *[]string { return &f.IDs }, column(asset.FieldID), assetIDs),
	list("referenceIds", func(f *AssetFilter) *[]string { return &f.ReferenceIDs },
		nullable(asset.FieldReferenceID), written(search.TermReference)),
	titleMember(),
	ofAsset(nested("description", func(f *AssetFilter) **PresenceFilter { return &f.Description }, descriptionMembers, everything)),
	nested("fileName", func(f *AssetFilter) **FileNameFilter { return &f.FileName }, fileNameMembers, everything),
	nested("category", func(f *AssetFilter) **CategoryFilter { return &f.Category }, categoryMembers, everything),
	tagMember(),
	list("attachmentTypes", func(f *AssetFilter) *[]asset.BusinessType { return &f.AttachmentTypes },
		nullable(asset.FieldBusinessType), term(search.TermAttachmentType)),
	list("storageLocations", func(f *AssetFilter) *[]string { return &f.StorageLocations },
		column(asset.FieldStorageLocation), written(search.TermLocation)),
	list("storageClasses", func(f *AssetFilter) *[]asset.StorageClass { return &f.StorageClasses },
		column(asset.FieldStorageClass), term(search.TermClass)),
	list("mediaSources", func(f *AssetFilter) *[]asset.MediaSource { return &f.MediaSources },
		column(asset.FieldMediaSource), term(search.TermSource)),
	ranged("size", func(f *AssetFilter) **Int64Range { return &f.Size }, nil, columnWithin[int64](asset.FieldSize),
		func(r *Int64Range) *search.Filter { return numbers(search.NumberSize, r) }),
	ranged("duration", func(f *AssetFilter) **FloatRange { return &f.Duration }, finite, columnWithin[float64](asset.FieldDuration),
		func(r *FloatRange) *search.Filter { return numbers(search.NumberDuration, tickRange(r)) }),
	pixels("width", func(f *AssetFilter) **IntRange { return &f.Width }, search.NumberWidth),
	pixels("height", func(f *AssetFilter) **IntRange { return &f.Height }, search.NumberHeight),
	timed("createdAt", func(f *AssetFilter) **TimeRange { return &f.CreatedAt }, asset.FieldCreatedAt, search.NumberCreated),
	timed("updatedAt", func(f *AssetFilter) **TimeRange { return &f.UpdatedAt }, asset.FieldUpdatedAt, search.NumberUpdated),
	playInfoMember(),
	flag("hasCover", func(f *AssetFilter) **bool { return &f.HasCover }, func(w scope) clause {
		return either(given(w.column(asset.FieldCoverImageID)), given(w.column(asset.FieldCoverSnapshotID)))
	}, FlagCover),
	flag("downloadEnabled", func(f *AssetFilter) **bool { return &f.DownloadEnabled },
		func(w scope) clause { return clause{text: w.column(asset.FieldDownloadEnabled)} }, FlagDownload),
	list("imageTypes", func(f *AssetFilter) *[]asset.ImageType { return &f.ImageTypes }, nullable(asset.FieldImageType), facts(FactImageType)),
	nested("review", func(f *AssetFilter) **ReviewFilter { return &f.Review }, reviewMembers, everything),
	nested("labels", func(f *AssetFilter) **LabelFilter { return &f.Labels }, labelMembers, everything),
	nested("speech", func(f *AssetFilter) **LanguageFilter { return &f.Speech }, languageMembers(cue.KindSPEECH, FactSpeech), everything),
	nested("screenText", func(f *AssetFilter) **LanguageFilter { return &f.ScreenText },
		languageMembers(cue.KindSCREEN_TEXT, FactScreenText), everything),
}

// pixels is a range of the width or height: only images have their own, and others that of
// the mezzanine.
func pixels(name string, at func(*AssetFilter) **IntRange, number search.NumberField) member[AssetFilter] {
	m := ranged(name, at, nil,
		func(w scope, r *IntRange) clause {
			return either(within(w.column(name), r), w.exists("mezzanines", within("mezzanines."+name, r)))
		},
		func(r *IntRange) *search.Filter { return numbers(number, r) })
	m.links = func(*AssetFilter) int { return 1 }
	return m
}

func tagMember() member[AssetFilter] {
	m := nested("tags", func(f *AssetFilter) **TagFilter { return &f.Tags }, tagMembers, everything)
	m.links = func(f *AssetFilter) (n int) {
		for _, names := range [][]string{f.Tags.Any, f.Tags.All, f.Tags.None} {
			if names != nil {
				n++
			}
		}
		return max(1, n)
	}
	return m
}

// asset_tags with the names of the tags.
const namedTags = "asset_tags JOIN tags ON tags.id = asset_tags.tag_id"

var tagMembers = []member[TagFilter]{
	tagNames("any", func(f *TagFilter) *[]string { return &f.Any }, nothing, scope.anyTag, lookups.anyTag),
	tagNames("all", func(f *TagFilter) *[]string { return &f.All }, everything, scope.allTags,
		func(l lookups, names []string) *search.Filter {
			each := make([]*search.Filter, len(names))
			for i, name := range names {
				each[i] = l.anyTag([]string{name})
			}
			return every(each...)
		}),
	tagNames("none", func(f *TagFilter) *[]string { return &f.None }, everything,
		func(w scope, names []string) clause { return not(w.anyTag(names)) },
		func(l lookups, names []string) *search.Filter { return negated(l.anyTag(names)) }),
	missing("empty", func(f *TagFilter) **bool { return &f.Empty },
		func(w scope) clause { return w.exists("asset_tags") }, FlagTagged),
}

// tagNames is a list of names of tags, which are compared as tags are kept. An empty one
// means what ofNone says.
func tagNames(name string, at func(*TagFilter) *[]string, ofNone meaning, sql func(scope, []string) clause,
	engine func(lookups, []string) *search.Filter) member[TagFilter] {
	cleaned := func(f *TagFilter) []string { return set(eachOf(*at(f), media.Clean)) }
	m := list(name, at, nil, nil)
	m.canonical = func(f *TagFilter) { *at(f) = cleaned(f) }
	m.meaning = func(f *TagFilter) meaning {
		if len(*at(f)) == 0 {
			return ofNone
		}
		return some
	}
	m.sql = func(w scope, f *TagFilter) clause {
		if ofNone == everything && len(*at(f)) == 0 {
			return clause{}
		}
		return sql(w, cleaned(f))
	}
	m.engine = func(l lookups, f *TagFilter) *search.Filter {
		if ofNone == everything && len(*at(f)) == 0 {
			return nil
		}
		return engine(l, *at(f))
	}
	return m
}

// playInfoMember holds of one and the same play info. Engines know play infos by terms of
// what each has, in every combination: see PlayTerms.
func playInfoMember() member[AssetFilter] {
	m := nested("playInfo", func(f *AssetFilter) **PlayInfoFilter { return &f.PlayInfo }, playInfoMembers, some)
	m.sql = func(w scope, f *AssetFilter) clause {
		normal := w.in("play_infos.status", []string{string(playinfo.StatusNORMAL)})
		return w.exists("play_infos", append([]clause{normal}, clauses(w, playInfoMembers, f.PlayInfo)...)...)
	}
	m.engine = func(_ lookups, f *AssetFilter) *search.Filter {
		return terms(search.TermPlay, combinations(playChoices(f.PlayInfo)...))
	}
	return m
}

// playInfoMembers are in the order of the parts of PlayTerms.
var playInfoMembers = []member[PlayInfoFilter]{
	list("definitions", func(f *PlayInfoFilter) *[]playinfo.Definition { return &f.Definitions },
		playColumn(playinfo.FieldDefinition), term(search.TermPlay)),
	list("formats", func(f *PlayInfoFilter) *[]playinfo.Format { return &f.Formats },
		playColumn(playinfo.FieldFormat), term(search.TermPlay)),
	list("codecs", func(f *PlayInfoFilter) *[]string { return &f.Codecs },
		playColumn(playinfo.FieldCodec), written(search.TermPlay)),
	list("hdrTypes", func(f *PlayInfoFilter) *[]fact.HdrType { return &f.HdrTypes },
		playColumn(playinfo.FieldHdrType), term(search.TermPlay)),
}

func playColumn(name string) func(scope, []string) clause {
	return func(w scope, values []string) clause { return w.in("play_infos."+name, values) }
}

// playChoices are the terms of the values that each member of a play info allows; one that
// is not given allows "", which stands for any.
func playChoices(f *PlayInfoFilter) [][]string {
	choices := make([][]string, len(playInfoMembers))
	for i, m := range playInfoMembers {
		if choices[i] = []string{""}; m.given(f) {
			choices[i] = nil
			if made := m.engine(lookups{}, f); made.Terms != nil {
				choices[i] = made.Terms.Values
			}
		}
	}
	return choices
}
