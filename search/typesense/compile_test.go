package typesense

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vodgraph/search"
)

func TestCompile(t *testing.T) {
	t.Parallel()
	low, high := int64(1), int64(math.MaxInt64)
	size := &search.Filter{Range: &search.Range{Field: search.NumberSize, Min: &low, Max: &high}}
	tags := &search.Filter{Terms: &search.Terms{Field: search.TermTag, Values: []string{"b", "a", "b"}}}
	named := &search.Filter{IDs: []string{"vid_2", "vid_1", "vid_2", "no id", "`) || x:=1"}}
	and := func(all ...*search.Filter) *search.Filter {
		return &search.Filter{And: append([]*search.Filter{}, all...)}
	}
	or := func(all ...*search.Filter) *search.Filter {
		return &search.Filter{Or: append([]*search.Filter{}, all...)}
	}
	not := func(f *search.Filter) *search.Filter { return &search.Filter{Not: f} }
	for _, c := range []struct {
		filter *search.Filter
		want   string
	}{
		{nil, always},
		{not(&search.Filter{}), never},
		{and(), always},
		{or(), never},
		{not(and(or(), tags)), always},
		{or(and(), tags), always},
		{tags, "t_tag:=[c4,c8]"},
		{not(tags), "t_tag:!=[c4,c8]"},
		{not(not(tags)), "t_tag:=[c4,c8]"},
		{size, "(n_size:>=1 && n_size:<=9223372036854775807)"},
		{not(size), "(n_size:<1 || n_size:>9223372036854775807 || present:!=[size])"},
		{&search.Filter{Range: &search.Range{Field: search.NumberSize}}, "present:=[size]"},
		{not(&search.Filter{Range: &search.Range{Field: search.NumberSize}}), "present:!=[size]"},
		{named, "id:=[vid_1,vid_2]"},
		{not(&search.Filter{IDs: []string{"a"}}), "key:!=[c4]"},
		{&search.Filter{IDs: []string{"no id"}}, never},
		{not(or(tags, and(size, tags))), "(t_tag:!=[c4,c8] && (n_size:<1 || n_size:>9223372036854775807 || present:!=[size] || t_tag:!=[c4,c8]))"},
	} {
		got, err := compile(c.filter, false)
		if err != nil {
			t.Error(err)
		}
		// How alternatives are nested does not matter.
		flat := strings.NewReplacer("(", "", ")", "")
		if flat.Replace(got) != flat.Replace(c.want) {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	for _, f := range []*search.Filter{
		{Terms: &search.Terms{Field: "x:=1 || t_tag", Values: []string{"a"}}},
		{Range: &search.Range{Field: "seq"}},
	} {
		if got, err := compile(f, false); err == nil {
			t.Errorf("an unknown field gives %s", got)
		}
	}
}

func TestValuesNeverReachTheSyntax(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.String().Draw(t, "value")
		encoded := encode(value)
		if strings.Trim(encoded, "0123456789abcdefghijklmnopqrstuvw") != "" || encoded == "" {
			t.Fatalf("%q is encoded to %q", value, encoded)
		}
		if got, err := decode(encoded); err != nil || got != value {
			t.Fatalf("%q is decoded to %q, %v", value, got, err)
		}
		if len(value) <= maxTerm && len(encoded) > maxWord {
			t.Fatalf("%d bytes are encoded to %d", len(value), len(encoded))
		}
	})
}

func TestIDOrder(t *testing.T) {
	t.Parallel()
	if !slices.IsSorted([]byte(letters)) || len(letters) != 63 {
		t.Fatal("the letters are not 63 in order")
	}
	id := rapid.StringMatching(`[0-9A-Z_a-z]{1,30}`)
	rapid.Check(t, func(t *rapid.T) {
		a := id.Draw(t, "a")
		prefix := rapid.IntRange(0, len(a)).Draw(t, "prefix") // most ids share a beginning
		b := rapid.OneOf(id, rapid.Just(a[:prefix]), rapid.String()).Draw(t, "b")
		partsA, ok := idOrder(a)
		if !ok {
			t.Fatalf("%q is no id", a)
		}
		partsB, okB := idOrder(b)
		got := slices.Compare(partsA[:], partsB[:])
		if okB && got != strings.Compare(a, b) {
			t.Fatalf("%q and %q compare as %d", a, b, got)
		}
		// What is no id parts the ids before it from those after.
		if !okB && (got > 0) != (a > b) && b != "" {
			t.Fatalf("%q and %q, which is no id, compare as %d", a, b, got)
		}
	})
	for _, b := range []string{"", "a-b", "é", strings.Repeat("a", 31)} {
		if _, ok := idOrder(b); ok {
			t.Errorf("%q is an id", b)
		}
	}
}

func TestWordsOnTheServer(t *testing.T) {
	t.Parallel()
	for normal, want := range map[string]string{
		"amber":                       "zzamber",
		"2019":                        "zz222000111999",
		"21st":                        "zz21st",
		strings.Repeat("7", 60):       "zz" + strings.Repeat("7", 96),
		strings.Repeat("x", 200):      "zz" + strings.Repeat("x", 98),
		strings.Repeat("ж", 80):       "zz" + strings.Repeat("ж", 49),
		strings.Repeat("x", 97) + "ж": "zz" + strings.Repeat("x", 97),
	} {
		if got := word(normal); got != want {
			t.Errorf("%s is %s", normal, got)
		}
	}
}

func TestGramsOnTheServer(t *testing.T) {
	t.Parallel()
	texts := []string{"刀剑神 猫", "a猫b刀剑"}
	for _, c := range []struct {
		name      string
		got, want []string
	}{
		{"pairs of each", eachPairs(texts), []string{"刀剑 剑神 猫", "猫 刀剑"}},
		{"pairs of all", allPairs(texts), []string{"刀剑 剑神 猫"}},
		{"singles", allSingles(texts), []string{"刀 剑 神 猫"}},
		{"none", eachPairs([]string{"amber"}), nil},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

// known are the parameters of a search that Typesense 0.24 and 30 both know: of
// multi_search and of GET documents/search in typesense/api/generator/openapi.yml
// of github.com/typesense/typesense-go v0.8.0 (0.24.0) and v4.0.0-alpha2 (30.0).
// The first lacks offset and limit, among others.
var known = []string{
	"collection", "drop_tokens_threshold", "enable_overrides", "exclude_fields", "exhaustive_search", "facet_by",
	"facet_query", "filter_by", "group_by", "group_limit", "hidden_hits", "highlight_affix_num_tokens", "highlight_end_tag",
	"highlight_fields", "highlight_full_fields", "highlight_start_tag", "include_fields", "infix", "max_candidates",
	"max_extra_prefix", "max_extra_suffix", "max_facet_values", "min_len_1typo", "min_len_2typo", "num_typos", "page",
	"per_page", "pinned_hits", "pre_segmented_query", "prefix", "prioritize_exact_match", "q", "query_by",
	"query_by_weights", "search_cutoff_ms", "snippet_threshold", "sort_by", "typo_tokens_threshold", "use_cache",
}

func TestOnlyKnownParametersAreSent(t *testing.T) {
	t.Parallel()
	full := searchRequest{
		Weights: "1", Typos: "1", Prefix: "true", OneTypo: 1, TwoTypos: 1, MaxCandidates: 1, Cutoff: 1,
		Filter: "x", Sort: "x", Facets: "x", FacetValues: 1,
	}
	content, err := json.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	var sent map[string]any
	if err := json.Unmarshal(content, &sent); err != nil {
		t.Fatal(err)
	}
	if len(sent) != 20 {
		t.Errorf("%d parameters are sent: one is missing in this test", len(sent))
	}
	for name := range sent {
		if !slices.Contains(known, name) {
			t.Errorf("%s is not known to all servers", name)
		}
	}
}

func TestFieldsThatAreLookedIn(t *testing.T) {
	t.Parallel()
	const words, grams, singles = "title,alternative,near,filed,far", "title_grams,alternative_grams,near_grams,filed_grams,far_grams", "title_singles,near_singles,filed_singles,far_singles"
	for typed, want := range map[string]string{
		"amber": words, "刀剑": grams, "刀": singles, "amber 刀剑": words + "," + grams, "amber 刀 刀剑": words + "," + grams + "," + singles,
	} {
		text, err := search.ParseText(typed)
		if err != nil {
			t.Fatal(err)
		}
		all := &searching{index: &index{name: "x"}, query: &search.Query{Text: text}, text: text}
		if got := all.request(false); got.QueryBy != want {
			t.Errorf("%q is looked for in %s", typed, got.QueryBy)
		}
		all.query.WithoutCategories = true
		some := all.request(false)
		if want := strings.NewReplacer("filed,", "", "filed_grams,", "", "filed_singles,", "").Replace(want); some.QueryBy != want {
			t.Errorf("without categories %q is looked for in %s", typed, some.QueryBy)
		}
		fields := strings.Count(some.QueryBy, ",")
		for name, list := range map[string]string{"weights": some.Weights, "errors": some.Typos, "beginnings": some.Prefix} {
			if strings.Count(list, ",") != fields {
				t.Errorf("%q has the fields %s and the %s %s", typed, some.QueryBy, name, list)
			}
		}
	}
}

func TestEachLineOfAnImportIsRead(t *testing.T) {
	t.Parallel()
	good := `{"success":true}`
	bad := `{"code":400,"document":"` + strings.Repeat("x", 1<<17) + `","error":"Field is wrong","success":false}`
	busy := `{"code":503,"error":"later","success":false}`
	ids := []string{"vid_1", "vid_2"}
	for answer, want := range map[string]string{
		good + "\n" + good:              "",
		good + "\n" + good + "\n\n":     "",
		good + "\n" + bad:               "vid_2: Typesense answers 400: Field is wrong",
		bad + "\n" + good:               "vid_1: Typesense answers 400: Field is wrong",
		good:                            "vid_2: EOF",
		good + "\n<html>":               "vid_2: invalid character",
		"":                              "vid_1: EOF",
		good + "\n" + `{"success":fals`: "vid_2: unexpected EOF",
	} {
		err := written(strings.NewReader(answer), ids)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %q", answer, err, want)
		}
	}
	if err := written(strings.NewReader(busy), ids[:1]); !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("a busy server's line is %v", err)
	}
}
