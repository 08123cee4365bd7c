package catalog

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
)

// Fingerprint tells filters apart, in 22 characters of A-Z a-z 0-9 - _. It is the
// same for filters that differ only in the order of lists, in values that are
// named twice, in how a tag's name or a time is written, or in naming a default.
// It is empty for filters with bounds that Predicate refuses.
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

// canonical is the one form of all filters that differ only in their writing. It
// shares what is the same with the filter.
func (f *AssetFilter) canonical() *AssetFilter {
	if f == nil {
		return &AssetFilter{}
	}
	c := *f
	c.Trashed = f.canonicalTrashed()
	c.Kinds, c.Statuses = set(f.Kinds), set(f.Statuses)
	c.IDs, c.ReferenceIDs = set(f.IDs), set(f.ReferenceIDs)
	c.AttachmentTypes = set(f.AttachmentTypes)
	c.StorageLocations, c.StorageClasses = set(f.StorageLocations), set(f.StorageClasses)
	c.MediaSources = set(f.MediaSources)
	c.CreatedAt, c.UpdatedAt, c.Category, c.Tags = nil, nil, nil, nil // where they ask for nothing
	if !f.CreatedAt.always() {
		c.CreatedAt = f.CreatedAt.cut()
	}
	if !f.UpdatedAt.always() {
		c.UpdatedAt = f.UpdatedAt.cut()
	}
	if in := f.Category; in != nil && (in.In != nil || in.Empty != nil) {
		descends := in.descends()
		c.Category = &CategoryFilter{In: set(in.In), IncludeDescendants: &descends, Empty: in.Empty}
	}
	if t := f.Tags; t != nil && !t.asksNothing() {
		c.Tags = &TagFilter{Any: nameSet(t.Any), All: nameSet(t.All), None: nameSet(t.None), Empty: t.Empty}
	}
	if p := f.PlayInfo; p != nil {
		c.PlayInfo = &PlayInfoFilter{Definitions: set(p.Definitions), Formats: set(p.Formats), Codecs: set(p.Codecs)}
	}
	if c.And, c.Or = filterSet(f.And), filterSet(f.Or); len(c.And) == 0 {
		c.And = nil
	}
	if f.Not != nil {
		c.Not = f.Not.canonical()
	}
	return &c
}

// set is a list in order, each value once, and nil where the list is.
func set[T cmp.Ordered](values []T) []T {
	if values == nil {
		return nil
	}
	sorted := append(make([]T, 0, len(values)), values...)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// nameSet is set of the names of tags.
func nameSet(names []string) []string {
	if names == nil {
		return nil
	}
	return tagNames(names)
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
