package resolvers

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/change"
	"vodgraph/fault"
	"vodgraph/graph"
	"vodgraph/model"
)

// mutation answers the fields of Mutation. Each is one call of catalog, and then
// what the payload selects, read as any query reads.
type mutation struct{ *Root }

// Mutation answers the fields of Mutation.
func (r *Root) Mutation() graph.MutationResolver { return mutation{r} }

// options are those of a call, which it tells from others where it has a key.
func (m mutation) options(ctx context.Context, o *change.BulkOptions) (*change.BulkOptions, error) {
	if o == nil || o.IdempotencyKey == nil {
		return o, nil
	}
	told := *o
	told.Mutation = graphql.GetFieldContext(ctx).Field.Name
	var err error
	told.Digest, err = model.CallDigest(ctx, m.schema(), "idempotencyKey")
	return &told, err
}

// where are the options of a call that changes what a filter means. It refuses with
// INVALID every null in the filter.
func (m mutation) where(ctx context.Context, o *change.BulkOptions) (*change.BulkOptions, error) {
	if err := model.Unset(ctx, m.schema(), "AssetFilter"); err != nil {
		return nil, err
	}
	return m.options(ctx, o)
}

// schema is that of the graph.
func (m mutation) schema() *ast.Schema {
	return graph.NewExecutableSchema(graph.Config{Resolvers: m.Root}).Schema()
}

// refusals splits an error of catalog: faults are shown in the payload, all else
// is an error of ours.
func refusals(err error) ([]*fault.Fault, error) {
	var one *fault.Fault
	var list fault.List
	switch {
	case err == nil:
		return []*fault.Fault{}, nil
	case errors.As(err, &list):
		return list, nil
	case errors.As(err, &one):
		return []*fault.Fault{one}, nil
	}
	return nil, err
}

// asset is the payload of a deed on one asset.
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

// assets is the payload of a deed on many.
func (m mutation) assets(ctx context.Context, out *change.Outcome, err error) (*graph.AssetsPayload, error) {
	refused, err := refusals(err)
	if err != nil || len(refused) > 0 {
		return &graph.AssetsPayload{Results: []*graph.AssetResult{}, UserErrors: refused}, err
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
		if results[i].Errors == nil {
			results[i].Errors = []*fault.Fault{}
		}
		if item.ID != "" {
			results[i].AssetID, results[i].Asset = &item.ID, found[item.ID]
		}
	}
	set, err := model.ChangeSetIn(ctx, m.Client, out.ChangeSet)
	return &graph.AssetsPayload{Results: results, ChangedCount: out.Count(change.Created, change.Changed, change.Deleted),
		FailedCount: out.Count(change.Failed), Revision: out.Revision, ChangeSet: set, UserErrors: refused, Changed: changedBy(out)}, err
}

// changedBy is what a call has changed, or would change.
func changedBy(out *change.Outcome) model.Changed {
	return model.Changed{Set: out.ChangeSet, DryRun: out.DryRun, Planned: out.Changes}
}

// assetPayload answers the field changes of AssetPayload.
type assetPayload struct{ *Root }

// AssetPayload answers the fields of AssetPayload that take a statement.
func (r *Root) AssetPayload() graph.AssetPayloadResolver { return assetPayload{r} }

// Changes is what the call has changed, or would change.
func (r assetPayload) Changes(ctx context.Context, p *graph.AssetPayload, _ *int, _ *string) (*model.ChangeConnection, error) {
	return model.ChangesOf(ctx, r.Client, p.Changed)
}

// assetsPayload answers the field changes of AssetsPayload.
type assetsPayload struct{ *Root }

// AssetsPayload answers the fields of AssetsPayload that take a statement.
func (r *Root) AssetsPayload() graph.AssetsPayloadResolver { return assetsPayload{r} }

// Changes is what the call has changed, or would change.
func (r assetsPayload) Changes(ctx context.Context, p *graph.AssetsPayload, _ *int, _ *string) (*model.ChangeConnection, error) {
	return model.ChangesOf(ctx, r.Client, p.Changed)
}
