package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	entries "vodgraph/ent/change"
	"vodgraph/ent/collect"
	"vodgraph/media"
	"vodgraph/model"
)

// A deed that changes assets, tags or categories leaves a change set: who did it, when, with
// which note, and of each of them the fields that it changed, as they were and are. The
// comparison of the library says of which fields of an asset the values are kept.

// createdField is the one entry of a new asset.
const createdField = "created"

var historyRows = &table[ent.Change]{
	name: entries.Table, columns: entries.Columns[1:],
	types:  map[string]string{"bigint": "revision", "json": "before after", "timestamptz": "at"},
	shared: "change_set_id revision at",
	values: func(c *ent.Change) []any {
		return []any{c.ChangeSetID, c.SubjectID, c.Field, raw(c.Before), raw(c.After), c.Revision, moment(c.At)}
	},
}

// changeSet is the id of the deed's set, which is made up when it is first asked.
func (d *deed) changeSet() string {
	if d.set == "" {
		d.set = d.opts.NewID(media.ChangeSetPrefix)
	}
	return d.set
}

// changed is an entry of the history; values that are nil are null.
func (d *deed) changed(subjectID, field string, before, after any) *ent.Change {
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
	return &ent.Change{ChangeSetID: d.changeSet(), SubjectID: subjectID, Field: field, Before: encode(before), After: encode(after),
		Revision: d.revision, At: d.now}
}

// remember gathers what a change made of an asset, field by field. The parts are those
// that differ.
func (d *deed) remember(c *change, parts part, named *linkNames) {
	if c.old == nil {
		d.history = append(d.history, d.changed(c.next.ID, createdField, nil, nil))
		return
	}
	for _, f := range d.compare(c, parts, named) {
		d.history = append(d.history, d.changed(c.next.ID, f.Field, f.Before, f.After))
	}
}

// told is a time as the API has it; nil for none.
func told(t *time.Time) any {
	if t == nil {
		return nil
	}
	return model.Moment{Time: *t}
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
		if !ofFiling(c.SubjectID) {
			seen[c.SubjectID] = true
		}
	}
	return slices.Collect(maps.Keys(seen))
}

// growSet counts the assets that a set of several deeds has by this one, and had not by
// those before. The deed's own history is not written yet.
func (d *deed) growSet(ctx context.Context) error {
	var known []struct{ N int64 }
	err := d.tx.Change.Query().Where(entries.ChangeSetID(d.changeSet()), collect.In[string](entries.FieldSubjectID, d.rememberedOf())).
		Modify(func(s *sql.Selector) {
			s.Select(sql.As(countAssets(s), "n"))
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
	var counted []struct{ N, Assets int64 }
	err := d.tx.Change.Query().Where(entries.ChangeSetID(d.set)).Modify(func(s *sql.Selector) {
		s.Select(sql.As("COUNT(*)", "n"), sql.As(countAssets(s), "assets"))
	}).Scan(ctx, &counted)
	switch {
	case err != nil:
		return fmt.Errorf("count what was changed: %w", err)
	case counted[0].N == 0:
		id := d.set
		d.set = ""
		return d.tx.ChangeSet.DeleteOneID(id).Exec(ctx)
	}
	return d.tx.ChangeSet.UpdateOneID(d.set).SetAssetCount(counted[0].Assets).Exec(ctx)
}

// deletedField is the one entry of an asset that was deleted for good.
const deletedField = "deleted"
