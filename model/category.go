package model

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/assetcategory"
	"vodgraph/ent/category"
	"vodgraph/media"
)

// Category is a node of the tree that assets are filed in.
type Category struct{ *ent.Category }

// IsNode says that it has an id of its own.
func (Category) IsNode() {}

func categoryOf(c *ent.Category) Category { return Category{c} }

func (c Category) family() family {
	return parentRow[ent.Category, *ent.Category]{c.Category, func(c *ent.Category) string { return c.ID }}
}

// Path is the categories from the root to this one.
func (c Category) Path(ctx context.Context) ([]Category, error) {
	f := c.family()
	byID, err := once(ctx, f, "path", func(key string) (map[string]*ent.Category, error) {
		t := categories
		t.needs = []string{category.FieldID, category.FieldParentID}
		columns, asked := asks(ctx, t, "")
		return share(f, key+asked, func() (map[string]*ent.Category, error) {
			return c.ancestors(ctx, columns)
		})
	})
	if err != nil {
		return nil, err
	}
	var path []Category
	for row := byID[c.ID]; row != nil && len(path) < len(byID); row = byID[deref(row.ParentID)] { // or moved between two statements
		path = append(path, Category{row})
	}
	slices.Reverse(path)
	return path, nil
}

// ancestors loads all categories on the paths to the row and its siblings, by
// their ids. Several may be at one path, for who sees parts of the tree.
func (c Category) ancestors(ctx context.Context, columns []string) (map[string]*ent.Category, error) {
	var paths []string
	for _, row := range c.Batch().Rows {
		paths = append(paths, pathsTo(row.Path)...)
	}
	slices.Sort(paths)
	rows, err := categories.fetch(ctx, c.Client(), columns, func(s *sql.Selector) {
		s.Where(among(s.C(category.FieldPath), slices.Compact(paths)))
	})
	if err != nil {
		return nil, fmt.Errorf("load the paths of categories: %w", err)
	}
	byID := make(map[string]*ent.Category, len(rows))
	for _, row := range rows {
		byID[row.ID] = row
	}
	return byID, nil
}

func pathsTo(path string) []string {
	var paths []string
	for i := range len(path) {
		if path[i] == media.PathSeparator[0] {
			paths = append(paths, path[:i])
		}
	}
	return append(paths, path)
}

// Parent is the category above; nil for a root.
func (c Category) Parent(ctx context.Context) (*Category, error) {
	f := parentRow[ent.Category, *ent.Category]{c.Category, func(c *ent.Category) string {
		if c.ParentID == nil {
			return ""
		}
		return *c.ParentID
	}}
	row, err := one(ctx, f, categories, func(c *ent.Category) string { return c.ID })
	if err != nil || row == nil {
		return nil, err
	}
	return &Category{row}, nil
}

// Children are the categories below, by name.
func (c Category) Children(ctx context.Context) ([]Category, error) {
	return plain(ctx, c.family(), below[ent.Category]{
		table: categories, hold: heldBy(category.FieldParentID), shape: always(category.FieldPath),
	}, categoryOf)
}

// Which assets hang below which categories: those filed in it, or also those
// filed below it, each once.
var (
	filedAssets = joined(assetcategory.Table, assetcategory.FieldCategoryID, assetcategory.FieldAssetID)
	allAssets   = hold{pairs: filedBelow}
)

func filed(args *arguments) hold {
	if deep := single(args, "includeDescendants", UnmarshalBoolean); deep != nil && !*deep {
		return filedAssets
	}
	return allAssets
}

// filedBelow selects the assets filed anywhere in the subtrees of categories: in the
// categories, and in those below. These are a range of the paths, from the separator after
// the path up to the character after it. They are two selections, because where one has
// either of two conditions no index serves.
func filedBelow(d *sql.DialectBuilder, parents []string) *sql.Selector {
	above, inside, filed := d.Table(category.Table).As("above"), d.Table(category.Table).As("inside"), d.Table(assetcategory.Table).As("filed")
	char := "char"
	if filed.Dialect() == dialect.Postgres {
		char = "chr"
	}
	path, from := inside.C(category.FieldPath), func(code int) string {
		return fmt.Sprintf("%s || %s(%d)", above.C(category.FieldPath), char, code)
	}
	selected := func() *sql.Selector {
		return d.Select(sql.As(above.C(category.FieldID), "parent"), sql.As(filed.C(assetcategory.FieldAssetID), "id")).From(above)
	}
	asked := func(in *sql.SelectTable, s *sql.Selector) *sql.Selector {
		return s.Join(filed).On(filed.C(assetcategory.FieldCategoryID), in.C(category.FieldID)).Where(among(above.C(category.FieldID), parents))
	}
	return asked(above, selected()).Union(asked(inside, selected().Join(inside).OnP(sql.P(func(b *sql.Builder) {
		b.WriteString(path + " > " + from(0x1f) + " AND " + path + " < " + from(0x20))
	}))))
}

// AssetCount is how many assets are filed in the category, and below it unless
// set otherwise.
func (c Category) AssetCount(ctx context.Context) (int, error) {
	return countBelow(ctx, c.family(), filed)
}

// CategoryAssets is a page of the assets filed in a category, and below it
// unless set otherwise.
func CategoryAssets(ctx context.Context, c *Category, which Which) (*AssetConnection, error) {
	return paged(ctx, c.family(), func(args *arguments) (list[ent.Asset], error) {
		return assetList(which, filed(args))
	}, Of)
}

// Roots are the categories without a parent, by name.
func Roots(ctx context.Context, c *ent.Client) ([]*Category, error) {
	columns, _ := asks(ctx, categories, "")
	rows, err := categories.fetch(ctx, c, columns, func(s *sql.Selector) {
		s.Where(sql.IsNull(s.C(category.FieldParentID)))
		sorted(category.FieldPath)(s)
	})
	if err != nil {
		return nil, fmt.Errorf("load the roots: %w", err)
	}
	roots := make([]*Category, len(rows))
	for i, row := range rows {
		roots[i] = &Category{row}
	}
	return roots, nil
}

// CategoryWith is the category with an id; nil where there is none.
func CategoryWith(ctx context.Context, c *ent.Client, id string) (*Category, error) {
	return categoryBy(ctx, c, category.FieldID, id)
}

// CategoryAt is the category at a path of names; nil where there is none.
func CategoryAt(ctx context.Context, c *ent.Client, names []string) (*Category, error) {
	for _, n := range names {
		if strings.Contains(n, media.PathSeparator) {
			return nil, nil // no name holds it, so this is no category
		}
	}
	return categoryBy(ctx, c, category.FieldPath, strings.Join(names, media.PathSeparator))
}

func categoryBy(ctx context.Context, c *ent.Client, column, value string) (*Category, error) {
	row, err := find(ctx, c, categories, func(s *sql.Selector) { s.Where(sql.EQ(s.C(column), value)) })
	if err != nil || row == nil {
		return nil, err
	}
	return &Category{row}, nil
}
