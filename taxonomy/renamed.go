package taxonomy

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
	"vodgraph/media"
)

// TagsRenamed finds when tags were last renamed after a revision, by their names now.
func TagsRenamed(ctx context.Context, d *change.Tx, names []string, after int64, last map[string]int64) error {
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

// CategoriesRenamed finds when categories, or any above them, were last renamed or moved after a
// revision, by their ids.
func CategoriesRenamed(ctx context.Context, d *change.Tx, ids []string, after int64, last map[string]int64) error {
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
