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

// place is where an answer continues. An order of numbers continues after those of a hit.
// Relevance and title have none, so these continue by how many hits came before, among the
// documents up to the last Seq when the walk began: what is added later moves none of
// them.
type place struct {
	Query      string   `json:"q"` // what it was given for
	Collection string   `json:"c"`
	Plain      bool     `json:"p,omitempty"` // it was found without forgiving errors
	Numbers    []*int64 `json:"n,omitempty"` // of the keys; nil for one that is absent
	Tie        int64    `json:"t,omitempty"` // the hit's, in an order of numbers
	Seq        int64    `json:"s"`           // the last one of the walk, in another
	Offset     int      `json:"o,omitempty"`
}

// fingerprint identifies a query without page and facets, for places of this engine only.
func fingerprint(q *search.Query) string {
	asked := []any{"typesense", search.Shape, q.Text.Typed(), q.WithoutCategories, q.Filter, q.Order()}
	content, err := json.Marshal(asked)
	if err != nil {
		panic(fmt.Sprintf("a query is no JSON: %v", err)) // it is of strings and numbers
	}
	sum := sha256.Sum256(content)
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// String encodes the place.
func (p place) String() string {
	content, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Sprintf("a place is no JSON: %v", err)) // it is of strings and numbers
	}
	return base64.RawURLEncoding.EncodeToString(content)
}

// maxHits is how far a walk by offset goes: the server counts pages in 32 bits.
const maxHits = math.MaxInt32

// readPlace decodes a place of a query with so many keys; the start is the zero place. It
// fails with search.ErrCursor on one of another query, and on forged ones.
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

// bound caches the greatest Seq of a collection, so that it is looked for only from there.
type bound struct {
	mutex      sync.Mutex
	collection string
	seq        int64
}

func (b *bound) last() (collection string, seq int64) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.collection == "" {
		return "", math.MinInt64
	}
	return b.collection, b.seq
}

func (b *bound) learn(collection string, seq int64) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.collection != collection || seq > b.seq {
		b.collection, b.seq = collection, seq
	}
}
