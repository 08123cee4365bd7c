package change

import (
	"context"
	"fmt"
	"slices"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/collect"

	"entgo.io/ent/dialect/sql"
)

// edits gathers the rows of one table that a transaction puts and removes.
type edits[T any] struct {
	table     *Table[T]
	put, gone []*T
}

// add gathers what lies between two lists, and reports whether anything does.
func (e *edits[T]) add(old, next []*T) bool {
	return e.change(e.table.Diff(old, next))
}

// change gathers rows that are put and that are gone, and reports whether any are.
func (e *edits[T]) change(put, gone []*T) bool {
	e.put, e.gone = append(e.put, put...), append(e.gone, gone...)
	return len(put)+len(gone) > 0
}

// replace gathers lists that have no keys of their own: all old rows are gone by
// another way, and all next ones are put.
func (e *edits[T]) replace(next []*T) { e.put = append(e.put, next...) }

func (e *edits[T]) write(ctx context.Context, tx *ent.Tx) error {
	if err := e.table.remove(ctx, tx, e.gone); err != nil {
		return err
	}
	return e.table.Put(ctx, tx, e.put)
}

// draft is all that a transaction writes, table by table.
type draft struct {
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
}

// Write writes the differences between the states of the changes, and marks
// those that have one with the transaction's revision.
func (d *Tx) Write(ctx context.Context, changes []*Change) error {
	named, err := d.linkNames(ctx, changes)
	if err != nil {
		return err
	}
	w := draft{
		fresh: edits[ent.Asset]{table: assets}, assets: updates[ent.Asset]{table: assets},
		tags: edits[ent.AssetTag]{table: AssetTags}, categories: edits[ent.AssetCategory]{table: assetCategories},
		mezzanines: edits[ent.Mezzanine]{table: mezzanines}, playInfos: edits[ent.PlayInfo]{table: PlayInfos},
		snapshots: edits[ent.Snapshot]{table: Snapshots}, links: edits[ent.AttachmentLink]{table: Links},
		analyses: newAnalyses(), stale: StaleEdits{Revision: d.Revision},
	}
	for _, c := range changes {
		d.differ(c, &w, named)
	}
	if err := d.release(ctx, changes); err != nil {
		return err
	}
	return d.writeDraft(ctx, &w)
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

// differ adds one change to the draft.
func (d *Tx) differ(c *Change, w *draft, named *LinkNames) {
	old, next := c.Old, c.Next
	if old == nil {
		old = &State{}
	}
	var parts Part // those that differ
	for _, p := range []struct {
		part    Part
		differs bool
	}{
		{WithTags, w.tags.change(tagRows(next.ID, Without(next.Tags, old.Tags), named.tags), tagRows(next.ID, Without(old.Tags, next.Tags), named.tags))},
		{WithCategories, w.categories.change(categoryRows(next.ID, Without(next.Categories, old.Categories)),
			categoryRows(next.ID, Without(old.Categories, next.Categories)))},
		{WithMezzanine, w.mezzanines.add(some(old.Mezzanine), some(next.Mezzanine))},
		{WithPlayInfos, w.playInfos.add(old.PlayInfos, next.PlayInfos)},
		{WithSnapshots, w.snapshots.add(old.Snapshots, next.Snapshots)},
		{WithLinks, w.links.add(old.Links, next.Links)},
		{WithAIData, w.analyses.add(old.AI, next.AI)},
	} {
		if p.differs {
			parts |= p.part
		}
	}
	var before, after []any
	if c.Old != nil {
		before, after = assetChange(c.Old.Asset, next.Asset)
	}
	if c.Differs = parts != 0 || c.Old == nil || !equal(before, after); !c.Differs {
		return
	}
	d.remember(c, parts, named)
	next.Revision, next.UpdatedAt = d.Revision, d.Now
	if c.UpdatedAt != nil {
		next.UpdatedAt = *c.UpdatedAt
	}
	if c.Old != nil {
		touched(after, next.Asset)
		w.assets.add(before, after)
		w.stale.move(c.Old.Asset, next.Asset)
		return
	}
	w.stale.Made = append(w.stale.Made, d.IndexEntry(next.Asset))
	// A cover is there only after the rows it points to.
	if next.CoverImageID != nil || next.CoverSnapshotID != nil {
		bare := *next.Asset
		bare.CoverImageID, bare.CoverSnapshotID = nil, nil
		w.fresh.put = append(w.fresh.put, &bare)
		w.covers = append(w.covers, next.Asset)
		return
	}
	w.fresh.put = append(w.fresh.put, next.Asset)
}

// writeDraft writes tags and categories after the assets: a link has Postgres lock its
// asset, and to change what is locked takes longer.
func (d *Tx) writeDraft(ctx context.Context, w *draft) error {
	for _, e := range []interface {
		write(context.Context, *ent.Tx) error
	}{&w.fresh, &w.mezzanines, &w.playInfos, &w.snapshots, &w.links, &w.analyses, &w.assets, &w.covers, &w.tags, &w.categories, &w.stale} {
		if err := e.write(ctx, d.Ent); err != nil {
			return err
		}
	}
	return nil
}

func tagRows(assetID string, names []string, ids map[string]string) []*ent.AssetTag {
	rows := make([]*ent.AssetTag, len(names))
	for i, name := range names {
		rows[i] = &ent.AssetTag{AssetID: assetID, TagID: ids[name]}
	}
	return rows
}

func categoryRows(assetID string, ids []string) []*ent.AssetCategory {
	rows := make([]*ent.AssetCategory, len(ids))
	for i, id := range ids {
		rows[i] = &ent.AssetCategory{AssetID: assetID, CategoryID: id}
	}
	return rows
}

// some is a list of the one row, if it is one.
func some[T any](row *T) []*T {
	if row == nil {
		return nil
	}
	return []*T{row}
}

// coverEdits are new assets of which the covers are written last, as they are
// there only then. Nothing else of their rows is written again.
type coverEdits []*ent.Asset

func (w *coverEdits) write(ctx context.Context, tx *ent.Tx) error {
	const columns = 3
	for rows := range slices.Chunk(*w, Batch/columns) {
		b := &sql.Builder{}
		b.SetDialect(tx.Client().Dialect())
		b.WriteString("UPDATE ").Ident(asset.Table).WriteString(" SET ").
			Ident(asset.FieldCoverImageID).WriteString(" = column2, ").
			Ident(asset.FieldCoverSnapshotID).WriteString(" = column3 FROM (VALUES ")
		for i, row := range rows {
			if i > 0 {
				b.Comma()
			}
			b.WriteString("(").Args(row.ID, Deref(row.CoverImageID), Deref(row.CoverSnapshotID)).WriteString(")")
		}
		b.WriteString(") AS covers WHERE ").Ident(asset.FieldID).WriteString(" = column1")
		query, args := b.Query()
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("write covers: %w", err)
		}
	}
	return nil
}
