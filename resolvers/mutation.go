package resolvers

import (
	"context"
	"errors"

	"vodgraph/change"
	"vodgraph/fault"
	"vodgraph/graph"
	"vodgraph/model"
)

// mutation answers the fields of Mutation. Each is one call of the catalog, and then
// what the payload selects, read as any query reads.
type mutation struct{ *Root }

// Mutation answers the fields of Mutation.
func (r *Root) Mutation() graph.MutationResolver { return mutation{r} }

// refusals splits an error of the catalog: faults are shown in the payload, anything else is
// a GraphQL error.
func refusals(err error) ([]*fault.Fault, error) {
	var one *fault.Fault
	var list fault.List
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &list):
		return list, nil
	case errors.As(err, &one):
		return []*fault.Fault{one}, nil
	}
	return nil, err
}

func (m mutation) asset(ctx context.Context, out *change.Outcome, err error) (*graph.AssetPayload, error) {
	refused, err := refusals(err)
	if err != nil || len(refused) > 0 {
		return &graph.AssetPayload{UserErrors: refused}, err
	}
	id := out.Items[0].ID
	found, err := model.AssetsAt(ctx, m.Client, "asset", []string{id})
	if err != nil {
		return nil, err
	}
	set, err := model.ChangeSetIn(ctx, m.Client, out.ChangeSet)
	return &graph.AssetPayload{Asset: found[id], Revision: out.Revision, ChangeSet: set, UserErrors: refused, Changed: changedBy(out)}, err
}

func (m mutation) assets(ctx context.Context, out *change.Outcome, err error) (*graph.AssetsPayload, error) {
	refused, err := refusals(err)
	if err != nil || len(refused) > 0 {
		return &graph.AssetsPayload{UserErrors: refused}, err
	}
	ids := make([]string, 0, len(out.Items))
	for _, item := range out.Items {
		if item.ID != "" {
			ids = append(ids, item.ID)
		}
	}
	found, err := model.AssetsAt(ctx, m.Client, "results.asset", ids)
	if err != nil {
		return nil, err
	}
	results := make([]*graph.AssetResult, len(out.Items))
	for i, item := range out.Items {
		results[i] = &graph.AssetResult{Outcome: item.Outcome, Errors: item.Errors}
		if item.ID != "" {
			results[i].AssetID, results[i].Asset = &item.ID, found[item.ID]
		}
	}
	set, err := model.ChangeSetIn(ctx, m.Client, out.ChangeSet)
	return &graph.AssetsPayload{Results: results, ChangedCount: out.Count(change.Created, change.Changed, change.Deleted),
		FailedCount: out.Count(change.Failed), Revision: out.Revision, ChangeSet: set, UserErrors: refused, Changed: changedBy(out)}, err
}

func changedBy(out *change.Outcome) model.Changed {
	return model.Changed{Set: out.ChangeSet, DryRun: out.DryRun, Planned: out.Changes}
}

type assetPayload struct{ *Root }

// AssetPayload answers the fields of AssetPayload that take a statement.
func (r *Root) AssetPayload() graph.AssetPayloadResolver { return assetPayload{r} }

func (r assetPayload) Changes(ctx context.Context, p *graph.AssetPayload, _ *int, _ *string) (*model.ChangeConnection, error) {
	return model.ChangesOf(ctx, r.Client, p.Changed)
}

type assetsPayload struct{ *Root }

// AssetsPayload answers the fields of AssetsPayload that take a statement.
func (r *Root) AssetsPayload() graph.AssetsPayloadResolver { return assetsPayload{r} }

func (r assetsPayload) Changes(ctx context.Context, p *graph.AssetsPayload, _ *int, _ *string) (*model.ChangeConnection, error) {
	return model.ChangesOf(ctx, r.Client, p.Changed)
}
