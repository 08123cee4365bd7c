package bleve

import (
	"bytes"
	"math/bits"
	"slices"
	"sort"
	"unicode/utf8"

	"vodgraph/search"
)

// vocabulary is the different words of some groups of a segment, in memory, so that
// those that are like a misspelt one are found by a glance at each. A dictionary has
// to be walked letter by letter for that, once for each group, which takes some ten
// times as long. It takes about 20 bytes a word.
type vocabulary struct {
	by []wordsOfLength
}

type wordsOfLength struct {
	signs []sign
	text  []byte   // of all, one after the other
	ends  []uint32 // where each ends in the text
}

// sign says which letters a word has and, of a word of a vocabulary, in which groups
// it stands.
type sign uint64

const (
	letterBits = 56
	allLetters = sign(1)<<letterBits - 1
	plainBits  = 26 + 10 // small letters and digits; all others share what is left
)

func signOfGroup(group int) sign { return 1 << (letterBits + group) }

func signOfLetters(letters []rune) (s sign) {
	for _, r := range letters {
		switch {
		case 'a' <= r && r <= 'z':
			s |= 1 << (r - 'a')
		case '0' <= r && r <= '9':
			s |= 1 << (26 + r - '0')
		default:
			s |= 1 << (plainBits + r%(letterBits-plainBits))
		}
	}
	return s
}

// Only words of so many letters can be like a misspelt one.
const (
	minLetters = 3
	maxLetters = maxTypoWord + 2
)

// newVocabulary makes one of the sorted words of each group, of which some may have
// none.
func newVocabulary(groups [][]string) *vocabulary {
	v := &vocabulary{by: make([]wordsOfLength, maxLetters+1)}
	left := slices.Clone(groups)
	var letters []rune
	for {
		word, found := "", false
		for _, words := range left {
			if len(words) > 0 && (!found || words[0] < word) {
				word, found = words[0], true
			}
		}
		if !found {
			break
		}
		var in sign
		for i, words := range left {
			if len(words) > 0 && words[0] == word {
				in |= signOfGroup(i)
				left[i] = words[1:]
			}
		}
		letters = appendLetters(letters[:0], word)
		if len(letters) < minLetters || len(letters) > maxLetters {
			continue
		}
		same := &v.by[len(letters)]
		same.signs = append(same.signs, in|signOfLetters(letters))
		same.text = append(same.text, word...)
		same.ends = append(same.ends, uint32(len(same.text)))
	}
	for i := range v.by {
		same := &v.by[i]
		// It stays as long as the segment, so without room to grow.
		same.signs, same.text, same.ends = slices.Clone(same.signs), slices.Clone(same.text), slices.Clone(same.ends)
	}
	return v
}

func appendLetters[T string | []byte](letters []rune, word T) []rune {
	for i := 0; i < len(word); {
		r, size := rune(word[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(string(word[i:]))
		}
		letters = append(letters, r)
		i += size
	}
	return letters
}

type misspelling struct {
	letters []rune
	sign    sign
	most    int
	// begun means that the first letter is taken to be right.
	begun bool
}

// newMisspelling allows as many errors as search.Typos and the effort do; none where
// most is 0.
func newMisspelling(word string, effort effort) misspelling {
	if len(word) > maxTypoWord {
		return misspelling{}
	}
	letters := []rune(word)
	return misspelling{
		letters: letters, sign: signOfLetters(letters),
		most: min(search.Typos(word), int(effort)), begun: effort < much,
	}
}

// like visits the words similar to a misspelt one, except that word itself, with the
// groups that they are in.
func (v *vocabulary) like(m *misspelling, visit func(word []byte, groups sign, errors int) error) error {
	var letters []rune
	longest := min(len(m.letters)+m.most, len(v.by)-1)
	for length := len(m.letters) - m.most; length <= longest; length++ {
		same := &v.by[length]
		first, end := 0, len(same.signs)
		if m.begun {
			first, end = same.from([]byte(string(m.letters[0]))), same.from(after(string(m.letters[0])))
		}
		for i := first; i < end; i++ {
			s := same.signs[i]
			// An error takes one letter away and brings one in, at most.
			if bits.OnesCount64(uint64(m.sign&^s)) > m.most || bits.OnesCount64(uint64(s&allLetters&^m.sign)) > m.most {
				continue
			}
			word := same.word(i)
			letters = appendLetters(letters[:0], word)
			if errors := distance(m.letters, letters, m.most); 0 < errors && errors <= m.most {
				if err := visit(word, s&^allLetters, errors); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (w *wordsOfLength) word(i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = w.ends[i-1]
	}
	return w.text[start:w.ends[i]]
}

func (w *wordsOfLength) from(begin []byte) int {
	return sort.Search(len(w.signs), func(i int) bool { return bytes.Compare(w.word(i), begin) >= 0 })
}

// distance is the number of letters to add, remove or replace; more than most counts as
// most+1.
func distance(a, b []rune, most int) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	longer := max(len(a)-len(b), len(b)-len(a))
	switch {
	case longer > most:
		return most + 1
	case len(a) == 0 || len(b) == 0:
		return longer
	case most == 0:
		return 1
	}
	return 1 + min(distance(a[1:], b[1:], most-1), distance(a[1:], b, most-1), distance(a, b[1:], most-1))
}
