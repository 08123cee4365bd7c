package filter

import (
	"vodgraph/ent/asset"
	"vodgraph/ent/cue"
	"vodgraph/ent/fact"
	"vodgraph/media"
	"vodgraph/search"
)

// Members that compare what people or programs wrote. Engines know these as facts, which are
// the terms of documents for what only filters name.

// ofAsset is a member that asks no other table.
func ofAsset[F any](m member[F]) member[F] {
	m.links = nil
	return m
}

// titleMember compares titles as they are kept. It asks for their keys too, which have an
// index.
func titleMember() member[AssetFilter] {
	m := list("titles", func(f *AssetFilter) *[]string { return &f.Titles },
		func(w scope, titles []string) clause {
			cleaned := set(eachOf(titles, media.Clean))
			keys := eachOf(cleaned, media.TitleKey) // as many as titles, so that the text is of the shape
			return all(w.in(w.column(asset.FieldTitleKey), keys), w.in(w.column(asset.FieldTitle), cleaned))
		}, facts(FactTitle))
	m.canonical = func(f *AssetFilter) { f.Titles = set(eachOf(f.Titles, media.Clean)) }
	return m
}

var descriptionMembers = []member[PresenceFilter]{
	missing("empty", func(f *PresenceFilter) **bool { return &f.Empty },
		func(w scope) clause { return given(w.column(asset.FieldDescription)) }, FlagDescription),
}

var fileNameMembers = []member[FileNameFilter]{
	list("in", func(f *FileNameFilter) *[]string { return &f.In }, func(w scope, names []string) clause {
		return either(nullable(asset.FieldFileName)(w, names), w.exists("mezzanines", given("mezzanines.file_name"), w.in("mezzanines.file_name", names)))
	}, facts(FactFileName)),
	missing("empty", func(f *FileNameFilter) **bool { return &f.Empty }, func(w scope) clause {
		return either(given(w.column(asset.FieldFileName)), w.exists("mezzanines", given("mezzanines.file_name")))
	}, FactFileName),
}

var reviewMembers = []member[ReviewFilter]{
	list("suggestions", func(f *ReviewFilter) *[]fact.Suggestion { return &f.Suggestions }, func(w scope, suggestions []string) clause {
		return w.linked("ai_sources", "ai_sources", w.in("ai_sources.suggestion", suggestions))
	}, facts(FactReview)),
	missing("empty", func(f *ReviewFilter) **bool { return &f.Empty },
		func(w scope) clause { return w.exists("ai_sources", given("ai_sources.suggestion")) }, FactReview),
}

var labelMembers = []member[LabelFilter]{
	list("any", func(f *LabelFilter) *[]string { return &f.Any }, labelled, facts(FactLabel)),
	noneOf(list("none", func(f *LabelFilter) *[]string { return &f.None }, labelled, facts(FactLabel))),
	missing("empty", func(f *LabelFilter) **bool { return &f.Empty },
		func(w scope) clause { return w.exists("ai_labels") }, FactLabel),
}

func labelled(w scope, names []string) clause {
	return w.exists("ai_labels", w.in("ai_labels.name", names))
}

// noneOf is a list the other way round: it matches assets that have none of the values.
func noneOf[F any](m member[F]) member[F] {
	means, sql, engine := m.meaning, m.sql, m.engine
	m.meaning = func(f *F) meaning { return means(f).opposite() }
	m.sql = func(w scope, f *F) clause { return not(sql(w, f)) }
	m.engine = func(l lookups, f *F) *search.Filter { return negated(engine(l, f)) }
	return m
}

func languageMembers(kind cue.Kind, name string) []member[LanguageFilter] {
	exists := func(w scope, holds ...clause) clause {
		return w.exists("cues", append([]clause{w.in("cues.kind", []string{string(kind)})}, holds...)...)
	}
	return []member[LanguageFilter]{
		list("languages", func(f *LanguageFilter) *[]string { return &f.Languages }, func(w scope, languages []string) clause {
			return exists(w, w.in("cues.language", languages))
		}, facts(name)),
		missing("empty", func(f *LanguageFilter) **bool { return &f.Empty }, func(w scope) clause { return exists(w) }, name),
	}
}

func facts(name string) func([]string) *search.Filter {
	return func(values []string) *search.Filter {
		return terms(search.TermFact, eachOf(values, func(value string) string { return FactTerm(name, value) }))
	}
}
