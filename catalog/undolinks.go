package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"vodgraph/ent"
	entries "vodgraph/ent/change"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
	"vodgraph/fault"
)

// A field that is a list of tags or categories goes back as a whole or not at all: its next
// list is made from all that the set took away and added, or one refusal leaves it as it is.

// readTags reads what tags are called by now, and which of those that are gone were deleted
// rather than merged.
func (u *undoing) readTags(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := u.tx.Tag.Query().Where(collect.In[string](tag.FieldID, ids)).All(ctx)
	if err != nil {
		return fmt.Errorf("find tags: %w", err)
	}
	maps.Copy(u.names, u.filed.names)
	for _, row := range rows {
		u.names[row.ID] = row.Name
	}
	left := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return u.names[id] != "" })
	if len(left) == 0 {
		return nil
	}
	gone, err := u.tx.Change.Query().Where(collect.In[string](entries.FieldSubjectID, left), entries.FieldIn(deletedField, mergedField)).
		Order(entries.ByID()).Select(entries.FieldSubjectID, entries.FieldField).All(ctx)
	if err != nil {
		return fmt.Errorf("find deleted tags: %w", err)
	}
	u.deleted = map[string]bool{}
	for _, row := range gone { // one that came back may go another way later
		u.deleted[row.SubjectID] = row.Field == deletedField
	}
	for _, id := range u.filed.left {
		u.deleted[id] = true
	}
	return nil
}

// joinLinks joins an entry of such a field to those before it. What was taken and added
// again, or the reverse, was not changed.
func joinLinks(first, row *ent.Change) *ent.Change {
	gone, added := linksIn(first.Before), linksIn(first.After)
	took, gave := linksIn(row.Before), linksIn(row.After)
	joined := *first
	joined.Before = encoded(append(without(gone, gave), without(took, added)...))
	joined.After = encoded(append(without(added, took), without(gave, gone)...))
	return &joined
}

// without are the links of a list that another has not.
func without(list, other []linked) []linked {
	return slices.DeleteFunc(slices.Clone(list), func(one linked) bool { return hasLink(other, one.ID) })
}

func hasLink(list []linked, id string) bool {
	return slices.ContainsFunc(list, func(one linked) bool { return one.ID == id })
}

func encoded(list []linked) json.RawMessage { return json.RawMessage(text(list).(string)) }

// putTags puts the tags of an asset back.
func (u *undoing) putTags(k *check, s *state, e *ent.Change) {
	var back, away []string
	for _, one := range linksIn(e.Before) {
		name := u.names[one.ID]
		if name == "" {
			k.refuse(u.noMore("tag", one.Name), tagLinks.field)
			return
		}
		back = append(back, name)
	}
	for _, one := range linksIn(e.After) {
		switch name := u.names[one.ID]; {
		case name != "":
			away = append(away, name)
		case !u.deleted[one.ID]: // it was merged into another, which may be there for other reasons
			k.refuse(u.noMore("tag", one.Name), tagLinks.field)
			return
		}
	}
	next := listed(slices.Concat(s.tags, back), away)
	if full := tooMany(len(next), k.limits.Tags, fault.TooManyTags, "tags"); full != nil && len(next) > len(s.tags) {
		k.refuse(full, tagLinks.field) // others have been added since
		return
	}
	s.tags = next
}

// putCategories puts the categories of an asset back, but for those that the caller does not
// see, which stay as they are.
func (u *undoing) putCategories(k *check, s *state, e *ent.Change) {
	var back, away []string
	for _, one := range linksIn(e.Before) {
		row := u.directory.categories[one.ID]
		if row == nil {
			k.refuse(u.noMore("category", shownPath(one.Path)), categoryLinks.field)
			return
		}
		if u.granted.covers(one.ID) {
			back = append(back, one.ID)
		}
	}
	for _, one := range linksIn(e.After) {
		if u.granted.covers(one.ID) {
			away = append(away, one.ID)
		}
	}
	next := listed(slices.Concat(s.categories, back), away)
	if full := tooMany(len(next), k.limits.categories(s.Kind), fault.TooManyCategories, "categories"); full != nil && len(next) > len(s.categories) {
		k.refuse(full, categoryLinks.field)
		return
	}
	if u.granted.keep(k, next, categoryLinks.field) {
		s.categories = next
	}
}

// noMore is the refusal of a field in which something stood that is gone since. Limited
// callers do not learn its name, and entries of earlier versions do not have it.
func (u *undoing) noMore(what, name string) *fault.Fault {
	if name == "" || u.granted != nil {
		return fault.New(fault.NotUndoable, "The %s is gone, and what it was called is not known.", what)
	}
	return fault.New(fault.NotUndoable, "The %s %q is gone.", what, name)
}
