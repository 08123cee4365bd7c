package searchtest

import (
	"slices"

	"vodgraph/search"
)

// Holds evaluates a filter on a document by the definition of search.Filter alone. Engines
// are compared with it.
func Holds(f *search.Filter, d *search.Document) bool {
	holds := func(f *search.Filter) bool { return Holds(f, d) }
	switch {
	case f == nil:
		return true
	case f.And != nil:
		return !slices.ContainsFunc(f.And, func(f *search.Filter) bool { return !holds(f) })
	case f.Or != nil:
		return slices.ContainsFunc(f.Or, holds)
	case f.Not != nil:
		return !holds(f.Not)
	case f.Terms != nil:
		return slices.ContainsFunc(f.Terms.Values, func(v string) bool { return slices.Contains(d.Terms[f.Terms.Field], v) })
	case f.IDs != nil:
		return slices.Contains(f.IDs, d.ID)
	case f.Range != nil:
		n, there := d.Numbers[f.Range.Field]
		return there && (f.Range.Min == nil || n >= *f.Range.Min) && (f.Range.Max == nil || n <= *f.Range.Max)
	default:
		return true
	}
}

// Before reports whether the first of two documents comes before the other in the order
// of a query, where both have the same score or the scores given.
func Before(q *search.Query, a, b *search.Document, scoreA, scoreB float64) bool {
	for _, key := range q.Order() {
		if key.Relevance {
			if scoreA != scoreB {
				return scoreA > scoreB != key.Asc
			}
			continue
		}
		if key.Title {
			if a.TitleKey != b.TitleKey {
				return a.TitleKey < b.TitleKey == key.Asc
			}
			continue
		}
		x, thereX := a.Numbers[key.Number]
		y, thereY := b.Numbers[key.Number]
		switch {
		case thereX != thereY:
			return thereX
		case thereX && x != y:
			return x < y == key.Asc
		}
	}
	if byID, asc := q.Ties(); byID {
		return a.ID < b.ID == asc
	}
	return a.Seq > b.Seq
}
