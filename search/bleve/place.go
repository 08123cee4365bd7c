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

// rank is the sort key of a hit: smaller comes first, key by key, except the title's,
// which the sorter compares. Keys that are not compared are empty.
type rank struct {
	numbers [search.MaxSort]int64
	title   string
	id      string
	seq     int64
}

type sorter struct {
	keys      []sortKey
	byID, asc bool // how hits are sorted that are equal in all keys
}

type sortKey struct {
	number int // of a row, or byScore, or byTitle
	asc    bool
}

// What is no number of a row.
const (
	byScore = -1
	byTitle = -2
)

func newSorter(q *search.Query) (sorter, error) {
	order := q.Order()
	if len(order) > search.MaxSort {
		return sorter{}, fmt.Errorf("an order has up to %d keys", search.MaxSort)
	}
	var s sorter
	s.byID, s.asc = q.Ties()
	for _, key := range order {
		number := byScore
		switch {
		case key.Relevance:
		case key.Title:
			number = byTitle
		default:
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
		switch {
		case key.number == byTitle:
			r.title = of.title
			continue
		case key.number >= 0:
			n = of.numbers[key.number]
		}
		switch {
		case key.number >= 0 && n == absent:
			r.numbers[i] = math.MaxInt64 // last in both directions
		case key.asc:
			r.numbers[i] = n - 1 // and so before those that are absent, however large
		default:
			r.numbers[i] = ^n // turned around, and never out of bounds
		}
	}
	if s.byID {
		r.id = of.id
	} else {
		r.seq = ^of.seq
	}
	return r
}

func (s *sorter) before(a, b *rank) bool {
	for i, key := range s.keys {
		switch {
		case a.numbers[i] != b.numbers[i]:
			return a.numbers[i] < b.numbers[i]
		case key.number == byTitle && a.title != b.title:
			return a.title < b.title == key.asc
		}
	}
	if a.seq != b.seq {
		return a.seq < b.seq
	}
	return a.id != b.id && a.id < b.id == s.asc
}

// place is a rank in the answers to a query, and the effort they were found with: what
// is added during a walk must not change that.
type place struct {
	effort effort
	rank   rank
}

const engineMark = 'b'

const hashLength = 12

// hashOf covers all of a query that a place depends on.
func hashOf(q *search.Query) ([]byte, error) {
	text, err := json.Marshal([]any{q.Text.Typed(), q.WithoutCategories, q.Filter, q.Order()})
	if err != nil {
		return nil, fmt.Errorf("write a query down: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:hashLength], nil
}

func (p place) encode(hash []byte) string {
	out := append([]byte{engineMark}, hash...)
	out = append(out, byte(p.effort))
	for _, n := range p.rank.numbers {
		out = binary.BigEndian.AppendUint64(out, uint64(n))
	}
	out = binary.BigEndian.AppendUint64(out, uint64(p.rank.seq))
	for _, text := range []string{p.rank.title, p.rank.id} { // of less than 1,000 bytes
		out = append(binary.BigEndian.AppendUint16(out, uint16(len(text))), text...)
	}
	return base64.RawURLEncoding.EncodeToString(out)
}

// decodePlace fails with search.ErrCursor on what encode did not make for the
// same query.
func decodePlace(text string, hash []byte) (place, error) {
	in, err := base64.RawURLEncoding.Strict().DecodeString(text)
	const fixed = 1 + hashLength + 1 + 8*(search.MaxSort+1)
	if err != nil || len(in) < fixed || in[0] != engineMark || !slices.Equal(in[1:1+hashLength], hash) {
		return place{}, search.ErrCursor
	}
	p := place{effort: effort(in[1+hashLength])}
	if p.effort != little && p.effort != much {
		return place{}, search.ErrCursor
	}
	in = in[1+hashLength+1:]
	for _, n := range []*int64{&p.rank.numbers[0], &p.rank.numbers[1], &p.rank.seq} {
		*n, in = int64(binary.BigEndian.Uint64(in)), in[8:]
	}
	for _, text := range []*string{&p.rank.title, &p.rank.id} {
		if len(in) < 2 || len(in)-2 < int(binary.BigEndian.Uint16(in)) {
			return place{}, search.ErrCursor
		}
		end := 2 + int(binary.BigEndian.Uint16(in))
		*text, in = string(in[2:end]), in[end:]
	}
	if len(in) > 0 {
		return place{}, search.ErrCursor
	}
	return p, nil
}
