package bulk

import (
	"context"
	"fmt"

	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	entries "vodgraph/ent/change"
	"vodgraph/fault"
	"vodgraph/media"
)

type subjectChange struct {
	id string
	// was and is are what it was before the set, and after; nil is not there. Of one that
	// was there before and after, they have what was changed alone.
	was, is        *change.SubjectState
	renamed, moved bool
}

func (t *subjectChange) tagged() bool { return t.id[:len(media.TagPrefix)] == media.TagPrefix }
func (t *subjectChange) gone() bool   { return t.was != nil && t.is == nil }
func (t *subjectChange) made() bool   { return t.was == nil && t.is != nil }
func (t *subjectChange) stayed() bool { return t.was != nil && t.is != nil }

// taxonomyChanges is what a change set made of tags and categories, in the order in which it met
// them.
type taxonomyChanges struct {
	set  string
	all  []*subjectChange
	byID map[string]*subjectChange
	// tagVerbs reports whether a verb on tags was called, which takes a caller who sees
	// everything, rather than that tags were made by the way.
	tagVerbs bool
}

func readTaxonomy(ctx context.Context, d *change.Tx, set *ent.ChangeSet) (*taxonomyChanges, error) {
	rows, err := d.Ent.Change.Query().Where(entries.ChangeSetID(set.ID), change.AboutTaxonomy()).Order(entries.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what was changed of tags and categories: %w", err)
	}
	f := &taxonomyChanges{set: set.ID, byID: map[string]*subjectChange{}}
	for _, row := range rows {
		t := f.byID[row.SubjectID]
		if t == nil {
			t = &subjectChange{id: row.SubjectID}
			f.byID[t.id] = t
			f.all = append(f.all, t)
			if row.Field != change.CreatedField {
				t.was, t.is = &change.SubjectState{}, &change.SubjectState{}
			}
		}
		t.add(row)
		if t.tagged() {
			// An undo deletes tags, too, but only such as were made by the way.
			f.tagVerbs = f.tagVerbs || row.Field == change.NameField || row.Field == change.MergedField || row.Field == change.DeletedField && set.UndoesID == nil
		}
	}
	return f, nil
}

func (t *subjectChange) add(row *ent.Change) {
	switch row.Field {
	case change.CreatedField:
		t.is = change.StateIn(row.After)
	case change.DeletedField, change.MergedField:
		if t.was != nil {
			before := change.StateIn(row.Before)
			if t.renamed {
				before.Name = t.was.Name
			}
			if t.moved {
				before.ParentID = t.was.ParentID
			}
			t.was = before
		}
		t.is = nil
	case change.NameField:
		var before, after string
		_, _ = catalog.Reads(row.Before, &before), catalog.Reads(row.After, &after)
		if t.was != nil && !t.renamed {
			t.was.Name = before
		}
		t.renamed = true
		t.is.Name = after
	case change.ParentField:
		var before, after *change.Linked
		_, _ = catalog.Reads(row.Before, &before), catalog.Reads(row.After, &after)
		if t.was != nil && !t.moved {
			t.was.ParentID = idOf(before)
		}
		t.moved = true
		t.is.ParentID = idOf(after)
	}
}

func idOf(l *change.Linked) *string {
	if l == nil {
		return nil
	}
	return &l.ID
}

// may reports whether the caller may undo what became of a category: they see it, and the one
// above, both before and after.
func (f *taxonomyChanges) may(g change.Grants, t *subjectChange) bool {
	if g == nil || t.tagged() {
		return true
	}
	above := func(parent *string) bool {
		if parent == nil {
			return false
		}
		if back := f.byID[*parent]; back != nil && back.gone() && !g.Covers(*parent) {
			return f.may(g, back)
		}
		return g.Covers(*parent)
	}
	switch row := g[t.id]; {
	case t.gone():
		return above(t.was.ParentID)
	case row != nil:
		return row.ParentID != nil && (!t.moved || t.made() || above(t.was.ParentID))
	case t.made():
		return above(t.is.ParentID)
	}
	return false
}

// allowed refuses a limited caller a set of which they may not undo what became of tags and
// categories, and reports in how many categories they see it, or may undo it.
func (f *taxonomyChanges) allowed(g change.Grants) (int, error) {
	n := 0
	for _, t := range f.all {
		if !t.tagged() && (g[t.id] != nil || f.may(g, t)) {
			n++
		}
	}
	if g != nil && f.tagVerbs {
		return n, fault.New(fault.Forbidden, "To undo changes of tags takes a caller who is not limited to some categories.").At("id")
	}
	for _, t := range f.all {
		if !f.may(g, t) {
			return n, fault.New(fault.Forbidden, "The set has categories that you do not see, or may not change.").At("id")
		}
	}
	return n, nil
}
