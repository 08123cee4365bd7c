package search_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"vodgraph/search"
)

func TestNormalForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                             "",
		" \t-!":                        "",
		"The Spider's Web":             "the spiders web",
		"Spider’s ‘web’":               "spiders web",
		"Re-Edited: S01E02_final.mp4":  "re edited s01e02 final mp4",
		"ČAPEK Ångström naïve":         "capek angstrom naive",
		"c\u030capek":                  "capek",
		"ØRE Łódź ÆON Đorđe":           "ore lodz aeon dorde",
		"STRASSE straße":               "strasse strasse",
		"İstanbul ıslak":               "istanbul islak",
		"ΌΔΟΣ όδος":                    "οδοσ οδοσ",
		"ЁЛКА й":                       "елка и",
		"ＦＵＬＬ　Ｗｉｄｔｈ１２":                 "full width12",
		"ｶﾞﾝﾀﾞﾑ ガンダム":                  "ガンダム ガンダム",
		"か\u3099 が か":                  "が が か",
		"刀剑神域II":                       "刀剑神域 ii",
		"名探偵・コナン":                      "名探偵 コナン",
		"한국어 \u1112\u1161\u11ab":       "한국어 한",
		"ﬁn ½ ㍿":                       "fin 1 2 株式会社",
		"שָׁלוֹם مُحَمَّد":             "שלום محمد",
		"नमस्ते":                       "नमस्ते",
		"co\u00adop a\u200db a\u200bb": "coop ab a b",
		"a\xffb":                       "a b",
		"\u0301x":                      "x",
	} {
		if got := search.Normalise(text); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestWordsAndGramsKnowTheirPlaces(t *testing.T) {
	t.Parallel()
	text := "Ép. 刀剑神 it's"
	if diff := cmp.Diff([]search.Token{{Text: "ep", Start: 0, End: 3}, {Text: "its", Start: 15, End: 19}}, search.Words(text)); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	want := []search.Token{{Text: "刀", Start: 5, End: 8}, {Text: "刀剑", Start: 5, End: 11},
		{Text: "剑", Start: 8, End: 11}, {Text: "剑神", Start: 8, End: 14}, {Text: "神", Start: 11, End: 14}}
	if diff := cmp.Diff(want, search.Grams(text)); diff != "" {
		t.Errorf("grams (-want +got):\n%s", diff)
	}
}

func TestNormaliserKeepsItsPromises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { keepsPromises(t, anyText().Draw(t, "text")) })
}

func FuzzNormalise(f *testing.F) {
	f.Add("Spider's ｶﾞ刀剑 \u1112\u1161\u11ab")
	f.Add("\xff\u0301\u200d\u3099")
	f.Fuzz(func(t *testing.T, text string) { keepsPromises(t, text) })
}

// anyText has what the normaliser treats apart more often than chance would.
func anyText() *rapid.Generator[string] {
	pieces := rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[a-zA-Z0-9 '-]{0,12}`),
		rapid.SampledFrom([]string{"刀", "剑", "が", "か", "\u3099", "\u309a", "ｶ", "ﾞ", "ー", "한", "\u1112", "\u1161", "\u11ab",
			"\u0301", "\u0327", "\u0345", "é", "ø", "ß", "ﬁ", "㍿", "½", "'", "\u200d", "\u200b", "\u00ad", "\ufe0f", "नि", "्", "ς", "İ", "\xff", "\u302e", "々", "〇", "ʼ", "ŉ"}),
	)
	return rapid.Map(rapid.SliceOf(pieces), func(all []string) string { return strings.Join(all, "") })
}

// failer is what *testing.T and *rapid.T share.
type failer interface {
	Errorf(format string, args ...any)
}

func keepsPromises(t failer, text string) {
	normal := search.Normalise(text)
	if again := search.Normalise(normal); again != normal {
		t.Errorf("the normal form of %q is %q, whose normal form is %q", text, normal, again)
	}
	if !utf8.ValidString(normal) {
		t.Errorf("the normal form of %q is no UTF-8: %q", text, normal)
	}
	words, grams := search.Words(text), search.Grams(text)
	fields := strings.Fields(normal)
	for _, tokens := range [][]search.Token{words, grams} {
		before := 0
		for _, token := range tokens {
			if token.Start < before || token.End <= token.Start || token.End > len(text) {
				t.Errorf("%q stands at %d to %d of %q, after %d", token.Text, token.Start, token.End, text, before)
				return
			}
			before = token.Start
			if token.Text == "" || !slices.ContainsFunc(fields, func(f string) bool { return strings.Contains(f, token.Text) }) {
				t.Errorf("%q is none of %q", token.Text, normal)
			}
			if part := search.Normalise(text[token.Start:token.End]); !strings.Contains(part, token.Text) {
				t.Errorf("%q is said to be made of %q, whose normal form is %q", token.Text, text[token.Start:token.End], part)
			}
		}
	}
	for _, word := range words {
		if !slices.Contains(fields, word.Text) {
			t.Errorf("the word %q is none of %q", word.Text, normal)
		}
	}
	if len(grams) == 0 && len(words) != len(fields) {
		t.Errorf("%q has the words %v, and its normal form is %q", text, words, normal)
	}
}
