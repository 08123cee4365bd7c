package model

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/ent/change"
	"vodgraph/ent/changeset"
	"vodgraph/keyset"
)

// ChangeSet is what one call has changed.
type ChangeSet struct{ *ent.ChangeSet }

// IsNode says that it has an id of its own.
func (ChangeSet) IsNode() {}

func changeSetOf(s *ent.ChangeSet) ChangeSet { return ChangeSet{s} }

func (s ChangeSet) family() family {
	return parentRow[ent.ChangeSet, *ent.ChangeSet]{s.ChangeSet, func(s *ent.ChangeSet) string { return s.ID }}
}

var newestSet = keyset.Order{
	{Column: changeset.FieldCreatedAt, Kind: keyset.Moment, Desc: true}, {Column: changeset.FieldID, Desc: true},
}

func changeSetValue(s *ent.ChangeSet, column string) any {
	if column == changeset.FieldCreatedAt {
		return s.CreatedAt
	}
	return s.ID
}

// ownSets keeps the sets that are shown by themselves: one's own, and to administrators
// all. Others are seen only as that with which an asset was changed.
func ownSets(ctx context.Context) func(*sql.Selector) {
	caller := auth.From(ctx)
	if caller.Can(auth.OthersChangeSets) {
		return nil
	}
	return func(s *sql.Selector) { s.Where(sql.EQ(s.C(changeset.FieldActor), caller.Actor())) }
}

// shownTo reports whether a set, of which the actor is loaded, is shown by itself.
func shownTo(ctx context.Context, s *ent.ChangeSet) bool {
	return auth.From(ctx).Can(auth.OthersChangeSets) || s.Actor == auth.From(ctx).Actor()
}

// ChangeSets is a page of the change sets that the caller is shown, newest first.
func ChangeSets(ctx context.Context, c *ent.Client) (*ChangeSetConnection, error) {
	return top(ctx, c, list[ent.ChangeSet]{table: changeSets, order: newestSet, where: ownSets(ctx)}, changeSetOf)
}

// ChangeSetWith is the change set with an id; nil where there is none.
func ChangeSetWith(ctx context.Context, c *ent.Client, id string) (*ChangeSet, error) {
	row, err := find(ctx, c, changeSets, func(s *sql.Selector) {
		s.Where(sql.EQ(s.C(changeset.FieldID), id))
		if own := ownSets(ctx); own != nil {
			own(s)
		}
	})
	if err != nil || row == nil {
		return nil, err
	}
	return &ChangeSet{row}, nil
}

// Undoes is the set that this one has undone; nil for none.
func (s ChangeSet) Undoes(ctx context.Context) (*ChangeSet, error) {
	return changeSetAt(ctx, s.ChangeSet, func(s *ent.ChangeSet) string { return deref(s.UndoesID) })
}

// UndoneBy is the last set that has undone this one; nil for none.
func (s ChangeSet) UndoneBy(ctx context.Context) (*ChangeSet, error) {
	undoing, err := plain(ctx, s.family(), below[ent.ChangeSet]{
		table: changeSets, hold: heldBy(changeset.FieldUndoesID), shape: always(changeset.FieldCreatedAt),
	}, changeSetOf)
	if err != nil || len(undoing) == 0 {
		return nil, err
	}
	return &undoing[len(undoing)-1], nil
}

// changeSetAt is the set that rows name by id, which key reads.
func changeSetAt[R any, P row[R]](ctx context.Context, r P, key func(P) string) (*ChangeSet, error) {
	row, err := one(ctx, parentRow[R, P]{r, key}, changeSets, func(s *ent.ChangeSet) string { return s.ID })
	if err != nil || row == nil {
		return nil, err
	}
	return &ChangeSet{row}, nil
}

// Changes is a page of what the set has changed, subject by subject.
func (s ChangeSet) Changes(ctx context.Context) (*ChangeConnection, error) {
	return paged(ctx, s.family(), func(*arguments) (list[ent.Change], error) {
		return list[ent.Change]{table: changes, hold: heldBy(change.FieldChangeSetID), order: subjectBySubject}, nil
	}, changeOf)
}

// History is a page of what was changed of the asset, newest first.
func (m assetFields) History(ctx context.Context) (*ChangeConnection, error) {
	return historyOf(ctx, m.family(anyKind))
}

// History is a page of what was changed of the tag, newest first.
func (t Tag) History(ctx context.Context) (*ChangeConnection, error) {
	return historyOf(ctx, t.family())
}

// History is a page of what was changed of the category, newest first.
func (c Category) History(ctx context.Context) (*ChangeConnection, error) {
	return historyOf(ctx, c.family())
}

func historyOf(ctx context.Context, f family) (*ChangeConnection, error) {
	return paged(ctx, f, func(*arguments) (list[ent.Change], error) {
		return list[ent.Change]{table: changes, hold: heldBy(change.FieldSubjectID), order: lastWritten}, nil
	}, changeOf)
}

// The orders of changes: their ids rise as they are written.
var (
	subjectBySubject = keyset.Order{{Column: change.FieldSubjectID}, {Column: change.FieldID, Kind: keyset.Int}}
	lastWritten      = keyset.Order{{Column: change.FieldID, Kind: keyset.Int, Desc: true}}
)

func changeValue(c *ent.Change, column string) any {
	if column == change.FieldSubjectID {
		return c.SubjectID
	}
	return c.ID
}

// Change is one field of one asset, tag or category, as it was and as it became.
type Change struct{ *ent.Change }

func changeOf(c *ent.Change) Change { return Change{c} }

// SubjectID is the id of what was changed; nil for what a dry run would make.
func (c Change) SubjectID() *string { return given(subjectID(c.Change)) }

// subjectID is the id of what was changed; empty for what a dry run would make, of which
// the prefix alone is kept.
func subjectID(c *ent.Change) string {
	if strings.HasSuffix(c.SubjectID, "_") {
		return ""
	}
	return c.SubjectID
}

// Revision is that of the transaction; nil in a dry run.
func (c Change) Revision() *int64 { return given(c.Change.Revision) }

// At is when it was changed; nil in a dry run.
func (c Change) At() *time.Time {
	if c.Change.At.IsZero() {
		return nil
	}
	return &c.Change.At
}

// given is a value, or nil for the zero one, which stands for none.
func given[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// Subject is the asset, tag or category that was changed; nil where it is gone.
func (c Change) Subject(ctx context.Context) (Node, error) {
	return subjectAt(ctx, c.Change, subjectID)
}

// ChangeSet is what it was changed with; nil in a dry run.
func (c Change) ChangeSet(ctx context.Context) (*ChangeSet, error) {
	if c.Change.ChangeSetID == "" {
		return nil, nil
	}
	return changeSetAt(ctx, c.Change, func(c *ent.Change) string { return c.ChangeSetID })
}

// Before is what the field was, or of a set of links what was taken from it.
func (c Change) Before(ctx context.Context) (json.RawMessage, error) {
	return c.shown(ctx, c.Change.Before)
}

// After is what the field became, or of a set of links what was added to it.
func (c Change) After(ctx context.Context) (json.RawMessage, error) {
	return c.shown(ctx, c.Change.After)
}
