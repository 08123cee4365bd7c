package searchtest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"vodgraph/search"
)

// terms and numbers are all fields of a kind.
var (
	terms = [...]search.TermField{
		search.TermKind, search.TermStatus, search.TermReference, search.TermCategory, search.TermOwnCategory, search.TermTag,
		search.TermAttachmentType, search.TermLocation, search.TermClass, search.TermSource, search.TermPlay,
		search.TermDefinition, search.TermCodec, search.TermFlag, search.TermFact,
	}
	numbers = [...]search.NumberField{
		search.NumberSize, search.NumberDuration, search.NumberWidth, search.NumberHeight, search.NumberCreated, search.NumberUpdated,
	}
)

// limits are numbers at which engines break.
var limits = []int64{0, 1, -1, 1 << 31, 1<<53 + 1, 1<<62 + 1, -(1<<62 + 1), math.MaxInt64, math.MinInt64 + 1}

// titleKeys are keys of titles that engines may sort in an order of their own, or as
// equals: signs, digits, letters of other scripts, beginnings of each other, and none.
var titleKeys = []string{
	"", " ", "!", "0", "10", "2", "9", "a", "a b", "a!", "a-b", "ab", "a\u00a0b", "b", "z", "zz", "~", "\u007f", "\u0080", "ß", "é", "e\u0301", "ö", "я",
	"\u3042", "あ", "ア", "日本", "日本語", "猫", "\uffff", "\U0001f600", "\U0001f600!", "\U0010ffff", "the same", "the same ", "null", "-1", "`) || x:=1",
	strings.Repeat("x", 800), strings.Repeat("x", 799) + "y", strings.Repeat("\U0010ffff", 200), strings.Repeat("\U0010ffff", 199),
}

// library is documents of which each has few of the values there are, so that
// filters cut them in all ways, and some members not at all.
func library(w *world, many int) []*search.Document {
	w.Helper()
	draw := rapid.Custom(func(t *rapid.T) *search.Document {
		d := document(1, rapid.SampledFrom([]string{"amber", "amber stone", "stone", "basalt"}).Draw(t, "title"))
		d.TitleKey = rapid.SampledFrom(titleKeys).Draw(t, "title key")
		for _, field := range terms {
			if values := rapid.SliceOfNDistinct(rapid.IntRange(0, 4), 0, 3, rapid.ID).Draw(t, string(field)); len(values) > 0 {
				d.Terms[field] = nil
				for _, v := range values {
					d.Terms[field] = append(d.Terms[field], value(field, v))
				}
			}
		}
		for _, field := range numbers {
			delete(d.Numbers, field)
			if rapid.IntRange(0, 3).Draw(t, "there") > 0 {
				d.Numbers[field] = rapid.OneOf(rapid.Int64Range(0, 9), rapid.SampledFrom(limits)).Draw(t, string(field))
			}
		}
		return d
	})
	docs := make([]*search.Document, many)
	for i := range docs {
		n := int64(i + 1)
		docs[i] = draw.Example(i)
		docs[i].ID, docs[i].Seq, docs[i].Revision = fmt.Sprintf("%s_%026d", [...]string{"vid", "aud", "img", "att"}[n%4], n), n, n
	}
	w.put(docs...)
	return docs
}

// value is one of the values of a set.
func value(field search.TermField, n int) string {
	value := fmt.Sprintf("value_%d", n)
	switch field {
	case search.TermCategory, search.TermOwnCategory:
		return fmt.Sprintf("cat_%026d", n)
	case search.TermReference, search.TermLocation, search.TermCodec:
		return search.TermOf(value)
	default:
		return value
	}
}

func filters(w *world) {
	docs := library(w, 200)
	check := func(t failer, f *search.Filter) {
		hits, err := w.Search(w.Context(), &search.Query{Filter: f, Limit: maxPage, WithTotal: true})
		if err != nil {
			t.Fatalf("%s: %v", show(f), err)
		}
		want := []string{}
		for _, d := range docs {
			if Holds(f, d) {
				want = append(want, d.ID)
			}
		}
		got := idsOf(hits)
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", show(f), diff)
		}
		if hits.Total != int64(len(want)) || hits.More {
			t.Fatalf("%s: %d in total, more: %v, want %d", show(f), hits.Total, hits.More, len(want))
		}
	}
	for _, field := range w.Terms {
		check(w, &search.Filter{Terms: &search.Terms{Field: field, Values: []string{value(field, 1)}}})
		check(w, &search.Filter{Not: &search.Filter{Terms: &search.Terms{Field: field, Values: []string{value(field, 1), value(field, 3), "none"}}}})
	}
	none := []*search.Filter{}
	for _, f := range []*search.Filter{
		nil, {}, {And: none}, {Or: none}, {Not: &search.Filter{And: none}}, {Not: &search.Filter{Or: none}}, {Not: &search.Filter{}},
		{IDs: []string{}}, {IDs: []string{"vid_none", docs[4].ID}}, {Not: &search.Filter{IDs: []string{docs[4].ID}}},
		{Not: &search.Filter{IDs: []string{}}}, {Terms: &search.Terms{Field: search.TermTag}}, {Not: &search.Filter{Terms: &search.Terms{Field: search.TermTag}}},
		{Range: &search.Range{Field: search.NumberSize}}, {Not: &search.Filter{Range: &search.Range{Field: search.NumberSize}}},
	} {
		check(w, f)
	}
	rapid.Check(w, func(t *rapid.T) { check(t, w.anyFilter(docs, 4).Draw(t, "filter")) })
}

// failer is what *testing.T and *rapid.T share.
type failer interface {
	Fatalf(format string, args ...any)
}

// anyFilter is a tree of up to a depth over the documents of a library.
func (w *world) anyFilter(docs []*search.Document, depth int) *rapid.Generator[*search.Filter] {
	leaf := rapid.OneOf(
		rapid.Custom(func(t *rapid.T) *search.Filter {
			field := rapid.SampledFrom(w.Terms).Draw(t, "field")
			values := []string{}
			for _, v := range rapid.SliceOfN(rapid.IntRange(0, 5), 0, 3).Draw(t, "values") {
				values = append(values, value(field, v))
			}
			return &search.Filter{Terms: &search.Terms{Field: field, Values: values}}
		}),
		rapid.Custom(func(t *rapid.T) *search.Filter {
			bound := rapid.Ptr(rapid.OneOf(rapid.Int64Range(-1, 10), rapid.SampledFrom(limits)), true)
			return &search.Filter{Range: &search.Range{
				Field: rapid.SampledFrom(w.Numbers).Draw(t, "field"), Min: bound.Draw(t, "min"), Max: bound.Draw(t, "max"),
			}}
		}),
		rapid.Custom(func(t *rapid.T) *search.Filter {
			named := []string{}
			for _, d := range rapid.SliceOfN(rapid.SampledFrom(docs), 0, 20).Draw(t, "ids") {
				named = append(named, d.ID)
			}
			return &search.Filter{IDs: named}
		}),
	)
	if depth == 0 {
		return leaf
	}
	below := w.anyFilter(docs, depth-1)
	return rapid.OneOf(
		leaf,
		rapid.Map(rapid.SliceOfN(below, 0, 3), func(all []*search.Filter) *search.Filter {
			return &search.Filter{And: append([]*search.Filter{}, all...)}
		}),
		rapid.Map(rapid.SliceOfN(below, 0, 3), func(all []*search.Filter) *search.Filter {
			return &search.Filter{Or: append([]*search.Filter{}, all...)}
		}),
		rapid.Map(below, func(f *search.Filter) *search.Filter { return &search.Filter{Not: f} }),
	)
}

func show(f *search.Filter) string {
	switch {
	case f == nil:
		return "nil"
	case f.And != nil, f.Or != nil:
		name, parts := "and", []string{}
		if f.And == nil {
			name = "or"
		}
		for _, each := range append(f.And, f.Or...) {
			parts = append(parts, show(each))
		}
		return fmt.Sprintf("%s%v", name, parts)
	case f.Not != nil:
		return "not " + show(f.Not)
	case f.Terms != nil:
		return fmt.Sprintf("%s%v", f.Terms.Field, f.Terms.Values)
	case f.IDs != nil:
		return fmt.Sprintf("ids%v", f.IDs)
	case f.Range != nil:
		low, high := "", ""
		if f.Range.Min != nil {
			low = fmt.Sprint(*f.Range.Min)
		}
		if f.Range.Max != nil {
			high = fmt.Sprint(*f.Range.Max)
		}
		return fmt.Sprintf("%s %s..%s", f.Range.Field, low, high)
	default:
		return "{}"
	}
}

func ranges(w *world) {
	with, without := document(1, "amber"), document(2, "amber")
	with.Numbers[search.NumberSize] = 5
	with.Numbers[search.NumberDuration] = 0 // there, and nothing
	w.put(with, without)
	bound := func(n int64) *int64 { return &n }
	size := func(low, high *int64) *search.Filter {
		return &search.Filter{Range: &search.Range{Field: search.NumberSize, Min: low, Max: high}}
	}
	not := func(f *search.Filter) *search.Filter { return &search.Filter{Not: f} }
	for _, c := range []struct {
		filter *search.Filter
		want   []string
	}{
		{size(bound(5), nil), ids(1)},
		{size(bound(6), nil), ids()},
		{size(nil, bound(5)), ids(1)},
		{size(nil, bound(4)), ids()},
		{size(bound(5), bound(5)), ids(1)},
		{size(nil, nil), ids(1)},
		// An absent number is in no range, so it is in the complement of each.
		{not(size(bound(5), nil)), ids(2)},
		{not(size(bound(6), nil)), ids(2, 1)},
		{not(size(nil, bound(4))), ids(2, 1)},
		{&search.Filter{And: []*search.Filter{size(nil, bound(4)), size(bound(6), nil)}}, ids()},
		{&search.Filter{Range: &search.Range{Field: search.NumberDuration, Max: bound(0)}}, ids(1)},
		{not(&search.Filter{Range: &search.Range{Field: search.NumberDuration, Min: bound(0)}}), ids(2)},
	} {
		for _, text := range []string{"", "amber"} {
			if diff := cmp.Diff(c.want, idsOf(w.search(&search.Query{Text: Text(text), Filter: c.filter}))); diff != "" {
				w.Errorf("%q, %s (-want +got):\n%s", text, show(c.filter), diff)
			}
		}
	}
}

func filtersOfManyValues(w *world) {
	const many = 2000
	var docs []*search.Document
	var named, tags []string
	for n := int64(1); n <= many+200; n++ {
		d := document(n, "amber")
		tag := fmt.Sprintf("tag_%026d", n)
		d.Terms[search.TermTag] = []string{tag}
		docs = append(docs, d)
		if n > 100 && n <= 100+many {
			named, tags = append(named, d.ID), append(tags, tag)
		}
	}
	w.put(docs...)
	for _, f := range []*search.Filter{{IDs: named}, {Terms: &search.Terms{Field: search.TermTag, Values: tags}}} {
		for filter, want := range map[*search.Filter]int64{f: many, {Not: f}: 200} {
			for _, text := range []string{"", "amber"} {
				if hits := w.search(&search.Query{Text: Text(text), Filter: filter, Limit: 1}); hits.Total != want {
					w.Errorf("%.40s: %d in total, want %d", show(filter), hits.Total, want)
				}
			}
		}
	}
}
