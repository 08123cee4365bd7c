package model

import (
	"context"

	"vodgraph/ent/fact"
	"vodgraph/limits"
	"vodgraph/search"
)

// SearchField is what a text is looked for in.
type SearchField string

// What a text is looked for in, in the order in which highlights come.
const (
	SearchTitle             SearchField = "TITLE"
	SearchAlternativeTitles SearchField = "ALTERNATIVE_TITLES"
	SearchDescription       SearchField = "DESCRIPTION"
	SearchTags              SearchField = "TAGS"
	SearchCategories        SearchField = "CATEGORIES"
	SearchFileName          SearchField = "FILE_NAME"
	SearchReferenceID       SearchField = "REFERENCE_ID"
	SearchSpeech            SearchField = "SPEECH"
	SearchScreenText        SearchField = "SCREEN_TEXT"
	SearchLabels            SearchField = "LABELS"
)

// Highlight is a part of a text that shows what was found.
type Highlight struct {
	Field   SearchField
	Snippet string
	Marks   []Mark
	// Start and End are of what has a time.
	Start, End *fact.Millis
}

// Mark is a stretch of a snippet, in code points.
type Mark search.Mark

// Highlights are what of the text stands where in the asset.
func (e SearchEdge) Highlights(context.Context) ([]Highlight, error) {
	if e.page.text == nil {
		return []Highlight{}, nil
	}
	byID, err := e.page.texts()
	if err != nil {
		return nil, err
	}
	return highlights(e.page.text, byID[e.Node.Row().ID]), nil
}

func highlights(text *search.Text, texts []searchText) []Highlight {
	found := []Highlight{}
	count := map[SearchField]int{}
	for _, p := range texts {
		if count[p.field] == limits.Highlights {
			continue
		}
		snippet, ok := text.Snippet(p.text)
		if !ok {
			continue
		}
		count[p.field]++
		h := Highlight{Field: p.field, Snippet: snippet.Text, Marks: make([]Mark, len(snippet.Marks))}
		for i, m := range snippet.Marks {
			h.Marks[i] = Mark(m)
		}
		if p.span != nil {
			start, end := p.span.Start(), p.span.End()
			h.Start, h.End = &start, &end
		}
		found = append(found, h)
	}
	return found
}

type searchText struct {
	field SearchField
	text  string
	span  *fact.TimeSpan // nil where it has no time
}
