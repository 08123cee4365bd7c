package catalog

import (
	"context"
	"fmt"
	"slices"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/category"
	entries "vodgraph/ent/change"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
	"vodgraph/fault"
	"vodgraph/media"
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
		if err := tagsRenamed(ctx, d, tags, after, b.renamed); err != nil {
			return err
		}
	}
	if parts&change.WithCategories != 0 && len(categories) > 0 {
		return categoriesRenamed(ctx, d, categories, after, b.renamed)
	}
	return nil
}

func tagsRenamed(ctx context.Context, d *change.Tx, names []string, after int64, last map[string]int64) error {
	rows, err := d.Ent.Tag.Query().Where(collect.In[string](tag.FieldName, names)).Select(tag.FieldID, tag.FieldName).All(ctx)
	if err != nil {
		return fmt.Errorf("find tags: %w", err)
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	renamed, err := lastRenamed(ctx, d, ids, after)
	for _, row := range rows {
		last[row.Name] = renamed[row.ID]
	}
	return err
}

// categoriesRenamed counts what was done to the categories above as done to those below.
func categoriesRenamed(ctx context.Context, d *change.Tx, ids []string, after int64, last map[string]int64) error {
	rows, err := CategoriesWith(ctx, d, ids)
	if err != nil {
		return err
	}
	var paths []string
	above := map[string][]string{} // paths, by id
	for id, row := range rows {
		names := media.SplitPath(row.Path)
		for i := range names {
			above[id] = append(above[id], media.JoinPath(names[:i+1]))
		}
		paths = append(paths, above[id]...)
	}
	slices.Sort(paths)
	all, err := d.Ent.Category.Query().Where(collect.In[string](category.FieldPath, slices.Compact(paths))).Select(category.FieldID, category.FieldPath).All(ctx)
	if err != nil {
		return fmt.Errorf("find the categories above: %w", err)
	}
	at, everything := map[string]string{}, make([]string, len(all))
	for i, row := range all {
		at[row.Path], everything[i] = row.ID, row.ID
	}
	renamed, err := lastRenamed(ctx, d, everything, after)
	for id, list := range above {
		for _, path := range list {
			last[id] = max(last[id], renamed[at[path]])
		}
	}
	return err
}

// lastRenamed are the latest revisions after a given one at which tags or categories were
// renamed or moved, by their ids.
func lastRenamed(ctx context.Context, d *change.Tx, ids []string, after int64) (map[string]int64, error) {
	found, err := d.Ent.Change.Query().Where(collect.In[string](entries.FieldSubjectID, ids), entries.FieldIn(change.NameField, change.ParentField),
		entries.RevisionGT(after)).Select(entries.FieldSubjectID, entries.FieldRevision).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("find what was renamed: %w", err)
	}
	last := make(map[string]int64, len(found))
	for _, row := range found {
		last[row.SubjectID] = max(last[row.SubjectID], row.Revision)
	}
	return last, nil
}

// CategoriesWith reads whole categories by their ids.
func CategoriesWith(ctx context.Context, d *change.Tx, ids []string) (map[string]*ent.Category, error) {
	rows, err := d.Ent.Category.Query().Where(collect.In[string](category.FieldID, ids)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("find categories: %w", err)
	}
	byID := make(map[string]*ent.Category, len(rows))
	for _, row := range rows {
		byID[row.ID] = row
	}
	return byID, nil
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
	if ch := in.Categories.Value(); ch != nil && slices.ContainsFunc(slices.Concat(ch.Set, ch.Add, ch.Remove), func(ref *change.CategoryRef) bool { return ref != nil && ref.Path != nil }) {
		for _, id := range s.Categories {
			stale(id, "A category of the asset")
		}
	}
}
