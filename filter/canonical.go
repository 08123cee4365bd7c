package filter

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"

	"github.com/99designs/gqlgen/graphql"
)

// Fingerprint differs between filters, in 22 characters of A-Z a-z 0-9 - _. It is the same
// for filters that differ only in the order of lists, in values that are named twice, in how
// a tag's name or a time is written, or in naming a default. It is empty for filters with
// bounds that Predicate refuses.
func (f *AssetFilter) Fingerprint() string {
	encoded := f.canonical().encoded()
	if encoded == nil {
		return ""
	}
	sum := sha256.Sum256(encoded)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// encoded is the filter as JSON, or nil where JSON cannot hold one of its bounds.
func (f *AssetFilter) encoded() []byte {
	encoded, err := json.Marshal(f)
	if err != nil {
		return nil
	}
	return encoded
}

// canonical is the one form of all filters that differ only in their writing. It shares what
// is the same with the filter.
func (f *AssetFilter) canonical() *AssetFilter {
	if f == nil {
		return &AssetFilter{}
	}
	c := *f
	canonicalise(assetMembers, &c)
	if in := f.trashed(); in != nil && !*in { // as where it is left out
		c.Trashed = graphql.Omittable[*bool]{}
	}
	if c.And, c.Or = filterSet(f.And), filterSet(f.Or); len(c.And) == 0 {
		c.And = nil
	}
	if f.Not != nil {
		c.Not = f.Not.canonical()
	}
	return &c
}

func canonicalise[F any](members []member[F], copied *F) {
	for _, m := range members {
		if m.canonical != nil {
			m.canonical(copied)
		}
	}
}

// filterSet is set of filters, in the order of their JSON.
func filterSet(fs []*AssetFilter) []*AssetFilter {
	if fs == nil {
		return nil
	}
	type entry struct {
		filter *AssetFilter
		key    []byte
	}
	entries := make([]entry, len(fs))
	for i, f := range fs {
		c := f.canonical()
		entries[i] = entry{c, c.encoded()}
	}
	slices.SortFunc(entries, func(a, b entry) int { return bytes.Compare(a.key, b.key) })
	entries = slices.CompactFunc(entries, func(a, b entry) bool { return bytes.Equal(a.key, b.key) })
	sorted := make([]*AssetFilter, len(entries))
	for i, e := range entries {
		sorted[i] = e.filter
	}
	return sorted
}
