package bleve

import (
	"container/heap"
	"context"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"vodgraph/search"
)

type result struct {
	docs   *roaring.Bitmap
	scores []uint32 // of docs in order; nil without a text
}

func (s *store) search(ctx context.Context, q *search.Query) (*search.Hits, error) {
	hash, err := hashOf(q)
	if err != nil {
		return nil, err
	}
	sort, err := newSorter(q)
	if err != nil {
		return nil, err
	}
	page := &page{limit: q.Limit, hash: hash, sort: sort, at: place{effort: little}}
	if q.After != "" {
		if page.at, err = decodePlace(q.After, hash); err != nil {
			return nil, err
		}
		page.after = &page.at.rank
	}
	v := s.acquire()
	if v == nil {
		return nil, errClosed
	}
	defer s.release(v)
	s.settle()

	var results []result
	total := int64(0)
	for {
		if q.Text == nil {
			results, total, err = v.results(ctx, q.Filter, nil)
		} else {
			results, total, err = v.find(ctx, q, page.at.effort)
		}
		if err != nil {
			return nil, err
		}
		if total > 0 || page.after != nil || q.Text == nil || len(q.Text.Words) == 0 || page.at.effort == much {
			break
		}
		page.at.effort = much
	}
	hits := page.hits(v, results)
	hits.Total = total
	for _, f := range q.Facets {
		buckets, err := v.facet(f, results)
		if err != nil {
			return nil, fmt.Errorf("count the values of %s: %w", f.Field, err)
		}
		hits.Facets = append(hits.Facets, buckets)
	}
	return hits, nil
}

func (v *view) find(ctx context.Context, q *search.Query, effort effort) ([]result, int64, error) {
	f := q.Filter
	if q.Text.Empty() {
		f = &search.Filter{Or: []*search.Filter{}}
	}
	return v.results(ctx, f, newAsked(q.Text, groupsOf(q), effort))
}

// results returns the documents of each segment that match a filter and a text, which
// may be nil.
func (v *view) results(ctx context.Context, f *search.Filter, a *asked) ([]result, int64, error) {
	results := make([]result, len(v.segments))
	total := int64(0)
	for i, p := range v.segments {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		docs, err := p.holds(f)
		if err != nil {
			return nil, 0, fmt.Errorf("filter: %w", err)
		}
		docs.And(p.live)
		results[i].docs = docs
		if a != nil {
			found, err := a.match(p, docs)
			if err != nil {
				return nil, 0, fmt.Errorf("find the words: %w", err)
			}
			results[i].docs = found.docs
			if results[i].scores, err = a.scores(p, found); err != nil {
				return nil, 0, fmt.Errorf("score: %w", err)
			}
		}
		total += int64(results[i].docs.GetCardinality())
	}
	return results, total, nil
}

type page struct {
	limit int
	hash  []byte
	sort  sorter
	at    place
	after *rank // nil from the start
}

type candidate struct {
	rank    rank
	score   uint32
	segment int
	doc     uint32
}

// worst is a heap of candidates with the last in order on top.
type worst struct {
	all  []candidate
	sort *sorter
}

func (w *worst) Len() int           { return len(w.all) }
func (w *worst) Less(i, j int) bool { return w.sort.before(&w.all[j].rank, &w.all[i].rank) }
func (w *worst) Swap(i, j int)      { w.all[i], w.all[j] = w.all[j], w.all[i] }
func (w *worst) Push(c any)         { w.all = append(w.all, c.(candidate)) }
func (w *worst) Pop() any {
	last := w.all[len(w.all)-1]
	w.all = w.all[:len(w.all)-1]
	return last
}

func (p *page) hits(v *view, results []result) *search.Hits {
	first := p.first(v, results)
	hits := &search.Hits{More: len(first) > p.limit}
	for _, c := range first[:min(p.limit, len(first))] {
		hits.Hits = append(hits.Hits, search.Hit{
			ID: v.segments[c.segment].columns.rows[c.doc].id, Score: float64(c.score), Place: place{p.at.effort, c.rank}.encode(p.hash),
		})
	}
	return hits
}

// first returns the first candidates after a place, in order: one more than the page
// takes.
func (p *page) first(v *view, results []result) []candidate {
	kept := worst{sort: &p.sort}
	for i, r := range results {
		rows, at := v.segments[i].columns.rows, 0
		for it := r.docs.Iterator(); it.HasNext(); at++ {
			c := candidate{segment: i, doc: it.Next()}
			if r.scores != nil {
				c.score = r.scores[at]
			}
			c.rank = p.sort.rank(&rows[c.doc], c.score)
			switch {
			case p.after != nil && !p.sort.before(p.after, &c.rank):
			case kept.Len() <= p.limit:
				heap.Push(&kept, c)
			case p.sort.before(&c.rank, &kept.all[0].rank):
				kept.all[0] = c
				heap.Fix(&kept, 0)
			}
		}
	}
	slices.SortFunc(kept.all, func(a, b candidate) int {
		if p.sort.before(&a.rank, &b.rank) {
			return -1
		}
		return 1
	})
	return kept.all
}
