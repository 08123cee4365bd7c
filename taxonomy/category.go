package taxonomy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"

	"vodgraph/auth"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/category"
	"vodgraph/ent/collect"
	"vodgraph/ent/predicate"
	"vodgraph/fault"
	"vodgraph/limits"
	"vodgraph/media"
)

func below(path string) predicate.Category {
	return category.And(category.PathGTE(path+media.PathSeparator), category.PathLT(path+string(rune(media.PathSeparator[0]+1))))
}

// CategoryCreate makes a category. It refuses with NOT_FOUND
// a parent that is not there, with CATEGORY_NAME_TAKEN, CATEGORY_NAME_TOO_LONG,
// CATEGORY_TOO_DEEP and CATEGORY_FULL.
func (c *Taxonomy) CategoryCreate(ctx context.Context, in CategoryCreateInput) (Result, error) {
	if err := change.WithoutNUL(&struct{ Input CategoryCreateInput }{in}); err != nil {
		return Result{}, err
	}
	out, err := c.run(ctx, func(d *change.Tx) ([]string, error) {
		parent, err := parentOf(ctx, d, in.ParentID)
		if err != nil {
			return nil, err
		}
		if refused := checkNewCategoryName(d.Options.Limits, media.Clean(in.Name)); refused != nil {
			return nil, refused
		}
		row, err := addCategory(ctx, d, parent, in.Name, d.Options.NewID(media.CategoryPrefix))
		if err != nil {
			return nil, err
		}
		d.MadeCategories([]*ent.Category{row})
		return []string{row.ID}, nil
	})
	return out, change.Under(err, "input")
}

func parentOf(ctx context.Context, d *change.Tx, id *string) (*ent.Category, error) {
	if id == nil {
		return nil, change.RequireUnlimited(ctx, auth.RootCategories, "A category without one above")
	}
	return categoryOf(ctx, d, *id, "parentId")
}

// categoryOf finds a category that the caller sees, or refuses with NOT_FOUND.
func categoryOf(ctx context.Context, d *change.Tx, id string, field ...string) (*ent.Category, error) {
	granted, err := d.Grants(ctx)
	if err != nil {
		return nil, err
	}
	row, err := d.Ent.Category.Get(ctx, id)
	if ent.IsNotFound(err) || err == nil && !granted.Covers(id) {
		return nil, fault.New(fault.NotFound, "There is no such category.").At(field...)
	}
	if err != nil {
		return nil, fmt.Errorf("find the category: %w", err)
	}
	return row, nil
}

// categoryBelow is categoryOf, and refuses with FORBIDDEN one that is granted itself: it
// belongs to those above.
func categoryBelow(ctx context.Context, d *change.Tx, id string) (*ent.Category, error) {
	row, err := categoryOf(ctx, d, id, "id")
	if err == nil && d.Granted != nil && d.Granted[id].ParentID == nil {
		err = fault.New(fault.Forbidden, "You may change what is below the category, and not itself.").At("id")
	}
	return row, err
}

func addCategory(ctx context.Context, d *change.Tx, parent *ent.Category, name, id string) (*ent.Category, error) {
	name = media.Clean(name)
	if refused := CheckCategoryName(d.Options.Limits, name); refused != nil {
		return nil, refused
	}
	path, err := roomBelow(ctx, d, parent, newcomer{name: name, height: 1})
	if err != nil {
		return nil, err
	}
	add := d.Ent.Category.Create().SetID(id).SetName(name).SetPath(path).
		SetLevel(strings.Count(path, media.PathSeparator) + 1).SetCreatedAt(d.Now)
	if parent != nil {
		add.SetParentID(parent.ID)
	}
	row, err := add.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("write a category: %w", err)
	}
	return row, nil
}

// CheckCategoryName refuses a name that is empty, too long, or has characters that
// would break a path.
func CheckCategoryName(l limits.Library, name string) *fault.Fault {
	switch {
	case name == "":
		return fault.New(fault.Required, "A category needs a name.").At("name")
	case strings.ContainsFunc(name, unicode.IsControl):
		return fault.New(fault.Invalid, "A category's name has no control characters.").At("name")
	}
	if refused := l.Fits(name, l.CategoryName, fault.CategoryNameTooLong, "The name"); refused != nil {
		return refused.At("name")
	}
	return nil
}

// checkNewCategoryName is categoryName of one that is given now: an import keeps what is invisible
// in the names that there are.
func checkNewCategoryName(l limits.Library, name string) *fault.Fault {
	if refused := CheckCategoryName(l, name); refused != nil {
		return refused
	}
	if refused := media.Invisible(name); refused != nil {
		return refused.At("name")
	}
	return nil
}

// newcomer is a category that gets a place: its name, how many levels it has with what is below
// it, and its id if it is there already.
type newcomer struct {
	name   string
	height int
	id     string
}

// roomBelow returns the path of a category below a parent. It refuses where another has the name,
// where its levels would go too deep, and where the parent is full.
func roomBelow(ctx context.Context, d *change.Tx, parent *ent.Category, c newcomer) (string, error) {
	name := c.name
	path, level, siblings := name, 1, category.ParentIDIsNil()
	if parent != nil {
		path, level, siblings = parent.Path+media.PathSeparator+name, parent.Level+1, category.ParentID(parent.ID)
	}
	if most := d.Options.Limits.CategoryDepth; level+c.height-1 > most {
		return "", fault.New(fault.CategoryTooDeep, "Categories stand at most %d levels deep.", most).At("parentId")
	}
	taken, err := d.Ent.Category.Query().Where(category.Path(path), category.IDNEQ(c.id)).Exist(ctx)
	if err != nil {
		return "", fmt.Errorf("look for the name: %w", err)
	}
	if taken {
		return "", fault.New(fault.CategoryNameTaken, "A category of this name stands there already.").At("name")
	}
	n, err := d.Ent.Category.Query().Where(siblings, category.IDNEQ(c.id)).Count(ctx)
	if err != nil {
		return "", fmt.Errorf("count the siblings: %w", err)
	}
	if most := d.Options.Limits.CategoryChildren; n >= most {
		return "", fault.New(fault.CategoryFull, "At most %d categories stand below one.", most).At("parentId")
	}
	return path, nil
}

// CategoryUpdate renames a category, moves it with all below, or both. It
// refuses as CategoryCreate does, and with CATEGORY_CYCLE. Its assets keep their
// revision.
func (c *Taxonomy) CategoryUpdate(ctx context.Context, in CategoryUpdateInput) (Result, error) {
	if err := change.WithoutNUL(&struct{ Input CategoryUpdateInput }{in}); err != nil {
		return Result{}, err
	}
	out, err := c.run(ctx, func(d *change.Tx) ([]string, error) {
		row, err := categoryBelow(ctx, d, in.ID)
		if err != nil {
			return nil, err
		}
		name, parentID := row.Name, row.ParentID
		if in.Name.IsSet() {
			name = media.Clean(change.ValueOr(in.Name.Value(), ""))
			if refused := checkNewCategoryName(d.Options.Limits, name); refused != nil {
				return nil, refused
			}
		}
		if in.ParentID.IsSet() {
			parentID = in.ParentID.Value()
		}
		parent, err := parentOf(ctx, d, parentID)
		if err != nil {
			return nil, err
		}
		return []string{row.ID}, moveCategory(ctx, d, row, parent, name)
	})
	return out, change.Under(err, "input")
}

func moveCategory(ctx context.Context, d *change.Tx, row, parent *ent.Category, name string) error {
	if parent != nil && (parent.ID == row.ID || strings.HasPrefix(parent.Path, row.Path+media.PathSeparator)) {
		return fault.New(fault.CategoryCycle, "A category cannot stand below itself.").At("parentId")
	}
	deepest, err := d.Ent.Category.Query().Where(below(row.Path)).Order(category.ByLevel(sql.OrderDesc())).
		Select(category.FieldLevel).First(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return fmt.Errorf("measure the subtree: %w", err)
	}
	height := 1
	if deepest != nil {
		height = deepest.Level - row.Level + 1
	}
	path, err := roomBelow(ctx, d, parent, newcomer{name, height, row.ID})
	if err != nil {
		return err
	}
	if path == row.Path {
		return change.ErrUnchanged
	}
	d.MovedCategory(row, parent, name)
	level := strings.Count(path, media.PathSeparator) + 1
	move := d.Ent.Category.UpdateOne(row).SetName(name).SetPath(path).SetLevel(level).ClearParentID()
	if parent != nil {
		move.SetParentID(parent.ID)
	}
	if err := move.Exec(ctx); err != nil {
		return fmt.Errorf("move the category: %w", err)
	}
	if err := moveBelow(ctx, d, row.Path, path, level-row.Level); err != nil {
		return err
	}
	moved, err := d.Ent.Category.Query().Where(category.Or(category.ID(row.ID), below(path))).IDs(ctx)
	if err != nil {
		return fmt.Errorf("find what was moved: %w", err)
	}
	return d.StaleLinked(ctx, change.CategoryLinks, moved)
}

// moveBelow writes the paths and levels of what is below a category, after its path has
// changed.
func moveBelow(ctx context.Context, d *change.Tx, was, path string, levels int) error {
	err := d.Ent.Category.Update().Where(below(was)).AddLevel(levels).
		Modify(func(u *sql.UpdateBuilder) {
			u.Set(category.FieldPath, sql.ExprFunc(func(b *sql.Builder) {
				b.Arg(path).WriteString(" || substr(").Ident(category.FieldPath).Comma().
					Arg(utf8.RuneCountInString(was) + 1).WriteString(")")
			}))
		}).Exec(ctx)
	if err != nil {
		return fmt.Errorf("move what is below: %w", err)
	}
	return nil
}

// CategoryDelete deletes a category with all below, and returns their ids, its
// own first. Assets in them stay, and take the revision of the deletion.
func (c *Taxonomy) CategoryDelete(ctx context.Context, id string) (Result, error) {
	if err := change.WithoutNUL(&struct{ ID string }{id}); err != nil {
		return Result{}, err
	}
	return c.run(ctx, func(d *change.Tx) ([]string, error) {
		row, err := categoryBelow(ctx, d, id)
		if err != nil {
			return nil, err
		}
		subtree := category.Or(category.ID(id), below(row.Path))
		rows, err := d.Ent.Category.Query().Where(subtree).Order(category.ByPath()).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("find the subtree: %w", err)
		}
		ids := make([]string, len(rows))
		for i, row := range rows {
			ids[i] = row.ID
		}
		if err := leavesGrant(ctx, d, ids); err != nil {
			return nil, err
		}
		if err := touchLinked(ctx, d, change.CategoryLinks, ids, nil); err != nil {
			return nil, err
		}
		d.GoneCategories(rows)
		_, err = d.Ent.Category.Delete().Where(subtree).Exec(ctx)
		return ids, err
	})
}

// leavesGrant refuses to delete categories without which some assets would be in none that
// the caller sees.
func leavesGrant(ctx context.Context, d *change.Tx, ids []string) error {
	if d.Granted == nil {
		return nil
	}
	left := slices.DeleteFunc(slices.Collect(maps.Keys(d.Granted)), func(id string) bool { return slices.Contains(ids, id) })
	lost, err := d.Ent.Asset.Query().Where(
		asset.HasCategoriesWith(collect.In[string](category.FieldID, ids)),
		asset.Not(asset.HasCategoriesWith(collect.In[string](category.FieldID, left)))).Exist(ctx)
	if err != nil {
		return fmt.Errorf("find assets that are in nothing else: %w", err)
	}
	if lost {
		return fault.New(fault.Forbidden, "Assets are in no other category that is granted to you; move them first.").At("id")
	}
	return nil
}

// touchLinked marks the assets that a transaction changes from outside: those that a table of
// links has beside one of the ids, which they lose, and perhaps gain another for
// it. (Ent would ask this asset by asset.)
func touchLinked(ctx context.Context, d *change.Tx, l change.LinkTable, ids []string, gains *change.Linked) error {
	linked := func(s *sql.Selector) {
		t := sql.Dialect(s.Dialect()).Table(l.Name)
		of := sql.Dialect(s.Dialect()).Select(t.C("asset_id")).From(t).Where(collect.InP(t.C(l.Column), ids))
		s.Where(sql.In(s.C(asset.FieldID), of))
	}
	err := d.Ent.Asset.Update().Where(linked).SetRevision(d.Revision).SetUpdatedAt(d.Now).Exec(ctx)
	if err != nil {
		return fmt.Errorf("mark the assets: %w", err)
	}
	if err := d.RememberLinked(ctx, l, ids, gains); err != nil {
		return err
	}
	return d.StaleLinked(ctx, l, ids)
}

// CategoryCreateInput is a category to be made.
type CategoryCreateInput struct {
	Name     string
	ParentID *string
}

// CategoryUpdateInput renames or moves a category.
type CategoryUpdateInput struct {
	ID       string
	Name     graphql.Omittable[*string]
	ParentID graphql.Omittable[*string]
}

// Result is what became of a call on tags or categories.
type Result struct {
	// IDs are those of the tag or the category, and of the categories below it where
	// all were deleted.
	IDs []string
	// Revision is the library's since then; nil where nothing changed.
	Revision *int64
	// ChangeSet is the id of what the call has changed; empty where nothing was.
	ChangeSet string
}

func (c *Taxonomy) run(ctx context.Context, fn func(*change.Tx) ([]string, error)) (out Result, err error) {
	out.Revision, err = c.Do(ctx, func(d *change.Tx) error {
		var err error
		out.IDs, err = fn(d)
		if err == nil {
			out.ChangeSet = d.ChangeSet()
		}
		return err
	})
	if err != nil {
		return Result{}, err
	}
	return out, nil
}
