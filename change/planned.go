package change

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"vodgraph/ent"
)

// Planned are entries of the history as a dry run shows them: in no change set, of no
// revision and time, and with the prefix alone of the ids of what it would make.
func Planned(entries []*ent.Change, made []string) []*ent.Change {
	shown := make([]*ent.Change, len(entries))
	for i, e := range entries {
		shown[i] = &ent.Change{ID: int64(i) + 1, SubjectID: e.SubjectID, Field: e.Field,
			Before: withoutIDs(e.Before, made), After: withoutIDs(e.After, made)}
		if slices.Contains(made, e.SubjectID) {
			shown[i].SubjectID = prefixIn(e.SubjectID)
		}
	}
	return shown
}

// prefixIn is the prefix of an id, with its underscore.
func prefixIn(id string) string { return id[:strings.IndexByte(id, '_')+1] }

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
