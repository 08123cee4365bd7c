package media

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"vodgraph/fault"
)

// Clean is a title or a name as it is kept: NFC, without white space and what cannot
// be seen at its ends, but for what gives the last character its look. What is equal after
// it is one and the same name. What it leaves within a name Invisible refuses.
func Clean(s string) string {
	s = strings.TrimLeftFunc(norm.NFC.String(s), hidden)
	for {
		last, size := utf8.DecodeLastRuneInString(s)
		if size == 0 || !hidden(last) || styles(last) && styled(s) {
			return s
		}
		s = s[:len(s)-size]
	}
}

func hidden(r rune) bool {
	return unicode.IsSpace(r) || r == '\u2800' || // Braille without a dot
		unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) &&
			!unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// styles reports whether a character chooses how the one before it looks: variation
// selectors, and the letters of flags.
func styles(r rune) bool {
	return unicode.Is(unicode.Variation_Selector, r) || r >= 0xE0020 && r <= 0xE007F
}

// styled reports whether the end of a text is one that looks otherwise without it.
func styled(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(s, styles))
	return last > unicode.MaxASCII && !hidden(last)
}

// Invisible refuses within a title or a name, which Clean has trimmed, what breaks its line or
// cannot be seen: control characters, line separators, and of the characters without a look
// all but those that words and emoji are written with: joiners, variation selectors, the
// letters of flags. U+0000 is refused in every text, and elsewhere.
func Invisible(kept string) *fault.Fault {
	for _, r := range kept {
		switch {
		case r == 0, r == '\u200c', r == '\u200d', styles(r), unicode.Is(unicode.Zs, r), r == '\u2800', !hidden(r) && !unicode.IsControl(r):
		default:
			return fault.New(fault.Invalid, "The character %U cannot be seen, and is taken in no title, tag or name of a category.", r)
		}
	}
	return nil
}

// NFC is a text that people write, and that may be absent, in NFC.
func NFC(s *string) *string {
	if s == nil || norm.NFC.IsNormalString(*s) {
		return s
	}
	n := norm.NFC.String(*s)
	return &n
}

// TitleKeyRunes is the longest key of a title, in code points: 800 bytes at most,
// so that with an id it fits into a row of an index, which on Postgres may have
// 2,704.
const TitleKeyRunes = 200

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

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// withoutAccent drops the combining diacritical marks. Those of other blocks
// stay: in Japanese they distinguish letters.
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
		if runes == TitleKeyRunes {
			return s[:i]
		}
		runes++
	}
	return s
}
