package catalog

import (
	"context"
	"slices"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/fact"
	"vodgraph/ent/snapshot"
	"vodgraph/fault"
	"vodgraph/media"
)

// SnapshotsPut replaces snapshots of videos, each item those of one type. A snapshot
// keeps its id where its index stays, so a cover that it is stays too. It refuses the
// call with REQUIRED or TOO_MANY_ITEMS; items one by one, or under ATOMIC all, a type that
// a video has in two of them with DUPLICATE_ITEM.
func (c *Catalog) SnapshotsPut(ctx context.Context, items []*SnapshotSetPutInput, o *change.BulkOptions) (*change.Outcome, error) {
	p := puts{parts: change.WithSnapshots, collect: func(*change.References) {}, key: func(i int) string { return string(items[i].Type) }}
	for _, in := range items {
		p.refs, p.inputs = append(p.refs, in.Asset), append(p.inputs, in)
	}
	p.decide = func(b *Builder, k *change.Check, s *change.State, i int) {
		requireKind(k, s, "snapshots", asset.KindVIDEO)
		set := &items[i].SnapshotSetInput
		others := slices.DeleteFunc(slices.Clone(s.Snapshots), func(row *ent.Snapshot) bool { return row.Type == set.Type })
		setSnapshots(s, append(others, b.snapshots(k, s, set)...))
	}
	p.differs = func(ch *change.Change, i int) bool {
		put, gone := change.Snapshots.Diff(snapshotsOfJob(ch.Old, items[i].Type), snapshotsOfJob(ch.Next, items[i].Type))
		return len(put)+len(gone) > 0
	}
	return c.put(ctx, p, o)
}

func snapshotsOfJob(s *change.State, of snapshot.Type) (rows []*ent.Snapshot) {
	for _, row := range s.Snapshots {
		if row.Type == of {
			rows = append(rows, row)
		}
	}
	return rows
}

// SnapshotsDelete removes a video's snapshots of one type: those of the indexes, all
// or none of them, or all of the type where indexes is nil. It refuses with NOT_FOUND
// an index that has none, and a type that has none at all.
func (c *Catalog) SnapshotsDelete(ctx context.Context, ref *change.AssetRef, of snapshot.Type, indexes []int) (*change.Outcome, error) {
	if indexes != nil {
		if err := c.CountItems(len(indexes), "indexes"); err != nil {
			return nil, err
		}
	}
	return c.one(ctx, ref, change.WithSnapshots, func(*change.References) {}, func(_ *Builder, k *change.Check, s *change.State) {
		there := map[int]bool{}
		for _, row := range s.Snapshots {
			there[row.Index] = there[row.Index] || row.Type == of
		}
		for i, index := range indexes {
			if !there[index] {
				k.Refuse(fault.New(fault.NotFound, "The asset has no snapshot of this type and index."), change.Place("indexes", i)...)
			}
		}
		kept := slices.DeleteFunc(slices.Clone(s.Snapshots), func(row *ent.Snapshot) bool {
			return row.Type == of && (indexes == nil || slices.Contains(indexes, row.Index))
		})
		if indexes == nil && len(kept) == len(s.Snapshots) {
			k.Refuse(fault.New(fault.NotFound, "The asset has no snapshots of this type."), "type")
		}
		setSnapshots(s, kept)
	})
}

// setSnapshots sets the snapshots, and drops a cover that is not among them.
func setSnapshots(s *change.State, rows []*ent.Snapshot) {
	s.Snapshots = rows
	if id := s.CoverSnapshotID; id != nil && !slices.ContainsFunc(rows, func(row *ent.Snapshot) bool { return row.ID == *id }) {
		s.CoverSnapshotID = nil
	}
}

// snapshots makes the rows of a set, with the ids and the time of those that
// were at their places.
func (b *Builder) snapshots(k *change.Check, s *change.State, set *SnapshotSetInput, field ...string) []*ent.Snapshot {
	was := map[int]*ent.Snapshot{}
	for _, row := range s.Snapshots {
		if row.Type == set.Type {
			was[row.Index] = row
		}
	}
	created := b.Now
	if old := anyOf(was); old != nil && old.JobID == set.JobID {
		created = old.CreatedAt
	}
	created = set.CreatedAt.Or(created)
	if len(set.Items) == 0 {
		k.Refuse(fault.New(fault.Required, "A set has at least one snapshot; to remove it there is snapshotsDelete."), append(field, "items")...)
	}
	k.Refuse(change.TooMany(len(set.Items), k.Limits.Satellites, fault.TooManyItems, "snapshots"), append(field, "items")...)
	k.Key(set.JobID, append(field, "jobId")...)
	if set.Sprite != nil {
		grid := set.Sprite
		k.Require(min(grid.Columns, grid.Rows, grid.CellWidth, grid.CellHeight, grid.Cells) > 0,
			"A sprite has columns, rows and cells, each of some size.", append(field, "sprite")...)
		k.Time(&grid.Every, append(field, "sprite", "every")...)
	}
	rows, seen := make([]*ent.Snapshot, 0, len(set.Items)), map[int]bool{}
	for i, in := range set.Items {
		place := asList(field, "items", i)
		k.Require(in.Index >= 0 && !seen[in.Index], "Each snapshot has an index of its own, from 0.", append(place, "index")...)
		seen[in.Index] = true
		k.Time(in.At, append(place, "at")...)
		checkPixels(k, in.Width, in.Height, place)
		row := &ent.Snapshot{AssetID: s.ID, Type: set.Type, JobID: set.JobID, Index: in.Index, Offset: (*int64)(in.At),
			Width: in.Width, Height: in.Height, Location: in.Location, Sprite: set.Sprite.grid(), CreatedAt: created}
		if old := was[in.Index]; old != nil {
			row.ID = old.ID
		} else {
			row.ID = b.Options.NewID(media.SnapshotPrefix)
		}
		rows = append(rows, row)
	}
	return rows
}

func (g *SpriteGridInput) grid() *fact.SpriteGrid {
	if g == nil {
		return nil
	}
	return &fact.SpriteGrid{Columns: g.Columns, Rows: g.Rows, CellWidth: g.CellWidth, CellHeight: g.CellHeight,
		Cells: g.Cells, Interval: int64(g.Every)}
}

func spriteInput(g *fact.SpriteGrid) *SpriteGridInput {
	if g == nil {
		return nil
	}
	return &SpriteGridInput{Columns: g.Columns, Rows: g.Rows, CellWidth: g.CellWidth, CellHeight: g.CellHeight,
		Cells: g.Cells, Every: g.Every()}
}

func anyOf(rows map[int]*ent.Snapshot) *ent.Snapshot {
	for _, row := range rows {
		return row
	}
	return nil
}

func (b *Builder) fillSnapshots(k *change.Check, s *change.State, sets []*SnapshotSetInput) {
	var rows []*ent.Snapshot
	seen := map[snapshot.Type]bool{}
	for i, set := range sets {
		k.Require(!seen[set.Type], "There is one set of each type.", append(change.Place("snapshots", i), "type")...)
		seen[set.Type] = true
		rows = append(rows, b.snapshots(k, s, set, change.Place("snapshots", i)...)...)
	}
	setSnapshots(s, rows)
}
