package search

import (
	"slices"
	"strings"
)

// Correction is a word that was found only as another.
type Correction struct {
	Typed string // as it stands in the text that was typed
	Used  string // in its normal form
}

// Corrections returns the typed words that the hits of a page have only in another
// spelling: each with the word nearest to it, and of those the one that most hits have.
// Hits are all texts of each hit. A word that any hit has as typed, or as the beginning
// of one where that is allowed, needs none; neither does one that no hit has anything
// like.
func (t *Text) Corrections(hits [][]string) []Correction {
	words := make([][]Token, len(hits))
	for i, texts := range hits {
		for _, text := range texts {
			words[i] = append(words[i], Words(text)...)
		}
	}
	var corrections []Correction
	for i, typed := range t.Words {
		used, as := nearestWord(typed.Text, t.Prefix && i == len(t.Words)-1, words)
		if as == oneTypo || as == twoTypos {
			corrections = append(corrections, Correction{Typed: t.original[typed.Start:typed.End], Used: used})
		}
	}
	return corrections
}

func nearestWord(typed string, open bool, hits [][]Token) (used string, as likeness) {
	as = unlike
	var counts map[string]int
	for _, words := range hits {
		found, alike := best(typed, open, words)
		if alike < as {
			as, counts = alike, map[string]int{}
		}
		if alike > as || as <= prefix || as == unlike {
			continue
		}
		slices.SortFunc(found, func(a, b Token) int { return strings.Compare(a.Text, b.Text) })
		for _, word := range slices.CompactFunc(found, func(a, b Token) bool { return a.Text == b.Text }) {
			counts[word.Text]++
		}
	}
	for word, count := range counts {
		if used == "" || count > counts[used] || count == counts[used] && word < used {
			used = word
		}
	}
	return used, as
}
