package change

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/asset"
)

// part is something that an asset has: how it is loaded, compared and written. A part that
// is not loaded by itself, compared or written has no such function.
type part struct {
	of      Part
	load    func(*Tx, context.Context, []string, map[string]*State) error
	prepare func(context.Context, *Tx, *writeSet) error // reads what diff needs
	diff    func(w *writeSet, old, next *State) bool    // collects rows, and reports whether there are any
	changed func(*Tx, *writeSet, *Change)               // collects rows of each asset of which anything differs
	write   func(context.Context, *Tx, *writeSet) error
}

// parts are those of an asset in the order in which they are written. A new asset's row comes
// first, and its cover only after what that points to. Tags and categories come after the rows
// of assets: a link has Postgres lock its asset, and to change what is locked takes longer.
var parts = []part{
	{write: release},
	{write: func(ctx context.Context, d *Tx, w *writeSet) error { return w.fresh.write(ctx, d.Ent, assets) }},
	rowsOf(part{of: WithMezzanine, load: (*Tx).loadMezzanines}, mezzanines, func(w *writeSet) *edits[ent.Mezzanine] { return &w.mezzanines },
		func(s *State) []*ent.Mezzanine {
			if s.Mezzanine == nil {
				return nil
			}
			return []*ent.Mezzanine{s.Mezzanine}
		}),
	rowsOf(part{of: WithPlayInfos, load: (*Tx).loadPlayInfos}, PlayInfos, func(w *writeSet) *edits[ent.PlayInfo] { return &w.playInfos },
		func(s *State) []*ent.PlayInfo { return s.PlayInfos }),
	rowsOf(part{of: WithSnapshots, load: (*Tx).loadSnapshots}, Snapshots, func(w *writeSet) *edits[ent.Snapshot] { return &w.snapshots },
		func(s *State) []*ent.Snapshot { return s.Snapshots }),
	rowsOf(part{of: WithLinks, load: (*Tx).loadLinks}, Links, func(w *writeSet) *edits[ent.AttachmentLink] { return &w.links },
		func(s *State) []*ent.AttachmentLink { return s.Links }),
	{
		of: WithAIData, load: (*Tx).loadAIData,
		diff:  func(w *writeSet, old, next *State) bool { return w.analyses.add(old.AI, next.AI) },
		write: func(ctx context.Context, d *Tx, w *writeSet) error { return w.analyses.write(ctx, d.Ent) },
	},
	{
		of: ownRow, diff: diffOwnRow, changed: collectOwnRow,
		write: func(ctx context.Context, d *Tx, w *writeSet) error { return w.assets.write(ctx, d.Ent, assets) },
	},
	{write: func(ctx context.Context, d *Tx, w *writeSet) error { return w.covers.write(ctx, d.Ent) }},
	linksOf(part{of: WithTags, load: (*Tx).loadTags, prepare: findTags}, AssetTags, func(w *writeSet) *edits[ent.AssetTag] { return &w.tags },
		func(s *State) []string { return s.Tags },
		func(w *writeSet, s *State, name string) *ent.AssetTag {
			return &ent.AssetTag{AssetID: s.ID, TagID: w.named.tags[name]}
		}),
	linksOf(part{of: WithCategories, load: (*Tx).loadCategories, prepare: findCategories}, assetCategories, func(w *writeSet) *edits[ent.AssetCategory] { return &w.categories },
		func(s *State) []string { return s.Categories },
		func(_ *writeSet, s *State, id string) *ent.AssetCategory {
			return &ent.AssetCategory{AssetID: s.ID, CategoryID: id}
		}),
	{changed: (*Tx).remember}, // its history is written with that of the transaction
	{
		changed: (*Tx).markChanged,
		write:   func(ctx context.Context, d *Tx, w *writeSet) error { return w.stale.Write(ctx, d.Ent) },
	},
}

type edits[T any] struct{ put, gone []*T }

func (e *edits[T]) add(put, gone []*T) bool {
	e.put, e.gone = append(e.put, put...), append(e.gone, gone...)
	return len(put)+len(gone) > 0
}

func (e *edits[T]) write(ctx context.Context, tx *ent.Tx, t *Table[T]) error {
	if err := t.remove(ctx, tx, e.gone); err != nil {
		return err
	}
	return t.Put(ctx, tx, e.put)
}

// rowsOf completes the part of a table whose rows have keys of their own.
func rowsOf[T any](p part, t *Table[T], collected func(*writeSet) *edits[T], rows func(*State) []*T) part {
	p.diff = func(w *writeSet, old, next *State) bool { return collected(w).add(t.Diff(rows(old), rows(next))) }
	p.write = func(ctx context.Context, d *Tx, w *writeSet) error { return collected(w).write(ctx, d.Ent, t) }
	return p
}

// linksOf completes the part of a table that links assets with what has a name or an id.
func linksOf[T any](p part, t *Table[T], collected func(*writeSet) *edits[T], list func(*State) []string, row func(*writeSet, *State, string) *T) part {
	p.diff = func(w *writeSet, old, next *State) bool {
		var put, gone []*T
		for _, one := range Without(list(next), list(old)) {
			put = append(put, row(w, next, one))
		}
		for _, one := range Without(list(old), list(next)) {
			gone = append(gone, row(w, next, one))
		}
		return collected(w).add(put, gone)
	}
	p.write = func(ctx context.Context, d *Tx, w *writeSet) error { return collected(w).write(ctx, d.Ent, t) }
	return p
}

func diffOwnRow(w *writeSet, old, next *State) bool {
	if old.Asset == nil {
		return true
	}
	w.before, w.after = assetChange(old.Asset, next.Asset)
	return !equal(w.before, w.after)
}

func collectOwnRow(_ *Tx, w *writeSet, c *Change) {
	next := c.Next.Asset
	switch {
	case c.Old != nil:
		touched(w.after, next)
		w.assets.add(w.before, w.after)
	case next.CoverImageID != nil || next.CoverSnapshotID != nil:
		bare := *next
		bare.CoverImageID, bare.CoverSnapshotID = nil, nil
		w.fresh.put = append(w.fresh.put, &bare)
		w.covers = append(w.covers, next)
	default:
		w.fresh.put = append(w.fresh.put, next)
	}
}

func (d *Tx) markChanged(w *writeSet, c *Change) {
	w.stale.Revision = d.Revision
	if c.Old == nil {
		w.stale.Made = append(w.stale.Made, d.IndexEntry(c.Next.Asset))
		return
	}
	w.stale.move(c.Old.Asset, c.Next.Asset)
}

// coverEdits are new assets of which the covers are written last, as they are
// there only then. Nothing else of their rows is written again.
type coverEdits []*ent.Asset

func (e coverEdits) write(ctx context.Context, tx *ent.Tx) error {
	const columns = 3
	for rows := range slices.Chunk(e, Batch/columns) {
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
