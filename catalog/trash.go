package catalog

import (
	"context"

	"vodgraph/change"
)

// Assets in the trash keep all that they have and all that links to them, take
// changes, and come back whole. They are left out of lists and of search, unless
// these ask for them.

// AssetsTrash moves assets to the trash. One that is there keeps its date. It
// refuses the call with REQUIRED or TOO_MANY_ITEMS, and items with NOT_FOUND or
// DUPLICATE_ITEM, which two names of one asset are too.
func (c *Catalog) AssetsTrash(ctx context.Context, refs []*change.AssetRef, o *change.BulkOptions) (*change.Outcome, error) {
	return c.each(ctx, referred(refs), Trash, o)
}

// Trash moves assets to the trash.
var Trash = &Verb{decide: func(b *Builder, _ *change.Check, s *change.State, _ *Item) {
	if s.TrashedAt == nil {
		s.TrashedAt = &b.Now
	}
}}

// AssetsRestore takes assets back from the trash; one that is not there is
// unchanged. It refuses as AssetsTrash does.
func (c *Catalog) AssetsRestore(ctx context.Context, refs []*change.AssetRef, o *change.BulkOptions) (*change.Outcome, error) {
	return c.each(ctx, referred(refs), Restore, o)
}

// Restore takes assets back from the trash.
var Restore = &Verb{decide: func(_ *Builder, _ *change.Check, s *change.State, _ *Item) { s.TrashedAt = nil }}
