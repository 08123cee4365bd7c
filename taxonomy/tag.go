package taxonomy

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"vodgraph/auth"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/assettag"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
	"vodgraph/fault"
	"vodgraph/media"
	"vodgraph/search"
)

// TagRename gives a tag another name. It refuses with TAG_EXISTS a name that another
// tag has. Its assets keep their revision.
func (c *Taxonomy) TagRename(ctx context.Context, name, to string) (Result, error) {
	if err := errors.Join(change.RequireUnlimited(ctx, auth.TagRename, "To rename a tag"), change.WithoutNUL(&struct{ Name, To string }{name, to})); err != nil {
		return Result{}, err
	}
	return c.run(ctx, func(d *change.Tx) ([]string, error) {
		row, err := tagNamed(ctx, d, name, "name")
		if err != nil {
			return nil, err
		}
		k := &change.Check{Limits: d.Options.Limits}
		to := CheckTag(k, to, "to")
		if !k.Ok() {
			return nil, fault.List(k.Faults)
		}
		if to == row.Name {
			return []string{row.ID}, change.ErrUnchanged
		}
		taken, err := d.Ent.Tag.Query().Where(tag.Name(to)).Exist(ctx)
		if err != nil {
			return nil, fmt.Errorf("look for the name: %w", err)
		}
		if taken {
			return nil, fault.New(fault.TagExists, "There is a tag of this name; tagsMerge makes one of two.").At("to")
		}
		return []string{row.ID}, renameTag(ctx, d, row, to)
	})
}

func renameTag(ctx context.Context, d *change.Tx, row *ent.Tag, to string) error {
	if err := d.Ent.Tag.UpdateOneID(row.ID).SetName(to).SetWords(search.Normalise(to)).Exec(ctx); err != nil {
		return fmt.Errorf("write the name: %w", err)
	}
	d.History = append(d.History, d.Entry(row.ID, change.NameField, row.Name, to))
	return d.StaleLinked(ctx, change.TagLinks, []string{row.ID})
}

// Rename is a tag and the name that it gets. The row of one that comes back has no name yet.
type Rename struct {
	Row *ent.Tag
	To  string
}

// Taken finds those of a list that cannot have their names, which a tag that is not on the list
// keeps or one before on the list gets: by their places, the id of the other tag. Names has the
// tags that have the names now.
func Taken(list []Rename, names map[string]*ent.Tag) map[int]string {
	leaving, given, refused := map[string]bool{}, map[string]string{}, map[int]string{}
	for _, one := range list {
		leaving[one.Row.ID] = true
	}
	for i, one := range list {
		holder, other := names[one.To], given[one.To]
		switch {
		case holder != nil && !leaving[holder.ID]:
			refused[i] = holder.ID
		case other != "":
			refused[i] = other
		default:
			given[one.To] = one.Row.ID
		}
	}
	return refused
}

// RenameTags gives tags names that no other keeps. A name that changes hands is free before it
// is taken.
func RenameTags(ctx context.Context, d *change.Tx, list []Rename) error {
	wanted := map[string]bool{}
	for _, one := range list {
		wanted[one.To] = true
	}
	for _, one := range list {
		if wanted[one.Row.Name] {
			if err := d.Ent.Tag.UpdateOneID(one.Row.ID).SetName(one.Row.ID).Exec(ctx); err != nil {
				return fmt.Errorf("free a name: %w", err)
			}
		}
	}
	for _, one := range list {
		if err := renameTag(ctx, d, one.Row, one.To); err != nil {
			return err
		}
	}
	return nil
}

// tagNamed finds a tag by its name, or refuses with NOT_FOUND.
func tagNamed(ctx context.Context, d *change.Tx, name string, field ...string) (*ent.Tag, error) {
	row, err := d.Ent.Tag.Query().Where(tag.Name(media.Clean(name))).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, fault.New(fault.NotFound, "There is no such tag.").At(field...)
	}
	if err != nil {
		return nil, fmt.Errorf("find the tag: %w", err)
	}
	return row, nil
}

// TagsMerge has the assets of some tags bear another instead, which is made where
// there is none, and deletes those tags. It returns the id of the one that
// stays. The assets take the revision of the merge.
func (c *Taxonomy) TagsMerge(ctx context.Context, from []string, into string) (Result, error) {
	if err := errors.Join(change.RequireUnlimited(ctx, auth.TagsMerge, "To merge tags"), c.CountItems(len(from), "from")); err != nil {
		return Result{}, err
	}
	if err := change.WithoutNUL(&struct {
		From []string
		Into string
	}{from, into}); err != nil {
		return Result{}, err
	}
	return c.run(ctx, func(d *change.Tx) ([]string, error) {
		k := &change.Check{Limits: d.Options.Limits}
		into := CheckTag(k, into, "into")
		merged, err := mergedTags(ctx, d, k, from, into)
		if err != nil {
			return nil, err
		}
		if !k.Ok() {
			return nil, fault.List(k.Faults)
		}
		ids, err := d.TagIDs(ctx, []*change.Change{{Next: &change.State{Tags: []string{into}}}})
		if err != nil {
			return nil, err
		}
		if len(merged) == 0 {
			return []string{ids[into]}, change.ErrUnchanged
		}
		return []string{ids[into]}, mergeTags(ctx, d, merged, change.Linked{ID: ids[into], Name: into})
	})
}

func mergedTags(ctx context.Context, d *change.Tx, k *change.Check, from []string, into string) ([]*ent.Tag, error) {
	names := make([]string, len(from))
	for i, name := range from {
		names[i] = media.Clean(name)
	}
	rows, err := d.Ent.Tag.Query().Where(collect.In[string](tag.FieldName, names)).Order(tag.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the tags: %w", err)
	}
	found := map[string]bool{}
	for _, row := range rows {
		found[row.Name] = true
	}
	for i, name := range names {
		if !found[name] {
			k.Refuse(fault.New(fault.NotFound, "There is no such tag."), change.Place("from", i)...)
		}
	}
	return slices.DeleteFunc(rows, func(row *ent.Tag) bool { return row.Name == into }), nil
}

func mergeTags(ctx context.Context, d *change.Tx, merged []*ent.Tag, into change.Linked) error {
	ids := make([]string, len(merged))
	for i, row := range merged {
		ids[i] = row.ID
		d.History = append(d.History, d.Entry(row.ID, change.MergedField, change.TagState(row.Name), into))
	}
	which := func(s *sql.Selector) { s.Where(collect.InP(s.C(assettag.FieldTagID), ids)) }
	bearing, err := d.Ent.AssetTag.Query().Where(which).Modify(func(s *sql.Selector) {
		s.Select(s.C(assettag.FieldAssetID)).Distinct()
	}).Strings(ctx)
	if err != nil {
		return fmt.Errorf("find the assets: %w", err)
	}
	if err := touchLinked(ctx, d, change.TagLinks, ids, &into); err != nil {
		return err
	}
	rows := make([]*ent.AssetTag, len(bearing))
	for i, assetID := range bearing {
		rows[i] = &ent.AssetTag{AssetID: assetID, TagID: into.ID}
	}
	if err := change.AssetTags.Put(ctx, d.Ent, rows); err != nil {
		return err
	}
	_, err = d.Ent.Tag.Delete().Where(collect.In[string](tag.FieldID, ids)).Exec(ctx)
	return err
}

// TagDelete deletes a tag. Its assets lose it, and take the revision of the deletion.
func (c *Taxonomy) TagDelete(ctx context.Context, name string) (Result, error) {
	if err := errors.Join(change.RequireUnlimited(ctx, auth.TagDelete, "To delete a tag"), change.WithoutNUL(&struct{ Name string }{name})); err != nil {
		return Result{}, err
	}
	return c.run(ctx, func(d *change.Tx) ([]string, error) {
		row, err := tagNamed(ctx, d, name, "name")
		if err != nil {
			return nil, err
		}
		if err := touchLinked(ctx, d, change.TagLinks, []string{row.ID}, nil); err != nil {
			return nil, err
		}
		d.GoneTags([]*ent.Tag{row})
		return []string{row.ID}, d.Ent.Tag.DeleteOne(row).Exec(ctx)
	})
}

// CheckTag is a tag after NFC and trimming.
func CheckTag(k *change.Check, name string, field ...string) string {
	kept := media.Clean(name)
	k.Require(kept != "", "A tag is not empty.", field...)
	k.Newly(media.Invisible(kept), field...)
	k.Refuse(k.Limits.Fits(kept, k.Limits.Tag, fault.TagTooLong, "The tag"), field...)
	return kept
}
