package resolvers

import (
	"context"
	"fmt"
	"strconv"

	"vodgraph/ent/bulkoperation"
	"vodgraph/ent/collect"
	"vodgraph/ent/indexentry"
	"vodgraph/fault"
	"vodgraph/graph"
	"vodgraph/model"
	"vodgraph/subscribe"
)

type subscription struct{ *Root }

// Subscription answers the fields of Subscription.
func (r *Root) Subscription() graph.SubscriptionResolver { return subscription{r} }

// BulkOperation sends how far an operation is, until it is over. It refuses with
// fault.NotFound one that is not there.
func (s subscription) BulkOperation(ctx context.Context, id string) (<-chan *model.BulkOperation, error) {
	if err := model.Legal("id", id); err != nil {
		return nil, err
	}
	load := func() (*model.BulkOperation, error) { return model.BulkOperationWith(ctx, s.Client, id) }
	events, err := subscribe.Events(ctx, s.Subscriptions.Operations, id, s.operations, load)
	switch {
	case err != nil:
		return nil, fmt.Errorf("find the operation: %w", err)
	case events == nil:
		return nil, fault.New(fault.NotFound, "There is no such operation.").At("id")
	}
	return events, nil
}

func (s subscription) operations(ctx context.Context, ids []string) (map[string]subscribe.Version, error) {
	rows, err := s.Client.BulkOperation.Query().Where(collect.In[string](bulkoperation.FieldID, ids)).All(ctx)
	states := map[string]subscribe.Version{}
	for _, row := range rows {
		final := row.Status != bulkoperation.StatusQUEUED && row.Status != bulkoperation.StatusRUNNING
		states[row.ID] = subscribe.Version{State: fmt.Sprint(row.Status, row.Done, row.Changed, row.Failed), Final: final}
	}
	return states, err
}

// Asset sends each change of an asset, until it is deleted for good. It refuses with
// fault.NotFound one that is not there.
func (s subscription) Asset(ctx context.Context, id string) (<-chan model.Asset, error) {
	if err := model.Legal("id", id); err != nil {
		return nil, err
	}
	load := func() (model.Asset, error) { return model.AssetWith(ctx, s.Client, "id", id) }
	events, err := subscribe.Events(ctx, s.Subscriptions.Assets, id, s.assets, load)
	switch {
	case err != nil:
		return nil, fmt.Errorf("find the asset: %w", err)
	case events == nil:
		return nil, fault.New(fault.NotFound, "There is no such asset.").At("id")
	}
	return events, nil
}

func (s subscription) assets(ctx context.Context, ids []string) (map[string]subscribe.Version, error) {
	rows, err := s.Client.IndexEntry.Query().Where(collect.In[string](indexentry.FieldAssetID, ids)).
		Select(indexentry.FieldAssetID, indexentry.FieldRevision).All(ctx)
	states := map[string]subscribe.Version{}
	for _, row := range rows {
		states[row.AssetID] = subscribe.Version{State: strconv.FormatInt(row.Revision, 10)}
	}
	return states, err
}
