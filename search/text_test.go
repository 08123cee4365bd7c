package search_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/search"
)

func TestTextsAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{ // words, with * for one that may go on, and grams
		"":                "",
		"?!":              "",
		"Dawn":            "dawn*",
		"Dawn ":           "dawn",
		"dawn-":           "dawn",
		"dawn'":           "dawn*",
		"the dawn of":     "the dawn of*",
		"the the dawn":    "the dawn*",
		"new york new":    "new york",
		"刀":               "刀",
		"刀剑神域":            "刀剑 剑神 神域",
		"刀剑 刀剑 神":         "刀剑 神",
		"dawn 刀剑":         "dawn 刀剑",
		"刀剑 dawn":         "dawn* 刀剑",
		"ＤＡＷＮ　Éclair":     "dawn eclair*",
		"コナン the movie '": "the movie コナ ナン",
	} {
		parsed, err := search.ParseText(text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range parsed.Words {
			got = append(got, w.Text)
		}
		if parsed.Prefix {
			got[len(got)-1] += "*"
		}
		got = append(got, parsed.Grams...)
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		if parsed.Empty() != (want == "") {
			t.Errorf("%q: Empty is %v", text, parsed.Empty())
		}
	}
}

func TestTextsPastALimitAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		piece       string
		limit, many int
		of          string
	}{
		{"é", search.MaxText, 1, "characters"},
		{"a ", search.MaxWords, 1, "words"},
		{"刀", search.MaxCJK, 1, "Chinese, Japanese or Korean characters"},
	} {
		if _, err := search.ParseText(strings.Repeat(c.piece, c.limit)); err != nil {
			t.Errorf("%d %s: %v", c.limit, c.of, err)
		}
		_, err := search.ParseText(strings.Repeat(c.piece, c.limit+c.many))
		var refused *search.TextError
		if !errors.As(err, &refused) || refused.Of != c.of || refused.Limit != c.limit {
			t.Errorf("%d %s: %v", c.limit+c.many, c.of, err)
		}
	}
}

func TestTyposThatAreForgiven(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]int{"cat": 0, "cats": 1, "dwarf": 2, "2019": 0, "20190101": 0, "s01e02": 2, "élan": 1} {
		if got := search.Typos(word); got != want {
			t.Errorf("Typos(%q) = %d, want %d", word, got, want)
		}
	}
}
