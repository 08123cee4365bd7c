package change

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
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

// The one entry of a new asset, and of one that was deleted for good.
const (
	CreatedField = "created"
	DeletedField = "deleted"
)

var historyRows = &Table[ent.Change]{
	Name: entries.Table, Columns: entries.Columns[1:],
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

func (d *Tx) record(ctx context.Context) error {
	if !d.SetOpen && len(d.History) == 0 {
		d.ChangeSetID = ""
		return nil
	}
	if !d.SetOpen {
		if err := d.writeSet(ctx, int64(len(d.remembered()))); err != nil {
			return err
		}
		return historyRows.Put(ctx, d.Ent, d.History)
	}
	if err := historyRows.Put(ctx, d.Ent, d.History); err != nil || d.SetGrows {
		return err
	}
	return d.countSet(ctx)
}

func (d *Tx) remembered() []string {
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
	assets := d.remembered()
	var known []struct{ N int64 }
	err := d.Ent.Change.Query().Where(entries.ChangeSetID(d.ChangeSet()), collect.In[string](entries.FieldSubjectID, assets)).
		Modify(func(s *sql.Selector) {
			s.Select(sql.As(CountAssets, "n"))
		}).Scan(ctx, &known)
	if err == nil {
		err = d.Ent.ChangeSet.UpdateOneID(d.ChangeSet()).AddAssetCount(int64(len(assets)) - known[0].N).Exec(ctx)
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
		s.Select(sql.As("COUNT(*)", "n"), sql.As(CountAssets, "assets"))
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

// OfTaxonomy reports whether a subject of the history is a tag or a category, and no asset.
func OfTaxonomy(id string) bool {
	return len(id) >= len(media.TagPrefix) && (id[:len(media.TagPrefix)] == media.TagPrefix || id[:len(media.CategoryPrefix)] == media.CategoryPrefix)
}

// CountAssets is the SQL expression of how many assets some entries are about.
const CountAssets = "COUNT(DISTINCT CASE WHEN substr(subject_id, 1, 4) NOT IN ('" + media.TagPrefix + "', '" + media.CategoryPrefix + "') THEN subject_id END)"

// Planned are entries of the history as a dry run shows them: in no change set, of no
// revision and time, and with the prefix alone of the ids of what it would make.
func Planned(entries []*ent.Change, made []string) []*ent.Change {
	shown := make([]*ent.Change, len(entries))
	for i, e := range entries {
		shown[i] = &ent.Change{ID: int64(i) + 1, SubjectID: e.SubjectID, Field: e.Field,
			Before: withoutIDs(e.Before, made), After: withoutIDs(e.After, made)}
		if slices.Contains(made, e.SubjectID) {
			shown[i].SubjectID = e.SubjectID[:strings.IndexByte(e.SubjectID, '_')+1]
		}
	}
	return shown
}

// MadeIn are the ids of what entries say was made.
func MadeIn(entries []*ent.Change) (ids []string) {
	for _, e := range entries {
		if e.Field == CreatedField {
			ids = append(ids, e.SubjectID)
		}
	}
	return ids
}

// withoutIDs is JSON with null in the place of each of the ids, which nobody can have
// written into it, as they have just been made.
func withoutIDs(value json.RawMessage, ids []string) json.RawMessage {
	for _, id := range ids {
		value = bytes.ReplaceAll(value, []byte(`"`+id+`"`), []byte("null"))
	}
	return value
}

// DryRun runs fn and takes back what it wrote, within the transaction, and returns the history that it
// would have left.
func (d *Tx) DryRun(ctx context.Context, fn func() error) ([]*ent.Change, error) {
	if _, err := d.Ent.ExecContext(ctx, "SAVEPOINT dry_run"); err != nil {
		return nil, fmt.Errorf("begin a dry run: %w", err)
	}
	if err := fn(); err != nil && !errors.Is(err, ErrUnchanged) {
		return nil, err
	}
	history := d.History
	d.History, d.IndexEntries = nil, 0
	if _, err := d.Ent.ExecContext(ctx, "ROLLBACK TO SAVEPOINT dry_run"); err != nil {
		return nil, fmt.Errorf("end a dry run: %w", err)
	}
	return history, nil
}
