package filter_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"vodgraph/dbtest"
	"vodgraph/ent/asset"
	"vodgraph/ent/predicate"
	"vodgraph/fault"
	"vodgraph/filter"
	"vodgraph/limits"
	"vodgraph/media"
)

// A filter means the same to the databases as to the plain reading of it.
func TestFilterMeansTheSameEverywhere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		partial := 0 // filters that match some and not all
		rapid.Check(t, func(r *rapid.T) {
			s := drawLibrary(r)
			s.load(t, db)
			for range 10 {
				f := drawFilter(r, s, 3)
				if n := compare(t, r, db, s, f); 0 < n && n < len(s.assets) {
					partial++
				}
			}
		})
		if partial < 50 {
			t.Errorf("only %d filters matched some and not all: the test proves nothing", partial)
		}
	})
}

// What chance seldom draws: several tags at once, one named twice, and names that
// begin like the name of a category.
func TestFilterMeansTheSameOfNames(t *testing.T) {
	t.Parallel()
	s, filters := named()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		s.load(t, db)
		for _, f := range filters {
			compare(t, t, db, s, f)
		}
	})
}

// named is a library whose assets have each set of four tags, in categories whose
// names begin alike, and filters by these.
func named() (*library, []*filter.AssetFilter) {
	s := &library{tags: tagNames}
	for i, root := range []string{"Anime", "Anime 2", "Anime!", "anime"} {
		s.categories = append(s.categories,
			libraryCategory{id: categoryID(2 * i), name: root, parent: -1},
			libraryCategory{id: categoryID(2*i + 1), name: "below", parent: 2 * i})
	}
	for i := range 1 << 4 { // each set of four tags
		a := &libraryAsset{id: fmt.Sprintf("vid_%026d", i), kind: asset.KindVIDEO, status: asset.StatusNORMAL,
			storageClass: classes[0], mediaSource: sources[0], categories: []int{i % len(s.categories)}}
		for j := range 4 {
			if i>>j&1 == 1 {
				a.tags = append(a.tags, tagNames[j])
			}
		}
		s.assets = append(s.assets, a)
	}
	var filters []*filter.AssetFilter
	for _, names := range [][]string{
		{"a"}, {"a", "A"}, {"a", "a "}, {"a", "A", "é", "猫"}, {"e\u0301", "猫", "é"}, {"a", "none"},
	} {
		filters = append(filters, &filter.AssetFilter{Tags: &filter.TagFilter{Any: names}},
			&filter.AssetFilter{Tags: &filter.TagFilter{All: names}},
			&filter.AssetFilter{Tags: &filter.TagFilter{None: names}},
			&filter.AssetFilter{Not: &filter.AssetFilter{Tags: &filter.TagFilter{All: names}}})
	}
	for _, ids := range [][]string{{categoryID(0)}, {categoryID(1)}, {categoryID(2), categoryID(4)}, {categoryID(0), categoryID(1)}} {
		filters = append(filters, &filter.AssetFilter{Category: &filter.CategoryFilter{In: categoryIDs(ids...)}},
			&filter.AssetFilter{Category: &filter.CategoryFilter{In: categoryIDs(ids...), IncludeDescendants: new(false)}})
	}
	return s, filters
}

// compare wants the database to find what a filter matches on a library, and returns
// how much that is: through Ent, in a selector that has the table under another
// name, and the others by its negation.
func compare(t *testing.T, r failer, db *dbtest.DB, s *library, f *filter.AssetFilter) int {
	want := s.matching(f)
	p, err := f.Predicate(limits.DefaultFilter())
	if err != nil {
		r.Fatalf("%s: %v", asJSON(f), err)
	}
	got, err := db.Client.Asset.Query().Where(p).IDs(t.Context())
	if err != nil {
		r.Fatalf("%s: %v", asJSON(f), err)
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, append([]string{}, got...)); diff != "" {
		r.Fatalf("%s: -evaluator +database\n%s", asJSON(f), diff)
	}
	if got := underAlias(t, db, p); got != len(want) {
		r.Fatalf("%s: %d assets under an alias, want %d", asJSON(f), got, len(want))
	}
	others, err := db.Client.Asset.Query().Where(asset.Not(p)).Count(t.Context())
	if err != nil {
		r.Fatalf("not %s: %v", asJSON(f), err)
	}
	if others != len(s.assets)-len(want) {
		r.Fatalf("not %s: %d assets, want %d", asJSON(f), others, len(s.assets)-len(want))
	}
	return len(want)
}

// failer is a test, or one run of a property.
type failer interface {
	Fatalf(format string, args ...any)
}

// underAlias counts the assets that a predicate finds among "some" of them, with
// an argument before its own.
func underAlias(t *testing.T, db *dbtest.DB, p predicate.Asset) int {
	t.Helper()
	s := sql.Dialect(db.Dialect).Select(sql.Count("*")).From(sql.Table("assets").As("some"))
	s.Where(sql.GT(s.C("revision"), 0))
	p(s)
	query, args := s.Query()
	var n int
	if err := db.SQL.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func asJSON(f *filter.AssetFilter) string {
	b, err := json.Marshal(f)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// inTrash is a filter of what is in the trash, is not, or nil for either.
func inTrash(in *bool) *filter.AssetFilter {
	return &filter.AssetFilter{Trashed: graphql.OmittableOf(in)}
}

// nested is a filter within so many levels of not.
func nested(levels int) *filter.AssetFilter {
	f := &filter.AssetFilter{Kinds: []asset.Kind{}}
	for range levels {
		f = &filter.AssetFilter{Not: f}
	}
	return f
}

func TestFilterRefuses(t *testing.T) {
	t.Parallel()
	limits := limits.Filter{Depth: 5, Members: 20, List: 3, Links: 2, Values: 5}
	four := []string{"a", "b", "c", "d"}
	twenty := make([]*filter.AssetFilter, 20)
	for name, c := range map[string]struct {
		filter *filter.AssetFilter
		code   fault.Code // none: taken
		place  string
	}{
		"none":                {filter: nil},
		"five levels":         {filter: nested(5)},
		"six levels":          {nested(6), fault.FilterTooDeep, "filter not not not not not not"},
		"as many values":      {filter: &filter.AssetFilter{IDs: four[:3]}},
		"too many values":     {&filter.AssetFilter{IDs: four}, fault.ListTooLong, "filter ids"},
		"too many categories": {&filter.AssetFilter{Category: &filter.CategoryFilter{In: categoryIDs(four...)}}, fault.ListTooLong, "filter category in"},
		"too many tags, below": {&filter.AssetFilter{And: []*filter.AssetFilter{{}, {Tags: &filter.TagFilter{None: four}}}},
			fault.ListTooLong, "filter and 1 tags none"},
		"many names of a path": {&filter.AssetFilter{Category: &filter.CategoryFilter{In: []*media.CategoryRef{{Path: four}}}}, fault.ListTooLong, "filter category in 0 path"},
		"no id of a category":  {&filter.AssetFilter{Not: &filter.AssetFilter{Category: &filter.CategoryFilter{In: categoryIDs(categoryID(1), "Movies")}}}, fault.Invalid, "filter not category in 1 id"},
		"id of a tag":          {&filter.AssetFilter{Category: &filter.CategoryFilter{In: categoryIDs(tagID(1))}}, fault.Invalid, "filter category in 0 id"},
		"id and path":          {&filter.AssetFilter{Category: &filter.CategoryFilter{In: []*media.CategoryRef{{ID: new(categoryID(1)), Path: []string{"a"}}}}}, fault.Invalid, "filter category in 0"},
		"neither id nor path":  {&filter.AssetFilter{Category: &filter.CategoryFilter{In: []*media.CategoryRef{{}}}}, fault.Invalid, "filter category in 0"},
		"U+0000 in a path":     {&filter.AssetFilter{Category: &filter.CategoryFilter{In: []*media.CategoryRef{{Path: []string{"a", "\x00"}}}}}, fault.Invalid, "filter category in 0 path 1"},
		"too many codecs":      {&filter.AssetFilter{PlayInfo: &filter.PlayInfoFilter{Codecs: four}}, fault.ListTooLong, "filter playInfo codecs"},
		"as many members":      {filter: &filter.AssetFilter{Or: twenty[:19]}},
		"too many members":     {&filter.AssetFilter{Or: twenty}, fault.FilterTooLarge, "filter"},
		"as many links":        {filter: &filter.AssetFilter{Width: &filter.IntRange{}, PlayInfo: &filter.PlayInfoFilter{}}},
		"too many links": {&filter.AssetFilter{Width: &filter.IntRange{}, Tags: &filter.TagFilter{Any: four[:1], None: four[:1]}},
			fault.FilterTooLarge, "filter"},
		"as many values in all":  {filter: &filter.AssetFilter{IDs: four[:3], ReferenceIDs: four[:2]}},
		"too many values in all": {&filter.AssetFilter{IDs: four[:3], ReferenceIDs: four[:3]}, fault.FilterTooLarge, "filter"},
		"U+0000":                 {&filter.AssetFilter{ReferenceIDs: []string{"a", "b\x00"}}, fault.Invalid, "filter referenceIds 1"},
		"not UTF-8":              {&filter.AssetFilter{StorageLocations: []string{"\xff"}}, fault.Invalid, "filter storageLocations 0"},
		"not a number":           {&filter.AssetFilter{Duration: &filter.FloatRange{Lt: new(math.NaN())}}, fault.Invalid, "filter duration lt"},
		"not finite":             {&filter.AssetFilter{Duration: &filter.FloatRange{Gte: new(math.Inf(1))}}, fault.Invalid, "filter duration gte"},
		"year 10000": {&filter.AssetFilter{CreatedAt: &filter.TimeRange{
			Gt: new(time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -3600)))}}, fault.Invalid, "filter createdAt gt"},
		"the trash":                          {filter: inTrash(new(true))},
		"the trash in and":                   {&filter.AssetFilter{And: []*filter.AssetFilter{{}, inTrash(new(false))}}, fault.Invalid, "filter and 1 trashed"},
		"the trash in not":                   {&filter.AssetFilter{Or: []*filter.AssetFilter{{Not: inTrash(nil)}}}, fault.Invalid, "filter or 0 not trashed"},
		"as many members, one of the trash":  {filter: &filter.AssetFilter{Or: twenty[:18], Trashed: inTrash(nil).Trashed}},
		"too many members, one of the trash": {&filter.AssetFilter{Or: twenty[:19], Trashed: inTrash(nil).Trashed}, fault.FilterTooLarge, "filter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.filter.Predicate(limits)
			var refused *fault.Fault
			switch {
			case c.code == "" && err != nil:
				t.Fatalf("refused: %v", err)
			case c.code == "":
			case !errors.As(err, &refused):
				t.Fatalf("got %v, want a fault", err)
			case refused.Code != c.code || strings.Join(refused.Field, " ") != c.place:
				t.Errorf("got %s at %q, want %s at %q", refused.Code, refused.Field, c.code, c.place)
			}
		})
	}
}

// The largest filters that are taken run on both databases.
func TestFilterAtItsLimits(t *testing.T) {
	t.Parallel()
	limits := limits.DefaultFilter()
	names, categories := make([]string, limits.List), make([]*media.CategoryRef, limits.List)
	for i := range names {
		names[i], categories[i] = fmt.Sprintf("tag %d", i), &media.CategoryRef{ID: new(categoryID(i))}
		if i%2 > 0 {
			categories[i] = &media.CategoryRef{Path: names[i : i+1]}
		}
	}
	var tags, sizes []*filter.AssetFilter
	for i := range limits.Links {
		tags = append(tags, &filter.AssetFilter{Tags: &filter.TagFilter{None: names[i : i+1]}})
	}
	for i := range limits.Members/7 - 1 {
		bound := new(int64(i))
		r := &filter.Int64Range{Gte: bound, Gt: bound, Lte: bound, Lt: bound}
		sizes = append(sizes, &filter.AssetFilter{Size: r})
	}
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		for name, f := range map[string]*filter.AssetFilter{
			"long lists": {IDs: names, ReferenceIDs: names, Category: &filter.CategoryFilter{In: categories},
				Tags: &filter.TagFilter{Any: names, All: names, None: names}},
			"all of many tags":   {And: tags},
			"any of many tags":   {Or: tags},
			"any of many ranges": {Or: sizes},
			"all of many, deep":  {Not: &filter.AssetFilter{Not: &filter.AssetFilter{Not: &filter.AssetFilter{And: sizes}}}},
		} {
			p, err := f.Predicate(limits)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			began := time.Now()
			if _, err := db.Client.Asset.Query().Where(p).IDs(t.Context()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			t.Logf("%s: %v", name, time.Since(began))
		}
	})
}

func TestFilterIsKeptAsJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		f := drawFilter(r, drawLibrary(r), 3)
		text := asJSON(f)
		var back *filter.AssetFilter
		if err := json.Unmarshal([]byte(text), &back); err != nil {
			r.Fatal(err)
		}
		if diff := cmp.Diff(f, back, cmp.AllowUnexported(graphql.Omittable[*bool]{})); diff != "" {
			r.Fatalf("%s: -before +after\n%s", text, diff)
		}
		if back.Fingerprint() != f.Fingerprint() {
			r.Fatalf("%s: another fingerprint when read back", text)
		}
	})
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	utc := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	same := func(fs ...*filter.AssetFilter) []*filter.AssetFilter { return fs }
	tags := func(names ...string) *filter.AssetFilter {
		return &filter.AssetFilter{Tags: &filter.TagFilter{Any: names}}
	}
	video, audio := &filter.AssetFilter{Kinds: kinds[:1]}, &filter.AssetFilter{Kinds: kinds[1:2]}
	groups := [][]*filter.AssetFilter{
		same(nil, &filter.AssetFilter{}, inTrash(new(false))), same(inTrash(new(true))), same(inTrash(nil)),
		same(&filter.AssetFilter{IDs: []string{}}),
		same(&filter.AssetFilter{IDs: []string{"a", "b"}}, &filter.AssetFilter{IDs: []string{"b", "a", "b"}}),
		same(&filter.AssetFilter{ReferenceIDs: []string{"a", "b"}}),
		same(tags("é"), tags(" e\u0301", "é")),
		same(&filter.AssetFilter{And: []*filter.AssetFilter{video, audio}},
			&filter.AssetFilter{And: []*filter.AssetFilter{audio, video, audio}}),
		same(&filter.AssetFilter{Or: []*filter.AssetFilter{video, audio}}),
		same(video), same(&filter.AssetFilter{Not: video}),
		same(&filter.AssetFilter{Category: &filter.CategoryFilter{In: categoryIDs("a")}},
			&filter.AssetFilter{Category: &filter.CategoryFilter{In: categoryIDs("a"), IncludeDescendants: new(true)}}),
		same(&filter.AssetFilter{Category: &filter.CategoryFilter{In: categoryIDs("a"), IncludeDescendants: new(false)}}),
		same(&filter.AssetFilter{Category: &filter.CategoryFilter{In: []*media.CategoryRef{{Path: []string{"é", "a"}}, {ID: new("b")}, {Path: []string{"a"}}}}},
			&filter.AssetFilter{Category: &filter.CategoryFilter{In: []*media.CategoryRef{{ID: new("b")}, {Path: []string{"a"}}, {Path: []string{" e\u0301", "a"}}, {ID: new("b")}}}}),
		same(&filter.AssetFilter{Category: &filter.CategoryFilter{In: []*media.CategoryRef{{Path: []string{"b"}}}}}),
		same(&filter.AssetFilter{Category: &filter.CategoryFilter{In: []*media.CategoryRef{}}}),
		same(&filter.AssetFilter{CreatedAt: &filter.TimeRange{Gt: &utc}},
			&filter.AssetFilter{CreatedAt: &filter.TimeRange{Gt: new(utc.Add(999).In(time.FixedZone("", 3600)))}}),
		same(&filter.AssetFilter{CreatedAt: &filter.TimeRange{Gte: &utc}}),
		same(&filter.AssetFilter{Duration: &filter.FloatRange{Gt: new(math.NaN())}}), // none at all
	}
	seen := map[string]int{}
	for i, group := range groups {
		for _, f := range group {
			if was, ok := seen[f.Fingerprint()]; ok && was != i {
				t.Errorf("%s has the fingerprint of group %d", asJSON(f), was)
			}
			if first := group[0].Fingerprint(); f.Fingerprint() != first {
				t.Errorf("%s and %s have different fingerprints", asJSON(group[0]), asJSON(f))
			}
		}
		seen[group[0].Fingerprint()] = i
	}
}
