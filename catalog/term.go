package catalog

import (
	"context"
	"fmt"
	"math"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent/asset"
	"vodgraph/ent/playinfo"
	"vodgraph/search"
)

// Documents and filters say the same thing by the same term, and the same number
// by the same whole one. Here is how they are made.

// TermText tells the values that terms of locations or codecs stand for, as the
// API has them. A term that no asset has any more may be missing.
func (c *Catalog) TermText(ctx context.Context, field search.TermField, terms []string) (map[string]string, error) {
	table, column := asset.Table, asset.FieldStorageLocation
	switch field {
	case search.TermLocation:
	case search.TermCodec:
		table, column = playinfo.Table, playinfo.FieldCodec
	default:
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
	b := sql.Dialect(c.db.Dialect())
	long := sql.ExprP(fmt.Sprintf("octet_length(%s) > %d", column, search.LongestPlain))
	err := c.read(ctx, b.Select(column).Distinct().From(b.Table(table)).Where(long), func(scan scanner) error {
		var value string
		if err := scan(&value); err != nil {
			return err
		}
		if term := search.TermOf(value); wanted[term] {
			values[term] = value
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find the values of terms: %w", err)
	}
	return values, nil
}

// Combinations of what a play info is. A filter names one, and a play info has
// those in which each part is there or left open.

// playTerm is a combination; what is left open is empty.
func playTerm(definition, format, codec string) string {
	return definition + "/" + format + "/" + codec
}

// playTerms are all combinations that a play info has. Its codec is a term.
func playTerms(definition, format string, codec *string) []string {
	terms := make([]string, 0, 8)
	codecs := []string{""}
	if codec != nil {
		codecs = append(codecs, *codec)
	}
	for _, d := range []string{"", definition} {
		for _, f := range []string{"", format} {
			for _, c := range codecs {
				terms = append(terms, playTerm(d, f, c))
			}
		}
	}
	return terms
}

// The flags of an asset.
const (
	flagCover   = "cover"
	flagTagged  = "tagged"
	flagFiled   = "filed"
	flagTrashed = "trashed"
)

// wholeSeconds is up to where a float of seconds, times 1,000, is nearest to its
// milliseconds: 139,000 years.
const wholeSeconds = 1 << 42

// ticks are a duration as a whole number: its milliseconds. Those past 2^42
// seconds go on from there, one for each float there is, so that any two that
// differ have different ones, in their order.
func ticks(seconds float64) int64 {
	if seconds < wholeSeconds {
		return int64(math.Round(seconds * 1000))
	}
	return wholeSeconds*1000 + int64(math.Float64bits(seconds)-math.Float64bits(wholeSeconds))
}

// ticked is the duration of ticks, to the bit.
func ticked(ticks int64) float64 {
	if ticks < wholeSeconds*1000 {
		return float64(ticks) / 1000
	}
	return math.Float64frombits(math.Float64bits(wholeSeconds) + uint64(ticks-wholeSeconds*1000))
}

// firstTick are those of the shortest duration that is as long as a bound.
func firstTick(bound float64) int64 {
	bound = max(bound, -1) // no duration is below zero
	first := ticks(bound)
	if ticked(first) < bound { // it was rounded down
		first++
	}
	return first
}

// tickAfter are those of the shortest duration that is longer than a bound.
func tickAfter(bound float64) int64 {
	after := firstTick(bound)
	if ticked(after) == max(bound, -1) {
		after++
	}
	return after
}
