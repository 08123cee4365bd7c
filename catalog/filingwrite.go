package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"vodgraph/ent"
	"vodgraph/ent/category"
	"vodgraph/ent/collect"
	"vodgraph/media"
)

// writeTree writes what differs between a tree and the library. A path is of one category at
// any time, so where several change, all that move leave their places first.
func (d *deed) writeTree(ctx context.Context, t *filingTree) error {
	levels := t.levels()
	made, moved := 0, []*branch{}
	for _, level := range levels {
		for _, b := range level {
			if b.row == nil {
				made++
			} else if b.moved() {
				moved = append(moved, b)
			}
		}
	}
	if made+len(moved)+len(t.leaving) == 0 {
		return errUnchanged
	}
	if made+len(moved)+len(t.leaving) > 1 {
		if err := d.liftCategories(ctx, slices.Concat(moved, t.leaving)); err != nil {
			return err
		}
	}
	rows := map[*branch]*ent.Category{t.root: nil} // as they are now, with their paths
	for i, level := range levels {
		if err := d.writeLevel(ctx, i+1, level, rows); err != nil {
			return err
		}
	}
	gone := make([]*ent.Category, len(t.leaving))
	for i, b := range t.leaving {
		gone[i] = b.row
	}
	if err := d.deleteCategories(ctx, gone); err != nil {
		return err
	}
	return d.staleMoved(ctx, moved, rows)
}

// deleteCategories deletes categories below which nothing stands and that no asset is in.
func (d *deed) deleteCategories(ctx context.Context, rows []*ent.Category) error {
	if len(rows) == 0 {
		return nil
	}
	d.goneCategories(rows)
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	if _, err := d.tx.Category.Delete().Where(collect.In[string](category.FieldID, ids)).Exec(ctx); err != nil {
		return fmt.Errorf("delete categories: %w", err)
	}
	return nil
}

// writeLevel makes the new categories of a level, and gives those that move their places.
func (d *deed) writeLevel(ctx context.Context, number int, level []*branch, rows map[*branch]*ent.Category) error {
	var made []*ent.Category
	for _, b := range level {
		parent := rows[b.above]
		row := &ent.Category{ID: b.id, Name: b.name, Path: b.name, Level: number, CreatedAt: d.now}
		if parent != nil {
			row.ParentID, row.Path = &parent.ID, parent.Path+media.PathSeparator+b.name
		}
		switch {
		case b.row == nil:
			if row.ID == "" {
				row.ID = d.opts.NewID(media.CategoryPrefix)
			}
			if b.since != nil {
				row.CreatedAt = *b.since
			}
			made = append(made, row)
		case b.moved():
			row.ID, row.CreatedAt = b.row.ID, b.row.CreatedAt
			d.movedCategory(b.row, parent, b.name)
			if err := d.placeCategory(ctx, b, row); err != nil {
				return err
			}
		default:
			row.ID = b.row.ID
		}
		rows[b] = row
	}
	d.madeCategories(made)
	for some := range slices.Chunk(made, 500) {
		add := make([]*ent.CategoryCreate, len(some))
		for i, row := range some {
			add[i] = d.tx.Category.Create().SetID(row.ID).SetName(row.Name).SetPath(row.Path).
				SetLevel(row.Level).SetCreatedAt(row.CreatedAt).SetNillableParentID(row.ParentID)
		}
		if err := d.tx.Category.CreateBulk(add...).Exec(ctx); err != nil {
			return fmt.Errorf("write categories: %w", err)
		}
	}
	return nil
}

// liftCategories gives categories paths that no other has, what stands below others first.
func (d *deed) liftCategories(ctx context.Context, moved []*branch) error {
	upwards := slices.SortedStableFunc(slices.Values(moved), func(a, b *branch) int { return b.row.Level - a.row.Level })
	for _, b := range upwards {
		lifted := *b.row
		lifted.Path = media.PathSeparator + b.row.ID
		if err := d.placeCategory(ctx, b, &lifted); err != nil {
			return err
		}
		b.lifted = lifted.Path
	}
	return nil
}

// placeCategory writes the name and the place of a category, with all below it.
func (d *deed) placeCategory(ctx context.Context, b *branch, to *ent.Category) error {
	was := cmp.Or(b.lifted, b.row.Path)
	move := d.tx.Category.UpdateOneID(to.ID).SetName(to.Name).SetPath(to.Path).SetLevel(to.Level).ClearParentID()
	if to.ParentID != nil {
		move.SetParentID(*to.ParentID)
	}
	if err := move.Exec(ctx); err != nil {
		return fmt.Errorf("move the category: %w", err)
	}
	return d.moveBelow(ctx, was, to.Path, to.Level-b.row.Level)
}

// staleMoved marks the assets of categories that moved, and of those below them.
func (d *deed) staleMoved(ctx context.Context, moved []*branch, rows map[*branch]*ent.Category) error {
	var all []string
	for _, b := range moved {
		ids, err := d.tx.Category.Query().Where(category.Or(category.ID(b.row.ID), below(rows[b].Path))).IDs(ctx)
		if err != nil {
			return fmt.Errorf("find what was moved: %w", err)
		}
		all = append(all, ids...)
	}
	if len(all) == 0 {
		return nil
	}
	slices.Sort(all)
	return d.staleLinked(ctx, categoryLinks, slices.Compact(all))
}
