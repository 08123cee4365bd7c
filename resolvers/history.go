package resolvers

import (
	"context"

	"vodgraph/model"
)

// ChangeSet is the change set with an id; nil where there is none, or no longer.
func (q query) ChangeSet(ctx context.Context, id string) (*model.ChangeSet, error) {
	if err := model.Legal("id", id); err != nil {
		return nil, err
	}
	return model.ChangeSetWith(ctx, q.Client, id)
}

func (q query) ChangeSets(ctx context.Context, _ *int, _ *string) (*model.ChangeSetConnection, error) {
	return model.ChangeSets(ctx, q.Client)
}
