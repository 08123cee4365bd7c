package bulk

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/collect"
	"vodgraph/ent/tag"
	"vodgraph/fault"
	"vodgraph/taxonomy"
)

// What a set made of tags and categories is undone in the first batch, before the assets: what
// it deleted comes back with its id, and what it renamed or moved goes back. What it made
// goes at the end, when no asset has it any more.

type taxonomyUndo struct {
	*change.Tx
	*taxonomyChanges
	// names are those of tags that do not come back, as another tag has their name by now,
	// which stands for them.
	names map[string]string
	items []change.Item // what was refused
	// deferred are those that the last batch puts back, when no asset has what the set made in
	// their place.
	deferred []*subjectChange
	ending   bool // puts back what was deferred
	// left are tags that the set made and that were deleted in this transaction.
	left []string
	// operation is that of a dry run, and met the last asset of the batches before, which were
	// taken back; empty otherwise.
	operation, met string
}

// refuse notes that something of a tag or category does not go back. It is one item, whatever
// of it is refused.
func (u *taxonomyUndo) refuse(t *subjectChange, f *fault.Fault, field ...string) {
	if len(field) > 0 {
		f = f.At(field...)
	}
	if last := len(u.items) - 1; last >= 0 && u.items[last].ID == t.id {
		u.items[last].Errors = append(u.items[last].Errors, f)
		return
	}
	u.items = append(u.items, change.Item{ID: t.id, Outcome: change.Failed, Errors: []*fault.Fault{f}})
}

// of are the tags or the categories of the set that became of a kind, those that are gone
// with the ones above first.
func (u *taxonomyUndo) of(tagged bool, kind func(*subjectChange) bool) (list []*subjectChange) {
	for _, t := range u.all {
		if t.tagged() == tagged && kind(t) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b *subjectChange) int {
		if a.gone() && b.gone() {
			return cmp.Or(cmp.Compare(depthOf(a), depthOf(b)), cmp.Compare(a.was.Path, b.was.Path), cmp.Compare(a.id, b.id))
		}
		return cmp.Compare(a.id, b.id)
	})
	return list
}

// backTags brings the tags back that the set deleted, and gives those that it renamed their
// names again, all together, so that names that went in a circle come back. In batches after the
// first, where write is false, it only finds the tags that stand for others.
func (u *taxonomyUndo) backTags(ctx context.Context, write bool) error {
	u.names = map[string]string{}
	list := append(u.of(true, (*subjectChange).gone), u.of(true, (*subjectChange).stayed)...)
	if len(list) == 0 {
		return nil
	}
	byID, byName, err := u.tagsLike(ctx, list)
	if err != nil {
		return err
	}
	if !write {
		for _, t := range list {
			switch row := byID[t.id]; {
			case t.gone() && row == nil && byName[t.was.Name] != nil:
				u.names[t.id] = t.was.Name
			case t.stayed() && row != nil && row.Name == t.is.Name && row.Name != t.was.Name:
				u.deferred = append(u.deferred, t)
			}
		}
		return nil
	}
	return u.putTags(ctx, list, byID, byName)
}

func (u *taxonomyUndo) putTags(ctx context.Context, list []*subjectChange, byID, byName map[string]*ent.Tag) error {
	faults := map[string]*fault.Fault{}
	var back []taxonomy.Rename
	for _, t := range list {
		switch row := byID[t.id]; {
		case t.gone() && row == nil:
			back = append(back, taxonomy.Rename{Row: &ent.Tag{ID: t.id}, To: t.was.Name})
		case t.gone(): // an undo before has brought it back
		case row == nil:
			faults[t.id] = fault.New(fault.NotFound, "The tag was deleted since.")
		case row.Name != t.is.Name:
			faults[t.id] = catalog.ChangedSince().At(change.NameField)
		case row.Name != t.was.Name:
			back = append(back, taxonomy.Rename{Row: row, To: t.was.Name})
		}
	}
	inTheEnd, err := u.leaveNames(ctx, back, byName)
	if err != nil {
		return err
	}
	if !u.defers(list) {
		inTheEnd = byName
	}
	back = u.free(back, inTheEnd, faults)
	for _, t := range list {
		if faults[t.id] != nil {
			u.refuse(t, faults[t.id])
		}
	}
	return u.putNames(ctx, u.deferTags(back, byName))
}

// leaveNames deletes the tags that the set made, that nothing has, and of which the names go
// back to others. It returns byName without those, too, that only assets of the set have, which
// lose them.
func (u *taxonomyUndo) leaveNames(ctx context.Context, back []taxonomy.Rename, byName map[string]*ent.Tag) (map[string]*ent.Tag, error) {
	var made []*ent.Tag
	var ids []string
	for _, one := range back {
		row := byName[one.To]
		if row == nil || slices.Contains(ids, row.ID) {
			continue
		}
		if t := u.byID[row.ID]; t != nil && t.made() && t.is.Name == row.Name {
			made, ids = append(made, row), append(ids, row.ID)
		}
	}
	if len(made) == 0 {
		return byName, nil
	}
	used, outside, err := u.users(ctx, change.TagLinks, ids)
	if err != nil {
		return nil, err
	}
	inTheEnd := maps.Clone(byName)
	for _, row := range made {
		if !outside[row.ID] {
			delete(inTheEnd, row.Name)
		}
	}
	idle := slices.DeleteFunc(made, func(row *ent.Tag) bool { return used[row.ID] })
	for _, row := range idle {
		delete(byName, row.Name)
	}
	return inTheEnd, u.deleteTags(ctx, idle)
}

// free are the tags of a list that can have their names again: those of which no tag keeps the
// name. One that is refused keeps what it has, which others may want. A deleted one that does not
// come back is represented by the tag that has its name.
func (u *taxonomyUndo) free(back []taxonomy.Rename, byName map[string]*ent.Tag, faults map[string]*fault.Fault) []taxonomy.Rename {
	for {
		refused, left := taxonomy.Taken(back, byName), []taxonomy.Rename(nil)
		if len(refused) == 0 {
			return back
		}
		for i, one := range back {
			switch other, is := refused[i]; {
			case !is:
				left = append(left, one)
			case one.Row.Name == "":
				u.names[one.Row.ID] = one.To
				faults[one.Row.ID] = fault.New(fault.TagExists, "The tag %q does not come back: another has its name by now, %s, and stands for it.", one.To, other)
			default:
				faults[one.Row.ID] = fault.New(fault.TagExists, "Another tag is called %q by now.", one.To).At(change.NameField)
			}
		}
		back = left
	}
}

// putNames writes tags with their names of before: those that are there, and then those that
// come back.
func (u *taxonomyUndo) putNames(ctx context.Context, back []taxonomy.Rename) error {
	var made []*ent.Tag
	var renamed []taxonomy.Rename
	for _, one := range back {
		if one.Row.Name == "" {
			made = append(made, &ent.Tag{ID: one.Row.ID, Name: one.To})
		} else {
			renamed = append(renamed, one)
		}
	}
	if err := taxonomy.RenameTags(ctx, u.Tx, renamed); err != nil {
		return err
	}
	u.MadeTags(made)
	return change.Tags.Put(ctx, u.Ent, made)
}

// tagsLike finds the tags that have an id or a name of some of before the set.
func (u *taxonomyUndo) tagsLike(ctx context.Context, list []*subjectChange) (byID, byName map[string]*ent.Tag, err error) {
	var ids, names []string
	for _, t := range list {
		ids, names = append(ids, t.id), append(names, t.was.Name)
	}
	rows, err := u.Ent.Tag.Query().Where(tag.Or(collect.In[string](tag.FieldID, ids), collect.In[string](tag.FieldName, names))).All(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("find tags: %w", err)
	}
	byID, byName = map[string]*ent.Tag{}, map[string]*ent.Tag{}
	for _, row := range rows {
		byID[row.ID], byName[row.Name] = row, row
	}
	return byID, byName, nil
}
