package bulk

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"vodgraph/ent"
	"vodgraph/ent/bulkfailure"
	"vodgraph/ent/collect"
	"vodgraph/fault"
	"vodgraph/taxonomy"
)

// A name or a place may be taken by what the set made and gave to its assets, which lose it
// while they are undone. What wants it is deferred: the last batch puts it back, before
// what the set made is deleted.

// defers reports whether some tags or categories may be deferred: not in the last batch, and
// none of a set that deleted some, as assets get those back in every batch.
func (u *taxonomyUndo) defers(list []*subjectChange) bool {
	return !u.ending && !slices.ContainsFunc(list, (*subjectChange).gone)
}

// deferTags defers those tags whose names others have until the last batch, and returns the rest.
func (u *taxonomyUndo) deferTags(back []taxonomy.Rename, inTheWay map[string]*ent.Tag) (now []taxonomy.Rename) {
	now = u.free(back, inTheWay, map[string]*fault.Fault{})
	for _, one := range back {
		if !slices.Contains(now, one) {
			u.deferred = append(u.deferred, u.byID[one.Row.ID])
		}
	}
	return now
}

// deferHomes defers those categories that can go back once the assets of the set have lost
// what it made, and refuses those that cannot even then.
func (h *placing) deferHomes() {
	if maps.Equal(h.idle, h.ending) {
		return
	}
	idle := h.idle
	h.idle = h.ending
	h.settle()
	end, refused := slices.Clone(h.homes), h.faults
	h.idle, h.faults = idle, map[string][]*fault.Fault{}
	h.settle()
	for _, one := range end {
		switch {
		case h.going[one.id]:
		case refused[one.id] == nil:
			h.deferred = append(h.deferred, one.subjectChange)
		default: // a part of it was refused, and so is the rest
			refused[one.id] = append(refused[one.id], h.faults[one.id]...)
		}
	}
	h.faults = refused
}

// undoDeferred puts back, in the last batch, what was deferred.
func (r *batch) undoDeferred(ctx context.Context, u *taxonomyUndo) error {
	if !r.taxonomy && !r.row.DryRun {
		if err := u.findDeferred(ctx, r.row.ID); err != nil {
			return err
		}
	}
	var listed [2][]*subjectChange // categories and tags
	for _, t := range u.deferred {
		if t.tagged() {
			listed[1] = append(listed[1], t)
		} else {
			listed[0] = append(listed[0], t)
		}
	}
	u.ending = true
	if categories := listed[0]; len(categories) > 0 {
		h, err := u.placing(ctx, categories)
		if err != nil {
			return err
		}
		h.homes = slices.DeleteFunc(h.homes, func(one *home) bool { return h.faults[one.id] != nil })
		h.faults = map[string][]*fault.Fault{} // of those that went back in the first batch
		if err := h.write(ctx, categories); err != nil {
			return err
		}
	}
	if len(listed[1]) == 0 {
		return nil
	}
	byID, byName, err := u.tagsLike(ctx, listed[1])
	if err != nil {
		return err
	}
	return u.putTags(ctx, listed[1], byID, byName)
}

// findDeferred finds what the first batch may have deferred: the tags that later batches found
// to have the names of the set, and categories, but for those that it refused.
func (u *taxonomyUndo) findDeferred(ctx context.Context, operation string) error {
	categories := u.of(false, (*subjectChange).stayed)
	if len(u.of(false, (*subjectChange).made)) > 0 && u.defers(u.of(false, (*subjectChange).gone)) {
		u.deferred = append(u.deferred, categories...)
	}
	if !u.defers(u.of(true, (*subjectChange).gone)) {
		u.deferred = slices.DeleteFunc(u.deferred, (*subjectChange).tagged)
	}
	if len(u.deferred) == 0 {
		return nil
	}
	refused, err := u.Ent.BulkFailure.Query().Where(bulkfailure.OperationID(operation),
		collect.In[string](bulkfailure.FieldSubjectID, idsOf(u.deferred))).All(ctx)
	if err != nil {
		return fmt.Errorf("find what was refused: %w", err)
	}
	for _, row := range refused {
		u.deferred = slices.DeleteFunc(u.deferred, func(t *subjectChange) bool { return t.id == *row.SubjectID })
	}
	return nil
}
