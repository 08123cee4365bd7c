package typesense

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"

	"vodgraph/search"
)

type searching struct {
	*index
	query  *search.Query
	text   *search.Text
	filter string // of the query; always or never, or the server's
	order  order
	at     place // where it goes on; the zero place at the start
	begun  bool  // whether it goes on
	past   int64 // how many hits there are up to the place's Seq, for an order read backwards
}

// Search asks once, and again without forgiving errors where that took too long.
func (x *index) Search(ctx context.Context, q *search.Query) (*search.Hits, error) {
	s := &searching{index: x, query: q, text: q.Text, begun: q.After != ""}
	if s.text == nil {
		s.text = &search.Text{}
	}
	var err error
	if s.order, err = newOrder(q); err != nil {
		return nil, err
	}
	if s.at, err = readPlace(q, len(s.order.numbers())); err != nil {
		return nil, err
	}
	if s.filter, err = compile(q.Filter, false); err != nil {
		return nil, err
	}
	if err := checkFacets(q.Facets); err != nil {
		return nil, err
	}
	if s.filter == never || q.Text != nil && s.text.Empty() {
		return s.nothing(), nil
	}
	hits, err := s.page(ctx, s.at.Plain)
	if errors.Is(err, errCutOff) {
		return s.page(ctx, true)
	}
	return hits, err
}

func (s *searching) nothing() *search.Hits {
	return &search.Hits{Hits: []search.Hit{}, Facets: make([][]search.Bucket, len(s.query.Facets))}
}

func (s *searching) page(ctx context.Context, plain bool) (*search.Hits, error) {
	if s.order.backwards {
		if err := s.measure(ctx, plain); err != nil {
			return nil, err
		}
	}
	for {
		c := s.plan(plain)
		results, err := s.client.ask(ctx, append(c.before, c.windows...)...)
		if err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		for i := range results {
			if results[i].Code == http.StatusNotFound && !s.begun {
				return s.nothing(), nil
			}
			if err := s.check(&results[i]); err != nil {
				return nil, err
			}
		}
		answered := results[0].Request.Collection
		if c.collection != "" && answered != c.collection {
			s.bound.learn(answered, math.MinInt64) // what was known is of another
			continue
		}
		return s.read(ctx, c, results)
	}
}

// measure finds where an order begins that is read from its end: at the last hit
// of those up to the greatest Seq.
func (s *searching) measure(ctx context.Context, plain bool) error {
	if !s.begun {
		results, err := s.client.ask(ctx, lastSeq(s.name, math.MinInt64))
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		seq := greatest(&results[0], math.MinInt64)
		s.at = place{Query: fingerprint(s.query), Collection: results[0].Request.Collection, Plain: plain, Seq: seq}
	}
	count := s.request(plain)
	count.Filter = serverFilter(both(s.filter, s.untilSeq()))
	results, err := s.client.ask(ctx, count)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if results[0].Code == http.StatusNotFound && !s.begun {
		return nil // there is no collection, and so no hit
	}
	if err := s.check(&results[0]); err != nil {
		return err
	}
	s.past = results[0].Found
	return nil
}

// untilSeq matches what existed when the walk began.
func (s *searching) untilSeq() string { return fmt.Sprintf("%s:<=%d", fieldSeq, s.at.Seq) }

func (s *searching) window() (offset, limit int) {
	if !s.order.backwards {
		return s.at.Offset, s.query.Limit
	}
	end := max(int(s.past)-s.at.Offset, 0)
	offset = max(end-s.query.Limit, 0)
	return offset, end - offset
}

type call struct {
	plain bool
	// before the hits stands what is asked on a first page that will go on by
	// offset: the greatest Seq, so that nothing added between the two is taken for
	// having been seen. On a later page it is the total with the facets, for the
	// hits there are counted from the place on.
	before  []searchRequest
	windows []searchRequest
	skip    int // hits of the windows that are before those wanted
	limit   int // how many are wanted

	collection string // whose greatest Seq was at least known
	known      int64
}

func (s *searching) byOffset() bool { return len(s.order.numbers()) == 0 }

func (s *searching) plan(plain bool) call {
	c := call{plain: plain}
	whole := s.request(plain)
	whole.Filter = serverFilter(s.filter)
	if !plain && !s.begun && forgives(s.text) { // a walk goes on as it began
		whole.Cutoff = cutoff - len(s.text.Words)
	}
	hits := whole
	whole.Facets, whole.FacetValues = s.facetBy()
	hits.Sort, hits.Include = s.order.sortBy(), "id,"+fieldSeq+","+fieldTie
	for _, number := range s.order.numbers() {
		hits.Include += "," + numberPrefix + string(number)
	}
	switch {
	case s.begun && s.byOffset(), s.order.backwards:
		hits.Filter = serverFilter(both(s.filter, s.untilSeq()))
		c.before = append(c.before, whole)
	case s.begun:
		hits.Filter = serverFilter(both(s.filter, s.order.after(s.at)))
		c.before = append(c.before, whole)
	default:
		hits.Facets, hits.FacetValues = whole.Facets, whole.FacetValues
		if s.byOffset() {
			c.collection, c.known = s.bound.last()
			c.before = append(c.before, lastSeq(s.name, c.known))
		}
	}
	offset, limit := s.window()
	c.windows, c.skip = windows(hits, offset, limit)
	c.limit = limit
	return c
}

// serverFilter is a compiled filter as the server takes it, for which nothing
// holds of all. One that never holds is never asked.
func serverFilter(filter string) string {
	if filter == always {
		return ""
	}
	return filter
}

// lastSeq asks for the greatest Seq, which is at least the one known.
func lastSeq(collection string, known int64) searchRequest {
	r := listed(collection)
	r.Sort, r.Include, r.PerPage = fieldSeq+":desc", "id,"+fieldSeq, 1
	if known > math.MinInt64 {
		r.Filter = fmt.Sprintf("%s:>%d", fieldSeq, known)
	}
	return r
}

// windows makes searches for the pages that contain limit hits from an offset on, at
// least one; skip is how many hits come before. Not all versions know "offset".
func windows(hits searchRequest, offset, limit int) (pages []searchRequest, skip int) {
	hits.PerPage = min(limit, maxPage)
	if hits.PerPage <= 0 {
		hits.PerPage = 0
		return []searchRequest{hits}, 0
	}
	hits.Page, skip = offset/hits.PerPage, offset%hits.PerPage
	for held := 0; held < skip+limit; held += hits.PerPage {
		hits.Page++
		pages = append(pages, hits)
		hits.Facets = "" // they are counted over all in each
	}
	return pages, skip
}

// check fails where a search failed, or ran on another collection than its place.
func (s *searching) check(r *result) error {
	switch {
	case r.Code == http.StatusNotFound, r.Code == 0 && s.begun && r.Request.Collection != s.at.Collection:
		return search.ErrCursor
	case r.Code != 0:
		return fmt.Errorf("search: %w", refused(r.Code, r.Error))
	case r.CutOff:
		return errCutOff
	}
	return nil
}

func (s *searching) read(ctx context.Context, c call, results []result) (*search.Hits, error) {
	pages := results[len(c.before):]
	begin, whole, left := s.at, &results[0], pages[0].Found
	if !s.begun && !s.order.backwards {
		whole = &pages[0]
		begin = place{Query: fingerprint(s.query), Collection: whole.Request.Collection, Plain: c.plain}
		if s.byOffset() {
			begin.Seq = greatest(&results[0], c.known)
			s.bound.learn(begin.Collection, begin.Seq)
		}
	}
	if s.byOffset() {
		left -= int64(begin.Offset)
	}
	var hits []*resultHit
	for i := range pages {
		for j := range pages[i].Hits {
			hits = append(hits, &pages[i].Hits[j])
		}
	}
	hits = hits[min(c.skip, len(hits)):]
	hits = hits[:min(c.limit, len(hits))]
	if s.order.backwards {
		slices.Reverse(hits)
	}
	answer := s.nothing()
	for _, hit := range hits {
		s.add(answer, &begin, hit)
	}
	answer.Total, answer.More = whole.Found, left > int64(len(answer.Hits))
	facets, err := s.readFacets(ctx, c.plain, whole)
	answer.Facets = facets
	return answer, err
}

func greatest(r *result, known int64) int64 {
	if len(r.Hits) == 0 {
		return known
	}
	return r.Hits[0].Document.Seq
}

// best is a bound of the server's scores, by which they are made numbers below 1.
const best = 1 << 60

func (s *searching) add(answer *search.Hits, begin *place, hit *resultHit) {
	document := &hit.Document
	at := *begin
	if s.byOffset() {
		if document.Seq <= begin.Seq { // others are not counted when the walk goes on
			begin.Offset++
		}
		at = *begin
	} else {
		at.Tie, at.Numbers = document.Tie, nil
		for _, number := range s.order.numbers() {
			at.Numbers = append(at.Numbers, document.number(number))
		}
	}
	found := search.Hit{ID: document.ID, Place: at.String()}
	if !s.text.Empty() {
		found.Score = float64(hit.TextMatch) / best
	}
	answer.Hits = append(answer.Hits, found)
}
