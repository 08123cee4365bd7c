package typesense

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"vodgraph/search"
)

// spare is how many values more than wanted are asked for. Values that stand
// equally often come in no order, so that all must be seen of those that are as
// frequent as the last one wanted.
const spare = 20

// checkFacets refuses what the collection cannot count.
func checkFacets(facets []search.Facet) error {
	for _, facet := range facets {
		if !slices.Contains(termFields, facet.Field) {
			return fmt.Errorf("the values of %q are not counted", facet.Field)
		}
	}
	return nil
}

// facetBy is what is asked for to count facets: the fields, and how many values
// of each.
func (s *searching) facetBy() (fields string, values int) {
	var names []string
	for _, facet := range s.query.Facets {
		if name := termPrefix + string(facet.Field); !slices.Contains(names, name) {
			names = append(names, name)
		}
		values = max(values, facet.First+spare)
	}
	return strings.Join(names, ","), values
}

// readFacets makes the buckets, in the order asked. Where a facet has more values
// as frequent as the last one wanted than were asked for, it asks for more.
func (s *searching) readFacets(ctx context.Context, plain bool, whole *result) ([][]search.Bucket, error) {
	all := make([][]search.Bucket, len(s.query.Facets))
	_, asked := s.facetBy()
	for i, wanted := range s.query.Facets {
		buckets, err := s.buckets(wanted, whole)
		if err != nil {
			return nil, err
		}
		for values := asked; len(buckets) >= values && tied(buckets, wanted.First); {
			values *= 8
			again := request(s.name, s.text, plain)
			again.Filter = serverFilter(s.filter)
			again.Facets, again.FacetValues = termPrefix+string(wanted.Field), values
			results, err := s.client.ask(ctx, again)
			if err != nil {
				return nil, fmt.Errorf("count facets: %w", err)
			}
			if err := s.check(&results[0]); err != nil {
				return nil, err
			}
			if buckets, err = s.buckets(wanted, &results[0]); err != nil {
				return nil, err
			}
		}
		slices.SortFunc(buckets, func(a, b search.Bucket) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		all[i] = buckets[:min(len(buckets), wanted.First)]
	}
	return all, nil
}

// tied tells whether the last of the buckets, which come by their counts, is as
// frequent as the last one wanted.
func tied(buckets []search.Bucket, wanted int) bool {
	return wanted > 0 && wanted <= len(buckets) && buckets[len(buckets)-1].Count == buckets[wanted-1].Count
}

// buckets are those of a facet as the server gives them.
func (s *searching) buckets(wanted search.Facet, r *result) ([]search.Bucket, error) {
	buckets := []search.Bucket{}
	for _, facet := range r.Facets {
		if facet.Field != termPrefix+string(wanted.Field) {
			continue
		}
		for _, count := range facet.Counts {
			value, err := decode(count.Value)
			if err != nil {
				return nil, fmt.Errorf("read a value of %q: %w", wanted.Field, err)
			}
			buckets = append(buckets, search.Bucket{Value: value, Count: count.Count})
		}
		break
	}
	return buckets, nil
}
