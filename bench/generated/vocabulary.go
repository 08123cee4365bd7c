package generated

import (
	"slices"
	"strconv"
	"unicode"

	"vodgraph/demo"
	"vodgraph/demo/bangumi"
	"vodgraph/demo/invent"
	"vodgraph/demo/line"
)

// vocabulary is what titles, tags and categories are made of: the words of real
// titles in three languages, so that there is something to find.
type vocabulary struct {
	works []bangumi.Work
	// english is words for titles and the names of categories.
	english []string
	// tags begin with those used most.
	tags  []string
	paths [][]string
}

// tagsFor and branchesFor are how many tags there are for so many assets, and
// how many categories are in each one that is not a leaf: many assets share
// them, in a small corpus too.
func tagsFor(assets int) int { return min(2000, 30+assets/10) }

func branchesFor(assets int) int {
	if assets < 1000 {
		return 3
	}
	return 8
}

func newVocabulary(size Size) (*vocabulary, error) {
	works, err := demo.Works()
	if err != nil {
		return nil, err
	}
	v := &vocabulary{works: works}
	var all []string
	for _, w := range works {
		for _, title := range w.En {
			v.english = append(v.english, split(title)...)
		}
		all = append(all, split(w.Title)...)
		all = append(all, split(w.ZhHans[0])...)
	}
	slices.Sort(v.english)
	v.english = slices.Compact(v.english)
	all = append(all, v.english...)
	slices.Sort(all)
	all = slices.Compact(all)
	c := invent.NewChance(size.Seed, 1<<62)
	branches := branchesFor(size.Assets)
	v.tags = invent.Some(c, all, tagsFor(size.Assets))
	for _, root := range invent.Some(c, v.english, branches) {
		for _, branch := range invent.Some(c, v.english, branches) {
			for _, leaf := range invent.Some(c, v.english, branches) {
				v.paths = append(v.paths, []string{root, branch, leaf})
			}
		}
	}
	return v, nil
}

// split is the words of a title that are at least three bytes and at most 20
// letters long.
func split(title string) []string {
	var words []string
	word := []rune{}
	for _, r := range title + " " {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == 'ー' {
			word = append(word, r)
			continue
		}
		if len(string(word)) >= 3 && len(word) <= 20 {
			words = append(words, string(word))
		}
		word = word[:0]
	}
	return words
}

// filing is the lines of all categories and tags, in the order of an export.
func (v *vocabulary) filing(c invent.Chance, withCategories bool) []line.Of {
	all := &line.Asset{Tags: v.tags}
	if withCategories {
		for _, path := range v.paths {
			all.Categories = append(all.Categories, line.CategoryRef{Path: path})
		}
	}
	return line.Filing([]*line.Asset{all}, start, c.Rand)
}

// marks are n tags, some far more often than others, sorted.
func (v *vocabulary) marks(c invent.Chance, n int) []string {
	marks := make([]string, 0, n)
	for len(marks) < n {
		// The square of a share is small more often than not.
		share := c.Float64()
		tag := v.tags[int(share*share*float64(len(v.tags)))]
		if !slices.Contains(marks, tag) {
			marks = append(marks, tag)
		}
	}
	slices.Sort(marks)
	return marks
}

// places are no, one or two categories, of all depths, sorted by path.
func (v *vocabulary) places(c invent.Chance) []line.CategoryRef {
	if c.One(12) {
		return nil
	}
	paths := [][]string{invent.Pick(c, v.paths)[:c.Between(1, 3)]}
	if other := invent.Pick(c, v.paths); c.One(4) && !slices.Equal(other, paths[0]) {
		paths = append(paths, other)
	}
	slices.SortFunc(paths, slices.Compare)
	refs := make([]line.CategoryRef, len(paths))
	for i, path := range paths {
		refs[i] = line.CategoryRef{Path: path}
	}
	return refs
}

// title is an episode of a real work, with a name of its own, and what it is
// called in other languages.
func (v *vocabulary) title(c invent.Chance) (title string, alternatives []string) {
	w := invent.Pick(c, v.works)
	episode := strconv.Itoa(c.Between(1, 52))
	name := invent.Pick(c, v.english) + " " + invent.Pick(c, v.english)
	english := name + " " + episode
	if len(w.En) > 0 {
		english = w.En[0] + " " + episode + ": " + name
	}
	japanese := w.Title + " 第" + episode + "話"
	chinese := w.ZhHans[0] + " 第" + episode + "集"
	switch c.IntN(4) {
	case 0:
		return english, []string{japanese, chinese}
	case 1:
		return chinese, []string{japanese, english}
	}
	return japanese, []string{english, chinese}
}
