package search

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/search/query"

	"vodgraph/search"
)

// trial is bleve as it is meant to be used: queries of its own kinds, its own
// scores, over title, alternative titles, tags, description and grams. It is what
// the engine must not be worse than.
type trial struct {
	bleve.Index
	// titled counts the documents that have a word in their title.
	titled map[string]int
}

func openTrial(folder string) (*trial, error) {
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer("ws", map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
		return nil, err
	}
	m.DefaultAnalyzer = "ws"
	d := bleve.NewDocumentMapping()
	d.Dynamic = false
	for _, name := range []string{"title", "alt", "grams", "tags", "description"} {
		f := bleve.NewTextFieldMapping()
		f.Analyzer = "ws"
		f.Store, f.IncludeTermVectors, f.IncludeInAll, f.DocValues = false, false, false, false
		d.AddFieldMappingsAt(name, f)
	}
	seq := bleve.NewNumericFieldMapping()
	seq.Store, seq.IncludeInAll = false, false
	d.AddFieldMappingsAt("seq", seq)
	m.DefaultMapping = d
	index, err := bleve.New(filepath.Join(folder, "trial"), m)
	if err != nil {
		return nil, err
	}
	return &trial{index, map[string]int{}}, nil
}

// Put writes documents.
func (t *trial) Put(_ context.Context, docs []*search.Document) error {
	batch := t.Index.NewBatch()
	for _, d := range docs {
		titles := append(append([]string{}, d.Texts[search.Title]...), d.Texts[search.AlternativeTitles]...)
		var grams []string
		for _, g := range search.Grams(strings.Join(titles, " | ")) {
			grams = append(grams, g.Text)
		}
		words := func(field search.TextField) string {
			var all []string
			for _, w := range search.Words(strings.Join(d.Texts[field], " | ")) {
				all = append(all, w.Text)
			}
			return strings.Join(all, " ")
		}
		title := words(search.Title)
		for _, w := range strings.Fields(title) {
			t.titled[w]++
		}
		err := batch.Index(d.ID, map[string]any{
			"title": title, "alt": words(search.AlternativeTitles), "tags": words(search.Tags), "description": words(search.Description),
			"grams": strings.Join(grams, " "), "seq": float64(d.Seq),
		})
		if err != nil {
			return fmt.Errorf("index: %w", err)
		}
	}
	return t.Index.Batch(batch)
}

// tooFrequent is a word that is not taken to go on.
const tooFrequent = 500

// Search answers by relevance alone.
func (t *trial) Search(ctx context.Context, q *search.Query) (*search.Hits, error) {
	for errors := 1; ; errors++ {
		found, err := t.Index.SearchInContext(ctx, bleve.NewSearchRequestOptions(t.all(q.Text, errors), q.Limit, 0, false))
		if err != nil {
			return nil, err
		}
		if found.Total == 0 && errors == 1 {
			continue
		}
		hits := &search.Hits{Total: int64(found.Total)}
		for _, h := range found.Hits {
			hits.Hits = append(hits.Hits, search.Hit{ID: h.ID, Score: h.Score})
		}
		return hits, nil
	}
}

func (t *trial) all(text *search.Text, errors int) query.Query {
	var all []query.Query
	for i, w := range text.Words {
		all = append(all, t.word(w.Text, i == len(text.Words)-1, errors))
	}
	for _, g := range text.Grams {
		term := bleve.NewTermQuery(g)
		term.SetField("grams")
		all = append(all, term)
	}
	return bleve.NewConjunctionQuery(all...)
}

func (t *trial) word(word string, last bool, errors int) query.Query {
	var ways []query.Query
	for _, field := range []struct {
		name  string
		boost float64
	}{{"title", 8}, {"alt", 6}, {"tags", 4}, {"description", 1}} {
		term := bleve.NewTermQuery(word)
		term.SetField(field.name)
		term.SetBoost(field.boost * 4)
		ways = append(ways, term)
		if field.name == "description" {
			continue
		}
		if last && t.titled[word] <= tooFrequent {
			prefix := bleve.NewPrefixQuery(word)
			prefix.SetField(field.name)
			prefix.SetBoost(field.boost * 2)
			ways = append(ways, prefix)
		}
		if letters := len([]rune(word)); letters >= 4 {
			fuzzy := bleve.NewFuzzyQuery(word)
			fuzzy.SetField(field.name)
			fuzzy.SetBoost(field.boost)
			fuzzy.SetPrefix(1)
			fuzzy.SetFuzziness(1)
			if errors == 2 && letters >= 5 {
				fuzzy.SetFuzziness(2)
			}
			ways = append(ways, fuzzy)
		}
	}
	return bleve.NewDisjunctionQuery(ways...)
}
