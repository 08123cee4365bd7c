package catalog

import (
	"context"
)

// Assets in the trash keep all that they have and all that links to them, take
// changes, and come back whole. They are left out of lists and of search, unless
// these ask for them.

// AssetsTrash moves assets to the trash. One that is there keeps its date. It
// refuses the call with REQUIRED or TOO_MANY_ITEMS, and items with NOT_FOUND or
// DUPLICATE_ITEM, which two names of one asset are too.
func (c *Catalog) AssetsTrash(ctx context.Context, refs []*AssetRef, o *BulkOptions) (*Outcome, error) {
	return c.each(ctx, referred(refs), o, gatherNone, trash)
}

func trash(b *maker, _ *check, s *state, _ int) {
	if s.TrashedAt == nil {
		s.TrashedAt = &b.now
	}
}

// AssetsRestore takes assets back from the trash; one that is not there is
// unchanged. It refuses as AssetsTrash does.
func (c *Catalog) AssetsRestore(ctx context.Context, refs []*AssetRef, o *BulkOptions) (*Outcome, error) {
	return c.each(ctx, referred(refs), o, gatherNone, restore)
}

func restore(_ *maker, _ *check, s *state, _ int) { s.TrashedAt = nil }

// referred are the targets of a list of references.
func referred(refs []*AssetRef) targets {
	list := make([]target, len(refs))
	for i, ref := range refs {
		list[i] = target{AssetRef: *ref}
	}
	return targets{list: list, name: assetList}
}

// byID are targets that are found by their ids already.
func byID(ids []string) targets {
	list := make([]target, len(ids))
	for i := range ids {
		list[i] = target{AssetRef: AssetRef{ID: &ids[i]}}
	}
	return targets{list: list, name: assetList}
}

// gatherNone is for verbs that are about the assets' own rows alone.
func gatherNone(*names) part { return 0 }
