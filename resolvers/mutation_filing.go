package resolvers

import (
	"context"

	"vodgraph/catalog"
	"vodgraph/graph"
	"vodgraph/model"
)

// CategoryCreate makes a category.
func (m mutation) CategoryCreate(ctx context.Context, input catalog.CategoryCreateInput) (*graph.CategoryPayload, error) {
	id, revision, err := m.Catalog.CategoryCreate(ctx, input)
	return m.category(ctx, id, revision, err)
}

// CategoryUpdate renames or moves a category.
func (m mutation) CategoryUpdate(ctx context.Context, input catalog.CategoryUpdateInput) (*graph.CategoryPayload, error) {
	revision, err := m.Catalog.CategoryUpdate(ctx, input)
	return m.category(ctx, input.ID, revision, err)
}

func (m mutation) category(ctx context.Context, id string, revision *int64, err error) (*graph.CategoryPayload, error) {
	refused, err := refusals(err)
	if err != nil || len(refused) > 0 {
		return &graph.CategoryPayload{UserErrors: refused}, err
	}
	row, err := model.CategoryIn(ctx, m.Client, id)
	return &graph.CategoryPayload{Category: row, Revision: revision, UserErrors: refused}, err
}

// CategoryDelete deletes a category with all below.
func (m mutation) CategoryDelete(ctx context.Context, id string) (*graph.CategoryDeletePayload, error) {
	ids, revision, err := m.Catalog.CategoryDelete(ctx, id)
	refused, err := refusals(err)
	if ids == nil || len(refused) > 0 {
		ids = []string{}
	}
	return &graph.CategoryDeletePayload{DeletedIds: ids, Revision: revision, UserErrors: refused}, err
}

// TagRename gives a tag another name.
func (m mutation) TagRename(ctx context.Context, name, to string) (*graph.TagPayload, error) {
	id, revision, err := m.Catalog.TagRename(ctx, name, to)
	return m.tag(ctx, id, revision, err)
}

// TagsMerge makes one tag of several.
func (m mutation) TagsMerge(ctx context.Context, from []string, into string) (*graph.TagPayload, error) {
	id, revision, err := m.Catalog.TagsMerge(ctx, from, into)
	return m.tag(ctx, id, revision, err)
}

func (m mutation) tag(ctx context.Context, id string, revision *int64, err error) (*graph.TagPayload, error) {
	refused, err := refusals(err)
	if err != nil || len(refused) > 0 {
		return &graph.TagPayload{UserErrors: refused}, err
	}
	row, err := model.TagIn(ctx, m.Client, id)
	return &graph.TagPayload{Tag: row, Revision: revision, UserErrors: refused}, err
}

// TagDelete deletes a tag.
func (m mutation) TagDelete(ctx context.Context, name string) (*graph.TagDeletePayload, error) {
	id, revision, err := m.Catalog.TagDelete(ctx, name)
	refused, err := refusals(err)
	if err != nil || len(refused) > 0 {
		return &graph.TagDeletePayload{UserErrors: refused}, err
	}
	return &graph.TagDeletePayload{DeletedID: &id, Revision: revision, UserErrors: refused}, nil
}
