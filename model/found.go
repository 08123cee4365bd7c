package model

import (
	"context"

	"vodgraph/ent"
	"vodgraph/search"
)

// SearchConnection is a page of what a search found. What costs a statement of
// its own is loaded when it is asked for.
type SearchConnection struct {
	hits []hit
	info PageInfo
	// text is what was looked for; nil for a list.
	text   *search.Text
	count  func(context.Context) (int, error)
	facets func() ([]Facet, error)
	// texts are those of all hits, by their ids.
	texts func() (map[string][]passage, error)
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

// PageInfo tells what lies on either side.
func (p *SearchConnection) PageInfo() PageInfo { return p.info }

// TotalCount is the length of the whole result.
func (p *SearchConnection) TotalCount(ctx context.Context) (int, error) { return p.count(ctx) }

// Facets are the counts that were asked for.
func (p *SearchConnection) Facets(context.Context) ([]Facet, error) { return p.facets() }

// Index tells what has answered.
func (p *SearchConnection) Index() IndexState { return p.index }

// IndexState is what has answered a search, and how fresh that is.
type IndexState struct {
	// Engine is its name.
	Engine string
	// Degraded tells of a text that the database answered in its stead.
	Degraded bool
	// Revision is the last deed up to which all is found; 0 where it is not asked.
	Revision int64
}

// Correction is a word that was found only as another.
type Correction search.Correction

// Corrections tells which words the page has only in another spelling. Where the
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
