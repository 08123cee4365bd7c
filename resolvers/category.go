package resolvers

import (
	"context"

	"vodgraph/fault"
	"vodgraph/filter"
	"vodgraph/media"
	"vodgraph/model"
)

type categoryFields struct{ *Root }

func (f categoryFields) Assets(ctx context.Context, c *model.Category, filter *filter.AssetFilter, _ *bool,
	orderBy []*model.AssetOrder, _ *int, _ *string, _ *int, _ *string) (*model.AssetConnection, error) {
	return model.CategoryAssets(ctx, c, f.which(filter, orderBy))
}

// Category is the category with an id or at a path of names: exactly one of the
// two. It refuses anything else with fault.Invalid.
func (q query) Category(ctx context.Context, id *string, path []string) (*model.Category, error) {
	switch {
	case id != nil && path == nil:
		if err := model.Legal("id", *id); err != nil {
			return nil, err
		}
		return model.CategoryWith(ctx, q.Client, *id)
	case id == nil && path != nil:
		if err := model.Legal("path", path...); err != nil {
			return nil, err
		}
		names := make([]string, len(path))
		for i, name := range path {
			names[i] = media.Clean(name)
		}
		return model.CategoryAt(ctx, q.Client, names)
	default:
		return nil, fault.New(fault.Invalid, "Give exactly one of id and path.").At("id")
	}
}

func (q query) Categories(ctx context.Context) ([]*model.Category, error) {
	return model.Roots(ctx, q.Client)
}
