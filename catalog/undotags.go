package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"vodgraph/ent"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
	"vodgraph/fault"
)

// What a set made of tags and categories is undone in the first batch, before the assets: what
// it deleted comes back with its id, and what it renamed or moved goes back. What it made
// goes at the end, when no asset has it any more.

// filingUndo is the undoing of what a set made of tags and categories.
type filingUndo struct {
	*deed
	*filing
	// names are those of tags that do not come back, as another tag has their name by now,
	// which stands for them.
	names map[string]string
	items []Item // what was refused
	// operation is that of a dry run, and met the last asset of the batches before, which were
	// taken back; empty otherwise.
	operation, met string
}

// refuse notes that something of a tag or category does not go back. It is one item, whatever
// of it is refused.
func (u *filingUndo) refuse(t *turned, f *fault.Fault, field ...string) {
	if len(field) > 0 {
		f = f.At(field...)
	}
	if last := len(u.items) - 1; last >= 0 && u.items[last].ID == t.id {
		u.items[last].Errors = append(u.items[last].Errors, f)
		return
	}
	u.items = append(u.items, Item{ID: t.id, Outcome: Failed, Errors: []*fault.Fault{f}})
}

// of are the tags or the categories of the set that became of a kind, those that are gone
// with the ones above first.
func (u *filingUndo) of(tagged bool, kind func(*turned) bool) (list []*turned) {
	for _, t := range u.all {
		if t.tagged() == tagged && kind(t) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b *turned) int {
		if a.gone() && b.gone() {
			return cmp.Or(cmp.Compare(depthOf(a), depthOf(b)), cmp.Compare(a.was.Path, b.was.Path), cmp.Compare(a.id, b.id))
		}
		return cmp.Compare(a.id, b.id)
	})
	return list
}

// backTags brings the tags back that the set deleted, and gives those that it renamed their
// names again. In batches after the first, where write is false, it only finds the tags that
// stand for others.
func (u *filingUndo) backTags(ctx context.Context, write bool) error {
	gone, renamed := u.of(true, (*turned).gone), u.of(true, (*turned).stayed)
	u.names = map[string]string{}
	if len(gone)+len(renamed) == 0 {
		return nil
	}
	byID, byName, err := u.tagsLike(ctx, append(gone, renamed...))
	if err != nil {
		return err
	}
	var made []*ent.Tag
	for _, t := range gone {
		other := byName[t.was.Name]
		switch {
		case byID[t.id] != nil:
		case other != nil:
			u.names[t.id] = t.was.Name
			u.refuse(t, fault.New(fault.TagExists, "The tag %q does not come back: another has its name by now, %s, and stands for it.", t.was.Name, other.ID))
		case write:
			row := &ent.Tag{ID: t.id, Name: t.was.Name}
			byID[t.id], byName[t.was.Name] = row, row
			made = append(made, row)
		}
	}
	if !write {
		u.items = nil
		return nil
	}
	if err := tags.put(ctx, u.tx, made); err != nil {
		return err
	}
	u.madeTags(made)
	for _, t := range renamed {
		if err := u.backName(ctx, t, byID[t.id], byName[t.was.Name]); err != nil {
			return err
		}
	}
	return nil
}

// tagsLike finds the tags that have an id or a name of some of before the set.
func (u *filingUndo) tagsLike(ctx context.Context, list []*turned) (byID, byName map[string]*ent.Tag, err error) {
	var ids, names []string
	for _, t := range list {
		ids, names = append(ids, t.id), append(names, t.was.Name)
	}
	rows, err := u.tx.Tag.Query().Where(tag.Or(collect.In[string](tag.FieldID, ids), collect.In[string](tag.FieldName, names))).All(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("find tags: %w", err)
	}
	byID, byName = map[string]*ent.Tag{}, map[string]*ent.Tag{}
	for _, row := range rows {
		byID[row.ID], byName[row.Name] = row, row
	}
	return byID, byName, nil
}

// backName gives a tag the name that it had before the set.
func (u *filingUndo) backName(ctx context.Context, t *turned, row, other *ent.Tag) error {
	switch {
	case row == nil:
		u.refuse(t, fault.New(fault.NotFound, "The tag was deleted since."))
	case row.Name != t.is.Name:
		u.refuse(t, changedSince(), nameField)
	case other != nil:
		u.refuse(t, fault.New(fault.TagExists, "Another tag is called %q by now.", t.was.Name), nameField)
	default:
		return u.renameTag(ctx, row, t.was.Name)
	}
	return nil
}
