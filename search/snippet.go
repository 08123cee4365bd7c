package search

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// MaxSnippet is how many code points a snippet has at most.
const MaxSnippet = 160

// slack is how far the ends of a snippet may move to fall between words.
const slack = 24

// Snippet is a part of a text that shows what was found in it. It stands in the
// text just so, as one piece, with nothing added.
type Snippet struct {
	Text string
	// Marks are what was found, in order; none touches the next.
	Marks []Mark
}

// Mark is a stretch of a snippet, in code points.
type Mark struct{ Start, Length int }

// Snippet cuts the part of a text that shows the most of what was asked for: words
// as typed, or going on where the last may, or else misspelt as Typos allows; and
// grams. found is false where the text has none of it.
func (t *Text) Snippet(text string) (snippet Snippet, found bool) {
	spots := t.spots(text)
	if len(spots) == 0 {
		return Snippet{}, false
	}
	runes := runeStarts(text)
	for i := range spots {
		spots[i].start, _ = slices.BinarySearch(runes, spots[i].start)
		spots[i].end, _ = slices.BinarySearch(runes, spots[i].end)
	}
	start, end := window(spots, len(runes)-1)
	start, end = trim(text, runes, start, end)
	snippet.Text = text[runes[start]:runes[end]]
	for _, s := range spots {
		from, to := max(s.start, start)-start, min(s.end, end)-start
		if last := len(snippet.Marks) - 1; last >= 0 && from <= snippet.Marks[last].Start+snippet.Marks[last].Length {
			mark := &snippet.Marks[last]
			mark.Length = max(mark.Length, to-mark.Start)
		} else if from < to {
			snippet.Marks = append(snippet.Marks, Mark{Start: from, Length: to - from})
		}
	}
	return snippet, true
}

// spot is where the words or grams of a text to search for stand, of which it is
// the asked one.
type spot struct{ start, end, asked int }

func (t *Text) spots(text string) []spot {
	var spots []spot
	words := Words(text)
	for i, w := range t.Words {
		tokens, _ := best(w.Text, t.Prefix && i == len(t.Words)-1, words)
		for _, token := range tokens {
			spots = append(spots, spot{token.Start, token.End, i})
		}
	}
	if len(t.Grams) > 0 {
		for _, token := range Grams(text) {
			if i := slices.Index(t.Grams, token.Text); i >= 0 {
				spots = append(spots, spot{token.Start, token.End, len(t.Words) + i})
			}
		}
	}
	slices.SortFunc(spots, func(a, b spot) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return a.end - b.end
	})
	return spots
}

// runeStarts are the places in bytes of each code point, and of the end.
func runeStarts(text string) []int {
	starts := make([]int, 0, utf8.RuneCountInString(text)+1)
	for at := range text {
		starts = append(starts, at)
	}
	return append(starts, len(text))
}

// window chooses where to cut a text of a length, all in code points: where the
// most different things that were asked for are close together, the first such
// place, with as much before as after them.
func window(spots []spot, length int) (start, end int) {
	if length <= MaxSnippet {
		return 0, length
	}
	const room = MaxSnippet - 2*slack
	seen := map[int]int{}
	first, most := 0, 0
	from, to := spots[0].start, min(spots[0].end, spots[0].start+room)
	for _, s := range spots {
		seen[s.asked]++
		for spots[first].start != s.start && s.end-spots[first].start > room {
			if seen[spots[first].asked]--; seen[spots[first].asked] == 0 {
				delete(seen, spots[first].asked)
			}
			first++
		}
		if len(seen) > most {
			most = len(seen)
			from, to = spots[first].start, min(s.end, spots[first].start+room)
		}
	}
	start = max(0, from-(MaxSnippet-(to-from))/2)
	start = min(start, length-MaxSnippet)
	return start, start + MaxSnippet
}

// trim moves the ends of a window inwards to where words end, where such a place
// is near, and in any case to where no letter loses its marks; and drops blanks
// at the ends.
func trim(text string, runes []int, start, end int) (int, int) {
	at := func(i int) rune {
		r, _ := utf8.DecodeRuneInString(text[runes[i]:])
		return r
	}
	parted := func(i int) bool { // between i-1 and i
		a, b := at(i-1), at(i)
		return !unicode.IsMark(b) && (isCJK(a) || isCJK(b) || !isWordly(a) || !isWordly(b))
	}
	whole := func(i int) bool { return !unicode.IsMark(at(i)) }
	last := len(runes) - 1
	if start > 0 {
		start = nearest(start, min(start+slack, end), 1, parted, whole)
	}
	if end < last {
		end = nearest(end, max(end-slack, start), -1, parted, whole)
	}
	for start < end && unicode.IsSpace(at(start)) {
		start++
	}
	for start < end && unicode.IsSpace(at(end-1)) {
		end--
	}
	return start, end
}

// nearest is the first place from one to another that is good, or else that
// will do, or else from.
func nearest(from, to, step int, tests ...func(int) bool) int {
	for _, good := range tests {
		for i := from; i != to; i += step {
			if good(i) {
				return i
			}
		}
	}
	return from
}

func isWordly(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || isDropped(r)
}
