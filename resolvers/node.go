package resolvers

import (
	"context"

	"vodgraph/fault"
	"vodgraph/limits"
	"vodgraph/model"
)

// Node is what an id names; nil where there is nothing.
func (q query) Node(ctx context.Context, id string) (model.Node, error) {
	if err := model.Legal("id", id); err != nil {
		return nil, err
	}
	nodes, err := model.Nodes(ctx, q.Client, []string{id})
	if err != nil {
		return nil, err
	}
	return nodes[0], nil
}

// Nodes are what the ids name, in their order, nil where there is nothing. It
// refuses more than limits.IDs ids with fault.ListTooLong.
func (q query) Nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	if len(ids) > limits.IDs {
		return nil, fault.New(fault.ListTooLong, "Name up to %d ids.", limits.IDs).At("ids")
	}
	if err := model.Legal("ids", ids...); err != nil {
		return nil, err
	}
	return model.Nodes(ctx, q.Client, ids)
}
