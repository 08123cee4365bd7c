// Package labelled makes queries of which it is known what they must find, by
// rule and a seed, from the titles of works. It knows no engine.
package labelled

import (
	"math/rand/v2"
	"slices"
	"strings"

	"vodgraph/search"
)

// Work is something with titles, its own and translated ones.
type Work struct {
	ID     string
	Titles []string
}

// Kind is the rule that a query was made by.
type Kind string

// The rules. Words are those of one title, in its order if nothing else is said.
const (
	Exact    Kind = "exact"     // the title in other case
	OneEdit  Kind = "one edit"  // a letter added, taken or replaced in a word of 5 or more
	TwoEdits Kind = "two edits" // two, in a word of 8 or more
	Prefix   Kind = "prefix"    // the last word, of 5 letters or more, cut by two
	Reverse  Kind = "reverse"   // the words from the last to the first
	OneCJK   Kind = "one CJK"   // a character of a run
	TwoCJK   Kind = "two CJK"   // two neighbours of a run
	RunCJK   Kind = "whole run" // a whole run of 3 characters or more
)

// Query is a text, and all works that it must find.
type Query struct {
	Kind Kind
	Text string
	Want map[string]bool
}

// Page is how many hits of a query are looked at.
const Page = 10

// Recall is how many of the works wanted are on a first page, 1 for as many as it
// could hold.
func (q *Query) Recall(page []string) float64 {
	found := 0
	for _, id := range page[:min(Page, len(page))] {
		if q.Want[id] {
			found++
		}
	}
	return float64(found) / float64(min(Page, len(q.Want)))
}

// Make makes as many queries of each kind from the titles of works, fewer only
// where there are not so many; others are there to be found too. Equal works,
// number and seed make equal queries.
func Make(works, others []Work, each int, seed uint64) []Query {
	m := &maker{draw: rand.New(rand.NewPCG(seed, 0)), byTitle: map[string]map[string]bool{}}
	m.titles = m.add(works)
	m.add(others)
	var all []Query
	for _, kind := range []Kind{Exact, OneEdit, TwoEdits, Prefix, Reverse, OneCJK, TwoCJK, RunCJK} {
		made := 0
		for _, i := range m.draw.Perm(len(m.titles)) {
			if made == each {
				break
			}
			if q, ok := m.query(kind, m.titles[i]); ok {
				all = append(all, q)
				made++
			}
		}
	}
	return all
}

type maker struct {
	draw    *rand.Rand
	titles  []string                   // that queries are made from
	byTitle map[string]map[string]bool // ids by the normal form of a title
}

// add adds works, and gives those of their titles that were not there.
func (m *maker) add(works []Work) (fresh []string) {
	for _, w := range works {
		for _, title := range w.Titles {
			whole := search.Normalise(title)
			if m.byTitle[whole] == nil {
				m.byTitle[whole] = map[string]bool{}
				fresh = append(fresh, title)
			}
			m.byTitle[whole][w.ID] = true
		}
	}
	return fresh
}

// query makes one from a title; ok is false where the rule does not fit it.
func (m *maker) query(kind Kind, title string) (q Query, ok bool) {
	if _, err := search.ParseText(title); err != nil {
		return q, false
	}
	if kind == OneCJK || kind == TwoCJK || kind == RunCJK {
		return m.cjk(kind, title)
	}
	var words []string
	for _, w := range search.Words(title) {
		words = append(words, w.Text)
	}
	if len(words) == 0 || len(search.Grams(title)) > 0 {
		return q, false
	}
	text := ""
	switch kind {
	case Exact:
		text = strings.ToUpper(title)
	case OneEdit:
		text = m.edited(words, 5, 1)
	case TwoEdits:
		text = m.edited(words, 8, 2)
	case Prefix:
		if last := []rune(words[len(words)-1]); len(last) >= 5 {
			words[len(words)-1] = string(last[:len(last)-2])
			text = strings.Join(words, " ")
		}
	case Reverse:
		if len(words) > 1 {
			slices.Reverse(words)
			text = strings.Join(words, " ")
		}
	case OneCJK, TwoCJK, RunCJK: // of runs
	}
	return Query{Kind: kind, Text: text, Want: m.byTitle[search.Normalise(title)]}, text != ""
}

// edited makes errors in one of the words that are long enough, numbers aside;
// it is empty where there is none. The edits of a word are at different letters.
func (m *maker) edited(words []string, letters, edits int) string {
	var fit []int
	for i, w := range words {
		if len([]rune(w)) >= letters && search.Typos(w) > 0 {
			fit = append(fit, i)
		}
	}
	if len(fit) == 0 {
		return ""
	}
	at := fit[m.draw.IntN(len(fit))]
	word := []rune(words[at])
	places := m.draw.Perm(len(word))[:edits]
	// From the end, so that the places before stay what they are.
	slices.Sort(places)
	slices.Reverse(places)
	for _, i := range places {
		other := rune('a' + m.draw.IntN(26))
		for other == word[i] {
			other = rune('a' + m.draw.IntN(26))
		}
		switch m.draw.IntN(3) {
		case 0:
			word = slices.Insert(word, i, other)
		case 1:
			word = slices.Delete(word, i, i+1)
		default:
			word[i] = other
		}
	}
	words[at] = string(word)
	return strings.Join(words, " ")
}

// cjk makes a query of a part of a run.
func (m *maker) cjk(kind Kind, title string) (q Query, ok bool) {
	runs := slices.DeleteFunc(strings.Fields(search.Normalise(title)), func(f string) bool { return len(search.Grams(f)) < 5 })
	if len(runs) == 0 {
		return q, false
	}
	run := []rune(runs[m.draw.IntN(len(runs))])
	switch kind {
	case OneCJK:
		i := m.draw.IntN(len(run))
		run = run[i : i+1]
	case TwoCJK:
		i := m.draw.IntN(len(run) - 1)
		run = run[i : i+2]
	default: // the whole run
	}
	q = Query{Kind: kind, Text: string(run), Want: map[string]bool{}}
	for whole, ids := range m.byTitle {
		if strings.Contains(whole, q.Text) {
			for id := range ids {
				q.Want[id] = true
			}
		}
	}
	return q, true
}
