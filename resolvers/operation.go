package resolvers

import (
	"context"

	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent/bulkoperation"
	"vodgraph/filter"
	"vodgraph/graph"
	"vodgraph/model"
)

// BulkOperation is the operation with an id; nil where there is none.
func (q query) BulkOperation(ctx context.Context, id string) (*model.BulkOperation, error) {
	if err := model.Legal("id", id); err != nil {
		return nil, err
	}
	return model.BulkOperationWith(ctx, q.Client, id)
}

func (q query) BulkOperations(ctx context.Context, status []bulkoperation.Status, _ *int, _ *string) (*model.BulkOperationConnection, error) {
	return model.BulkOperations(ctx, q.Client, status)
}

func (m mutation) operation(ctx context.Context, id string, err error) (*graph.BulkOperationPayload, error) {
	refused, err := refusals(err)
	if err != nil || len(refused) > 0 {
		return &graph.BulkOperationPayload{UserErrors: refused}, err
	}
	found, err := model.BulkOperationIn(ctx, m.Client, id)
	return &graph.BulkOperationPayload{Operation: found, UserErrors: refused}, err
}

func (m mutation) AssetsUpdateWhere(ctx context.Context, filter filter.AssetFilter, change catalog.AssetChangeInput,
	all *bool, options *change.BulkOptions) (*graph.BulkOperationPayload, error) {
	id, err := m.Catalog.AssetsUpdateWhere(ctx, &filter, &change, isTrue(all), options)
	return m.operation(ctx, id, err)
}

func (m mutation) AssetsTrashWhere(ctx context.Context, filter filter.AssetFilter, all *bool, options *change.BulkOptions) (*graph.BulkOperationPayload, error) {
	id, err := m.Catalog.AssetsTrashWhere(ctx, &filter, isTrue(all), options)
	return m.operation(ctx, id, err)
}

func (m mutation) AssetsRestoreWhere(ctx context.Context, filter filter.AssetFilter, all *bool, options *change.BulkOptions) (*graph.BulkOperationPayload, error) {
	id, err := m.Catalog.AssetsRestoreWhere(ctx, &filter, isTrue(all), options)
	return m.operation(ctx, id, err)
}

func (m mutation) BulkOperationCancel(ctx context.Context, id string) (*graph.BulkOperationPayload, error) {
	return m.operation(ctx, id, m.Catalog.BulkOperationCancel(ctx, id))
}

func (m mutation) ChangeSetUndo(ctx context.Context, id string, options *change.BulkOptions) (*graph.BulkOperationPayload, error) {
	operation, err := m.Catalog.ChangeSetUndo(ctx, id, options)
	return m.operation(ctx, operation, err)
}

func (m mutation) TrashPurge(ctx context.Context, all *bool, options *change.BulkOptions) (*graph.BulkOperationPayload, error) {
	id, err := m.Catalog.TrashPurge(ctx, isTrue(all), options)
	return m.operation(ctx, id, err)
}

func isTrue(b *bool) bool { return b != nil && *b }
