package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/assetcategory"
	"vodgraph/ent/assettag"
	entries "vodgraph/ent/change"
	"vodgraph/ent/collect"
)

// A deed that changes assets leaves a change set: who did it, when, with which
// note, and of each asset the fields that it changed, as they were and are. What
// people write is kept with its values; of what machines put, that it was put.

// createdField is the one entry of a new asset.
const createdField = "created"

var historyRows = &table[ent.Change]{
	name: entries.Table, columns: entries.Columns[1:],
	types:  map[string]string{"bigint": "revision", "json": "before after", "timestamptz": "at"},
	shared: "change_set_id revision at",
	values: func(c *ent.Change) []any {
		return []any{c.ChangeSetID, c.AssetID, c.Field, raw(c.Before), raw(c.After), c.Revision, moment(c.At)}
	},
}

// changeSet is the id of the deed's set, which is made up when it is first asked.
func (d *deed) changeSet() string {
	if d.set == "" {
		d.set = d.opts.NewID(changeSetPrefix)
	}
	return d.set
}

// changed is an entry of the history; values that are nil are null.
func (d *deed) changed(assetID, field string, before, after any) *ent.Change {
	encode := func(v any) json.RawMessage {
		if m, ok := v.(json.RawMessage); ok {
			return m
		}
		encoded, err := json.Marshal(v)
		if err != nil { // texts, numbers and lists of them
			panic(fmt.Sprintf("catalog: %T as JSON: %v", v, err))
		}
		if string(encoded) == "null" {
			return nil
		}
		return encoded
	}
	return &ent.Change{ChangeSetID: d.changeSet(), AssetID: assetID, Field: field, Before: encode(before), After: encode(after),
		Revision: d.revision, At: d.now}
}

// remember gathers what a change made of an asset. The satellites that differ are
// told by the names of their fields.
func (d *deed) remember(c *change, satellites []string, tagIDs map[string]string) {
	id, old, next := c.next.ID, c.old, c.next
	if old == nil {
		d.history = append(d.history, d.changed(id, createdField, nil, nil))
		return
	}
	add := func(field string, before, after any) {
		d.history = append(d.history, d.changed(id, field, before, after))
	}
	texts := func(field string, before, after *string) {
		if val(before) != val(after) {
			add(field, before, after)
		}
	}
	texts("referenceId", old.ReferenceID, next.ReferenceID)
	texts("title", &old.Title, &next.Title)
	if !slices.Equal(old.AlternativeTitles, next.AlternativeTitles) {
		add("alternativeTitles", old.AlternativeTitles, next.AlternativeTitles)
	}
	texts("description", old.Description, next.Description)
	if old.DownloadEnabled != next.DownloadEnabled {
		add("downloadEnabled", old.DownloadEnabled, next.DownloadEnabled)
	}
	if val(old.CoverImageID) != val(next.CoverImageID) || val(old.CoverSnapshotID) != val(next.CoverSnapshotID) {
		add("cover", coverOf(old.Asset), coverOf(next.Asset))
	}
	if string(old.UserData) != string(next.UserData) {
		add("userData", old.UserData, next.UserData)
	}
	if old.Status != next.Status {
		add("status", old.Status, next.Status)
	}
	if when(old.TrashedAt) != when(next.TrashedAt) {
		add("trashedAt", told(old.TrashedAt), told(next.TrashedAt))
	}
	ids := func(names []string) []string {
		list := make([]string, len(names))
		for i, name := range names {
			list[i] = tagIDs[name]
		}
		return list
	}
	if gone, added := apart(old.tags, next.tags), apart(next.tags, old.tags); len(gone)+len(added) > 0 {
		add("tags", ids(gone), ids(added))
	}
	if gone, added := apart(old.categories, next.categories), apart(next.categories, old.categories); len(gone)+len(added) > 0 {
		add("categories", gone, added)
	}
	for _, field := range satellites {
		add(field, nil, nil)
	}
}

// told is a time as the API has it; nil for none.
func told(t *time.Time) any {
	if t == nil {
		return nil
	}
	return Moment{*t}
}

// coverOf is an asset's cover as it is remembered; nil for none.
func coverOf(a *ent.Asset) json.RawMessage {
	switch {
	case a.CoverImageID != nil:
		return json.RawMessage(fmt.Sprintf(`{"image":%q}`, *a.CoverImageID))
	case a.CoverSnapshotID != nil:
		return json.RawMessage(fmt.Sprintf(`{"snapshot":%q}`, *a.CoverSnapshotID))
	}
	return nil
}

// apart are the entries of a list that another has not.
func apart(list, other []string) []string {
	left := make([]string, 0, len(list))
	for _, one := range list {
		if !slices.Contains(other, one) {
			left = append(left, one)
		}
	}
	return left
}

// linkTable is a table of links of assets, by the column of what they are linked
// with, and the field of an asset that is made of them.
type linkTable struct{ name, column, field string }

var (
	tagLinks      = linkTable{assettag.Table, assettag.FieldTagID, "tags"}
	categoryLinks = linkTable{assetcategory.Table, assetcategory.FieldCategoryID, "categories"}
)

// rememberLinked has the history tell that the assets which have links with some
// ids lose them, and gain another, where one is named that they have not.
func (d *deed) rememberLinked(ctx context.Context, l linkTable, ids []string, gains string) error {
	if err := d.openSet(ctx); err != nil {
		return err
	}
	err := d.exec(ctx, func(b *sql.Builder) {
		d.entrySQL(b, l, "'[\"' || "+l.column+" || '\"]'", "NULL")
		b.WriteString(l.name + " WHERE ").Join(collect.InP(l.column, ids))
	})
	if err == nil && gains != "" {
		err = d.exec(ctx, func(b *sql.Builder) {
			d.entrySQL(b, l, "NULL", "'[\""+gains+"\"]'")
			b.WriteString("(SELECT DISTINCT asset_id FROM " + l.name + " WHERE ").Join(collect.InP(l.column, ids)).
				WriteString(" AND asset_id NOT IN (SELECT asset_id FROM " + l.name + " WHERE " + l.column + " = ").
				Arg(gains).WriteString(")) AS linked")
		})
	}
	if err != nil {
		return fmt.Errorf("remember what is linked: %w", err)
	}
	return nil
}

// entrySQL writes the statement that has an entry for each row, up to where those
// come from. Before and after are expressions of JSON.
func (d *deed) entrySQL(b *sql.Builder, l linkTable, before, after string) {
	typed := func(v any, of string) { // Postgres knows no types of arguments in a selection
		if b.Dialect() == dialect.Postgres {
			b.WriteString("CAST(").Arg(v).WriteString(" AS " + of + ")")
			return
		}
		b.Arg(v)
	}
	if b.Dialect() == dialect.Postgres {
		before, after = "CAST("+before+" AS json)", "CAST("+after+" AS json)"
	}
	b.WriteString("INSERT INTO changes (change_set_id, asset_id, field, before, after, revision, at) SELECT ")
	typed(d.changeSet(), "varchar")
	b.WriteString(", asset_id, ")
	typed(l.field, "text")
	b.WriteString(", " + before + ", " + after + ", ")
	typed(d.revision, "bigint")
	b.WriteString(", ")
	typed(d.now, "timestamptz")
	b.WriteString(" FROM ")
}

// openSet writes the deed's set, of which the count is not known yet.
func (d *deed) openSet(ctx context.Context) error {
	if d.setOpen {
		return nil
	}
	d.setOpen = true
	return d.writeSet(ctx, 0)
}

func (d *deed) writeSet(ctx context.Context, assets int64) error {
	err := d.tx.ChangeSet.Create().SetID(d.changeSet()).SetActor(d.actor(ctx)).SetNillableNote(d.note).
		SetAssetCount(assets).SetCreatedAt(d.now).SetNillableUndoesID(d.undoes).Exec(ctx)
	if err != nil {
		return fmt.Errorf("write the change set: %w", err)
	}
	return nil
}

// record writes the history of the deed, if there is one.
func (d *deed) record(ctx context.Context) error {
	if !d.setOpen && len(d.history) == 0 {
		d.set = ""
		return nil
	}
	if !d.setOpen {
		if err := d.writeSet(ctx, d.remembered()); err != nil {
			return err
		}
		return historyRows.put(ctx, d.tx, d.history)
	}
	if err := historyRows.put(ctx, d.tx, d.history); err != nil || d.setGrows {
		return err
	}
	return d.countSet(ctx)
}

// remembered is how many assets the history of the deed is about.
func (d *deed) remembered() int64 { return int64(len(d.rememberedOf())) }

// rememberedOf are those assets.
func (d *deed) rememberedOf() []string {
	seen := map[string]bool{}
	for _, c := range d.history {
		seen[c.AssetID] = true
	}
	return slices.Collect(maps.Keys(seen))
}

// growSet counts the assets that a set of several deeds has by this one, and had not by
// those before. The deed's own history is not written yet.
func (d *deed) growSet(ctx context.Context) error {
	var known []struct{ N int64 }
	err := d.tx.Change.Query().Where(entries.ChangeSetID(d.changeSet()), collect.In[string](entries.FieldAssetID, d.rememberedOf())).
		Modify(func(s *sql.Selector) {
			s.Select(sql.As("COUNT(DISTINCT "+s.C(entries.FieldAssetID)+")", "n"))
		}).Scan(ctx, &known)
	if err == nil {
		err = d.tx.ChangeSet.UpdateOneID(d.changeSet()).AddAssetCount(d.remembered() - known[0].N).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("count what was changed: %w", err)
	}
	return nil
}

// countSet counts the assets of a set that was opened, and takes away one of none.
func (d *deed) countSet(ctx context.Context) error {
	var counted []struct{ N int64 }
	err := d.tx.Change.Query().Where(entries.ChangeSetID(d.set)).Modify(func(s *sql.Selector) {
		s.Select(sql.As("COUNT(DISTINCT "+s.C(entries.FieldAssetID)+")", "n"))
	}).Scan(ctx, &counted)
	switch {
	case err != nil:
		return fmt.Errorf("count what was changed: %w", err)
	case counted[0].N == 0:
		id := d.set
		d.set = ""
		return d.tx.ChangeSet.DeleteOneID(id).Exec(ctx)
	}
	return d.tx.ChangeSet.UpdateOneID(d.set).SetAssetCount(counted[0].N).Exec(ctx)
}
