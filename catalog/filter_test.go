package catalog_test

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

	"vodgraph/catalog"
	"vodgraph/dbtest"
	"vodgraph/ent/asset"
	"vodgraph/ent/predicate"
	"vodgraph/fault"
)

// A filter means the same to the databases as to the plain reading of it.
func TestFilterMeansTheSameEverywhere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		telling := 0 // filters that match some and not all
		rapid.Check(t, func(r *rapid.T) {
			s := drawShelf(r)
			s.load(t, db)
			for range 10 {
				f := drawFilter(r, s, 3)
				if n := compare(t, r, db, s, f); 0 < n && n < len(s.assets) {
					telling++
				}
			}
		})
		if telling < 50 {
			t.Errorf("only %d filters matched some and not all: the test tells nothing", telling)
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

// named is a shelf whose assets have each set of four tags, in categories whose
// names begin alike, and filters by these.
func named() (*shelf, []*catalog.AssetFilter) {
	s := &shelf{tags: tagNames}
	for i, root := range []string{"Anime", "Anime 2", "Anime!", "anime"} {
		s.categories = append(s.categories,
			shelfCategory{id: categoryID(2 * i), name: root, parent: -1},
			shelfCategory{id: categoryID(2*i + 1), name: "below", parent: 2 * i})
	}
	for i := range 1 << 4 { // each set of four tags
		a := &shelfAsset{id: fmt.Sprintf("vid_%026d", i), kind: asset.KindVIDEO, status: asset.StatusNORMAL,
			storageClass: classes[0], mediaSource: sources[0], categories: []int{i % len(s.categories)}}
		for j := range 4 {
			if i>>j&1 == 1 {
				a.tags = append(a.tags, tagNames[j])
			}
		}
		s.assets = append(s.assets, a)
	}
	var filters []*catalog.AssetFilter
	for _, names := range [][]string{
		{"a"}, {"a", "A"}, {"a", "a "}, {"a", "A", "é", "猫"}, {"e\u0301", "猫", "é"}, {"a", "none"},
	} {
		filters = append(filters, &catalog.AssetFilter{Tags: &catalog.TagFilter{Any: names}},
			&catalog.AssetFilter{Tags: &catalog.TagFilter{All: names}},
			&catalog.AssetFilter{Tags: &catalog.TagFilter{None: names}},
			&catalog.AssetFilter{Not: &catalog.AssetFilter{Tags: &catalog.TagFilter{All: names}}})
	}
	for _, ids := range [][]string{{categoryID(0)}, {categoryID(1)}, {categoryID(2), categoryID(4)}, {categoryID(0), categoryID(1)}} {
		filters = append(filters, &catalog.AssetFilter{Category: &catalog.CategoryFilter{In: ids}},
			&catalog.AssetFilter{Category: &catalog.CategoryFilter{In: ids, IncludeDescendants: new(false)}})
	}
	return s, filters
}

// compare wants the database to find what a filter matches on a shelf, and returns
// how much that is: through Ent, in a selector that has the table under another
// name, and the others by its negation.
func compare(t *testing.T, r failer, db *dbtest.DB, s *shelf, f *catalog.AssetFilter) int {
	want := s.matching(f)
	p, err := f.Predicate(catalog.DefaultLimits())
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

func asJSON(f *catalog.AssetFilter) string {
	b, err := json.Marshal(f)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// inTrash is a filter of what is in the trash, is not, or nil for either.
func inTrash(in *bool) *catalog.AssetFilter {
	return &catalog.AssetFilter{Trashed: graphql.OmittableOf(in)}
}

// nested is a filter within so many levels of not.
func nested(levels int) *catalog.AssetFilter {
	f := &catalog.AssetFilter{Kinds: []asset.Kind{}}
	for range levels {
		f = &catalog.AssetFilter{Not: f}
	}
	return f
}

func TestFilterRefuses(t *testing.T) {
	t.Parallel()
	limits := catalog.Limits{FilterDepth: 5, FilterMembers: 20, FilterList: 3, FilterLinks: 2, FilterValues: 5}
	four := []string{"a", "b", "c", "d"}
	twenty := make([]*catalog.AssetFilter, 20)
	for name, c := range map[string]struct {
		filter *catalog.AssetFilter
		code   fault.Code // none: taken
		place  string
	}{
		"none":                {filter: nil},
		"five levels":         {filter: nested(5)},
		"six levels":          {nested(6), fault.FilterTooDeep, "filter not not not not not not"},
		"as many values":      {filter: &catalog.AssetFilter{IDs: four[:3]}},
		"too many values":     {&catalog.AssetFilter{IDs: four}, fault.ListTooLong, "filter ids"},
		"too many categories": {&catalog.AssetFilter{Category: &catalog.CategoryFilter{In: four}}, fault.ListTooLong, "filter category in"},
		"too many tags, below": {&catalog.AssetFilter{And: []*catalog.AssetFilter{{}, {Tags: &catalog.TagFilter{None: four}}}},
			fault.ListTooLong, "filter and 1 tags none"},
		"too many codecs":  {&catalog.AssetFilter{PlayInfo: &catalog.PlayInfoFilter{Codecs: four}}, fault.ListTooLong, "filter playInfo codecs"},
		"as many members":  {filter: &catalog.AssetFilter{Or: twenty[:19]}},
		"too many members": {&catalog.AssetFilter{Or: twenty}, fault.FilterTooLarge, "filter"},
		"as many links":    {filter: &catalog.AssetFilter{Width: &catalog.IntRange{}, PlayInfo: &catalog.PlayInfoFilter{}}},
		"too many links": {&catalog.AssetFilter{Width: &catalog.IntRange{}, Tags: &catalog.TagFilter{Any: four[:1], None: four[:1]}},
			fault.FilterTooLarge, "filter"},
		"as many values in all":  {filter: &catalog.AssetFilter{IDs: four[:3], ReferenceIDs: four[:2]}},
		"too many values in all": {&catalog.AssetFilter{IDs: four[:3], ReferenceIDs: four[:3]}, fault.FilterTooLarge, "filter"},
		"U+0000":                 {&catalog.AssetFilter{ReferenceIDs: []string{"a", "b\x00"}}, fault.Invalid, "filter referenceIds 1"},
		"not UTF-8":              {&catalog.AssetFilter{StorageLocations: []string{"\xff"}}, fault.Invalid, "filter storageLocations 0"},
		"not a number":           {&catalog.AssetFilter{Duration: &catalog.FloatRange{Lt: new(math.NaN())}}, fault.Invalid, "filter duration lt"},
		"not finite":             {&catalog.AssetFilter{Duration: &catalog.FloatRange{Gte: new(math.Inf(1))}}, fault.Invalid, "filter duration gte"},
		"year 10000": {&catalog.AssetFilter{CreatedAt: &catalog.TimeRange{
			Gt: new(time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -3600)))}}, fault.Invalid, "filter createdAt gt"},
		"the trash":                          {filter: inTrash(new(true))},
		"the trash in and":                   {&catalog.AssetFilter{And: []*catalog.AssetFilter{{}, inTrash(new(false))}}, fault.Invalid, "filter and 1 trashed"},
		"the trash in not":                   {&catalog.AssetFilter{Or: []*catalog.AssetFilter{{Not: inTrash(nil)}}}, fault.Invalid, "filter or 0 not trashed"},
		"as many members, one of the trash":  {filter: &catalog.AssetFilter{Or: twenty[:18], Trashed: inTrash(nil).Trashed}},
		"too many members, one of the trash": {&catalog.AssetFilter{Or: twenty[:19], Trashed: inTrash(nil).Trashed}, fault.FilterTooLarge, "filter"},
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
	limits := catalog.DefaultLimits()
	names := make([]string, limits.FilterList)
	for i := range names {
		names[i] = fmt.Sprintf("tag %d", i)
	}
	var tags, sizes []*catalog.AssetFilter
	for i := range limits.FilterLinks {
		tags = append(tags, &catalog.AssetFilter{Tags: &catalog.TagFilter{None: names[i : i+1]}})
	}
	for i := range limits.FilterMembers/7 - 1 {
		bound := new(int64(i))
		r := &catalog.Int64Range{Gte: bound, Gt: bound, Lte: bound, Lt: bound}
		sizes = append(sizes, &catalog.AssetFilter{Size: r})
	}
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		for name, f := range map[string]*catalog.AssetFilter{
			"long lists": {IDs: names, ReferenceIDs: names, Category: &catalog.CategoryFilter{In: names},
				Tags: &catalog.TagFilter{Any: names, All: names, None: names}},
			"all of many tags":   {And: tags},
			"any of many tags":   {Or: tags},
			"any of many ranges": {Or: sizes},
			"all of many, deep":  {Not: &catalog.AssetFilter{Not: &catalog.AssetFilter{Not: &catalog.AssetFilter{And: sizes}}}},
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
		f := drawFilter(r, drawShelf(r), 3)
		text := asJSON(f)
		var back *catalog.AssetFilter
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
	same := func(fs ...*catalog.AssetFilter) []*catalog.AssetFilter { return fs }
	tags := func(names ...string) *catalog.AssetFilter {
		return &catalog.AssetFilter{Tags: &catalog.TagFilter{Any: names}}
	}
	video, audio := &catalog.AssetFilter{Kinds: kinds[:1]}, &catalog.AssetFilter{Kinds: kinds[1:2]}
	groups := [][]*catalog.AssetFilter{
		same(nil, &catalog.AssetFilter{}, inTrash(new(false))), same(inTrash(new(true))), same(inTrash(nil)),
		same(&catalog.AssetFilter{IDs: []string{}}),
		same(&catalog.AssetFilter{IDs: []string{"a", "b"}}, &catalog.AssetFilter{IDs: []string{"b", "a", "b"}}),
		same(&catalog.AssetFilter{ReferenceIDs: []string{"a", "b"}}),
		same(tags("é"), tags(" e\u0301", "é")),
		same(&catalog.AssetFilter{And: []*catalog.AssetFilter{video, audio}},
			&catalog.AssetFilter{And: []*catalog.AssetFilter{audio, video, audio}}),
		same(&catalog.AssetFilter{Or: []*catalog.AssetFilter{video, audio}}),
		same(video), same(&catalog.AssetFilter{Not: video}),
		same(&catalog.AssetFilter{Category: &catalog.CategoryFilter{In: []string{"a"}}},
			&catalog.AssetFilter{Category: &catalog.CategoryFilter{In: []string{"a"}, IncludeDescendants: new(true)}}),
		same(&catalog.AssetFilter{Category: &catalog.CategoryFilter{In: []string{"a"}, IncludeDescendants: new(false)}}),
		same(&catalog.AssetFilter{CreatedAt: &catalog.TimeRange{Gt: &utc}},
			&catalog.AssetFilter{CreatedAt: &catalog.TimeRange{Gt: new(utc.Add(999).In(time.FixedZone("", 3600)))}}),
		same(&catalog.AssetFilter{CreatedAt: &catalog.TimeRange{Gte: &utc}}),
		same(&catalog.AssetFilter{Duration: &catalog.FloatRange{Gt: new(math.NaN())}}), // none at all
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
