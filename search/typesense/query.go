package typesense

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"vodgraph/search"
)

// What is asked in every search; tried on the real server, where each was found
// by its figures.
const (
	// oneTypo and twoTypos are from how many letters on so many errors are
	// forgiven; a swap of two letters is two.
	oneTypo  = 4
	twoTypos = 5
	// A word that was typed may stand for up to maxCandidates words of the index where
	// it is alone, and for a tenth of them with each more there is, but not for less
	// than minCandidates: the server tries them in all their combinations.
	maxCandidates = 1000
	minCandidates = 10
	// enough is how many documents must be found so that searches with more errors are left
	// out.
	enough = 1
	// cutoff is how many milliseconds a search may take that forgives errors, one less
	// for each word. It keeps a text of many words from taking a second. One that is
	// cut off is made again without forgiving any, which takes less than one a word.
	cutoff  = 40
	maxPage = 250
)

// searchRequest is one search of a multi_search, with the server's names. It has
// only what 0.24 to 30 all know. Nothing is ever dropped from the words typed, and
// nothing highlighted.
type searchRequest struct {
	Collection          string `json:"collection"`
	Query               string `json:"q"`
	QueryBy             string `json:"query_by"`
	Weights             string `json:"query_by_weights,omitempty"`
	Typos               string `json:"num_typos,omitempty"`
	Prefix              string `json:"prefix,omitempty"`
	OneTypo             int    `json:"min_len_1typo,omitempty"`
	TwoTypos            int    `json:"min_len_2typo,omitempty"`
	DropTokensThreshold int    `json:"drop_tokens_threshold"`
	TypoTokensThreshold int    `json:"typo_tokens_threshold"`
	MaxCandidates       int    `json:"max_candidates,omitempty"`
	Cutoff              int    `json:"search_cutoff_ms,omitempty"`
	Filter              string `json:"filter_by,omitempty"`
	Sort                string `json:"sort_by,omitempty"`
	Facets              string `json:"facet_by,omitempty"`
	FacetValues         int    `json:"max_facet_values,omitempty"`
	Page                int    `json:"page"`
	PerPage             int    `json:"per_page"`
	Include             string `json:"include_fields"`
	Highlight           string `json:"highlight_fields"`
}

// listed is the search that matches all documents, without filter, sort and page.
func listed(collection string) searchRequest {
	return searchRequest{
		Collection: collection, Query: "*", QueryBy: wordFields[0].name, TypoTokensThreshold: enough,
		Include: "id", Highlight: "none", Page: 1,
	}
}

func (s *searching) request(plain bool) searchRequest {
	r, text := listed(s.name), s.text
	if text.Empty() {
		return r
	}
	tokens := append([]string(nil), text.Grams...) // words last, for the last of all may go on
	for _, word_ := range text.Words {
		tokens = append(tokens, word(word_.Text))
	}
	var names, weights, typos, prefix []string
	for _, field := range s.fields() {
		names = append(names, field.name)
		weights = append(weights, strconv.Itoa(field.weight))
		if plain {
			field.typos = 0
		}
		typos = append(typos, strconv.Itoa(field.typos))
		prefix = append(prefix, strconv.FormatBool(field.prefix && text.Prefix))
	}
	r.Query = strings.Join(tokens, " ")
	r.QueryBy, r.Weights = strings.Join(names, ","), strings.Join(weights, ",")
	r.Typos, r.Prefix = strings.Join(typos, ","), strings.Join(prefix, ",")
	width := letterWidth(text)
	r.OneTypo, r.TwoTypos = len(mark)+oneTypo*width, len(mark)+twoTypos*width
	r.MaxCandidates = candidates(len(tokens))
	return r
}

func (s *searching) fields() (fields []textField) {
	if len(s.text.Words) > 0 {
		fields = append(fields, wordFields...)
	}
	if slices.ContainsFunc(s.text.Grams, func(gram string) bool { return !isSingle(gram) }) {
		fields = append(fields, gramFields...)
	}
	if slices.ContainsFunc(s.text.Grams, isSingle) {
		fields = append(fields, singleFields...)
	}
	if s.query.WithoutCategories {
		fields = slices.DeleteFunc(fields, func(f textField) bool { return slices.Equal(f.of, filed) })
	}
	return fields
}

func candidates(tokens int) int {
	most := maxCandidates
	for ; tokens > 1 && most > minCandidates; tokens-- {
		most /= 10
	}
	return most
}

func forgives(text *search.Text) bool {
	for _, word := range text.Words {
		if search.Typos(word.Text) > 0 {
			return true
		}
	}
	return false
}

// letterWidth is how many bytes a letter has in the word where it has the
// fewest: the server counts a word's length in bytes, and so would forgive an
// error in two letters of Cyrillic.
func letterWidth(text *search.Text) int {
	width := 0
	for _, word := range text.Words {
		mean := len(word.Text) / utf8.RuneCountInString(word.Text)
		if width == 0 || mean < width {
			width = mean
		}
	}
	return max(width, 1)
}
