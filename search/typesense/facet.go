package typesense

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"vodgraph/search"
)

// extraValues is how many values are requested beyond those wanted. Values of equal
// counts come in no order, so all as frequent as the last one wanted must be seen.
const extraValues = 20

func checkFacets(facets []search.Facet) error {
	for _, facet := range facets {
		if !slices.Contains(termFields, facet.Field) {
			return fmt.Errorf("the values of %q are not counted", facet.Field)
		}
	}
	return nil
}

func (s *searching) facetBy() (fields string, values int) {
	var names []string
	for _, facet := range s.query.Facets {
		if name := termPrefix + string(facet.Field); !slices.Contains(names, name) {
			names = append(names, name)
		}
		values = max(values, facet.First+extraValues)
	}
	return strings.Join(names, ","), values
}

// readFacets makes the buckets, in the order asked. Where values may be missing it asks
// the server for more.
func (s *searching) readFacets(ctx context.Context, plain bool, whole *result) ([][]search.Bucket, error) {
	all := make([][]search.Bucket, len(s.query.Facets))
	_, asked := s.facetBy()
	for i, wanted := range s.query.Facets {
		counted, err := s.counted(wanted, whole)
		if err != nil {
			return nil, err
		}
		for values := asked; counted.given >= values && !counted.enough(wanted.First); {
			values *= 8
			again := s.request(plain)
			again.Filter = serverFilter(s.filter)
			again.Facets, again.FacetValues = termPrefix+string(wanted.Field), values
			results, err := s.client.ask(ctx, again)
			if err != nil {
				return nil, fmt.Errorf("count facets: %w", err)
			}
			if err := s.check(&results[0]); err != nil {
				return nil, err
			}
			if counted, err = s.counted(wanted, &results[0]); err != nil {
				return nil, err
			}
		}
		buckets := counted.buckets
		slices.SortFunc(buckets, func(a, b search.Bucket) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		all[i] = buckets[:min(len(buckets), wanted.First)]
	}
	return all, nil
}

type counted struct {
	buckets []search.Bucket // those of values that are wanted, the most frequent first
	given   int             // how many there were, with all others
	least   int64           // how frequent the last of these was
}

// enough reports whether the first buckets are certain: whatever the server left out is
// less frequent.
func (c *counted) enough(wanted int) bool {
	return wanted <= 0 || wanted <= len(c.buckets) && c.buckets[wanted-1].Count > c.least
}

func (s *searching) counted(wanted search.Facet, r *result) (*counted, error) {
	among := make(map[string]bool, len(wanted.Among))
	for _, value := range wanted.Among {
		among[value] = true
	}
	c := &counted{buckets: []search.Bucket{}}
	for _, facet := range r.Facets {
		if facet.Field != termPrefix+string(wanted.Field) {
			continue
		}
		c.given = len(facet.Counts)
		for _, count := range facet.Counts {
			value, err := decode(count.Value)
			if err != nil {
				return nil, fmt.Errorf("read a value of %q: %w", wanted.Field, err)
			}
			c.least = count.Count
			if wanted.Among == nil || among[value] {
				c.buckets = append(c.buckets, search.Bucket{Value: value, Count: count.Count})
			}
		}
		break
	}
	return c, nil
}
