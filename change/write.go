package change

import (
	"context"
	"fmt"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/collect"
)

type writeSet struct {
	changes    []*Change
	named      LinkNames
	fresh      edits[ent.Asset]
	assets     updates[ent.Asset]
	covers     coverEdits
	tags       edits[ent.AssetTag]
	categories edits[ent.AssetCategory]
	mezzanines edits[ent.Mezzanine]
	playInfos  edits[ent.PlayInfo]
	snapshots  edits[ent.Snapshot]
	links      edits[ent.AttachmentLink]
	analyses   analyses
	stale      StaleEdits
	// Of the asset that is compared: the parts that differ, and the values of its row.
	differs       Part
	before, after []any
}

// Write writes the differences between the states of the changes, and marks
// those that have one with the transaction's revision.
func (d *Tx) Write(ctx context.Context, changes []*Change) error {
	w := &writeSet{changes: changes}
	for _, p := range parts {
		if p.prepare != nil {
			if err := p.prepare(ctx, d, w); err != nil {
				return err
			}
		}
	}
	for _, c := range changes {
		d.diff(w, c)
	}
	for _, p := range parts {
		if p.write != nil {
			if err := p.write(ctx, d, w); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Tx) diff(w *writeSet, c *Change) {
	old := c.Old
	if old == nil {
		old = &State{}
	}
	w.differs = 0
	for _, p := range parts {
		if p.diff != nil && p.diff(w, old, c.Next) {
			w.differs |= p.of
		}
	}
	if c.Differs = w.differs != 0; !c.Differs {
		return
	}
	c.Next.Revision, c.Next.UpdatedAt = d.Revision, d.Now
	if c.UpdatedAt != nil {
		c.Next.UpdatedAt = *c.UpdatedAt
	}
	for _, p := range parts {
		if p.changed != nil {
			p.changed(d, w, c)
		}
	}
}

// release takes the reference ids from assets that give them to others of the same
// transaction: no two may have one, not even between the rows of a statement.
func release(ctx context.Context, d *Tx, w *writeSet) error {
	had := map[string]string{}
	for _, c := range w.changes {
		if c.Old != nil && c.Old.ReferenceID != nil && Deref(c.Next.ReferenceID) != Deref(c.Old.ReferenceID) {
			had[*c.Old.ReferenceID] = c.Next.ID
		}
	}
	var givers []string
	for _, c := range w.changes {
		if ref := c.Next.ReferenceID; ref != nil && had[*ref] != "" {
			givers = append(givers, had[*ref])
		}
	}
	if len(givers) == 0 {
		return nil
	}
	err := d.Ent.Asset.Update().Where(collect.In[string](asset.FieldID, givers)).ClearReferenceID().Exec(ctx)
	if err != nil {
		return fmt.Errorf("release reference ids: %w", err)
	}
	return nil
}

// remember collects what a change made of an asset, field by field.
func (d *Tx) remember(w *writeSet, c *Change) {
	if c.Old == nil {
		d.History = append(d.History, d.Entry(c.Next.ID, CreatedField, nil, nil))
		return
	}
	for _, f := range d.compare(c, w.differs, &w.named) {
		d.History = append(d.History, d.Entry(c.Next.ID, f.Field, f.Before, f.After))
	}
}
