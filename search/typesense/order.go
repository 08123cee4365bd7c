package typesense

import (
	"fmt"
	"slices"
	"strings"

	"vodgraph/search"
)

// order is what hits are sorted by. The server sorts by three keys: what the query has, two
// at most, and what sorts documents that are equal in these. Hits that go by title go by a
// string, which the server sorts by and cannot compare in a filter.
type order struct {
	keys      []search.Sort
	byID, asc bool // how documents are sorted that are equal in all keys
	// backwards has the server sort the other way round, and its pages be read from
	// the end: it knows the best first only, and takes "_text_match:asc" for it. A number
	// that is absent then equals the greatest there is.
	backwards bool
}

// newOrder is the order of a query, without keys that stand there already.
func newOrder(q *search.Query) (order, error) {
	var o order
	o.byID, o.asc = q.Ties()
	for _, key := range q.Order() {
		same := func(other search.Sort) bool {
			other.Asc = key.Asc
			return other == key
		}
		if slices.ContainsFunc(o.keys, same) {
			continue
		}
		if !key.Relevance && !key.Title {
			if _, err := numberField(key.Number); err != nil {
				return o, err
			}
		}
		o.keys = append(o.keys, key)
		o.backwards = o.backwards || key.Relevance && key.Asc
	}
	if len(o.keys) > search.MaxSort {
		return o, fmt.Errorf("hits are sorted by up to %d keys, not %d", search.MaxSort, len(o.keys))
	}
	return o, nil
}

// sortBy is the order in the server's words.
func (o order) sortBy() string {
	var keys []string
	direction := map[bool]string{false: ":desc", true: ":asc"}
	absent := map[bool]string{false: "(missing_values: last)", true: "(missing_values: first)"}[o.backwards]
	for _, key := range o.keys {
		name := numberPrefix + string(key.Number) + absent
		switch {
		case key.Relevance:
			name = "_text_match"
		case key.Title:
			name = fieldTitle
		}
		keys = append(keys, name+direction[key.Asc != o.backwards])
	}
	last := fieldSeq
	if o.byID {
		last = fieldTie
	}
	return strings.Join(append(keys, last+direction[o.asc != o.backwards]), ",")
}

// numbers are the keys that a walk goes on after; none where it goes on by
// offset.
func (o order) numbers() []search.NumberField {
	var numbers []search.NumberField
	for _, key := range o.keys {
		if key.Relevance || key.Title {
			return nil
		}
		numbers = append(numbers, key.Number)
	}
	return numbers
}

// after is the filter for what comes after a place of an order of numbers.
func (o order) after(p place) string {
	var ways, same []string
	for i, key := range o.keys {
		number, field := p.Numbers[i], numberPrefix+string(key.Number)
		none := absent(key.Number)
		if number == nil { // what is absent comes last
			same = append(same, none)
			continue
		}
		beyond := fmt.Sprintf("%s:<%d", field, *number)
		if key.Asc {
			beyond = fmt.Sprintf("%s:>%d", field, *number)
		}
		ways = append(ways, both(append(slices.Clone(same), either(beyond, none))...))
		same = append(same, fmt.Sprintf("%s:=%d", field, *number))
	}
	last := fmt.Sprintf("%s:<%d", fieldTie, p.Tie)
	if o.asc {
		last = fmt.Sprintf("%s:>%d", fieldTie, p.Tie)
	}
	return either(append(ways, both(append(same, last)...))...)
}
