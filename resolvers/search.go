package resolvers

import (
	"context"

	"vodgraph/filter"
	"vodgraph/model"
)

// Search finds assets of all kinds by a text, or lists them without one.
func (q query) Search(ctx context.Context, text *string, which *filter.AssetFilter, orderBy []*model.SearchOrder,
	facets []*model.FacetInput, _ *int, _ *string, atLeastRevision *int64) (*model.SearchConnection, error) {
	args := &model.SearchArgs{Text: text, Filter: which, Limits: q.Limits.Filter, OrderBy: orderBy, Facets: facets, Index: q.Index}
	if atLeastRevision != nil {
		args.AtLeast = *atLeastRevision
	}
	return model.Search(ctx, q.Client, args)
}
