package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Clean is a text as it is kept: NFC, without white space at its ends. What is
// equal after it is one and the same name.
func Clean(s string) string {
	return strings.TrimFunc(norm.NFC.String(s), unicode.IsSpace)
}

// titleKeyRunes is the longest key of a title, in code points: 800 bytes at most,
// so that with an id it fits into a row of an index, which on Postgres may have
// 2,704.
const titleKeyRunes = 200

// TitleKey is what titles are sorted by, comparing code points: without regard
// to case, to the width and other variants of characters, to accents, and to how
// much white space stands between words. It has 200 code points at most, so
// titles that differ only later sort as equals.
func TitleKey(title string) string {
	folded := strings.ToLower(title)
	if !isASCII(title) { // of which nothing but case has variants
		plain := strings.Map(withoutAccent, norm.NFKD.String(title))
		// Folding alone would only swap the cases of Cherokee, whose capitals are older.
		folded = norm.NFKC.String(strings.ToLower(cases.Fold().String(plain)))
	}
	key := strings.Join(strings.Fields(folded), " ")
	return strings.TrimSuffix(cut(key), " ")
}

// isASCII tells whether a text has no character beyond ASCII.
func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// withoutAccent drops the combining diacritical marks. Those of other blocks
// stay: in Japanese they tell one letter from another.
func withoutAccent(r rune) rune {
	if r >= 0x300 && r <= 0x36F {
		return -1
	}
	return r
}

// cut is the start of a text that fits a key.
func cut(s string) string {
	runes := 0
	for i := range s {
		if runes == titleKeyRunes {
			return s[:i]
		}
		runes++
	}
	return s
}
