package resolvers

import (
	"context"

	"vodgraph/graph"
	"vodgraph/model"
	"vodgraph/taxonomy"
)

func (m mutation) CategoryCreate(ctx context.Context, input taxonomy.CategoryCreateInput) (*graph.CategoryPayload, error) {
	out, err := m.Catalog.CategoryCreate(ctx, input)
	return m.category(ctx, out, err)
}

func (m mutation) CategoryUpdate(ctx context.Context, input taxonomy.CategoryUpdateInput) (*graph.CategoryPayload, error) {
	out, err := m.Catalog.CategoryUpdate(ctx, input)
	return m.category(ctx, out, err)
}

func (m mutation) category(ctx context.Context, out taxonomy.Result, err error) (*graph.CategoryPayload, error) {
	refused, err := refusals(err)
	if err != nil || len(refused) > 0 {
		return &graph.CategoryPayload{UserErrors: refused}, err
	}
	row, err := model.CategoryIn(ctx, m.Client, out.IDs[0])
	if err != nil {
		return nil, err
	}
	set, err := model.ChangeSetIn(ctx, m.Client, out.ChangeSet)
	return &graph.CategoryPayload{Category: row, Revision: out.Revision, ChangeSet: set, UserErrors: refused}, err
}

func (m mutation) CategoryDelete(ctx context.Context, id string) (*graph.CategoryDeletePayload, error) {
	out, err := m.Catalog.CategoryDelete(ctx, id)
	refused, err := refusals(err)
	if err != nil || len(refused) > 0 {
		return &graph.CategoryDeletePayload{UserErrors: refused}, err
	}
	set, err := model.ChangeSetIn(ctx, m.Client, out.ChangeSet)
	return &graph.CategoryDeletePayload{DeletedIds: out.IDs, Revision: out.Revision, ChangeSet: set, UserErrors: refused}, err
}

func (m mutation) TagRename(ctx context.Context, name, to string) (*graph.TagPayload, error) {
	out, err := m.Catalog.TagRename(ctx, name, to)
	return m.tag(ctx, out, err)
}

func (m mutation) TagsMerge(ctx context.Context, from []string, into string) (*graph.TagPayload, error) {
	out, err := m.Catalog.TagsMerge(ctx, from, into)
	return m.tag(ctx, out, err)
}

func (m mutation) tag(ctx context.Context, out taxonomy.Result, err error) (*graph.TagPayload, error) {
	refused, err := refusals(err)
	if err != nil || len(refused) > 0 {
		return &graph.TagPayload{UserErrors: refused}, err
	}
	row, err := model.TagIn(ctx, m.Client, out.IDs[0])
	if err != nil {
		return nil, err
	}
	set, err := model.ChangeSetIn(ctx, m.Client, out.ChangeSet)
	return &graph.TagPayload{Tag: row, Revision: out.Revision, ChangeSet: set, UserErrors: refused}, err
}

func (m mutation) TagDelete(ctx context.Context, name string) (*graph.TagDeletePayload, error) {
	out, err := m.Catalog.TagDelete(ctx, name)
	refused, err := refusals(err)
	if err != nil || len(refused) > 0 {
		return &graph.TagDeletePayload{UserErrors: refused}, err
	}
	set, err := model.ChangeSetIn(ctx, m.Client, out.ChangeSet)
	return &graph.TagDeletePayload{DeletedID: &out.IDs[0], Revision: out.Revision, ChangeSet: set, UserErrors: refused}, err
}
