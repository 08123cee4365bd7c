package bulk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"vodgraph/auth"
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/category"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
	"vodgraph/fault"
	"vodgraph/taxonomy"
)

// unmake deletes the tags and categories that the set made and that nothing uses any more.
// One that assets have which the set did not give it to, or under which other categories
// stand, stays and is reported; one that only assets of the set have stays with them.
func (u *taxonomyUndo) unmake(ctx context.Context) error {
	if err := u.unmakeTags(ctx); err != nil {
		return err
	}
	return u.unmakeCategories(ctx)
}

// users are what has some tags or categories: any asset at all, or one that the caller
// sees and that the set did not give them to. In a dry run the assets of the batches before
// still have what they would have lost; they count where that was refused.
func (u *taxonomyUndo) users(ctx context.Context, l change.LinkTable, ids []string) (used, outside map[string]bool, err error) {
	find := func(ctx context.Context, more func(*sql.Builder)) (map[string]bool, error) {
		b := &sql.Builder{}
		b.SetDialect(u.Ent.Client().Dialect())
		b.WriteString("SELECT DISTINCT l." + l.Column + ", '' FROM " + l.Name + " l WHERE ").
			Join(collect.InP(sql.Dialect(b.Dialect()).Table(l.Name).As("l").C(l.Column), ids))
		more(b)
		pairs, err := u.Pairs(ctx, b)
		if err != nil {
			return nil, fmt.Errorf("find what uses them: %w", err)
		}
		found := map[string]bool{}
		for _, p := range pairs {
			found[p[0]] = true
		}
		return found, nil
	}
	given := "c.field = '" + l.Field + "' AND CAST(c.after AS text) LIKE '%' || l." + l.Column + " || '%'"
	bySet := func(b *sql.Builder, how string) {
		b.WriteString("EXISTS (SELECT 1 FROM changes c WHERE c.change_set_id = ").Arg(u.taxonomyChanges.set).
			WriteString(" AND c.subject_id = l.asset_id AND (" + how + "))")
	}
	used, err = find(ctx, func(b *sql.Builder) {
		if u.met == "" {
			return
		}
		b.WriteString(" AND NOT (l.asset_id <= ").Arg(u.met).WriteString(" AND ")
		bySet(b, given)
		b.WriteString(" AND NOT EXISTS (SELECT 1 FROM bulk_failures f WHERE f.operation_id = ").Arg(u.operation).
			WriteString(" AND f.asset_id = l.asset_id AND CAST(f.errors AS text) LIKE '%[\"" + l.Field + "\"]%'))")
	})
	if err != nil || len(used) == 0 {
		return used, nil, err
	}
	outside, err = find(auth.WithRowSecurity(ctx), func(b *sql.Builder) {
		b.WriteString(" AND NOT ")
		bySet(b, "c.field = '"+change.CreatedField+"' OR "+given)
	})
	return used, outside, err
}

// stays reports something that the set made and that is used by now.
func (u *taxonomyUndo) stays(t *subjectChange, what string) {
	u.refuse(t, fault.New(fault.InUse, "The set made the %s %q, and it stays: others have it by now.", what, t.is.Name))
}

func (u *taxonomyUndo) unmakeTags(ctx context.Context) error {
	made := u.of(true, (*subjectChange).made)
	if len(made) == 0 {
		return nil
	}
	ids := idsOf(made)
	rows, err := u.Ent.Tag.Query().Where(collect.In[string](tag.FieldID, ids)).All(ctx)
	if err != nil {
		return fmt.Errorf("find tags: %w", err)
	}
	byID := map[string]*ent.Tag{}
	for _, row := range rows {
		byID[row.ID] = row
	}
	used, outside, err := u.users(ctx, change.TagLinks, ids)
	if err != nil {
		return err
	}
	var idle []*ent.Tag
	for _, t := range made {
		row := byID[t.id]
		switch {
		case row == nil: // it was deleted since
		case row.Name != t.is.Name:
			if u.Granted == nil || outside[t.id] {
				u.refuse(t, catalog.ChangedSince(), change.NameField)
			}
		case outside[t.id]:
			u.stays(t, "tag")
		case !used[t.id]:
			idle = append(idle, row)
		}
	}
	return u.deleteTags(ctx, idle)
}

func (u *taxonomyUndo) deleteTags(ctx context.Context, idle []*ent.Tag) error {
	if len(idle) == 0 {
		return nil
	}
	u.GoneTags(idle)
	gone := make([]string, len(idle))
	for i, row := range idle {
		gone[i] = row.ID
	}
	u.left = append(u.left, gone...)
	if _, err := u.Ent.Tag.Delete().Where(collect.In[string](tag.FieldID, gone)).Exec(ctx); err != nil {
		return fmt.Errorf("delete tags: %w", err)
	}
	return nil
}

func idsOf(list []*subjectChange) []string {
	ids := make([]string, len(list))
	for i, t := range list {
		ids[i] = t.id
	}
	return ids
}

func (u *taxonomyUndo) unmakeCategories(ctx context.Context) error {
	made := u.of(false, (*subjectChange).made)
	if len(made) == 0 {
		return nil
	}
	ids := idsOf(made)
	rows, err := taxonomy.CategoriesWith(ctx, u.Tx, ids)
	if err != nil {
		return err
	}
	used, outside, err := u.users(ctx, change.CategoryLinks, ids)
	if err != nil {
		return err
	}
	below, err := u.Ent.Category.Query().Where(collect.In[string](category.FieldParentID, ids)).All(ctx)
	if err != nil {
		return fmt.Errorf("find what stands below: %w", err)
	}
	children := map[string][]*ent.Category{}
	for _, row := range below {
		children[*row.ParentID] = append(children[*row.ParentID], row)
	}
	// The deepest first, so that those above have nothing below them any more.
	slices.SortStableFunc(made, func(a, b *subjectChange) int { return cmp.Compare(levelOf(rows[b.id]), levelOf(rows[a.id])) })
	gone := map[string]bool{}
	var idle []*ent.Category
	for _, t := range made {
		row := rows[t.id]
		stranger := slices.ContainsFunc(children[t.id], func(c *ent.Category) bool { return u.byID[c.ID] == nil || !u.byID[c.ID].made() })
		left := slices.ContainsFunc(children[t.id], func(c *ent.Category) bool { return !gone[c.ID] })
		switch {
		case row == nil || !u.may(u.Granted, t): // it was deleted since, or is hidden by now
		case row.Name != t.is.Name:
			u.refuse(t, catalog.ChangedSince(), change.NameField)
		case change.ValueOr(row.ParentID, "") != change.ValueOr(t.is.ParentID, ""):
			u.refuse(t, catalog.ChangedSince(), change.ParentField)
		case stranger || outside[t.id]:
			u.stays(t, "category")
		case !left && !used[t.id]:
			gone[t.id] = true
			idle = append(idle, row)
		}
	}
	return taxonomy.DeleteCategories(ctx, u.Tx, idle)
}

func levelOf(row *ent.Category) int {
	if row == nil {
		return 0
	}
	return row.Level
}
