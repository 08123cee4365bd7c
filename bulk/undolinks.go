package bulk

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"vodgraph/change"
	entries "vodgraph/ent/change"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
)

// A field that is a list of tags or categories goes back as a whole or not at all: its next
// list is made from all that the set took away and added, or one refusal leaves it as it is.

// readTags reads what tags are called by now, and which of those that are gone were deleted
// rather than merged.
func (u *undoBatch) readTags(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := u.Ent.Tag.Query().Where(collect.In[string](tag.FieldID, ids)).All(ctx)
	if err != nil {
		return fmt.Errorf("find tags: %w", err)
	}
	maps.Copy(u.Names, u.restored.names)
	for _, row := range rows {
		u.Names[row.ID] = row.Name
	}
	left := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return u.Names[id] != "" })
	if len(left) == 0 {
		return nil
	}
	gone, err := u.Ent.Change.Query().Where(collect.In[string](entries.FieldSubjectID, left), entries.FieldIn(change.DeletedField, change.MergedField)).
		Order(entries.ByID()).Select(entries.FieldSubjectID, entries.FieldField).All(ctx)
	if err != nil {
		return fmt.Errorf("find deleted tags: %w", err)
	}
	u.Deleted = map[string]bool{}
	for _, row := range gone { // one that came back may go another way later
		u.Deleted[row.SubjectID] = row.Field == change.DeletedField
	}
	for _, id := range u.restored.left {
		u.Deleted[id] = true
	}
	return nil
}
