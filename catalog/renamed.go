package catalog

import (
	"context"
	"fmt"

	"vodgraph/ent"
	"vodgraph/ent/category"
	entries "vodgraph/ent/change"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
)

// renames are the latest revisions after a given one at which tags were renamed, by
// their names of now.
func (d *deed) renames(ctx context.Context, names []string, after int64) (map[string]int64, error) {
	rows, err := d.tx.Tag.Query().Where(collect.In[string](tag.FieldName, names)).Select(tag.FieldID, tag.FieldName).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("find tags: %w", err)
	}
	called := make(map[string]string, len(rows))
	ids := make([]string, len(rows))
	for i, row := range rows {
		called[row.ID], ids[i] = row.Name, row.ID
	}
	return d.lastRenamed(ctx, ids, after, func(id string) string { return called[id] })
}

// lastRenamed are the latest revisions at which something was renamed or moved, by what
// key makes of its id.
func (d *deed) lastRenamed(ctx context.Context, ids []string, after int64, key func(string) string) (map[string]int64, error) {
	found, err := d.tx.Change.Query().Where(collect.In[string](entries.FieldSubjectID, ids), entries.FieldIn(nameField, parentField),
		entries.RevisionGT(after)).Select(entries.FieldSubjectID, entries.FieldRevision).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("find what was renamed: %w", err)
	}
	last := make(map[string]int64, len(found))
	for _, row := range found {
		k := key(row.SubjectID)
		last[k] = max(last[k], row.Revision)
	}
	return last, nil
}

// categoriesWith reads whole categories by their ids.
func (d *deed) categoriesWith(ctx context.Context, ids []string) (map[string]*ent.Category, error) {
	rows, err := d.tx.Category.Query().Where(collect.In[string](category.FieldID, ids)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("find categories: %w", err)
	}
	byID := make(map[string]*ent.Category, len(rows))
	for _, row := range rows {
		byID[row.ID] = row
	}
	return byID, nil
}
