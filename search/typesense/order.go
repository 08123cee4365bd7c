package typesense

import (
	"fmt"
	"slices"
	"strings"

	"vodgraph/search"
)

// order is the sort of hits. The server sorts by three keys: those of the query, two at
// most, and the tie. Orders with the title continue by offset: the server sorts by a
// string and cannot compare it in a filter.
type order struct {
	keys      []search.Sort
	byID, asc bool // how documents are sorted that are equal in all keys
	// backwards reverses the server's sort and reads its pages from the end: it knows the best
	// first only, and takes "_text_match:asc" for it. An absent number then equals the
	// greatest.
	backwards bool
}

// newOrder leaves out keys that occur already.
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
