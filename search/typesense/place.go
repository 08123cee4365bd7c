package typesense

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"sync"

	"vodgraph/search"
)

// place is where an answer goes on. An order of numbers goes on after the numbers
// of a hit. By relevance and by title there is no such thing, so it goes on by how many hits
// came before, among the documents up to a Seq that was the last when the walk
// began: what is added later moves none of them.
type place struct {
	Query      string   `json:"q"` // what it was given for
	Collection string   `json:"c"`
	Plain      bool     `json:"p,omitempty"` // it was found without forgiving errors
	Numbers    []*int64 `json:"n,omitempty"` // of the keys; nil for one that is absent
	Tie        int64    `json:"t,omitempty"` // the hit's, in an order of numbers
	Seq        int64    `json:"s"`           // the last one of the walk, in another
	Offset     int      `json:"o,omitempty"`
}

// fingerprint identifies a query, but for page and facets. It is a place of
// this engine only.
func fingerprint(q *search.Query) string {
	asked := []any{"typesense", search.Shape, q.Text, q.WithoutCategories, q.Filter, q.Order()}
	content, err := json.Marshal(asked)
	if err != nil {
		panic(fmt.Sprintf("a query is no JSON: %v", err)) // it is of strings and numbers
	}
	sum := sha256.Sum256(content)
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// String is the place as it is given out.
func (p place) String() string {
	content, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Sprintf("a place is no JSON: %v", err)) // it is of strings and numbers
	}
	return base64.RawURLEncoding.EncodeToString(content)
}

// maxHits is how far a walk by offset goes: the server counts pages in 32 bits.
const maxHits = math.MaxInt32

// readPlace reads a place that was given for a query of so many keys; its start
// is the zero place. It fails with search.ErrCursor on one of another query, and on
// one that was never given: anybody can write what looks like a place.
func readPlace(q *search.Query, keys int) (place, error) {
	var p place
	if q.After == "" {
		return p, nil
	}
	content, err := base64.RawURLEncoding.DecodeString(q.After)
	if err != nil {
		return place{}, search.ErrCursor
	}
	if err := json.Unmarshal(content, &p); err != nil || p.Query != fingerprint(q) || len(p.Numbers) != keys {
		return place{}, search.ErrCursor
	}
	if p.Offset < 0 || p.Offset > maxHits-max(q.Limit, 0) {
		return place{}, search.ErrCursor
	}
	return p, nil
}

// bound remembers the greatest Seq of a collection, so that it need be looked for
// only from there on.
type bound struct {
	mutex      sync.Mutex
	collection string
	seq        int64
}

// last is the greatest Seq known.
func (b *bound) last() (collection string, seq int64) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.collection == "" {
		return "", math.MinInt64
	}
	return b.collection, b.seq
}

// learn notes the greatest Seq of a collection.
func (b *bound) learn(collection string, seq int64) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.collection != collection || seq > b.seq {
		b.collection, b.seq = collection, seq
	}
}
