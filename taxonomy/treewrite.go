package taxonomy

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/category"
	"vodgraph/ent/collect"
	"vodgraph/media"
)

// WriteTree writes what differs between a tree and the library. A path is of one category at
// any time, so where several change, all that move leave their places first.
func WriteTree(ctx context.Context, d *change.Tx, t *Tree) error {
	levels := t.levels()
	made, moved := 0, []*Branch{}
	for _, level := range levels {
		for _, b := range level {
			if b.Row == nil {
				made++
			} else if b.moved() {
				moved = append(moved, b)
			}
		}
	}
	if made+len(moved)+len(t.Leaving) == 0 {
		return change.ErrUnchanged
	}
	if made+len(moved)+len(t.Leaving) > 1 {
		if err := liftCategories(ctx, d, slices.Concat(moved, t.Leaving)); err != nil {
			return err
		}
	}
	rows := map[*Branch]*ent.Category{t.Root: nil} // as they are now, with their paths
	for i, level := range levels {
		if err := writeLevel(ctx, d, i+1, level, rows); err != nil {
			return err
		}
	}
	gone := make([]*ent.Category, len(t.Leaving))
	for i, b := range t.Leaving {
		gone[i] = b.Row
	}
	if err := DeleteCategories(ctx, d, gone); err != nil {
		return err
	}
	return staleMoved(ctx, d, moved, rows)
}

// DeleteCategories deletes categories below which nothing stands and that no asset is in.
func DeleteCategories(ctx context.Context, d *change.Tx, rows []*ent.Category) error {
	if len(rows) == 0 {
		return nil
	}
	d.GoneCategories(rows)
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	if _, err := d.Ent.Category.Delete().Where(collect.In[string](category.FieldID, ids)).Exec(ctx); err != nil {
		return fmt.Errorf("delete categories: %w", err)
	}
	return nil
}

func writeLevel(ctx context.Context, d *change.Tx, number int, level []*Branch, rows map[*Branch]*ent.Category) error {
	var made []*ent.Category
	for _, b := range level {
		parent := rows[b.Above]
		row := &ent.Category{ID: b.ID, Name: b.Name, Path: b.Name, Level: number, CreatedAt: d.Now}
		if parent != nil {
			row.ParentID, row.Path = &parent.ID, parent.Path+media.PathSeparator+b.Name
		}
		switch {
		case b.Row == nil:
			if row.ID == "" {
				row.ID = d.Options.NewID(media.CategoryPrefix)
			}
			if b.Since != nil {
				row.CreatedAt = *b.Since
			}
			made = append(made, row)
		case b.moved():
			row.ID, row.CreatedAt = b.Row.ID, b.Row.CreatedAt
			d.MovedCategory(b.Row, parent, b.Name)
			if err := placeCategory(ctx, d, b, row); err != nil {
				return err
			}
		default:
			row.ID = b.Row.ID
		}
		rows[b] = row
	}
	d.MadeCategories(made)
	for some := range slices.Chunk(made, 500) {
		add := make([]*ent.CategoryCreate, len(some))
		for i, row := range some {
			add[i] = d.Ent.Category.Create().SetID(row.ID).SetName(row.Name).SetPath(row.Path).
				SetLevel(row.Level).SetCreatedAt(row.CreatedAt).SetNillableParentID(row.ParentID)
		}
		if err := d.Ent.Category.CreateBulk(add...).Exec(ctx); err != nil {
			return fmt.Errorf("write categories: %w", err)
		}
	}
	return nil
}

// liftCategories gives categories paths that no other has, what stands below others first.
func liftCategories(ctx context.Context, d *change.Tx, moved []*Branch) error {
	upwards := slices.SortedStableFunc(slices.Values(moved), func(a, b *Branch) int { return b.Row.Level - a.Row.Level })
	for _, b := range upwards {
		lifted := *b.Row
		lifted.Path = media.PathSeparator + b.Row.ID
		if err := placeCategory(ctx, d, b, &lifted); err != nil {
			return err
		}
		b.lifted = lifted.Path
	}
	return nil
}

func placeCategory(ctx context.Context, d *change.Tx, b *Branch, to *ent.Category) error {
	was := cmp.Or(b.lifted, b.Row.Path)
	move := d.Ent.Category.UpdateOneID(to.ID).SetName(to.Name).SetPath(to.Path).SetLevel(to.Level).ClearParentID()
	if to.ParentID != nil {
		move.SetParentID(*to.ParentID)
	}
	if err := move.Exec(ctx); err != nil {
		return fmt.Errorf("move the category: %w", err)
	}
	return moveBelow(ctx, d, was, to.Path, to.Level-b.Row.Level)
}

func staleMoved(ctx context.Context, d *change.Tx, moved []*Branch, rows map[*Branch]*ent.Category) error {
	var all []string
	for _, b := range moved {
		ids, err := d.Ent.Category.Query().Where(category.Or(category.ID(b.Row.ID), below(rows[b].Path))).IDs(ctx)
		if err != nil {
			return fmt.Errorf("find what was moved: %w", err)
		}
		all = append(all, ids...)
	}
	if len(all) == 0 {
		return nil
	}
	slices.Sort(all)
	return d.StaleLinked(ctx, change.CategoryLinks, slices.Compact(all))
}
