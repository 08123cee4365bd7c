package change

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

// A transaction that changes assets, tags or categories leaves a change set: who did it, when, with
// which note, and of each of them the fields that it changed, as they were and are. The
// comparison of the library says of which fields of an asset the values are kept.

// CreatedField is the one entry of a new asset.
const CreatedField = "created"

var historyRows = &Table[ent.Change]{
	Name: entries.Table, Columns: entries.Columns[1:],
	Types:  map[string]string{"bigint": "revision", "json": "before after", "timestamptz": "at"},
	Shared: "change_set_id revision at",
	Values: func(c *ent.Change) []any {
		return []any{c.ChangeSetID, c.SubjectID, c.Field, RawJSON(c.Before), RawJSON(c.After), c.Revision, Timestamp(c.At)}
	},
}

// ChangeSet is the id of the transaction's set, which is made up when it is first asked.
func (d *Tx) ChangeSet() string {
	if d.ChangeSetID == "" {
		d.ChangeSetID = d.Options.NewID(media.ChangeSetPrefix)
	}
	return d.ChangeSetID
}

// Entry is an entry of the history; values that are nil are null.
func (d *Tx) Entry(subjectID, field string, before, after any) *ent.Change {
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
	return &ent.Change{ChangeSetID: d.ChangeSet(), SubjectID: subjectID, Field: field, Before: encode(before), After: encode(after),
		Revision: d.Revision, At: d.Now}
}

// remember gathers what a change made of an asset, field by field. The parts are those
// that differ.
func (d *Tx) remember(c *Change, parts Part, named *LinkNames) {
	if c.Old == nil {
		d.History = append(d.History, d.Entry(c.Next.ID, CreatedField, nil, nil))
		return
	}
	for _, f := range d.compare(c, parts, named) {
		d.History = append(d.History, d.Entry(c.Next.ID, f.Field, f.Before, f.After))
	}
}

// TimeValue is a time as the API has it; nil for none.
func TimeValue(t *time.Time) any {
	if t == nil {
		return nil
	}
	return model.Moment{Time: *t}
}

// CoverOf is an asset's cover as it is remembered; nil for none.
func CoverOf(a *ent.Asset) json.RawMessage {
	switch {
	case a.CoverImageID != nil:
		return json.RawMessage(fmt.Sprintf(`{"image":%q}`, *a.CoverImageID))
	case a.CoverSnapshotID != nil:
		return json.RawMessage(fmt.Sprintf(`{"snapshot":%q}`, *a.CoverSnapshotID))
	}
	return nil
}

// Without are the entries of a list that another has not.
func Without(list, other []string) []string {
	left := make([]string, 0, len(list))
	for _, one := range list {
		if !slices.Contains(other, one) {
			left = append(left, one)
		}
	}
	return left
}

// OpenSet writes the transaction's set, of which the count is not known yet.
func (d *Tx) OpenSet(ctx context.Context) error {
	if d.SetOpen {
		return nil
	}
	d.SetOpen = true
	return d.writeSet(ctx, 0)
}

func (d *Tx) writeSet(ctx context.Context, assets int64) error {
	err := d.Ent.ChangeSet.Create().SetID(d.ChangeSet()).SetActor(d.Actor(ctx)).SetNillableNote(d.Note).
		SetAssetCount(assets).SetCreatedAt(d.Now).SetNillableUndoesID(d.Undoes).Exec(ctx)
	if err != nil {
		return fmt.Errorf("write the change set: %w", err)
	}
	return nil
}

// record writes the history of the transaction, if there is one.
func (d *Tx) record(ctx context.Context) error {
	if !d.SetOpen && len(d.History) == 0 {
		d.ChangeSetID = ""
		return nil
	}
	if !d.SetOpen {
		if err := d.writeSet(ctx, d.remembered()); err != nil {
			return err
		}
		return historyRows.Put(ctx, d.Ent, d.History)
	}
	if err := historyRows.Put(ctx, d.Ent, d.History); err != nil || d.SetGrows {
		return err
	}
	return d.countSet(ctx)
}

// remembered is how many assets the history of the transaction is about.
func (d *Tx) remembered() int64 { return int64(len(d.rememberedOf())) }

// rememberedOf are those assets.
func (d *Tx) rememberedOf() []string {
	seen := map[string]bool{}
	for _, c := range d.History {
		if !OfTaxonomy(c.SubjectID) {
			seen[c.SubjectID] = true
		}
	}
	return slices.Collect(maps.Keys(seen))
}

// GrowSet counts the assets that a set of several transactions has by this one, and had not by
// those before. The transaction's own history is not written yet.
func (d *Tx) GrowSet(ctx context.Context) error {
	var known []struct{ N int64 }
	err := d.Ent.Change.Query().Where(entries.ChangeSetID(d.ChangeSet()), collect.In[string](entries.FieldSubjectID, d.rememberedOf())).
		Modify(func(s *sql.Selector) {
			s.Select(sql.As(CountAssets(s), "n"))
		}).Scan(ctx, &known)
	if err == nil {
		err = d.Ent.ChangeSet.UpdateOneID(d.ChangeSet()).AddAssetCount(d.remembered() - known[0].N).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("count what was changed: %w", err)
	}
	return nil
}

// countSet counts the assets of a set that was opened, and takes away one of none.
func (d *Tx) countSet(ctx context.Context) error {
	var counted []struct{ N, Assets int64 }
	err := d.Ent.Change.Query().Where(entries.ChangeSetID(d.ChangeSetID)).Modify(func(s *sql.Selector) {
		s.Select(sql.As("COUNT(*)", "n"), sql.As(CountAssets(s), "assets"))
	}).Scan(ctx, &counted)
	switch {
	case err != nil:
		return fmt.Errorf("count what was changed: %w", err)
	case counted[0].N == 0:
		id := d.ChangeSetID
		d.ChangeSetID = ""
		return d.Ent.ChangeSet.DeleteOneID(id).Exec(ctx)
	}
	return d.Ent.ChangeSet.UpdateOneID(d.ChangeSetID).SetAssetCount(counted[0].Assets).Exec(ctx)
}

// DeletedField is the one entry of an asset that was deleted for good.
const DeletedField = "deleted"
