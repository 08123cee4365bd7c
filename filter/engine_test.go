package filter_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/ent/playinfo"
	"vodgraph/fault"
	"vodgraph/filter"
	"vodgraph/limits"
	"vodgraph/media"
	"vodgraph/outbox"
	"vodgraph/search"
	"vodgraph/search/bleve"
	"vodgraph/search/typesense"
	"vodgraph/search/typesensetest"
)

// A filter means the same to the engines as to the databases, and to the plain
// reading of it.
func TestFilterMeansTheSameToEngines(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		eachEngine(t, db, func(t *testing.T, k *engineCopy) {
			partial := 0 // filters that match some and not all
			rapid.Check(t, func(r *rapid.T) {
				s := drawLibrary(r)
				s.load(t, db)
				k.fill(t, r, s)
				for range 5 {
					f := drawFilter(r, s, 3)
					compare(t, r, db, s, f)
					if n := k.compare(t, r, s, f); 0 < n && n < len(s.assets) {
						partial++
					}
				}
			})
			if partial < 50 {
				t.Errorf("only %d filters matched some and not all: the test proves nothing", partial)
			}
		})
	})
}

func TestFilterMeansTheSameToEnginesOfNames(t *testing.T) {
	t.Parallel()
	s, filters := named()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		s.load(t, db)
		eachEngine(t, db, func(t *testing.T, k *engineCopy) {
			k.fill(t, t, s)
			for _, f := range filters {
				k.compare(t, t, s, f)
			}
		})
	})
}

// engineCopy has an engine hold what a database holds.
type engineCopy struct {
	db      *dbtest.DB
	catalog *bulk.Catalog
	engine  search.Engine
	ids     []string
}

// eachEngine runs f with every engine, one after the other.
func eachEngine(t *testing.T, db *dbtest.DB, f func(t *testing.T, k *engineCopy)) {
	t.Helper()
	type closer interface {
		search.Engine
		Close() error
	}
	for name, open := range map[string]func(t *testing.T) (closer, error){
		"bleve":     func(t *testing.T) (closer, error) { return bleve.Open(t.TempDir()) },
		"typesense": func(t *testing.T) (closer, error) { return typesense.Open(typesensetest.Shared(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			engine, err := open(t)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := engine.Close(); err != nil {
					t.Error(err)
				}
			})
			f(t, &engineCopy{db: db, catalog: verbs(db), engine: engine})
		})
	}
}

// verbs are those of a database.
func verbs(db *dbtest.DB) *bulk.Catalog {
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC) }
	return bulk.New(db.Client, change.Options{
		Limits: limits.DefaultLibrary(), Now: now, NewID: media.ULIDs(now, rand.Reader)})
}

// narrowed is a filter as engines are asked it.
func narrowed(t *testing.T, db *dbtest.DB, f *filter.AssetFilter) (*search.Filter, error) {
	if _, err := f.Predicate(limits.DefaultFilter()); err != nil {
		return nil, err
	}
	var q search.Query
	err := f.Narrow(t.Context(), db.Client, &q)
	return q.Filter, err
}

// fill has the engine hold a library, which the database holds, and nothing else.
func (k *engineCopy) fill(t *testing.T, r failer, s *library) {
	docs, err := outbox.New(k.catalog.Library).Documents(t.Context(), s.ids())
	if err != nil {
		r.Fatalf("%v", err)
	}
	if err := k.engine.Remove(t.Context(), k.ids); err != nil {
		r.Fatalf("%v", err)
	}
	if err := k.engine.Put(t.Context(), docs); err != nil {
		r.Fatalf("%v", err)
	}
	k.ids = s.ids()
	if n, err := k.engine.Count(t.Context()); err != nil || int(n) != len(s.assets) {
		r.Fatalf("the engine has %d documents, want %d; %v", n, len(s.assets), err)
	}
}

// compare wants the engine to find what a filter matches on the library, and returns
// how much that is, and the others by its negation.
func (k *engineCopy) compare(t *testing.T, r failer, s *library, f *filter.AssetFilter) int {
	want := s.matching(f)
	made, err := narrowed(t, k.db, f)
	if err != nil {
		r.Fatalf("%s: %v", asJSON(f), err)
	}
	if diff := cmp.Diff(want, k.find(t.Context(), r, made)); diff != "" {
		r.Fatalf("%s: -evaluator +engine\n%s", asJSON(f), diff)
	}
	if made == nil {
		made = &search.Filter{}
	}
	if got := k.find(t.Context(), r, &search.Filter{Not: made}); len(got) != len(s.assets)-len(want) {
		r.Fatalf("not %s: %d assets, want %d", asJSON(f), len(got), len(s.assets)-len(want))
	}
	return len(want)
}

// find is the ids that an engine has for a filter.
func (k *engineCopy) find(ctx context.Context, r failer, f *search.Filter) []string {
	hits, err := k.engine.Search(ctx, &search.Query{Filter: f, Limit: 250})
	if err != nil {
		r.Fatalf("%v", err)
	}
	ids := []string{}
	for _, hit := range hits.Hits {
		ids = append(ids, hit.ID)
	}
	if int(hits.Total) != len(ids) {
		r.Fatalf("%d hits, and %d in all", len(ids), hits.Total)
	}
	slices.Sort(ids)
	return ids
}

// Filters of one fingerprint are one filter to an engine, whose places are of one.
func TestNarrowOfOneFingerprint(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	utc := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	video, audio := &filter.AssetFilter{Kinds: kinds[:1]}, &filter.AssetFilter{Kinds: kinds[1:2]}
	for _, pair := range [][2]*filter.AssetFilter{
		{nil, {}}, {nil, inTrash(new(false))},
		{{ReferenceIDs: []string{"b", "a", "b"}}, {ReferenceIDs: []string{"a", "b"}}},
		{{Or: []*filter.AssetFilter{audio, video}}, {Or: []*filter.AssetFilter{video, audio, video}}},
		{{CreatedAt: &filter.TimeRange{Gt: &utc}}, {CreatedAt: &filter.TimeRange{Gt: new(utc.Add(999))}}},
	} {
		a, errA := narrowed(t, db, pair[0])
		b, errB := narrowed(t, db, pair[1])
		if err := errors.Join(errA, errB); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s and %s differ: %s", asJSON(pair[0]), asJSON(pair[1]), diff)
		}
	}
}

// Only the names of tags and the paths of categories are looked up, each all together;
// nothing that people wrote is an id.
func TestNarrowStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		tags := &filter.AssetFilter{Tags: &filter.TagFilter{Any: []string{"a"}, All: []string{"b"}, None: []string{"c"}}}
		paths := &filter.AssetFilter{Category: &filter.CategoryFilter{In: []*media.CategoryRef{{Path: []string{"'"}}, {Path: []string{"`", "a"}}}}}
		for _, one := range []struct {
			filter     *filter.AssetFilter
			statements int
		}{
			{nil, 0},
			{&filter.AssetFilter{ReferenceIDs: []string{"x"}, IDs: []string{"'"}, Category: &filter.CategoryFilter{In: categoryIDs(categoryID(1))}}, 0},
			{&filter.AssetFilter{Tags: &filter.TagFilter{All: []string{}}}, 0},
			{&filter.AssetFilter{And: []*filter.AssetFilter{tags, {Not: tags}}, Or: []*filter.AssetFilter{tags}}, 1},
			{&filter.AssetFilter{And: []*filter.AssetFilter{paths, {Not: paths}}}, 1},
			{&filter.AssetFilter{Or: []*filter.AssetFilter{paths, tags}}, 2},
		} {
			var made *search.Filter
			var err error
			if got := db.Statements(func() { made, err = narrowed(t, db, one.filter) }); err != nil || len(got) != one.statements {
				t.Errorf("%s: %q, %v; want %d statements", asJSON(one.filter), got, err, one.statements)
			}
			if said := fmt.Sprintf("%+v", made); strings.ContainsAny(said, "'`") {
				t.Errorf("%s: an id of no form got through: %s", asJSON(one.filter), said)
			}
		}
	})
}

// What is refused does not depend on what answers.
func TestNarrowRefuses(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	codecs := make([]string, 500)
	for i := range codecs {
		codecs[i] = fmt.Sprint(i)
	}
	plays := func(n int) *filter.AssetFilter {
		return &filter.AssetFilter{PlayInfo: &filter.PlayInfoFilter{Definitions: fiveDefinitions, Formats: allFormats, Codecs: codecs[:n]}}
	}
	both := &filter.AssetFilter{And: []*filter.AssetFilter{plays(300), {Not: plays(300)}}}
	for name, one := range map[string]struct {
		filter *filter.AssetFilter
		code   fault.Code // none: taken
		place  string
	}{
		"as many combinations":      {filter: plays(500)},
		"named twice":               {filter: &filter.AssetFilter{And: []*filter.AssetFilter{plays(300), plays(300)}}},
		"too many combinations":     {both, fault.FilterTooLarge, "filter"},
		"too deep, as by Predicate": {nested(6), fault.FilterTooDeep, "filter not not not not not not"},
		"not finite": {&filter.AssetFilter{Duration: &filter.FloatRange{Gte: new(math.Inf(1))}},
			fault.Invalid, "filter duration gte"},
	} {
		_, err := narrowed(t, db, one.filter)
		if _, other := one.filter.Predicate(limits.DefaultFilter()); fmt.Sprint(other) != fmt.Sprint(err) {
			t.Errorf("%s: no engine would be asked: %v; else: %v", name, other, err)
		}
		var refused *fault.Fault
		switch {
		case one.code == "" && err != nil:
			t.Errorf("%s: refused: %v", name, err)
		case one.code == "":
		case !errors.As(err, &refused):
			t.Errorf("%s: got %v, want a fault", name, err)
		case refused.Code != one.code || strings.Join(refused.Field, " ") != one.place:
			t.Errorf("%s: got %s at %q, want %s at %q", name, refused.Code, refused.Field, one.code, one.place)
		}
	}
}

var (
	fiveDefinitions = []playinfo.Definition{playinfo.DefinitionFD, playinfo.DefinitionLD, playinfo.DefinitionSD,
		playinfo.DefinitionHD, playinfo.DefinitionUHD_2K}
	allFormats = []playinfo.Format{playinfo.FormatMP4, playinfo.FormatM3U8, playinfo.FormatMPD, playinfo.FormatFLV,
		playinfo.FormatWEBM, playinfo.FormatMP3, playinfo.FormatM4A, playinfo.FormatOGG}
)
