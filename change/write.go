package change

import (
	"context"
	"fmt"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/collect"
)

// writeSet is what a transaction writes of assets, table by table.
type writeSet struct {
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
	// before and after are the values of the row of the asset that is compared.
	before, after []any
}

// Write writes the differences between the states of the changes, and marks
// those that have one with the transaction's revision.
func (d *Tx) Write(ctx context.Context, changes []*Change) error {
	w := &writeSet{}
	for _, p := range parts {
		if p.prepare != nil {
			if err := p.prepare(ctx, d, w, changes); err != nil {
				return err
			}
		}
	}
	for _, c := range changes {
		d.diff(w, c)
	}
	if err := d.release(ctx, changes); err != nil {
		return err
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

// diff gathers the rows that lie between the states of a change, and its history.
func (d *Tx) diff(w *writeSet, c *Change) {
	old := c.Old
	if old == nil {
		old = &State{}
	}
	var differs Part
	for _, p := range parts {
		if p.diff != nil && p.diff(w, old, c.Next) {
			differs |= p.of
		}
	}
	if c.Differs = differs != 0; !c.Differs {
		return
	}
	d.remember(c, differs, &w.named)
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
func (d *Tx) release(ctx context.Context, changes []*Change) error {
	had := map[string]string{}
	for _, c := range changes {
		if c.Old != nil && c.Old.ReferenceID != nil && Deref(c.Next.ReferenceID) != Deref(c.Old.ReferenceID) {
			had[*c.Old.ReferenceID] = c.Next.ID
		}
	}
	var givers []string
	for _, c := range changes {
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
