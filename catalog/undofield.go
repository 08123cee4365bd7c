package catalog

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/media"
)

func (u *Undoing) putMezzanine(k *change.Check, s *change.State, e *ent.Change) {
	if e.Before == nil && e.After == nil {
		k.Refuse(NotKept(), e.Field) // by a version that kept no values
		return
	}
	var was *keptMezzanine
	if !u.Same(k, e, keptMezzanineOf(s.Mezzanine)) || !Reads(e.Before, &was) {
		return
	}
	if s.Mezzanine = nil; was != nil {
		s.Mezzanine = mezzanineRow(s.ID, &was.MezzanineInput)
		s.Mezzanine.ID = was.ID
	}
}

// putLinks gives back the links that went, and takes those that came. Links to other
// attachments, which came since, stay.
func (u *Undoing) putLinks(k *change.Check, s *change.State, e *ent.Change) {
	before, after := AttachedIn(e.Before), AttachedIn(e.After)
	if len(before)+len(after) == 0 {
		k.Refuse(NotKept(), e.Field) // by a version that kept no values
		return
	}
	for _, list := range []map[string]*AttachmentRef{before, after} {
		for id := range list {
			if u.Resolved.Invisible[id] {
				k.Refuse(fault.New(fault.Forbidden, "It is about an attachment that you do not see."), e.Field)
				return
			}
		}
	}
	var rows []*ent.AttachmentLink
	now := map[string]bool{}
	for _, row := range s.Links {
		id := row.AttachmentID
		now[id] = true
		ref := after[id]
		if ref != nil && (change.Deref(ref.Language) != change.Deref(row.Language) || change.Deref(ref.Label) != change.Deref(row.Label)) || ref == nil && before[id] != nil {
			k.Refuse(ChangedSince(), e.Field)
			return
		}
		if ref == nil {
			rows = append(rows, row)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before)) { // so that the first refusal is always the same
		ref := before[id]
		switch {
		case u.Resolved.ByID[id] == nil:
			k.Refuse(fault.New(fault.NotUndoable, "An attachment that it used is no more."), e.Field)
			return
		case after[id] != nil && !now[id]:
			k.Refuse(ChangedSince(), e.Field)
			return
		}
		rows = append(rows, &ent.AttachmentLink{AssetID: s.ID, AttachmentID: id, Language: ref.Language, Label: ref.Label})
	}
	slices.SortFunc(rows, func(a, b *ent.AttachmentLink) int { return cmp.Compare(a.AttachmentID, b.AttachmentID) })
	s.Links = rows
}

// putStatus puts a status back together with its reason. Versions before kept the status
// alone; the reason that came with it goes with it then.
func (u *Undoing) putStatus(k *change.Check, s *change.State, e *ent.Change) {
	var before, after asset.Status
	if json.Unmarshal(e.After, &after) == nil && json.Unmarshal(e.Before, &before) == nil {
		if s.Status != after {
			k.Refuse(ChangedSince(), e.Field)
			return
		}
		s.Status, s.StatusReason = before, nil
		return
	}
	var was standing
	if u.Same(k, e, standingOf(s)) && json.Unmarshal(e.Before, &was) == nil {
		s.Status, s.StatusReason = was.Status, was.Reason
	}
}

// Undoing is what the fields of assets need to go back.
type Undoing struct {
	*change.Tx
	*change.Resolved
	Names   map[string]string  // of tags, by id
	Deleted map[string]bool    // tags that are gone, and were not merged
	Back    map[string]*string // reference ids that go back, by asset
	Marks   map[string]bool    // attachments that streams have as their watermark
}

// Reads reads a remembered value; null is the zero value.
func Reads(m json.RawMessage, into any) bool { return m == nil || json.Unmarshal(m, into) == nil }

// Same refuses a field that has another value than the set gave it.
func (u *Undoing) Same(k *change.Check, e *ent.Change, now any) bool {
	if string(u.Entry("", e.Field, now, nil).Before) != string(e.After) {
		k.Refuse(ChangedSince(), e.Field)
		return false
	}
	return true
}

// ChangedSince is the refusal of a field that has another value than the set gave it.
func ChangedSince() *fault.Fault {
	return fault.New(fault.ChangedSince, "The field was changed since.")
}

// NotKept is the refusal of a field of which the history does not keep values.
func NotKept() *fault.Fault {
	return fault.New(fault.NotUndoable, "What it was before is not kept.")
}

// putBack gives a field its value from before, where it is as the set left it.
func putBack[T any](u *Undoing, k *change.Check, e *ent.Change, field *T) {
	var before T
	if u.Same(k, e, *field) && Reads(e.Before, &before) {
		*field = before
	}
}

type cover struct{ Image, Snapshot *string }

// CoverIn is a cover as the history has it; null is none.
func CoverIn(m json.RawMessage) (c cover) {
	_ = json.Unmarshal(m, &c) // what coverOf wrote; null is none
	return c
}

func (u *Undoing) putCover(k *change.Check, s *change.State, before json.RawMessage) {
	if is := s.CoverImageID; is != nil && u.Resolved.Invisible[*is] {
		k.Refuse(fault.New(fault.Forbidden, "The cover is an image that you do not see."), CoverField)
		return
	}
	was := CoverIn(before)
	there := was.Image == nil || u.Resolved.ByID[*was.Image] != nil && !u.Resolved.Invisible[*was.Image]
	if was.Snapshot != nil {
		there = slices.ContainsFunc(s.Snapshots, func(row *ent.Snapshot) bool { return row.ID == *was.Snapshot })
	}
	if !there {
		k.Refuse(fault.New(fault.NotUndoable, "The cover that it had is no more."), "cover")
		return
	}
	s.CoverImageID, s.CoverSnapshotID = was.Image, was.Snapshot
}

// joinLinks joins an entry of such a field to those before it. What was taken and added
// again, or the reverse, was not changed.
func joinLinks(first, row *ent.Change) *ent.Change {
	gone, added := change.LinksIn(first.Before), change.LinksIn(first.After)
	took, gave := change.LinksIn(row.Before), change.LinksIn(row.After)
	joined := *first
	joined.Before = encoded(append(without(gone, gave), without(took, added)...))
	joined.After = encoded(append(without(added, took), without(gave, gone)...))
	return &joined
}

func without(list, other []change.Linked) []change.Linked {
	return slices.DeleteFunc(slices.Clone(list), func(one change.Linked) bool { return hasLink(other, one.ID) })
}

func hasLink(list []change.Linked, id string) bool {
	return slices.ContainsFunc(list, func(one change.Linked) bool { return one.ID == id })
}

func encoded(list []change.Linked) json.RawMessage {
	return json.RawMessage(change.JSONText(list).(string))
}

func (u *Undoing) putTags(k *change.Check, s *change.State, e *ent.Change) {
	var back, away []string
	for _, one := range change.LinksIn(e.Before) {
		name := u.Names[one.ID]
		if name == "" {
			k.Refuse(u.noMore("tag", one.Name), change.TagLinks.Field)
			return
		}
		back = append(back, name)
	}
	for _, one := range change.LinksIn(e.After) {
		switch name := u.Names[one.ID]; {
		case name != "":
			away = append(away, name)
		case !u.Deleted[one.ID]: // it was merged into another, which may be there for other reasons
			k.Refuse(u.noMore("tag", one.Name), change.TagLinks.Field)
			return
		}
	}
	next := listed(slices.Concat(s.Tags, back), away)
	if full := change.TooMany(len(next), k.Limits.Tags, fault.TooManyTags, "tags"); full != nil && len(next) > len(s.Tags) {
		k.Refuse(full, change.TagLinks.Field) // others have been added since
		return
	}
	s.Tags = next
}

// putCategories puts the categories of an asset back, but for those that the caller does not
// see, which stay as they are.
func (u *Undoing) putCategories(k *change.Check, s *change.State, e *ent.Change) {
	var back, away []string
	for _, one := range change.LinksIn(e.Before) {
		row := u.Resolved.Categories[one.ID]
		if row == nil {
			k.Refuse(u.noMore("category", media.ShownPath(one.Path)), change.CategoryLinks.Field)
			return
		}
		if u.Granted.Covers(one.ID) {
			back = append(back, one.ID)
		}
	}
	for _, one := range change.LinksIn(e.After) {
		if u.Granted.Covers(one.ID) {
			away = append(away, one.ID)
		}
	}
	next := listed(slices.Concat(s.Categories, back), away)
	if full := change.TooMany(len(next), k.Limits.Categories[string(s.Kind)], fault.TooManyCategories, "categories"); full != nil && len(next) > len(s.Categories) {
		k.Refuse(full, change.CategoryLinks.Field)
		return
	}
	if u.Granted.Keep(k, next, change.CategoryLinks.Field) {
		s.Categories = next
	}
}

// noMore is the refusal of a field in which something stood that is gone since. Limited
// callers do not learn its name, and entries of earlier versions do not have it.
func (u *Undoing) noMore(what, name string) *fault.Fault {
	if name == "" || u.Granted != nil {
		return fault.New(fault.NotUndoable, "The %s is gone, and what it was called is not known.", what)
	}
	return fault.New(fault.NotUndoable, "The %s %q is gone.", what, name)
}

// putReference puts a reference id back, unless another asset has it by now.
func (u *Undoing) putReference(k *change.Check, s *change.State, e *ent.Change) {
	var before *string
	if !Reads(e.Before, &before) || !u.Same(k, e, s.ReferenceID) {
		return
	}
	if _, free := u.Back[s.ID]; !free {
		k.Refuse(fault.New(fault.ReferenceIDTaken, "Another asset has this reference id by now."), ReferenceField)
		return
	}
	s.ReferenceID = before
}

// ReferenceField is the field of the history for reference ids.
const ReferenceField = "referenceId"

// putAttachmentType gives an attachment its type from before, unless streams have it as their
// watermark.
func (u *Undoing) putAttachmentType(k *change.Check, s *change.State, e *ent.Change) {
	if u.Marks[s.ID] && change.ValueOr(s.BusinessType, "") == asset.BusinessTypeWATERMARK {
		k.Refuse(fault.New(fault.NotUndoable, "Streams have it as their watermark, which is of type WATERMARK."), e.Field)
		return
	}
	putBack(u, k, e, attachmentTypeOf(s.Asset))
}
