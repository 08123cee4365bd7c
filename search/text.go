package search

import (
	"fmt"
	"unicode/utf8"
)

// Text is what people typed, as engines ask for it. A document matches where it
// has all Words and all Grams, in whichever fields.
type Text struct {
	// Words are those of the text, each once, in order, with their places in it.
	Words []Token
	// Prefix allows the last word to go on, for it may still be being typed: no separator
	// comes after it.
	Prefix bool
	// Grams are the pairs of neighbours in each run of Chinese, Japanese or
	// Korean, each once; of a run of one character, that character.
	Grams []string
	// Whole is the normal form of the text.
	Whole string

	original string
}

// Typed is the text as it was typed; empty for nil.
func (t *Text) Typed() string {
	if t == nil {
		return ""
	}
	return t.original
}

// Empty reports that it is blank or has only punctuation.
func (t *Text) Empty() bool { return len(t.Words)+len(t.Grams) == 0 }

// TextError is a text past a limit.
type TextError struct {
	Of    string // "characters", "words" or "Chinese, Japanese or Korean characters"
	Limit int
}

// Error is a sentence for people, but for its full stop.
func (e *TextError) Error() string {
	return fmt.Sprintf("a text to search for has up to %d %s", e.Limit, e.Of)
}

// ParseText reads what people typed. It fails with a *TextError past MaxText,
// MaxWords or MaxCJK, the only error there is.
func ParseText(original string) (*Text, error) {
	if utf8.RuneCountInString(original) > MaxText {
		return nil, &TextError{Of: "characters", Limit: MaxText}
	}
	t := &Text{original: original, Whole: Normalise(original)}
	cjk, words := 0, 0
	endsInNewWord := false // one that stands before too is there as typed already
	seen := map[string]bool{}
	gram := func(g string) {
		if !seen[g] {
			seen[g] = true
			t.Grams = append(t.Grams, g)
		}
	}
	open := scan(original, func(isCJK bool, run []glyph) {
		if !isCJK {
			words++
			endsInNewWord = t.addWord(token(run))
			return
		}
		endsInNewWord = false
		cjk += len(run)
		if len(run) == 1 {
			gram(token(run).Text)
		}
		for i := range len(run) - 1 {
			gram(token(run[i : i+2]).Text)
		}
	})
	switch {
	case words > MaxWords:
		return nil, &TextError{Of: "words", Limit: MaxWords}
	case cjk > MaxCJK:
		return nil, &TextError{Of: "Chinese, Japanese or Korean characters", Limit: MaxCJK}
	}
	t.Prefix = open && endsInNewWord
	return t, nil
}

func (t *Text) addWord(word Token) bool {
	for _, w := range t.Words {
		if w.Text == word.Text {
			return false
		}
	}
	t.Words = append(t.Words, word)
	return true
}

// Typos is how many errors a word may hold: letters too many, missing or wrong;
// a swap of two letters is two errors. One is forgiven from 4 letters, two from
// 5, and none in a number.
func Typos(word string) int {
	letters, number := 0, true
	for _, r := range word {
		letters++
		number = number && '0' <= r && r <= '9'
	}
	switch {
	case number || letters < 4:
		return 0
	case letters == 4:
		return 1
	default:
		return 2
	}
}
