package resolvers

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"vodgraph/ent/bulkoperation"
	"vodgraph/ent/collect"
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
	e := &events[*model.BulkOperation]{ctx: ctx, watch: s.Watch, told: make(chan *model.BulkOperation)}
	e.load = func() (*model.BulkOperation, error) { return model.BulkOperationWith(ctx, s.Client, id) }
	switch there, err := s.Watch.operations.on(ctx, id, s.operations, &watcher{tell: e.tell}); {
	case err != nil:
		return nil, fmt.Errorf("find the operation: %w", err)
	case !there:
		return nil, fault.New(fault.NotFound, "There is no such operation.").At("id")
	}
	return e.told, nil
}

// operations are the states of operations.
func (s subscription) operations(ctx context.Context, ids []string) (map[string]version, error) {
	rows, err := s.Client.BulkOperation.Query().Where(collect.In[string](bulkoperation.FieldID, ids)).All(ctx)
	states := map[string]version{}
	for _, row := range rows {
		over := row.Status != bulkoperation.StatusQUEUED && row.Status != bulkoperation.StatusRUNNING
		states[row.ID] = version{fmt.Sprint(row.Status, row.Done, row.Changed, row.Failed), over}
	}
	return states, err
}

// Asset tells each change of an asset, until it is deleted for good. It refuses with
// fault.NotFound one that is not there.
func (s subscription) Asset(ctx context.Context, id string) (<-chan model.Asset, error) {
	if err := model.Legal("id", id); err != nil {
		return nil, err
	}
	e := &events[model.Asset]{ctx: ctx, watch: s.Watch, told: make(chan model.Asset)}
	e.load = func() (model.Asset, error) { return model.AssetWith(ctx, s.Client, "id", id) }
	switch there, err := s.Watch.assets.on(ctx, id, s.assets, &watcher{tell: e.tell}); {
	case err != nil:
		return nil, fmt.Errorf("find the asset: %w", err)
	case !there:
		return nil, fault.New(fault.NotFound, "There is no such asset.").At("id")
	}
	return e.told, nil
}

// assets are the states of assets.
func (s subscription) assets(ctx context.Context, ids []string) (map[string]version, error) {
	rows, err := s.Client.IndexEntry.Query().Where(collect.In[string](indexentry.FieldAssetID, ids)).
		Select(indexentry.FieldAssetID, indexentry.FieldRevision).All(ctx)
	states := map[string]version{}
	for _, row := range rows {
		states[row.AssetID] = version{state: strconv.FormatInt(row.Revision, 10)}
	}
	return states, err
}

// events are what one subscriber is told of a thing, until ctx ends or the thing is over.
type events[T comparable] struct {
	ctx   context.Context
	watch *Watch
	// load reads the thing as it is selected, and as the subscriber sees it.
	load func() (T, error)
	told chan T
}

// tell tells what has another version. What is gone by then is not told. What cannot be
// loaded is loaded again and again, for it may be long until there is a next version.
func (e *events[T]) tell(v version) {
	var none T
	for {
		event, err := safely(e.watch, e.load)
		if err == nil {
			if event != none {
				select {
				case e.told <- event:
				case <-e.ctx.Done():
				}
			}
			break
		}
		if e.ctx.Err() != nil {
			return
		}
		if e.watch.Log != nil {
			e.watch.Log.ErrorContext(e.ctx, "an event cannot be loaded", "error", err)
		}
		select {
		case <-time.After(loadAgain):
		case <-e.ctx.Done():
		}
	}
	if v.over {
		close(e.told)
	}
}

// loadAgain is when an event that cannot be loaded is loaded again.
const loadAgain = 5 * time.Second
