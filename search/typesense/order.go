package typesense

import (
	"fmt"
	"slices"
	"strings"

	"vodgraph/search"
)

// maxKeys is how many keys the server sorts by.
const maxKeys = 3

// order is what hits are sorted by, with the Seq last where the server has a key
// left for it. Where it has not, documents that are equal in three numbers stand
// in the order in which the server got them, the latest first.
type order struct {
	keys []search.Sort
	// backwards has the server sort the other way round, and its pages be read from
	// the end: it knows the best first only, and takes "_text_match:asc" for it.
	backwards bool
}

// newOrder is the order of a query, without keys that stand there already.
func newOrder(q *search.Query) (order, error) {
	var o order
	for _, key := range q.Order() {
		same := func(other search.Sort) bool {
			return other.Relevance == key.Relevance && (key.Relevance || other.Number == key.Number)
		}
		if slices.ContainsFunc(o.keys, same) {
			continue
		}
		if !key.Relevance {
			if _, err := numberField(key.Number); err != nil {
				return o, err
			}
		}
		o.keys = append(o.keys, key)
		o.backwards = o.backwards || key.Relevance && key.Asc
	}
	if len(o.keys) > maxKeys {
		return o, fmt.Errorf("hits are sorted by up to %d keys, not %d", maxKeys, len(o.keys))
	}
	return o, nil
}

// sortBy is the order in the server's words.
func (o order) sortBy() string {
	var keys []string
	direction := map[bool]string{false: ":desc", true: ":asc"}
	absent := map[bool]string{false: "(missing_values: last)", true: "(missing_values: first)"}[o.backwards]
	for _, key := range o.keys {
		name := "_text_match"
		if !key.Relevance {
			name = numberPrefix + string(key.Number) + absent
		}
		keys = append(keys, name+direction[key.Asc != o.backwards])
	}
	if len(keys) < maxKeys {
		keys = append(keys, fieldSeq+direction[o.backwards])
	}
	return strings.Join(keys, ",")
}

// numbers are the keys that a walk goes on after; none where it goes on by
// offset.
func (o order) numbers() []search.NumberField {
	var numbers []search.NumberField
	for _, key := range o.keys {
		if key.Relevance || len(o.keys) == maxKeys {
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
	last := fmt.Sprintf("%s:<%d", fieldSeq, p.Seq)
	return either(append(ways, both(append(same, last)...))...)
}
