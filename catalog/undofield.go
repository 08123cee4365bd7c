package catalog

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/media"
)

// putMezzanine puts a source file back as it was, all of it.
func (u *undoing) putMezzanine(k *check, s *state, e *ent.Change) {
	if e.Before == nil && e.After == nil {
		k.refuse(notKept(), e.Field) // by a version that kept no values
		return
	}
	var was *keptMezzanine
	if !u.same(k, e, keptMezzanineOf(s.mezzanine)) || !reads(e.Before, &was) {
		return
	}
	if s.mezzanine = nil; was != nil {
		s.mezzanine = mezzanineRow(s.ID, &was.MezzanineInput)
		s.mezzanine.ID = was.ID
	}
}

// putLinks gives back the links that went, and takes those that came. Links to other
// attachments, which came since, stay.
func (u *undoing) putLinks(k *check, s *state, e *ent.Change) {
	before, after := attachedIn(e.Before), attachedIn(e.After)
	if len(before)+len(after) == 0 {
		k.refuse(notKept(), e.Field) // by a version that kept no values
		return
	}
	for _, list := range []map[string]*AttachmentRef{before, after} {
		for id := range list {
			if u.directory.unseen[id] {
				k.refuse(fault.New(fault.Forbidden, "It is about an attachment that you do not see."), e.Field)
				return
			}
		}
	}
	var rows []*ent.AttachmentLink
	now := map[string]bool{}
	for _, row := range s.links {
		id := row.AttachmentID
		now[id] = true
		ref := after[id]
		if ref != nil && (val(ref.Language) != val(row.Language) || val(ref.Label) != val(row.Label)) || ref == nil && before[id] != nil {
			k.refuse(changedSince(), e.Field)
			return
		}
		if ref == nil {
			rows = append(rows, row)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before)) { // so that the first refusal is always the same
		ref := before[id]
		switch {
		case u.directory.ids[id] == nil:
			k.refuse(fault.New(fault.NotUndoable, "An attachment that it used is no more."), e.Field)
			return
		case after[id] != nil && !now[id]:
			k.refuse(changedSince(), e.Field)
			return
		}
		rows = append(rows, &ent.AttachmentLink{AssetID: s.ID, AttachmentID: id, Language: ref.Language, Label: ref.Label})
	}
	slices.SortFunc(rows, func(a, b *ent.AttachmentLink) int { return cmp.Compare(a.AttachmentID, b.AttachmentID) })
	s.links = rows
}

// putStatus puts a status back together with its reason. Versions before kept the status
// alone; the reason that came with it goes with it then.
func (u *undoing) putStatus(k *check, s *state, e *ent.Change) {
	var before, after asset.Status
	if json.Unmarshal(e.After, &after) == nil && json.Unmarshal(e.Before, &before) == nil {
		if s.Status != after {
			k.refuse(changedSince(), e.Field)
			return
		}
		s.Status, s.StatusReason = before, nil
		return
	}
	var was standing
	if u.same(k, e, standingOf(s)) && json.Unmarshal(e.Before, &was) == nil {
		s.Status, s.StatusReason = was.Status, was.Reason
	}
}

// undoing is what the fields of assets need to go back.
type undoing struct {
	*deed
	*directory
	names   map[string]string  // of tags, by id
	deleted map[string]bool    // tags that are gone, and were not merged
	back    map[string]*string // reference ids that go back, by asset
}

// reads reads a remembered value; null is the zero value.
func reads(m json.RawMessage, into any) bool { return m == nil || json.Unmarshal(m, into) == nil }

// same refuses a field that has another value than the set gave it.
func (u *undoing) same(k *check, e *ent.Change, now any) bool {
	if string(u.changed("", e.Field, now, nil).Before) != string(e.After) {
		k.refuse(changedSince(), e.Field)
		return false
	}
	return true
}

func changedSince() *fault.Fault {
	return fault.New(fault.ChangedSince, "The field was changed since.")
}

func notKept() *fault.Fault {
	return fault.New(fault.NotUndoable, "What it was before is not kept.")
}

// putBack gives a field its value from before, where it is as the set left it.
func putBack[T any](u *undoing, k *check, e *ent.Change, field *T) {
	var before T
	if u.same(k, e, *field) && reads(e.Before, &before) {
		*field = before
	}
}

// cover is a cover as it is remembered.
type cover struct{ Image, Snapshot *string }

func coverIn(m json.RawMessage) (c cover) {
	_ = json.Unmarshal(m, &c) // what coverOf wrote; null is none
	return c
}

// putCover gives an asset the cover that it had, if that is still there.
func (u *undoing) putCover(k *check, s *state, before json.RawMessage) {
	if is := s.CoverImageID; is != nil && u.directory.unseen[*is] {
		k.refuse(fault.New(fault.Forbidden, "The cover is an image that you do not see."), coverField)
		return
	}
	was := coverIn(before)
	there := was.Image == nil || u.directory.ids[*was.Image] != nil && !u.directory.unseen[*was.Image]
	if was.Snapshot != nil {
		there = slices.ContainsFunc(s.snapshots, func(row *ent.Snapshot) bool { return row.ID == *was.Snapshot })
	}
	if !there {
		k.refuse(fault.New(fault.NotUndoable, "The cover that it had is no more."), "cover")
		return
	}
	s.CoverImageID, s.CoverSnapshotID = was.Image, was.Snapshot
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
			k.refuse(u.noMore("category", media.ShownPath(one.Path)), categoryLinks.field)
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

// putReference puts a reference id back, unless another asset has it by now.
func (u *undoing) putReference(k *check, s *state, e *ent.Change) {
	var before *string
	if !reads(e.Before, &before) || !u.same(k, e, s.ReferenceID) {
		return
	}
	if _, free := u.back[s.ID]; !free {
		k.refuse(fault.New(fault.ReferenceIDTaken, "Another asset has this reference id by now."), referenceField)
		return
	}
	s.ReferenceID = before
}

// referenceField is the field of the history that tells of reference ids.
const referenceField = "referenceId"
