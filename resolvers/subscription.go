package resolvers

import (
	"context"
	"fmt"

	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
	"vodgraph/ent/indexentry"
	"vodgraph/fault"
	"vodgraph/graph"
	"vodgraph/model"
)

// subscription answers the fields of Subscription.
type subscription struct{ *Root }

// Subscription answers the fields of Subscription.
func (r *Root) Subscription() graph.SubscriptionResolver { return subscription{r} }

// BulkOperation tells how far an operation is, until it is over. It refuses with
// fault.NotFound one that is not there.
func (s subscription) BulkOperation(ctx context.Context, id string) (<-chan *model.BulkOperation, error) {
	if err := model.Legal("id", id); err != nil {
		return nil, err
	}
	there, err := s.Client.BulkOperation.Query().Where(bulkoperation.ID(id)).Exist(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the operation: %w", err)
	}
	if !there {
		return nil, fault.New(fault.NotFound, "There is no such operation.").At("id")
	}
	versions := s.Watch.on(ctx, id, func(ctx context.Context) (version, error) {
		row, err := s.Client.BulkOperation.Get(ctx, id)
		if err != nil {
			return version{}, err
		}
		over := row.Status != bulkoperation.StatusQUEUED && row.Status != bulkoperation.StatusRUNNING
		return version{state: fmt.Sprint(row.Status, row.Done, row.Changed, row.Failed), over: over}, nil
	})
	return each(ctx, s.Watch, versions, func() (*model.BulkOperation, error) { return model.BulkOperationWith(ctx, s.Client, id) }), nil
}

// Asset tells each change of an asset, until it is deleted for good. It refuses with
// fault.NotFound one that is not there.
func (s subscription) Asset(ctx context.Context, id string) (<-chan model.Asset, error) {
	if err := model.Legal("id", id); err != nil {
		return nil, err
	}
	there, err := s.Client.IndexEntry.Query().Where(indexentry.AssetID(id)).Exist(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the asset: %w", err)
	}
	if !there {
		return nil, fault.New(fault.NotFound, "There is no such asset.").At("id")
	}
	versions := s.Watch.on(ctx, id, func(ctx context.Context) (version, error) {
		row, err := s.Client.IndexEntry.Query().Where(indexentry.AssetID(id)).Select(indexentry.FieldRevision).Only(ctx)
		if ent.IsNotFound(err) {
			return version{over: true}, nil
		}
		if err != nil {
			return version{}, err
		}
		return version{state: fmt.Sprint(row.Revision)}, nil
	})
	return each(ctx, s.Watch, versions, func() (model.Asset, error) { return model.AssetWith(ctx, s.Client, "id", id) }), nil
}

// each loads what has another version, as the subscriber selects it. What is gone by
// then is not told.
func each[T comparable](ctx context.Context, w *Watch, versions <-chan version, load func() (T, error)) <-chan T {
	events := make(chan T)
	go func() {
		defer close(events)
		for range versions {
			event, err := safely(w, load)
			var none T
			if err != nil || event == none {
				continue // the next version is loaded, or the subscriber has left
			}
			select {
			case events <- event:
			case <-ctx.Done():
				return
			}
		}
	}()
	return events
}
