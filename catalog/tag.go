package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"vodgraph/auth"
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
func (c *Catalog) TagRename(ctx context.Context, name, to string) (Filed, error) {
	if err := errors.Join(requireUnlimited(ctx, auth.TagRename, "To rename a tag"), withoutNUL(&struct{ Name, To string }{name, to})); err != nil {
		return Filed{}, err
	}
	return c.filed(ctx, func(d *deed) ([]string, error) {
		row, err := d.tag(ctx, name, "name")
		if err != nil {
			return nil, err
		}
		k := &check{limits: d.opts.Limits}
		to := k.tag(to, "to")
		if !k.ok() {
			return nil, fault.List(k.faults)
		}
		if to == row.Name {
			return []string{row.ID}, errUnchanged
		}
		taken, err := d.tx.Tag.Query().Where(tag.Name(to)).Exist(ctx)
		if err != nil {
			return nil, fmt.Errorf("look for the name: %w", err)
		}
		if taken {
			return nil, fault.New(fault.TagExists, "There is a tag of this name; tagsMerge makes one of two.").At("to")
		}
		return []string{row.ID}, d.renameTag(ctx, row, to)
	})
}

// renameTag writes another name of a tag, which no other has.
func (d *deed) renameTag(ctx context.Context, row *ent.Tag, to string) error {
	if err := d.tx.Tag.UpdateOneID(row.ID).SetName(to).SetWords(search.Normalise(to)).Exec(ctx); err != nil {
		return fmt.Errorf("write the name: %w", err)
	}
	d.history = append(d.history, d.changed(row.ID, nameField, row.Name, to))
	return d.staleLinked(ctx, tagLinks, []string{row.ID})
}

// tagName is a tag and the name that it gets. The row of one that comes back has no name yet.
type tagName struct {
	row *ent.Tag
	to  string
}

// taken finds those of a list that cannot have their names, which a tag that is not on the list
// keeps or one before on the list gets: by their places, the id of the other tag. Names has the
// tags that have the names now.
func taken(list []tagName, names map[string]*ent.Tag) map[int]string {
	leaving, given, refused := map[string]bool{}, map[string]string{}, map[int]string{}
	for _, one := range list {
		leaving[one.row.ID] = true
	}
	for i, one := range list {
		holder, other := names[one.to], given[one.to]
		switch {
		case holder != nil && !leaving[holder.ID]:
			refused[i] = holder.ID
		case other != "":
			refused[i] = other
		default:
			given[one.to] = one.row.ID
		}
	}
	return refused
}

// renameTags gives tags names that no other keeps. A name that changes hands is free before it
// is taken.
func (d *deed) renameTags(ctx context.Context, list []tagName) error {
	wanted := map[string]bool{}
	for _, one := range list {
		wanted[one.to] = true
	}
	for _, one := range list {
		if wanted[one.row.Name] {
			if err := d.tx.Tag.UpdateOneID(one.row.ID).SetName(one.row.ID).Exec(ctx); err != nil {
				return fmt.Errorf("free a name: %w", err)
			}
		}
	}
	for _, one := range list {
		if err := d.renameTag(ctx, one.row, one.to); err != nil {
			return err
		}
	}
	return nil
}

// tag finds a tag by its name, or refuses with NOT_FOUND.
func (d *deed) tag(ctx context.Context, name string, field ...string) (*ent.Tag, error) {
	row, err := d.tx.Tag.Query().Where(tag.Name(media.Clean(name))).Only(ctx)
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
func (c *Catalog) TagsMerge(ctx context.Context, from []string, into string) (Filed, error) {
	if err := errors.Join(requireUnlimited(ctx, auth.TagsMerge, "To merge tags"), c.countItems(len(from), "from")); err != nil {
		return Filed{}, err
	}
	if err := withoutNUL(&struct {
		From []string
		Into string
	}{from, into}); err != nil {
		return Filed{}, err
	}
	return c.filed(ctx, func(d *deed) ([]string, error) {
		k := &check{limits: d.opts.Limits}
		into := k.tag(into, "into")
		merged, err := d.merged(ctx, k, from, into)
		if err != nil {
			return nil, err
		}
		if !k.ok() {
			return nil, fault.List(k.faults)
		}
		ids, err := d.tagIDs(ctx, []*change{{next: &state{tags: []string{into}}}})
		if err != nil {
			return nil, err
		}
		if len(merged) == 0 {
			return []string{ids[into]}, errUnchanged
		}
		return []string{ids[into]}, d.mergeTags(ctx, merged, linked{ID: ids[into], Name: into})
	})
}

// merged are the tags that are named, but for the one that stays.
func (d *deed) merged(ctx context.Context, k *check, from []string, into string) ([]*ent.Tag, error) {
	names := make([]string, len(from))
	for i, name := range from {
		names[i] = media.Clean(name)
	}
	rows, err := d.tx.Tag.Query().Where(collect.In[string](tag.FieldName, names)).Order(tag.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the tags: %w", err)
	}
	found := map[string]bool{}
	for _, row := range rows {
		found[row.Name] = true
	}
	for i, name := range names {
		if !found[name] {
			k.refuse(fault.New(fault.NotFound, "There is no such tag."), at("from", i)...)
		}
	}
	return slices.DeleteFunc(rows, func(row *ent.Tag) bool { return row.Name == into }), nil
}

func (d *deed) mergeTags(ctx context.Context, merged []*ent.Tag, into linked) error {
	ids := make([]string, len(merged))
	for i, row := range merged {
		ids[i] = row.ID
		d.history = append(d.history, d.changed(row.ID, mergedField, tagState(row.Name), into))
	}
	which := func(s *sql.Selector) { s.Where(collect.InP(s.C(assettag.FieldTagID), ids)) }
	bearing, err := d.tx.AssetTag.Query().Where(which).Modify(func(s *sql.Selector) {
		s.Select(s.C(assettag.FieldAssetID)).Distinct()
	}).Strings(ctx)
	if err != nil {
		return fmt.Errorf("find the assets: %w", err)
	}
	if err := d.touch(ctx, tagLinks, ids, &into); err != nil {
		return err
	}
	rows := make([]*ent.AssetTag, len(bearing))
	for i, assetID := range bearing {
		rows[i] = &ent.AssetTag{AssetID: assetID, TagID: into.ID}
	}
	if err := assetTags.put(ctx, d.tx, rows); err != nil {
		return err
	}
	_, err = d.tx.Tag.Delete().Where(collect.In[string](tag.FieldID, ids)).Exec(ctx)
	return err
}

// TagDelete deletes a tag. Its assets lose it, and take the revision of the deletion.
func (c *Catalog) TagDelete(ctx context.Context, name string) (Filed, error) {
	if err := errors.Join(requireUnlimited(ctx, auth.TagDelete, "To delete a tag"), withoutNUL(&struct{ Name string }{name})); err != nil {
		return Filed{}, err
	}
	return c.filed(ctx, func(d *deed) ([]string, error) {
		row, err := d.tag(ctx, name, "name")
		if err != nil {
			return nil, err
		}
		if err := d.touch(ctx, tagLinks, []string{row.ID}, nil); err != nil {
			return nil, err
		}
		d.goneTags([]*ent.Tag{row})
		return []string{row.ID}, d.tx.Tag.DeleteOne(row).Exec(ctx)
	})
}

// tag is a tag after NFC and trimming.
func (k *check) tag(name string, field ...string) string {
	kept := media.Clean(name)
	k.require(kept != "", "A tag is not empty.", field...)
	k.newly(media.Invisible(kept), field...)
	k.refuse(k.limits.fits(kept, k.limits.Tag, fault.TagTooLong, "The tag"), field...)
	return kept
}
