package resolvers

import (
	"context"

	"vodgraph/auth"
	"vodgraph/graph"
	"vodgraph/keys"
	"vodgraph/model"
)

type viewerFields struct{ *Root }

// Viewer answers the fields of Viewer that are loaded.
func (r *Root) Viewer() graph.ViewerResolver { return viewerFields{r} }

// Viewer is who asks. The process itself may do everything.
func (q query) Viewer(ctx context.Context) (*auth.Caller, error) {
	if caller := auth.From(ctx); caller != nil {
		return caller, nil
	}
	return &auth.Caller{Name: auth.Local, Role: auth.Admin}, nil
}

// Grants are the categories that a limited viewer sees, without those below them.
func (f viewerFields) Grants(ctx context.Context, v *auth.Caller) ([]*model.Category, error) {
	if v.Unlimited() {
		return []*model.Category{}, nil
	}
	return model.Roots(ctx, f.Client)
}

// Limits are how much a request may ask for.
func (f viewerFields) Limits(ctx context.Context, v *auth.Caller) (*model.Limits, error) {
	limits := model.LimitsOf(f.Cost, f.Root.Limits)
	if f.Spending != nil {
		limits.CostPerMinute, limits.CostLeft = f.Spending(v)
	}
	return limits, nil
}

func (q query) Keys(ctx context.Context, _ *int, _ *string) (*model.KeyConnection, error) {
	return model.Keys(ctx, q.Client)
}

func (m mutation) KeyCreate(ctx context.Context, input keys.KeyCreateInput) (*graph.KeyCreatePayload, error) {
	id, secret, err := m.Catalog.Keys.Create(ctx, input)
	refused, err := refusals(err)
	if err != nil || len(refused) > 0 {
		return &graph.KeyCreatePayload{UserErrors: refused}, err
	}
	made, err := model.KeyIn(ctx, m.Client, id)
	return &graph.KeyCreatePayload{Key: made, Secret: &secret, UserErrors: refused}, err
}

// KeyRevoke revokes a key.
func (m mutation) KeyRevoke(ctx context.Context, id string) (*graph.KeyPayload, error) {
	refused, err := refusals(m.Catalog.Keys.Revoke(ctx, id))
	if err != nil || len(refused) > 0 {
		return &graph.KeyPayload{UserErrors: refused}, err
	}
	revoked, err := model.KeyIn(ctx, m.Client, id)
	return &graph.KeyPayload{Key: revoked, UserErrors: refused}, err
}
