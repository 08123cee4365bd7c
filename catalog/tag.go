package catalog

import (
	"context"
	"errors"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/assettag"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
	"vodgraph/fault"
	"vodgraph/search"
)

// TagRename gives a tag another name, and returns its id. It refuses with
// TAG_EXISTS a name that another tag has. Its assets keep their revision.
func (c *Catalog) TagRename(ctx context.Context, name, to string) (id string, revision *int64, err error) {
	if err := errors.Join(wholly(ctx, "To rename a tag", "name"), withoutNUL(&struct{ Name, To string }{name, to})); err != nil {
		return "", nil, err
	}
	revision, err = c.do(ctx, func(d *deed) error {
		row, err := d.tag(ctx, name, "name")
		if err != nil {
			return err
		}
		id = row.ID
		k := &check{limits: d.opts.Limits}
		to = k.tag(to, "to")
		if !k.ok() {
			return fault.List(k.faults)
		}
		if to == row.Name {
			return errUnchanged
		}
		taken, err := d.tx.Tag.Query().Where(tag.Name(to)).Exist(ctx)
		if err != nil {
			return fmt.Errorf("look for the name: %w", err)
		}
		if taken {
			return fault.New(fault.TagExists, "There is a tag of this name; tagsMerge makes one of two.").At("to")
		}
		if err := d.tx.Tag.UpdateOne(row).SetName(to).SetWords(search.Normalise(to)).Exec(ctx); err != nil {
			return fmt.Errorf("write the name: %w", err)
		}
		return d.staleLinked(ctx, tagLinks, []string{row.ID})
	})
	return id, revision, err
}

// tag finds a tag by its name, or refuses with NOT_FOUND.
func (d *deed) tag(ctx context.Context, name string, field ...string) (*ent.Tag, error) {
	row, err := d.tx.Tag.Query().Where(tag.Name(Clean(name))).Only(ctx)
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
// stays. The assets take the deed's revision.
func (c *Catalog) TagsMerge(ctx context.Context, from []string, into string) (id string, revision *int64, err error) {
	if err := errors.Join(wholly(ctx, "To merge tags", "from"), c.countItems(len(from), "from")); err != nil {
		return "", nil, err
	}
	if err := withoutNUL(&struct {
		From []string
		Into string
	}{from, into}); err != nil {
		return "", nil, err
	}
	revision, err = c.do(ctx, func(d *deed) error {
		k := &check{limits: d.opts.Limits}
		into = k.tag(into, "into")
		merged, err := d.merged(ctx, k, from, into)
		if err != nil {
			return err
		}
		if !k.ok() {
			return fault.List(k.faults)
		}
		ids, err := d.tagIDs(ctx, []*change{{next: &state{tags: []string{into}}}})
		if err != nil {
			return err
		}
		id = ids[into]
		if len(merged) == 0 {
			return errUnchanged
		}
		return d.mergeTags(ctx, merged, id, into)
	})
	return id, revision, err
}

// merged are the ids of the tags that are named, but for the one that stays.
func (d *deed) merged(ctx context.Context, k *check, from []string, into string) ([]string, error) {
	names := make([]string, len(from))
	for i, name := range from {
		names[i] = Clean(name)
	}
	rows, err := d.tx.Tag.Query().Where(collect.In[string](tag.FieldName, names)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the tags: %w", err)
	}
	found, ids := map[string]bool{}, make([]string, 0, len(rows))
	for _, row := range rows {
		found[row.Name] = true
		if row.Name != into {
			ids = append(ids, row.ID)
		}
	}
	for i, name := range names {
		if !found[name] {
			k.refuse(fault.New(fault.NotFound, "There is no such tag."), at("from", i)...)
		}
	}
	return ids, nil
}

func (d *deed) mergeTags(ctx context.Context, merged []string, id, into string) error {
	which := func(s *sql.Selector) { s.Where(collect.InP(s.C(assettag.FieldTagID), merged)) }
	bearing, err := d.tx.AssetTag.Query().Where(which).Modify(func(s *sql.Selector) {
		s.Select(s.C(assettag.FieldAssetID)).Distinct()
	}).Strings(ctx)
	if err != nil {
		return fmt.Errorf("find the assets: %w", err)
	}
	if err := d.touch(ctx, tagLinks, merged, &linked{ID: id, Name: into}); err != nil {
		return err
	}
	rows := make([]*ent.AssetTag, len(bearing))
	for i, assetID := range bearing {
		rows[i] = &ent.AssetTag{AssetID: assetID, TagID: id}
	}
	if err := assetTags.put(ctx, d.tx, rows); err != nil {
		return err
	}
	_, err = d.tx.Tag.Delete().Where(collect.In[string](tag.FieldID, merged)).Exec(ctx)
	return err
}

// TagDelete deletes a tag, and returns its id. Its assets lose it, and take the
// deed's revision.
func (c *Catalog) TagDelete(ctx context.Context, name string) (id string, revision *int64, err error) {
	if err := errors.Join(wholly(ctx, "To delete a tag", "name"), withoutNUL(&struct{ Name string }{name})); err != nil {
		return "", nil, err
	}
	revision, err = c.do(ctx, func(d *deed) error {
		row, err := d.tag(ctx, name, "name")
		if err != nil {
			return err
		}
		id = row.ID
		if err := d.touch(ctx, tagLinks, []string{id}, nil); err != nil {
			return err
		}
		return d.tx.Tag.DeleteOne(row).Exec(ctx)
	})
	return id, revision, err
}
