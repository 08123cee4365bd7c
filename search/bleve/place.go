package bleve

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"vodgraph/search"
)

// maxKeys is how many keys an order has at most.
const maxKeys = 3

// rank is where a hit stands: the smaller in each key in turn comes first. The
// last is the Seq turned around.
type rank [maxKeys + 1]int64

func (r *rank) before(other *rank) bool {
	for i := range r {
		if r[i] != other[i] {
			return r[i] < other[i]
		}
	}
	return false
}

// sorter makes ranks.
type sorter struct{ keys []sortKey }

type sortKey struct {
	number int // of a row, or less than 0 for the score
	asc    bool
}

func newSorter(order []search.Sort) (sorter, error) {
	if len(order) > maxKeys {
		return sorter{}, fmt.Errorf("an order has up to %d keys", maxKeys)
	}
	var s sorter
	for _, key := range order {
		number := -1
		if !key.Relevance {
			if number = slices.Index(numberFields(), key.Number); number < 0 {
				return sorter{}, fmt.Errorf("there is no number %q to sort by", key.Number)
			}
		}
		s.keys = append(s.keys, sortKey{number, key.Asc})
	}
	return s, nil
}

func (s *sorter) rank(of *row, score uint32) (r rank) {
	for i, key := range s.keys {
		n := int64(score)
		if key.number >= 0 {
			n = of.numbers[key.number]
		}
		switch {
		case key.number >= 0 && n == absent:
			r[i] = math.MaxInt64 // last in both directions
		case key.asc:
			r[i] = n - 1 // and so before those that are absent, however large
		default:
			r[i] = ^n // turned around, and never out of bounds
		}
	}
	r[maxKeys] = ^of.seq
	return r
}

// place is a rank in the answers to a query, and with how much effort they were
// found, for what is added meanwhile must not change that within a walk.
type place struct {
	effort effort
	rank   rank
}

// engineMark begins each place of this engine.
const engineMark = 'b'

const (
	hashLength  = 12
	placeLength = 1 + hashLength + 1 + 8*len(rank{})
)

// hashOf tells queries apart by what a place depends on.
func hashOf(q *search.Query) ([]byte, error) {
	text, err := json.Marshal([]any{q.Text, q.WithoutCategories, q.Filter, q.Order()})
	if err != nil {
		return nil, fmt.Errorf("write a query down: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:hashLength], nil
}

func (p place) encode(hash []byte) string {
	out := append(append(make([]byte, 0, placeLength), engineMark), hash...)
	out = append(out, byte(p.effort))
	for _, n := range p.rank {
		out = binary.BigEndian.AppendUint64(out, uint64(n))
	}
	return base64.RawURLEncoding.EncodeToString(out)
}

// decodePlace fails with search.ErrCursor on what encode did not make for the
// same query.
func decodePlace(text string, hash []byte) (place, error) {
	in, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(in) != placeLength || in[0] != engineMark || !slices.Equal(in[1:1+hashLength], hash) {
		return place{}, search.ErrCursor
	}
	p := place{effort: effort(in[1+hashLength])}
	if p.effort != little && p.effort != much {
		return place{}, search.ErrCursor
	}
	in = in[1+hashLength+1:]
	for i := range p.rank {
		p.rank[i] = int64(binary.BigEndian.Uint64(in[8*i:]))
	}
	return p, nil
}
