package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Token is a word, or a gram, in its normal form, and where it stands in the
// original: the bytes Start to End of it, which always are whole code points. A
// ligature such as "㍿" has several tokens at one place.
type Token struct {
	Text       string
	Start, End int
}

// Words are the words of a text in their order, but for what is Chinese,
// Japanese or Korean, which has no spaces and is found by its Grams.
//
// Normal is what compares equal where people take it for the same: compatible
// forms are one (NFKC, so full and half width too), letters are lower case,
// accents are folded away ("Čapek" is "capek", "Ø" is "o"), apostrophes are
// dropped ("spider's" is "spiders"). All else that is neither letter nor digit
// parts words. The vowel signs of scripts that write with them stay, and so do
// the dakuten, for "か" and "が" are different letters.
func Words(text string) []Token {
	var words []Token
	scan(text, func(cjk bool, run []glyph) {
		if !cjk {
			words = append(words, token(run))
		}
	})
	return words
}

// Grams are the characters of the Chinese, Japanese and Korean runs of a text,
// each alone and each with the one that follows it in its run.
func Grams(text string) []Token {
	var grams []Token
	scan(text, func(cjk bool, run []glyph) {
		if !cjk {
			return
		}
		for i := range run {
			grams = append(grams, token(run[i:i+1]))
			if i+1 < len(run) {
				grams = append(grams, token(run[i:i+2]))
			}
		}
	})
	return grams
}

// Normalise is the normal form of a whole text: its words and runs, parted by
// single spaces. Texts of one normal form are the same to every engine. The
// normal form of a normal form is itself.
func Normalise(text string) string {
	if plain, ok := normaliseASCII(text); ok {
		return plain
	}
	var whole strings.Builder
	scan(text, func(_ bool, run []glyph) {
		if whole.Len() > 0 {
			whole.WriteByte(' ')
		}
		for _, g := range run {
			whole.WriteRune(g.r)
		}
	})
	return whole.String()
}

// normaliseASCII is Normalise for texts of ASCII alone, which is most of them; ok is
// false for all others.
func normaliseASCII(text string) (whole string, ok bool) {
	folded, parted := make([]byte, 0, len(text)), false
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return "", false
		}
		switch r, kept := foldASCII(text[i]); {
		case !kept:
		case r == parting:
			parted = len(folded) > 0
		case parted:
			folded, parted = append(folded, ' ', byte(r)), false
		default:
			folded = append(folded, byte(r))
		}
	}
	return string(folded), true
}

// glyph is a code point of a normal form, and the bytes of the original that it
// was made of.
type glyph struct {
	r          rune
	start, end int
}

func token(run []glyph) Token {
	var text strings.Builder
	text.Grow(len(run))
	start, end := run[0].start, run[0].end
	for _, g := range run {
		text.WriteRune(g.r)
		start, end = min(start, g.start), max(end, g.end)
	}
	return Token{Text: text.String(), Start: start, End: end}
}

const parting = ' '

// scan calls visit with each word and each run of a text, in order. The glyphs are valid
// until the next call. open reports whether the text ended within a word or run.
func scan(text string, visit func(cjk bool, run []glyph)) (open bool) {
	glyphs := compose(fold(text))
	start := 0
	for i := 0; i <= len(glyphs); i++ {
		switch {
		case i == start:
			if i < len(glyphs) && glyphs[i].r == parting {
				start++
			}
		case i == len(glyphs):
			visit(isCJK(glyphs[start].r), glyphs[start:i])
			open = true
		case glyphs[i].r == parting:
			visit(isCJK(glyphs[start].r), glyphs[start:i])
			start = i + 1
		case isCJK(glyphs[i].r) != isCJK(glyphs[start].r):
			visit(isCJK(glyphs[start].r), glyphs[start:i])
			start = i
		}
	}
	return open
}

// fold takes a text apart into folded glyphs, decomposed, with one that parts for
// whatever does.
func fold(text string) []glyph {
	glyphs := make([]glyph, 0, len(text))
	for at := 0; at < len(text); {
		if b := text[at]; b < utf8.RuneSelf && (at+1 == len(text) || text[at+1] < utf8.RuneSelf) {
			if r, ok := foldASCII(b); ok {
				glyphs = append(glyphs, glyph{r, at, at + 1})
			}
			at++
			continue
		}
		// What the marks after a letter make of it is seen only with them.
		end := at + norm.NFKC.NextBoundaryInString(text[at:], true)
		if r, size := utf8.DecodeRuneInString(text[at:]); at+size == end && isPlainCJK(r) {
			glyphs = append(glyphs, glyph{r, at, end})
			at = end
			continue
		}
		for _, r := range foldSegment(text[at:end]) {
			glyphs = append(glyphs, glyph{r, at, end})
		}
		at = end
	}
	return glyphs
}

// foldASCII folds what most texts are made of; ok is false for what is dropped.
func foldASCII(b byte) (r rune, ok bool) {
	switch {
	case 'a' <= b && b <= 'z', '0' <= b && b <= '9':
		return rune(b), true
	case 'A' <= b && b <= 'Z':
		return rune(b - 'A' + 'a'), true
	default:
		return parting, b != '\''
	}
}

func foldSegment(segment string) []rune {
	segment = stripMarks(norm.NFKD.String(segment))
	// What folding makes may be decomposed in its turn.
	segment = stripMarks(norm.NFKD.String(cases.Fold().String(segment)))
	runes := make([]rune, 0, len(segment))
	for _, r := range segment {
		switch plain, special := plainOf(r); {
		case special:
			runes = append(runes, []rune(plain)...)
		case isDropped(r):
		case isCJK(r), unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			// Cherokee folds to capitals.
			runes = append(runes, unicode.ToLower(r))
		default:
			runes = append(runes, parting)
		}
	}
	return runes
}

// stripMarks drops accents, and the points that Hebrew and Arabic do without.
func stripMarks(text string) string {
	return strings.Map(func(r rune) rune {
		if r != dakuten && r != handakuten && unicode.IsMark(r) && unicode.In(r, unicode.Inherited,
			unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Han, unicode.Hangul) {
			return -1
		}
		return r
	}, text)
}

// The marks that make other letters of kana.
const (
	dakuten    = '\u3099'
	handakuten = '\u309a'
)

// plainOf is what people type for letters that have an accent drawn into them,
// which no decomposition takes away.
func plainOf(r rune) (plain string, special bool) {
	switch r {
	case 'ø':
		return "o", true
	case 'đ', 'ð':
		return "d", true
	case 'ł':
		return "l", true
	case 'ħ':
		return "h", true
	case 'ŧ':
		return "t", true
	case 'ı':
		return "i", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'þ':
		return "th", true
	}
	return "", false
}

// isDropped reports what vanishes without separating words: apostrophes, and controls of
// typesetting except the zero-width space.
func isDropped(r rune) bool {
	switch r {
	case '\'', '‘', '’', 'ʼ', 'ʻ', '\u00ad':
		return true
	case '\u200b':
		return false
	}
	return unicode.Is(unicode.Cf, r)
}

func isCJK(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case r == 'ー':
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) &&
		(unicode.IsLetter(r) || unicode.Is(unicode.Nl, r))
}

// isPlainCJK reports most of those that are their own normal form.
func isPlainCJK(r rune) bool {
	return 0x4e00 <= r && r <= 0x9fa5 || 0x3041 <= r && r <= 0x3096 || 0x30a1 <= r && r <= 0x30fa || 0xac00 <= r && r <= 0xd7a3
}

// compose puts together what fold took apart: syllables of Hangul, and kana with
// their dakuten. A mark that no letter took up is dropped.
func compose(glyphs []glyph) []glyph {
	for i, g := range glyphs {
		if g.r >= 0x300 {
			return composeFrom(glyphs, i)
		}
	}
	return glyphs
}

// composeFrom composes from the first glyph that may have to be; the ones before
// are plain, and the last of them may take up a mark.
func composeFrom(glyphs []glyph, first int) []glyph {
	first = max(first-1, 0)
	composed := append(make([]glyph, 0, len(glyphs)), glyphs[:first]...)
	var text []byte
	for start := first; start < len(glyphs); {
		text = utf8.AppendRune(text[:0], glyphs[start].r)
		end := start + 1
		for end < len(glyphs) && !norm.NFC.PropertiesString(string(glyphs[end].r)).BoundaryBefore() {
			text = utf8.AppendRune(text, glyphs[end].r)
			end++
		}
		whole := glyph{start: glyphs[start].start, end: glyphs[start].end}
		for _, g := range glyphs[start:end] {
			whole.start, whole.end = min(whole.start, g.start), max(whole.end, g.end)
		}
		made := text
		if end > start+1 {
			made = norm.NFC.Bytes(text)
		}
		for _, r := range string(made) {
			if r != dakuten && r != handakuten {
				composed = append(composed, glyph{r, whole.start, whole.end})
			}
		}
		start = end
	}
	return composed
}
