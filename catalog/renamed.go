package catalog

import (
	"context"
	"fmt"
	"slices"

	"vodgraph/change"
	"vodgraph/fault"
	"vodgraph/media"
	"vodgraph/taxonomy"
)

// A change that was decided on at a revision may name tags by what they were called then, and
// categories by their paths. Renaming leaves the revisions of assets as they are, so the
// history reports whether the names still hold.

// loadRenamed finds when the tags and categories of assets were last renamed or moved, as far
// as it was after the revision that their items name: of tags by name, of categories by id.
func loadRenamed(ctx context.Context, d *change.Tx, b *Builder, targets []target, parts change.Part) error {
	var tags, categories []string
	after := d.Revision
	for _, t := range targets {
		if t.IfRevision == nil || t.state == nil {
			continue
		}
		tags, categories, after = append(tags, t.state.Tags...), append(categories, t.state.Categories...), min(after, *t.IfRevision)
	}
	b.renamed = map[string]int64{}
	if parts&change.WithTags != 0 && len(tags) > 0 {
		if err := taxonomy.TagsRenamed(ctx, d, tags, after, b.renamed); err != nil {
			return err
		}
	}
	if parts&change.WithCategories != 0 && len(categories) > 0 {
		return taxonomy.CategoriesRenamed(ctx, d, categories, after, b.renamed)
	}
	return nil
}

// sameNames refuses with STALE_REVISION an item about tags where one that the asset has was
// renamed since its revision, and one with paths of categories where one that the asset is in,
// or one above, was renamed or moved.
func (b *Builder) sameNames(k *change.Check, s *change.State, item *Item) {
	in := item.Update
	if in.IfRevision == nil {
		return
	}
	stale := func(key, what string) {
		if at := b.renamed[key]; at > *in.IfRevision {
			k.Refuse(fault.New(fault.StaleRevision, "%s was renamed or moved at revision %d, after %d.", what, at, *in.IfRevision), "ifRevision")
		}
	}
	if in.Tags.IsSet() {
		for _, name := range s.Tags {
			stale(name, fmt.Sprintf("The tag %q", name))
		}
	}
	if ch := in.Categories.Value(); ch != nil && slices.ContainsFunc(slices.Concat(ch.Set, ch.Add, ch.Remove), func(ref *media.CategoryRef) bool { return ref != nil && ref.Path != nil }) {
		for _, id := range s.Categories {
			stale(id, "A category of the asset")
		}
	}
}
