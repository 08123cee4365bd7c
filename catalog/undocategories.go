package catalog

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/category"
	"vodgraph/ent/collect"
	"vodgraph/fault"
)

var categoryTable = &table[ent.Category]{
	name: category.Table, keys: 1,
	columns: []string{category.FieldID, category.FieldName, category.FieldParentID, category.FieldLevel, category.FieldPath, category.FieldCreatedAt},
	types:   map[string]string{"bigint": "level", "timestamptz": "created_at"},
	values: func(c *ent.Category) []any {
		return []any{c.ID, c.Name, val(c.ParentID), int64(c.Level), c.Path, moment(c.CreatedAt)}
	},
}

// backCategories brings the categories back that the set deleted, those above first, and
// puts those that it renamed or moved back.
func (u *filingUndo) backCategories(ctx context.Context) error {
	gone := u.of(false, (*turned).gone)
	tree, err := u.treeFor(ctx, gone)
	if err != nil {
		return err
	}
	var made []*ent.Category
	for _, t := range gone {
		if tree.rows[t.id] != nil {
			continue // an undo before has brought it back
		}
		row, refused := u.place(t, tree)
		if refused != nil {
			u.refuse(t, refused)
			continue
		}
		tree.add(row)
		made = append(made, row)
		if u.granted != nil {
			u.granted[row.ID] = row
		}
	}
	if err := categoryTable.put(ctx, u.tx, made); err != nil {
		return err
	}
	u.madeCategories(made)
	for _, t := range u.of(false, (*turned).stayed) {
		if err := u.backPlace(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func depthOf(t *turned) int { return strings.Count(t.was.Path, pathSeparator) }

// tree is as much of the categories as is needed to bring some back.
type tree struct {
	rows     map[string]*ent.Category
	taken    map[string]bool // paths
	children map[string]int  // by the id of the one above; empty for roots
}

func (t *tree) add(row *ent.Category) {
	t.rows[row.ID], t.taken[row.Path] = row, true
	t.children[or(row.ParentID, "")]++
}

// treeFor reads the categories that some stood below, those that have their paths now, and how
// many stand beside them.
func (u *filingUndo) treeFor(ctx context.Context, gone []*turned) (*tree, error) {
	var ids, above []string
	for _, t := range gone {
		ids, above = append(ids, t.id), append(above, or(t.was.ParentID, ""))
	}
	known := &tree{taken: map[string]bool{}, children: map[string]int{}}
	var err error
	if known.rows, err = u.categoriesWith(ctx, append(ids, above...)); err != nil || len(gone) == 0 {
		return known, err
	}
	paths, wanted := map[string]string{}, []string(nil)
	for id, row := range known.rows {
		paths[id] = row.Path
	}
	for _, t := range gone {
		if known.rows[t.id] != nil {
			continue // it is back, wherever it stands now
		}
		path := t.was.Name
		if t.was.ParentID != nil {
			path = paths[*t.was.ParentID] + pathSeparator + path
		}
		paths[t.id] = path
		wanted = append(wanted, path)
	}
	taken, err := u.tx.Category.Query().Where(collect.In[string](category.FieldPath, wanted)).Select(category.FieldPath).Strings(ctx)
	if err != nil {
		return nil, fmt.Errorf("find what stands there: %w", err)
	}
	for _, path := range taken {
		known.taken[path] = true
	}
	var counted []struct {
		ParentID *string `json:"parent_id"`
		N        int
	}
	err = u.tx.Category.Query().Where(category.Or(category.ParentIDIsNil(), collect.In[string](category.FieldParentID, above))).Modify(func(s *sql.Selector) {
		s.Select(s.C(category.FieldParentID), sql.As("COUNT(*)", "n")).GroupBy(s.C(category.FieldParentID))
	}).Scan(ctx, &counted)
	if err != nil {
		return nil, fmt.Errorf("count the siblings: %w", err)
	}
	for _, one := range counted {
		known.children[or(one.ParentID, "")] = one.N
	}
	return known, nil
}

// place is a category that comes back, or why it does not.
func (u *filingUndo) place(t *turned, known *tree) (*ent.Category, *fault.Fault) {
	called := shownPath(t.was.Path)
	cannot := func(why string) *fault.Fault {
		return fault.New(fault.NotUndoable, "The category %q does not come back: %s.", called, why)
	}
	row := &ent.Category{ID: t.id, Name: t.was.Name, ParentID: t.was.ParentID, Path: t.was.Name, Level: 1, CreatedAt: u.now}
	if t.was.CreatedAt != nil {
		row.CreatedAt = *t.was.CreatedAt
	}
	if u.granted != nil {
		called = t.was.Name
		if t.was.ParentID == nil || !u.granted.covers(*t.was.ParentID) {
			return nil, fault.New(fault.Forbidden, "The category stood below one that you do not see.")
		}
	}
	if t.was.ParentID != nil {
		parent := known.rows[*t.was.ParentID]
		if parent == nil {
			return nil, cannot("the one above it is gone")
		}
		row.Path, row.Level = parent.Path+pathSeparator+row.Name, parent.Level+1
	}
	switch limits := u.opts.Limits; {
	case row.Level > limits.CategoryDepth:
		return nil, cannot(fmt.Sprintf("categories stand at most %d levels deep", limits.CategoryDepth))
	case known.taken[row.Path]:
		return nil, cannot("another of its name stands in its place")
	case known.children[or(row.ParentID, "")] >= limits.CategoryChildren:
		return nil, cannot(fmt.Sprintf("at most %d categories stand below one", limits.CategoryChildren))
	}
	return row, nil
}

// placeOfBefore is the name that a category goes back to, and the one above it, each by itself: what
// cannot go back is refused, and is as it is.
func (u *filingUndo) placeOfBefore(ctx context.Context, t *turned, row *ent.Category) (name string, parent *ent.Category, err error) {
	name, above := row.Name, row.ParentID
	switch {
	case t.renamed && row.Name != t.is.Name:
		u.refuse(t, changedSince(), nameField)
	case t.renamed:
		name = t.was.Name
	}
	switch {
	case t.moved && or(row.ParentID, "") != or(t.is.ParentID, ""):
		u.refuse(t, changedSince(), parentField)
	case t.moved:
		above = t.was.ParentID
	}
	for above != nil && parent == nil {
		parent, err = u.tx.Category.Get(ctx, *above)
		switch {
		case ent.IsNotFound(err) && above != row.ParentID:
			u.refuse(t, fault.New(fault.NotUndoable, "The category that it stood below is gone."), parentField)
			above = row.ParentID
		case err != nil:
			return "", nil, fmt.Errorf("find the category above: %w", err)
		}
	}
	return name, parent, nil
}

// backPlace gives a category its name again, and the place that it had.
func (u *filingUndo) backPlace(ctx context.Context, t *turned) error {
	row, err := u.tx.Category.Get(ctx, t.id)
	if ent.IsNotFound(err) {
		u.refuse(t, fault.New(fault.NotFound, "The category was deleted since."))
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the category: %w", err)
	}
	if !u.may(u.granted, t) {
		u.refuse(t, fault.New(fault.NotFound, "There is no such category."))
		return nil
	}
	name, parent, err := u.placeOfBefore(ctx, t, row)
	if stays := parent == nil && row.ParentID == nil || parent != nil && parent.ID == or(row.ParentID, ""); err != nil || stays && name == row.Name {
		return err
	}
	err = u.moveCategory(ctx, row, parent, name)
	var refused *fault.Fault
	switch {
	case errors.As(err, &refused):
		u.refuse(t, fault.New(fault.NotUndoable, "The category %q stays: %s", row.Name, refused.Message))
	case !errors.Is(err, errUnchanged):
		return err
	}
	return nil
}
