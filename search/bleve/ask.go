package bleve

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	api "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum/levenshtein"

	"vodgraph/search"
)

// How a word was found counts as many times the weight of where.
const (
	timesExact    = 16
	timesPrefix   = 10
	timesOneTypo  = 2
	timesTwoTypos = 1
)

// maxTypoWord is the length in bytes past which no word is taken for misspelt,
// for what tells misspelt words grows with them.
const maxTypoWord = 64

// effort is how hard is looked for words. More is made only where less finds
// nothing, for it costs more, and finds what is less like what was typed.
type effort int

const (
	// little takes one error in a word but for its first letter, and finds words
	// that are misspelt or go on in the loose groups.
	little effort = 1
	// much takes as many errors as search.Typos allows, anywhere in a word, and in
	// all groups.
	much effort = 2
)

// asked is a text to search for, made ready.
type asked struct {
	text   *search.Text
	groups []group
	effort effort
	words  []askedWord
	length int // as of a title
}

// askedWord is one of its words.
type askedWord struct {
	text string
	open bool // it may go on
	// like accepts what the effort takes for the word misspelt; nil for none.
	like api.Automaton
}

// speller makes automata that accept misspelt words. A swap is two errors.
type speller struct {
	one, two *levenshtein.LevenshteinAutomatonBuilder
}

func newSpeller() (speller, error) {
	one, err := levenshtein.NewLevenshteinAutomatonBuilder(1, false)
	if err != nil {
		return speller{}, fmt.Errorf("make a speller: %w", err)
	}
	two, err := levenshtein.NewLevenshteinAutomatonBuilder(2, false)
	if err != nil {
		return speller{}, fmt.Errorf("make a speller: %w", err)
	}
	return speller{one, two}, nil
}

// ready makes a word ready.
func (s speller) ready(word string, open bool, effort effort) (askedWord, error) {
	w := askedWord{text: word, open: open}
	typos := min(search.Typos(word), int(effort))
	if typos == 0 || len(word) > maxTypoWord {
		return w, nil
	}
	builder := s.one
	if typos == 2 {
		builder = s.two
	}
	like, err := builder.BuildDfa(word, uint8(typos))
	if err != nil {
		return w, fmt.Errorf("spell a word: %w", err)
	}
	w.like = like
	return w, nil
}

// newAsked makes a text ready.
func (s speller) newAsked(text *search.Text, effort effort) (*asked, error) {
	a := &asked{text: text, groups: groups(), effort: effort, length: lengthOf(text.Whole)}
	for i, w := range text.Words {
		ready, err := s.ready(w.Text, text.Prefix && i == len(text.Words)-1, effort)
		if err != nil {
			return nil, err
		}
		a.words = append(a.words, ready)
	}
	return a, nil
}

// level is documents that have a word in one way, and what that counts.
type level struct {
	docs   *roaring.Bitmap
	weight int
	group  int
}

// levels are all ways of a word or gram in a segment.
type levels []level

func (l levels) any() *roaring.Bitmap {
	all := make([]*roaring.Bitmap, len(l))
	for i := range l {
		all[i] = l[i].docs
	}
	return roaring.FastOr(all...)
}

// in are the documents of a group.
func (l levels) in(group int) *roaring.Bitmap {
	docs := roaring.New()
	for i := range l {
		if l[i].group == group {
			docs.Or(l[i].docs)
		}
	}
	return docs
}

// with adds a level, but for an empty one.
func (l levels) with(docs *roaring.Bitmap, group, weight int) levels {
	if docs.IsEmpty() {
		return l
	}
	return append(l, level{docs: docs, weight: weight, group: group})
}

// match is the documents of a segment that have all of a text, and how.
type match struct {
	docs *roaring.Bitmap
	each []levels // of each word, then each gram
}

// match finds a text among some documents, which it may change.
func (a *asked) match(p *segmentView, among *roaring.Bitmap) (match, error) {
	m := match{docs: among}
	for _, gram := range a.text.Grams {
		if m.docs.IsEmpty() {
			return m, nil
		}
		found, err := a.gram(p, gram)
		if err != nil {
			return m, err
		}
		m.docs.And(found.any())
		m.each = append(m.each, found)
	}
	for i := range a.words {
		if m.docs.IsEmpty() {
			return m, nil
		}
		found, err := a.word(p, &a.words[i])
		if err != nil {
			return m, err
		}
		m.docs.And(found.any())
		m.each = append(m.each, found)
	}
	return m, nil
}

func (a *asked) gram(p *segmentView, gram string) (levels, error) {
	var found levels
	for i, g := range a.groups {
		d, err := p.open(g.grams)
		if err != nil {
			return nil, err
		}
		docs, err := d.of(gram)
		if err != nil {
			return nil, err
		}
		found = found.with(docs, i, g.weight*timesExact)
	}
	return found, nil
}

func (a *asked) word(p *segmentView, w *askedWord) (levels, error) {
	var found levels
	for i, g := range a.groups {
		d, err := p.open(g.words)
		if err != nil {
			return nil, err
		}
		docs, err := d.of(w.text)
		if err != nil {
			return nil, err
		}
		found = found.with(docs, i, g.weight*timesExact)
		if !g.loose && a.effort < much {
			continue
		}
		if w.open {
			docs := roaring.New()
			err := d.each(nil, []byte(w.text), after(w.text), func(entry *index.DictEntry) (bool, error) { return true, d.add(entry.Term, docs) })
			if err != nil {
				return nil, err
			}
			found = found.with(docs, i, g.weight*timesPrefix)
		}
		if w.like != nil {
			if found, err = a.misspelt(d, w, i, found); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// misspelt adds where a word of a group is misspelt.
func (a *asked) misspelt(d dictionary, w *askedWord, group int, found levels) (levels, error) {
	var from, to []byte
	if a.effort < much {
		first := string([]rune(w.text)[:1])
		from, to = []byte(first), after(first)
	}
	one, two := roaring.New(), roaring.New()
	err := d.each(w.like, from, to, func(entry *index.DictEntry) (bool, error) {
		switch entry.EditDistance {
		case 0:
			return true, nil
		case 1:
			return true, d.add(entry.Term, one)
		default:
			return true, d.add(entry.Term, two)
		}
	})
	weight := a.groups[group].weight
	return found.with(one, group, weight*timesOneTypo).with(two, group, weight*timesTwoTypos), err
}
