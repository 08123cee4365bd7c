package filter

import (
	"context"
	"fmt"
	"math"
	"strings"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/playinfo"
	"vodgraph/search"
)

// Documents of the search engines and filters say the same thing by the same term, and the
// same number by the same whole one. Here is how they are made.

// The flags of an asset.
const (
	// FlagCover is that it has a cover.
	FlagCover = "cover"
	// FlagTagged is that it has a tag.
	FlagTagged = "tagged"
	// FlagCategorised is that it is in a category.
	FlagCategorised = "filed"
	// FlagDownload is that it may be downloaded.
	FlagDownload = "download"
	// FlagDescription is that it has a description.
	FlagDescription = "description"
	// FlagTrashed is that it is in the trash.
	FlagTrashed = "trashed"
)

// Facts are what only filters name of an asset: each value is a term of FactTerm in the set
// search.TermFact, and that there is any a flag of the fact's name.
const (
	// FactTitle is the title, FactFileName the name of its file or source file, and
	// FactImageType the type of an image. FactTitle and FactImageType have no flag.
	FactTitle, FactFileName, FactImageType = "title", "file", "image"
	// FactReview is the suggestion of an analyser, FactLabel the name of a label.
	FactReview, FactLabel = "review", "label"
	// FactSpeech and FactScreenText are languages of cues. A cue without one has the flag only.
	FactSpeech, FactScreenText = "speech", "screen"
)

// FactTerm is the term of a fact with a value.
func FactTerm(name, value string) string { return name + search.TermOf(value) }

// PlayTerms are the terms of a play info: each combination of what it is, and of what a
// filter may leave open. Codec is a term of search.TermOf; it and hdrType are nil where there
// is none. A filter names the combinations that it allows, see combinations.
func PlayTerms(definition, format string, codec, hdrType *string) []string {
	optional := func(part *string) []string {
		if part == nil {
			return []string{""}
		}
		return []string{"", *part}
	}
	return combinations([]string{"", definition}, []string{"", format}, optional(codec), optional(hdrType))
}

// combinations are terms of one part of each kind, in every combination. A part is "" for
// any.
func combinations(parts ...[]string) []string {
	combined := [][]string{nil}
	for _, choices := range parts {
		longer := make([][]string, 0, len(combined)*len(choices))
		for _, before := range combined {
			for _, choice := range choices {
				longer = append(longer, append(before[:len(before):len(before)], choice))
			}
		}
		combined = longer
	}
	terms := make([]string, len(combined))
	for i, parts := range combined {
		terms[i] = strings.Join(parts, "/")
	}
	return terms
}

// wholeSeconds is up to where a float of seconds, times 1,000, is nearest to its
// milliseconds: 139,000 years.
const wholeSeconds = 1 << 42

// Ticks are a duration in seconds as a whole number: its milliseconds. Those past 2^42
// seconds go on from there, one for each float there is, so that any two that differ have
// different ones, in their order.
func Ticks(seconds float64) int64 {
	if seconds < wholeSeconds {
		return int64(math.Round(seconds * 1000))
	}
	return wholeSeconds*1000 + int64(math.Float64bits(seconds)-math.Float64bits(wholeSeconds))
}

// secondsOf is the duration of ticks, to the bit.
func secondsOf(ticks int64) float64 {
	if ticks < wholeSeconds*1000 {
		return float64(ticks) / 1000
	}
	return math.Float64frombits(math.Float64bits(wholeSeconds) + uint64(ticks-wholeSeconds*1000))
}

// firstTick are those of the shortest duration that is as long as a bound.
func firstTick(bound float64) int64 {
	bound = max(bound, -1) // no duration is below zero
	first := Ticks(bound)
	if secondsOf(first) < bound { // it was rounded down
		first++
	}
	return first
}

// tickAfter are those of the shortest duration that is longer than a bound.
func tickAfter(bound float64) int64 {
	after := firstTick(bound)
	if secondsOf(after) == max(bound, -1) {
		after++
	}
	return after
}

// tickRange is a range of durations as one of their ticks.
func tickRange(r *FloatRange) *Int64Range {
	first, after := mapped(r, firstTick), mapped(r, tickAfter)
	before := func(ticks *int64) *int64 {
		if ticks == nil {
			return nil
		}
		n := *ticks - 1
		return &n
	}
	return &Int64Range{Gte: first.Gte, Gt: before(after.Gt), Lte: before(after.Lte), Lt: first.Lt}
}

// TermText returns the values that terms of locations or codecs stand for, as the
// API has them. A term that no asset has any more may be missing.
func TermText(ctx context.Context, client *ent.Client, field search.TermField, terms []string) (map[string]string, error) {
	if field != search.TermLocation && field != search.TermCodec {
		return nil, fmt.Errorf("terms of the set %q are not made of texts", field)
	}
	values, wanted := make(map[string]string, len(terms)), map[string]bool{}
	for _, term := range terms {
		if value, plain := search.PlainOf(term); plain {
			values[term] = value
		} else {
			wanted[term] = true
		}
	}
	if len(wanted) == 0 {
		return values, nil
	}
	long := func(column string) func(*sql.Selector) {
		return func(s *sql.Selector) {
			s.Where(sql.ExprP(fmt.Sprintf("octet_length(%s) > %d", s.C(column), search.LongestPlain)))
		}
	}
	var texts []string
	var err error
	switch field {
	case search.TermLocation:
		texts, err = client.Asset.Query().Where(long(asset.FieldStorageLocation)).Unique(true).Select(asset.FieldStorageLocation).Strings(ctx)
	case search.TermCodec:
		texts, err = client.PlayInfo.Query().Where(long(playinfo.FieldCodec)).Unique(true).Select(playinfo.FieldCodec).Strings(ctx)
	default: // ids and words of enums, which are never too long
	}
	if err != nil {
		return nil, fmt.Errorf("find the values of terms: %w", err)
	}
	for _, text := range texts {
		if term := search.TermOf(text); wanted[term] {
			values[term] = text
		}
	}
	return values, nil
}
