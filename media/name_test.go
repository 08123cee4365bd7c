package media

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                     "",
		" \t\r\n\u00a0\u3000 ": "",
		"e\u0301te\u0301":      "été",
		"\u3000映画\u2003":       "映画",
		"two  words":           "two  words",
		"Case":                 "Case",
		"ｆｕｌｌ ﬁ":               "ｆｕｌｌ ﬁ", // compatibility variants are names of their own
		"\u200bx":              "x",
		"か\u3099":              "が",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCleanIsNFCAndStays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := Clean(marked().Draw(t, "s"))
		if !norm.NFC.IsNormalString(s) || Clean(s) != s {
			t.Fatalf("%q is not clean", s)
		}
	})
}

// TestTitleKeyOfASCII wants what stands beside a letter of another script to have the key
// that it has alone.
func TestTitleKeyOfASCII(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.RuneFrom(nil, &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0, Hi: 0x7f, Stride: 1}}}), 0, 150, -1).Draw(t, "s")
		if got, want := TitleKey("é "+s), strings.TrimSuffix("e "+TitleKey(s), " "); got != want {
			t.Fatalf("beside é %q has the key %q, want %q", s, got, want)
		}
	})
}

func TestTitleKey(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                 "",
		"  The\u3000 Dawn\t":               "the dawn",
		"Ｆｕｌｌ　Ｗｉｄｔｈ":                       "full width",
		"ÉTÉ":                              "ete",
		"E\u0301te\u0301":                  "ete",
		"Ångström":                         "angstrom",
		"Straße":                           "strasse",
		"STRASSE":                          "strasse",
		"Σίσυφος":                          "σισυφοσ",
		"İstanbul":                         "istanbul",
		"Việt Nam":                         "viet nam",
		"Ёлка":                             "елка",
		"ﬁlm №1 ②":                         "film no1 2",
		"ガンダム":                             "ガンダム",
		"ｶﾞﾝﾀﾞﾑ":                           "ガンダム",
		"カ\u3099ンタ\u3099ム":                 "ガンダム",
		"映画":                               "映画",
		"한글":                               "한글",
		norm.NFD.String("한글"):              "한글",
		"हिन्दी":                           "हिन्दी",
		strings.Repeat("é", 300):           strings.Repeat("e", 200),
		strings.Repeat("𠀀", 300):           strings.Repeat("𠀀", 200),
		strings.Repeat("x", 199) + " tail": strings.Repeat("x", 199),
	} {
		if got := TitleKey(in); got != want {
			t.Errorf("TitleKey(%q) = %q, want %q", in, got, want)
		}
	}
}

// However a title is written, its key fits an index, and the key is its own.
func TestTitleKeyFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		title := marked().Draw(t, "title")
		key := TitleKey(title)
		if n := utf8.RuneCountInString(key); n > TitleKeyRunes || !utf8.ValidString(key) {
			t.Fatalf("%q has %d code points", key, n)
		}
		if strings.TrimSpace(key) != key || strings.Contains(key, "  ") {
			t.Fatalf("%q has white space that means nothing", key)
		}
		if again := TitleKey(key); again != key {
			t.Fatalf("%q becomes %q", key, again)
		}
		for _, variant := range []string{norm.NFD.String(title), " " + title + "\n"} {
			if other := TitleKey(variant); other != key {
				t.Fatalf("%q is %q when written otherwise", key, other)
			}
		}
	})
}

// marked draws texts with what is hard: marks, spaces, ligatures, other scripts,
// and anything else.
func marked() *rapid.Generator[string] {
	hard := []rune("aZéß  \u3000\u0301\u0308\u0345\u3099ſıİΐᾳΣﬁ①ｶﾞガ한𠀀\u200d\u1ffe\u2121")
	return rapid.StringOf(rapid.OneOf(rapid.SampledFrom(hard), rapid.Rune()))
}
