package model

import (
	"context"
	"encoding/json"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/ent/bulkfailure"
	"vodgraph/ent/bulkoperation"
	"vodgraph/ent/collect"
	"vodgraph/fault"
	"vodgraph/keyset"
)

// BulkOperation is one change for any number of assets.
type BulkOperation struct{ *ent.BulkOperation }

// IsNode says that it has an id of its own.
func (BulkOperation) IsNode() {}

func operationOf(o *ent.BulkOperation) BulkOperation { return BulkOperation{o} }

var operations = table[ent.BulkOperation]{
	name: bulkoperation.Table,
	columns: ent.BulkOperationColumns.With(collect.Columns{
		"changeSet": {bulkoperation.FieldChangeSetID}, "failures": nil,
		"changes": {bulkoperation.FieldDryRun, bulkoperation.FieldChangeSetID}, "changeCounts": {bulkoperation.FieldCounts},
		"filter": {bulkoperation.FieldInput}, "change": {bulkoperation.FieldInput}, "text": nil, "undoes": {bulkoperation.FieldInput},
	}),
	needs: []string{bulkoperation.FieldID},
	value: func(o *ent.BulkOperation, column string) any {
		if column == bulkoperation.FieldCreatedAt {
			return o.CreatedAt
		}
		return o.ID
	},
	fetch: fetched(func(c *ent.Client) *ent.BulkOperationQuery { return c.BulkOperation.Query() }),
}

var failures = table[ent.BulkFailure]{
	name: bulkfailure.Table,
	columns: ent.BulkFailureColumns.With(collect.Columns{"asset": {bulkfailure.FieldAssetID},
		"subject": {bulkfailure.FieldAssetID, bulkfailure.FieldSubjectID}, "subjectId": {bulkfailure.FieldAssetID, bulkfailure.FieldSubjectID}}),
	needs: []string{bulkfailure.FieldID},
	value: func(f *ent.BulkFailure, _ string) any { return f.ID },
	keys:  map[string]func(*ent.BulkFailure) string{bulkfailure.FieldOperationID: func(f *ent.BulkFailure) string { return f.OperationID }},
	fetch: fetched(func(c *ent.Client) *ent.BulkFailureQuery { return c.BulkFailure.Query() }),
}

// BulkOperations is a page of the operations at some statuses, newest first; nil is
// all statuses.
func BulkOperations(ctx context.Context, c *ent.Client, statuses []bulkoperation.Status) (*BulkOperationConnection, error) {
	return top(ctx, c, list[ent.BulkOperation]{
		table: operations,
		order: keyset.Order{
			{Column: bulkoperation.FieldCreatedAt, Kind: keyset.Moment, Desc: true}, {Column: bulkoperation.FieldID, Desc: true},
		},
		where: func(s *sql.Selector) {
			if statuses != nil {
				anyOf(s, bulkoperation.FieldStatus, statuses)
			}
		},
	}, operationOf)
}

// BulkOperationWith is the operation with an id; nil where there is none.
func BulkOperationWith(ctx context.Context, c *ent.Client, id string) (*BulkOperation, error) {
	row, err := find(ctx, c, operations, func(s *sql.Selector) { s.Where(sql.EQ(s.C(bulkoperation.FieldID), id)) })
	if err != nil || row == nil {
		return nil, err
	}
	return &BulkOperation{row}, nil
}

// BulkOperationIn loads the operation of a payload, whose field operation is.
func BulkOperationIn(ctx context.Context, c *ent.Client, id string) (*BulkOperation, error) {
	rows, err := at(ctx, c, operations, "operation", []string{id})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &BulkOperation{rows[0]}, nil
}

// ChangeSet is what it has changed; nil for nothing.
func (o BulkOperation) ChangeSet(ctx context.Context) (*ChangeSet, error) {
	return changeSetAt(ctx, o.BulkOperation, func(o *ent.BulkOperation) string { return deref(o.ChangeSetID) })
}

// Failures is a page of the assets, tags, categories or lines that were refused.
func (o BulkOperation) Failures(ctx context.Context) (*BulkFailureConnection, error) {
	f := parentRow[ent.BulkOperation, *ent.BulkOperation]{o.BulkOperation, func(o *ent.BulkOperation) string { return o.ID }}
	return paged(ctx, f, func(*arguments) (list[ent.BulkFailure], error) {
		return list[ent.BulkFailure]{table: failures, hold: heldBy(bulkfailure.FieldOperationID),
			order: keyset.Order{{Column: bulkfailure.FieldID, Kind: keyset.Int}}}, nil
	}, failureOf)
}

// BulkFailure is an asset, tag, category or line that was refused.
type BulkFailure struct{ *ent.BulkFailure }

func failureOf(f *ent.BulkFailure) BulkFailure { return BulkFailure{f} }

// AssetID is the asset's id; nil for none.
func (f BulkFailure) AssetID() *string { return f.BulkFailure.AssetID }

// Asset is the asset as it is now; nil where it is gone.
func (f BulkFailure) Asset(ctx context.Context) (Asset, error) {
	return assetAt(ctx, f.BulkFailure, func(f *ent.BulkFailure) string { return deref(f.AssetID) })
}

// SubjectID is the id of the asset, tag or category; nil for none.
func (f BulkFailure) SubjectID() *string {
	if f.BulkFailure.AssetID != nil {
		return f.BulkFailure.AssetID
	}
	return f.BulkFailure.SubjectID
}

// Subject is the asset, tag or category as it is now; nil where it is gone.
func (f BulkFailure) Subject(ctx context.Context) (Node, error) {
	return subjectAt(ctx, f.BulkFailure, func(f *ent.BulkFailure) string { return deref(BulkFailure{f}.SubjectID()) })
}

// Errors are why it was refused. A caller who is limited to some categories gets no users:
// what they see may have changed since they were found.
func (f BulkFailure) Errors(ctx context.Context) ([]*fault.Fault, error) {
	var list []*fault.Fault
	if err := json.Unmarshal(f.BulkFailure.Errors, &list); err != nil {
		return nil, fmt.Errorf("read refusals: %w", err)
	}
	for _, refused := range list {
		if !auth.From(ctx).Unlimited() {
			refused.Users = nil
		}
	}
	return list, nil
}
