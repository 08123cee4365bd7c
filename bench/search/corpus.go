package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"vodgraph/bench/labelled"
	"vodgraph/demo/bangumi"
	"vodgraph/media"
	"vodgraph/search"
	"vodgraph/search/searchtest"
)

// corpus is documents, of which the first are works with their own titles.
type corpus struct {
	*settings
	docs []*search.Document
	// works are those that queries are made from; others are mixed.
	works, others []labelled.Work
	// vocabulary are all words of titles, as often as they stand there; runs those
	// of Chinese, Japanese and Korean.
	vocabulary, runs []string
	draw             *rand.Rand
}

func newCorpus(works []bangumi.Work, s *settings) *corpus {
	c := &corpus{settings: s, draw: rand.New(rand.NewPCG(s.seed, 1))}
	for _, w := range works {
		titles := append([]string{w.Title}, w.AlternativeTitles()...)
		for _, title := range titles {
			for _, part := range strings.Fields(search.Normalise(title)) {
				if len(search.Words(part)) > 0 {
					c.vocabulary = append(c.vocabulary, part)
				} else {
					c.runs = append(c.runs, part)
				}
			}
		}
	}
	for i, w := range works {
		titles := append([]string{w.Title}, w.AlternativeTitles()...)
		d := c.document(i, titles[:1], titles[1:])
		d.Texts[search.Tags] = w.Tags()
		c.works = append(c.works, labelled.Work{ID: d.ID, Titles: titles})
		c.docs = append(c.docs, d)
	}
	for i := len(works); i < s.count; i++ {
		title := c.mixed(2 + c.draw.IntN(5))
		var others []string
		if i%3 == 0 {
			others = []string{c.pick(c.runs) + c.pick(c.runs)}
		}
		d := c.document(i, []string{title}, others)
		c.others = append(c.others, labelled.Work{ID: d.ID, Titles: append([]string{title}, others...)})
		c.docs = append(c.docs, d)
	}
	return c
}

// free frees what is only needed to fill an engine.
func (c *corpus) free() { c.docs, c.works, c.others = nil, nil, nil }

func (c *corpus) pick(from []string) string { return from[c.draw.IntN(len(from))] }

func (c *corpus) mixed(words int) string {
	all := make([]string, words)
	for i := range all {
		all[i] = c.pick(c.vocabulary)
	}
	return strings.Join(all, " ")
}

// rare makes a word that few other documents have.
func (c *corpus) rare() string {
	letters := make([]byte, 5+c.draw.IntN(6))
	for i := range letters {
		letters[i] = "aeioubcdfghjklmnpqrstvwxyz"[c.draw.IntN(26)]
	}
	return string(letters)
}

// document has a description of 12 words and 2 tags, and all the rest where the
// corpus is full.
func (c *corpus) document(i int, title, others []string) *search.Document {
	tags := []int{c.draw.IntN(2000), c.draw.IntN(200)}
	d := &search.Document{
		ID: fmt.Sprintf("vid_%026d", i), Revision: int64(i), Seq: int64(i + 1), TitleKey: media.TitleKey(title[0]),
		Texts: map[search.TextField][]string{
			search.Title: title, search.AlternativeTitles: others, search.Description: {c.mixed(12)}, search.Tags: {c.vocabulary[tags[0]], c.vocabulary[tags[1]]},
		},
		Terms: map[search.TermField][]string{
			search.TermKind: {[]string{"VIDEO", "VIDEO", "AUDIO", "IMAGE", "ATTACHMENT"}[c.draw.IntN(5)]},
			search.TermTag:  {fmt.Sprintf("tag_%026d", tags[0]), fmt.Sprintf("tag_%026d", 2000+tags[1])},
		},
		Numbers: map[search.NumberField]int64{search.NumberCreated: 1_600_000_000_000 + int64(i)*1000},
	}
	if c.full {
		c.fill(d, i)
	}
	return d
}

// fill adds cues of 100 words, a tenth of them rare, a file name, and a value of
// each field.
func (c *corpus) fill(d *search.Document, i int) {
	var speech, screen []string
	for range 10 {
		speech = append(speech, c.mixed(8))
		screen = append(screen, c.rare()+" "+c.pick(c.runs))
	}
	d.Texts[search.Speech], d.Texts[search.ScreenText] = speech, screen
	d.Texts[search.Labels] = []string{c.pick(c.vocabulary)}
	d.Texts[search.FileName] = []string{fmt.Sprintf("%s_S%02dE%02d.mp4", c.pick(c.vocabulary), i%20, i%50)}
	d.Texts[search.ReferenceID] = []string{fmt.Sprintf("ref-%08d", i)}
	category := c.draw.IntN(300)
	d.Texts[search.Categories] = []string{c.vocabulary[category]}
	for field, values := range map[search.TermField]int{
		search.TermStatus: 8, search.TermLocation: 20, search.TermClass: 3, search.TermSource: 5, search.TermPlay: 40,
		search.TermDefinition: 8, search.TermCodec: 6, search.TermFlag: 3, search.TermAttachmentType: 4,
	} {
		d.Terms[field] = []string{fmt.Sprintf("%s_%d", field, c.draw.IntN(values))}
	}
	d.Terms[search.TermReference] = []string{fmt.Sprintf("%016x", c.draw.Uint64())}
	d.Terms[search.TermOwnCategory] = []string{fmt.Sprintf("cat_%026d", category)}
	d.Terms[search.TermCategory] = []string{fmt.Sprintf("cat_%026d", category), fmt.Sprintf("cat_%026d", 1000+category/10)}
	d.Numbers[search.NumberSize] = c.draw.Int64N(1 << 36)
	d.Numbers[search.NumberDuration] = c.draw.Int64N(7_200_000)
	d.Numbers[search.NumberWidth], d.Numbers[search.NumberHeight] = 1920, 1080
	d.Numbers[search.NumberUpdated] = d.Numbers[search.NumberCreated] + c.draw.Int64N(1<<40)
}

// harder are queries of one sort that find more, or are harder to find.
type harder struct {
	name    string
	queries []*search.Query
}

// harder are texts that are legal and costly: what is short and goes on, what is
// frequent, what is misspelt in many words, and what is nothing at all.
func (c *corpus) harder() []harder {
	draw := rand.New(rand.NewPCG(c.seed, 2))
	frequent := c.frequent(60)
	pick := func(from []string) string { return from[draw.IntN(len(from))] }
	several := func(n int, word func() string) string {
		words := make([]string, n)
		for i := range words {
			words[i] = word()
		}
		return strings.Join(words, " ")
	}
	misspelt := func() string {
		word := []rune(pick(c.vocabulary))
		word[draw.IntN(len(word))] = rune('a' + draw.IntN(26))
		return string(word)
	}
	letters := func(n int) string { return several(n, func() string { return string(rune('a' + draw.IntN(26))) }) }
	makers := []func() string{
		func() string { return letters(1) },
		func() string { return strings.ReplaceAll(letters(2), " ", "") },
		func() string { return letters(2 + draw.IntN(search.MaxWords-1)) },
		func() string { return pick(frequent) },
		func() string { return several(2+draw.IntN(4), func() string { return pick(frequent) }) },
		func() string { return several(search.MaxWords, func() string { return pick(frequent) }) },
		func() string { return several(1+draw.IntN(search.MaxWords), misspelt) },
		func() string { return pick(frequent) + " " + misspelt() + " " + letters(1) },
		func() string { return c.rareFrom(draw) + " " + letters(1) },
		func() string { return several(5, func() string { return c.rareFrom(draw) }) },
		func() string { return strings.Repeat(pick(frequent), 1+draw.IntN(12)) },
		func() string {
			return string([]rune(several(40, func() string { return pick(c.runs) }))[:search.MaxCJK])
		},
		func() string { return string([]rune(pick(c.runs))[:1]) },
	}
	worst := harder{name: "worst texts"}
	for i := range c.worst {
		if text := makers[i%len(makers)](); len([]rune(text)) <= search.MaxText {
			worst.queries = append(worst.queries, &search.Query{Text: searchtest.Text(text), Limit: 100})
		}
	}
	five := []search.Facet{
		{Field: search.TermTag, First: 200}, {Field: search.TermKind, First: 20}, {Field: search.TermCategory, First: 20},
		{Field: search.TermCodec, First: 20}, {Field: search.TermLocation, First: 20},
	}
	all, prefix, list := harder{name: "all, 5 facets"}, harder{name: "a letter, 5 facets"}, harder{name: "all, by date"}
	titled := harder{name: "a letter, by title"}
	for i := range min(c.worst, 100) {
		all.queries = append(all.queries, &search.Query{Facets: five, Limit: 20})
		prefix.queries = append(prefix.queries, &search.Query{Text: searchtest.Text(string(rune('a' + i%26))), Facets: five, Limit: 20})
		list.queries = append(list.queries, &search.Query{Limit: 20, Sort: []search.Sort{{Number: search.NumberCreated, Asc: i%2 == 0}}})
		titled.queries = append(titled.queries, &search.Query{Text: searchtest.Text(string(rune('a' + i%26))), Limit: 20, Sort: []search.Sort{{Title: true, Asc: i%2 == 0}}})
	}
	return []harder{worst, list, titled, prefix, all}
}

func (c *corpus) rareFrom(draw *rand.Rand) string {
	before := c.draw
	c.draw = draw
	defer func() { c.draw = before }()
	return c.rare()
}

func (c *corpus) frequent(many int) []string {
	counts := map[string]int{}
	for _, w := range c.vocabulary {
		counts[w]++
	}
	words := make([]string, 0, len(counts))
	for w := range counts {
		words = append(words, w)
	}
	slices.SortFunc(words, func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a, b)
	})
	return words[:min(many, len(words))]
}
