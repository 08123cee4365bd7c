package resolvers

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"vodgraph/filter"
	"vodgraph/media"
	"vodgraph/model"
)

type tagFields struct{ *Root }

func (f tagFields) Assets(ctx context.Context, t *model.Tag, filter *filter.AssetFilter,
	orderBy []*model.AssetOrder, _ *int, _ *string, _ *int, _ *string) (*model.AssetConnection, error) {
	return model.TagAssets(ctx, t, f.which(filter, orderBy))
}

// Tag is the tag of a name; nil where there is none.
func (q query) Tag(ctx context.Context, name string) (*model.Tag, error) {
	if err := model.Legal("name", name); err != nil {
		return nil, err
	}
	return model.TagNamed(ctx, q.Client, media.Clean(name))
}

func (q query) Tags(ctx context.Context, prefix *string, orderBy *model.TagOrder,
	_ *int, _ *string, _ *int, _ *string) (*model.TagConnection, error) {
	if prefix == nil {
		return model.Tags(ctx, q.Client, "", orderBy)
	}
	if err := model.Legal("prefix", *prefix); err != nil {
		return nil, err
	}
	// A blank at the end may stand inside a name that goes on.
	begin := norm.NFC.String(strings.TrimLeftFunc(*prefix, unicode.IsSpace))
	return model.Tags(ctx, q.Client, begin, orderBy)
}
