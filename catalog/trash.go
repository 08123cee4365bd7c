package catalog

import (
	"context"
)

// Assets in the trash keep all that they have and all that links to them, take
// changes, and come back whole. They are left out of lists and of search, unless
// these ask for them.

// AssetsTrash moves assets to the trash. One that is there keeps its date. It
// refuses the call with REQUIRED or TOO_MANY_ITEMS, and items with NOT_FOUND or
// DUPLICATE_ITEM.
func (c *Catalog) AssetsTrash(ctx context.Context, ids []string, o *BulkOptions) (*Outcome, error) {
	return c.each(ctx, named(ids), o, gatherNone, trash)
}

func trash(b *maker, _ *check, s *state, _ int) {
	if s.TrashedAt == nil {
		s.TrashedAt = &b.now
	}
}

// AssetsRestore takes assets back from the trash; one that is not there is
// unchanged. It refuses as AssetsTrash does.
func (c *Catalog) AssetsRestore(ctx context.Context, ids []string, o *BulkOptions) (*Outcome, error) {
	return c.each(ctx, named(ids), o, gatherNone, restore)
}

func restore(_ *maker, _ *check, s *state, _ int) { s.TrashedAt = nil }

// named are targets that are named by their ids, in a list of that name.
func named(ids []string) targets {
	list := make([]target, len(ids))
	for i := range ids {
		list[i] = target{AssetRef: AssetRef{ID: &ids[i]}}
	}
	return targets{list, idList}
}

// gatherNone is for verbs that are about the assets' own rows alone.
func gatherNone(*names) part { return 0 }
