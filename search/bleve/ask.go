package bleve

import (
	"slices"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"

	"vodgraph/search"
)

// How a word was found counts as many times the weight of where.
const (
	timesExact    = 16
	timesPrefix   = 10
	timesOneTypo  = 2
	timesTwoTypos = 1
)

const (
	// maxTypoWord is the length in bytes past which no word is taken for misspelt.
	maxTypoWord = 64
	// looseLetters is from how many letters on a word may go on in a group that is
	// not loose: there shorter ones begin nearly every text.
	looseLetters = 3
)

// effort is how tolerant a search is of errors. More is tried only where less finds
// nothing: it costs more and finds what is less similar.
type effort int

const (
	// little takes one error in a word, not in its first letter, and finds misspelt words
	// and beginnings of words in the loose groups only.
	little effort = 1
	// much takes as many errors as search.Typos allows, anywhere in a word, and in
	// all groups.
	much effort = 2
)

type asked struct {
	text   *search.Text
	groups []group
	effort effort
	words  []askedWord
	length int // as of a title
}

type askedWord struct {
	text string
	open bool // it may go on
	misspelling
}

func newAsked(text *search.Text, groups []group, effort effort) *asked {
	a := &asked{text: text, groups: groups, effort: effort, length: lengthOf(text.Whole)}
	for i, w := range text.Words {
		a.words = append(a.words, askedWord{w.Text, text.Prefix && i == len(text.Words)-1, newMisspelling(w.Text, effort)})
	}
	// What takes longest comes last: there may be no document left by then.
	slices.SortStableFunc(a.words, func(a, b askedWord) int { return a.most - b.most })
	return a
}

// level is the documents that have a word in one way, and the weight of that.
type level struct {
	docs   *roaring.Bitmap
	weight int
	group  int
}

type levels []level

func (l levels) any() *roaring.Bitmap {
	all := make([]*roaring.Bitmap, len(l))
	for i := range l {
		all[i] = l[i].docs
	}
	return roaring.FastOr(all...)
}

func (l levels) in(group int) *roaring.Bitmap {
	docs := roaring.New()
	for i := range l {
		if l[i].group == group {
			docs.Or(l[i].docs)
		}
	}
	return docs
}

func (l levels) with(docs *roaring.Bitmap, group, weight int) levels {
	if docs.IsEmpty() {
		return l
	}
	return append(l, level{docs: docs, weight: weight, group: group})
}

type match struct {
	docs *roaring.Bitmap
	each []levels // of each word, then each gram
}

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
	dictionaries := make([]dictionary, len(a.groups))
	for i, g := range a.groups {
		d, err := p.open(g.words)
		if err != nil {
			return nil, err
		}
		dictionaries[i] = d
		docs, err := d.of(w.text)
		if err != nil {
			return nil, err
		}
		found = found.with(docs, i, g.weight*timesExact)
		if w.open && a.goesOn(&g, w) {
			docs, err := p.beginning(i, d, w.text)
			if err != nil {
				return nil, err
			}
			found = found.with(docs, i, g.weight*timesPrefix)
		}
	}
	if w.most == 0 {
		return found, nil
	}
	return a.misspelt(p, dictionaries, w, found)
}

func (a *asked) goesOn(g *group, w *askedWord) bool {
	return g.loose || a.effort == much && utf8.RuneCountInString(w.text) >= looseLetters
}

func (p *segmentView) beginning(group int, d dictionary, word string) (*roaring.Bitmap, error) {
	if docs := p.columns.beginnings[group][word]; docs != nil {
		return docs, nil
	}
	docs := roaring.New()
	return docs, d.each([]byte(word), after(word), func(entry *index.DictEntry) (bool, error) { return true, d.add(entry.Term, docs) })
}

func (a *asked) misspelt(p *segmentView, dictionaries []dictionary, w *askedWord, found levels) (levels, error) {
	one, two := make([]*roaring.Bitmap, len(a.groups)), make([]*roaring.Bitmap, len(a.groups))
	for i := range a.groups {
		one[i], two[i] = roaring.New(), roaring.New()
	}
	visit := func(word []byte, in sign, errors int) error {
		to := one
		if errors > 1 {
			to = two
		}
		for i := range dictionaries {
			if in&signOfGroup(i) == 0 {
				continue
			}
			if err := dictionaries[i].add(string(word), to[i]); err != nil {
				return err
			}
		}
		return nil
	}
	err := p.columns.loose.like(&w.misspelling, visit)
	if err == nil && a.effort == much {
		err = p.columns.others.like(&w.misspelling, visit)
	}
	for i, g := range a.groups {
		found = found.with(one[i], i, g.weight*timesOneTypo).with(two[i], i, g.weight*timesTwoTypos)
	}
	return found, err
}
