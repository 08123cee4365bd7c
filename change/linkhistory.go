package change

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/assetcategory"
	"vodgraph/ent/assettag"
	"vodgraph/ent/category"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
	"vodgraph/media"
)

// Of the tags and categories of an asset the history keeps which were taken and which
// were added, each with its id and what it was called then.

func findCategories(ctx context.Context, d *Tx, w *writeSet) error {
	var ids []string
	for _, c := range w.changes {
		if c.Old != nil {
			ids = slices.Concat(ids, Without(c.Old.Categories, c.Next.Categories), Without(c.Next.Categories, c.Old.Categories))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	rows, err := d.Ent.Category.Query().Where(collect.In[string](category.FieldID, slices.Compact(ids))).
		Select(category.FieldID, category.FieldPath).All(ctx)
	if err != nil {
		return fmt.Errorf("find the paths of categories: %w", err)
	}
	w.named.paths = make(map[string]string, len(rows))
	for _, row := range rows {
		w.named.paths[row.ID] = row.Path
	}
	return nil
}

// LinkTable is a table of links of assets, by the column of what they are linked
// with, the field of an asset that is made of them, and what they are called in which
// column of which table.
type LinkTable struct{ Name, Column, Field, of, called string }

// The links of tags and of categories.
var (
	TagLinks      = LinkTable{assettag.Table, assettag.FieldTagID, "tags", tag.Table, tag.FieldName}
	CategoryLinks = LinkTable{assetcategory.Table, assetcategory.FieldCategoryID, "categories", category.Table, category.FieldPath}
)

// RememberLinked records in the history that the assets which have links with some
// ids lose them, and gain another, where one is named that they have not.
func (d *Tx) RememberLinked(ctx context.Context, l LinkTable, ids []string, gains *Linked) error {
	if err := d.OpenSet(ctx); err != nil {
		return err
	}
	err := d.exec(ctx, func(b *sql.Builder) {
		array, object := "json_array", "json_object"
		if b.Dialect() == dialect.Postgres {
			array, object = "json_build_array", "json_build_object"
		}
		lost := array + "(" + object + "('id', l." + l.Column + ", '" + l.called + "', n." + l.called + "))"
		d.entrySQL(b, l, func() { b.WriteString(lost + ", NULL") })
		b.WriteString(l.Name + " l JOIN " + l.of + " n ON n.id = l." + l.Column + " WHERE ").
			Join(collect.InP(sql.Dialect(b.Dialect()).Table(l.Name).As("l").C(l.Column), ids))
	})
	if err == nil && gains != nil {
		err = d.exec(ctx, func(b *sql.Builder) {
			d.entrySQL(b, l, func() {
				b.WriteString("NULL, ")
				typed(b, JSONText([]Linked{*gains}), "json")
			})
			b.WriteString("(SELECT DISTINCT asset_id FROM " + l.Name + " WHERE ").Join(collect.InP(l.Column, ids)).
				WriteString(" AND asset_id NOT IN (SELECT asset_id FROM " + l.Name + " WHERE " + l.Column + " = ").
				Arg(gains.ID).WriteString(")) AS l")
		})
	}
	if err != nil {
		return fmt.Errorf("remember what is linked: %w", err)
	}
	return nil
}

// typed writes an argument of a selection, of which Postgres must be given the type.
func typed(b *sql.Builder, v any, of string) {
	if b.Dialect() == dialect.Postgres {
		b.WriteString("CAST(").Arg(v).WriteString(" AS " + of + ")")
		return
	}
	b.Arg(v)
}

// entrySQL writes the statement that has an entry for each row, up to where those
// come from, which are called l. Values writes the expressions of before and after.
func (d *Tx) entrySQL(b *sql.Builder, l LinkTable, values func()) {
	b.WriteString("INSERT INTO changes (change_set_id, subject_id, field, before, after, revision, at) SELECT ")
	typed(b, d.ChangeSet(), "varchar")
	b.WriteString(", l.asset_id, ")
	typed(b, l.Field, "text")
	b.WriteString(", ")
	values()
	b.WriteString(", ")
	typed(b, d.Revision, "bigint")
	b.WriteString(", ")
	typed(b, d.Now, "timestamptz")
	b.WriteString(" FROM ")
}

// findTags finds the ids of tags that assets get or lose, and makes those that are new.
func findTags(ctx context.Context, d *Tx, w *writeSet) (err error) {
	w.named.tags, err = d.TagIDs(ctx, w.changes)
	return err
}

// TagIDs returns the ids of all tags that the changes add and remove, making those
// that are new.
func (d *Tx) TagIDs(ctx context.Context, changes []*Change) (map[string]string, error) {
	var names []string
	for _, c := range changes {
		old := c.Old
		if old == nil {
			old = &State{}
		}
		names = append(append(names, Without(c.Next.Tags, old.Tags)...), Without(old.Tags, c.Next.Tags)...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return nil, nil
	}
	rows, err := d.Ent.Tag.Query().Where(collect.In[string](tag.FieldName, names)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("find tags: %w", err)
	}
	ids := make(map[string]string, len(names))
	for _, row := range rows {
		ids[row.Name] = row.ID
	}
	var made []*ent.Tag
	for _, name := range names {
		if ids[name] == "" {
			ids[name] = d.Options.NewID(media.TagPrefix)
			made = append(made, &ent.Tag{ID: ids[name], Name: name})
		}
	}
	d.MadeTags(made)
	return ids, Tags.Put(ctx, d.Ent, made)
}
