package model

import (
	"context"

	"vodgraph/ent"
	"vodgraph/search"
)

// SearchConnection is a page of what a search found. Labels of facets and texts of
// hits are loaded when they are asked for.
type SearchConnection struct {
	hits  []hit
	info  PageInfo
	total int
	// text is what was looked for; nil for a list.
	text   *search.Text
	facets func() ([]Facet, error)
	// texts are those of all hits, by their ids.
	texts func() (map[string][]searchText, error)
	index IndexState
}

type hit struct {
	row    *ent.Asset
	score  *float64 // nil where nothing is ranked
	cursor string
}

// SearchEdge is an asset that was found, with its place.
type SearchEdge struct {
	// Node is the asset.
	Node Asset
	// Score is how well it matches; nil where nothing is ranked.
	Score *float64

	cursor string
	page   *SearchConnection
}

// Cursor is the place of the asset in the result.
func (e SearchEdge) Cursor() string { return e.cursor }

// Edges are the assets with their places.
func (p *SearchConnection) Edges() []SearchEdge {
	edges := make([]SearchEdge, len(p.hits))
	for i, h := range p.hits {
		edges[i] = SearchEdge{Node: Of(h.row), Score: h.score, cursor: h.cursor, page: p}
	}
	return edges
}

// Nodes are the assets.
func (p *SearchConnection) Nodes() []Asset {
	nodes := make([]Asset, len(p.hits))
	for i, h := range p.hits {
		nodes[i] = Of(h.row)
	}
	return nodes
}

// PageInfo is what lies on either side.
func (p *SearchConnection) PageInfo() PageInfo { return p.info }

// TotalCount is the length of the whole result.
func (p *SearchConnection) TotalCount(context.Context) (int, error) { return p.total, nil }

// Facets are the counts that were asked for.
func (p *SearchConnection) Facets(context.Context) ([]Facet, error) { return p.facets() }

// Index is what has answered.
func (p *SearchConnection) Index() IndexState { return p.index }

// IndexState is what has answered a search, and how fresh that is.
type IndexState struct {
	// Engine is its name.
	Engine string
	// Degraded reports a text that the database answered in its place.
	Degraded bool
	// Revision is the one up to which all transactions are found; 0 where it is not asked.
	Revision int64
}

// Correction is a word that was found only as another.
type Correction search.Correction

// Corrections are the words that the page has only in another spelling. Where the
// database answers it has all words as typed.
func (p *SearchConnection) Corrections(context.Context) ([]Correction, error) {
	if p.text == nil || p.index.Degraded || len(p.hits) == 0 {
		return []Correction{}, nil
	}
	byID, err := p.texts()
	if err != nil {
		return nil, err
	}
	texts := make([][]string, len(p.hits))
	for i, h := range p.hits {
		for _, t := range byID[h.row.ID] {
			texts[i] = append(texts[i], t.text)
		}
	}
	found := p.text.Corrections(texts)
	corrections := make([]Correction, len(found))
	for i, c := range found {
		corrections[i] = Correction(c)
	}
	return corrections, nil
}
