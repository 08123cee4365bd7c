package bleve

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	api "github.com/blevesearch/scorch_segment_api/v2"

	"vodgraph/search"
)

// byValue is how many values can be looked up in the time of reading those of one
// document.
const byValue = 2

func (v *view) facet(f search.Facet, results []result) ([]search.Bucket, error) {
	counts := map[string]int64{}
	for i, p := range v.segments {
		docs := results[i].docs
		if docs.IsEmpty() {
			continue
		}
		if err := p.countValues(termPrefix+string(f.Field), docs, counts); err != nil {
			return nil, err
		}
	}
	if f.Among != nil {
		counts = only(counts, f.Among)
	}
	buckets := make([]search.Bucket, 0, len(counts))
	for value, count := range counts {
		buckets = append(buckets, search.Bucket{Value: value, Count: count})
	}
	slices.SortFunc(buckets, func(a, b search.Bucket) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return buckets[:min(len(buckets), f.First)], nil
}

func only(counts map[string]int64, values []string) map[string]int64 {
	some := map[string]int64{}
	for _, value := range values {
		if count, there := counts[value]; there {
			some[value] = count
		}
	}
	return some
}

// countValues reads the values of each document where these are few; otherwise it looks
// up the documents of each value.
func (p *segmentView) countValues(field string, docs *roaring.Bitmap, counts map[string]int64) error {
	d, err := p.open(field)
	if err != nil {
		return err
	}
	readable, ok := p.segment.(api.DocValueVisitable)
	if ok && docs.GetCardinality()*byValue < uint64(d.terms.Cardinality()) {
		var state api.DocVisitState
		for it := docs.Iterator(); it.HasNext(); {
			state, err = readable.VisitDocValues(uint64(it.Next()), []string{field}, func(_ string, value []byte) { counts[string(value)]++ }, state)
			if err != nil {
				return err
			}
		}
		return nil
	}
	whole := docs.GetCardinality() == p.segment.Count()
	// Counting the rest of a range is far slower than counting an array.
	docs = roaring.BitmapOf(docs.ToArray()...)
	return d.each(nil, nil, func(entry *index.DictEntry) (bool, error) {
		if whole {
			counts[entry.Term] += int64(entry.Count)
			return true, nil
		}
		having, err := d.of(entry.Term)
		if err != nil {
			return false, err
		}
		if n := having.AndCardinality(docs); n > 0 {
			counts[entry.Term] += int64(n)
		}
		return true, nil
	})
}
