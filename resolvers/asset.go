package resolvers

import (
	"context"

	"vodgraph/ent/asset"
	"vodgraph/fault"
	"vodgraph/filter"
	"vodgraph/limits"
	"vodgraph/model"
)

// The lists of assets. Their interfaces are made by gqlgen, with a parameter for
// each argument; the page is read where it is applied.

// Asset is the asset with an id or a reference id: exactly one of the two. It
// refuses anything else with fault.Invalid.
func (q query) Asset(ctx context.Context, id, referenceID *string) (model.Asset, error) {
	switch {
	case id != nil && referenceID == nil:
		if err := model.Legal("id", *id); err != nil {
			return nil, err
		}
		return model.AssetWith(ctx, q.Client, asset.FieldID, *id)
	case id == nil && referenceID != nil:
		if err := model.Legal("referenceId", *referenceID); err != nil {
			return nil, err
		}
		return model.AssetWith(ctx, q.Client, asset.FieldReferenceID, *referenceID)
	default:
		return nil, fault.New(fault.Invalid, "Give exactly one of id and referenceId.").At("id")
	}
}

// AssetsByReference are the assets of the reference ids, an entry for each, in their order.
// It refuses more than limits.IDs reference ids with fault.ListTooLong.
func (q query) AssetsByReference(ctx context.Context, referenceIDs []string) ([]*model.AssetByReference, error) {
	const argument = "referenceIds"
	if len(referenceIDs) > limits.IDs {
		return nil, fault.New(fault.ListTooLong, "Name up to %d reference ids.", limits.IDs).At(argument)
	}
	if err := model.Legal(argument, referenceIDs...); err != nil {
		return nil, err
	}
	return model.AssetsByReference(ctx, q.Client, referenceIDs)
}

func (q query) Assets(ctx context.Context, filter *filter.AssetFilter, orderBy []*model.AssetOrder,
	_ *int, _ *string, _ *int, _ *string) (*model.AssetConnection, error) {
	return model.Assets(ctx, q.Client, q.which(filter, orderBy))
}

func (q query) Videos(ctx context.Context, filter *filter.AssetFilter, orderBy []*model.AssetOrder,
	_ *int, _ *string, _ *int, _ *string) (*model.VideoConnection, error) {
	return model.Videos(ctx, q.Client, q.which(filter, orderBy))
}

func (q query) Audios(ctx context.Context, filter *filter.AssetFilter, orderBy []*model.AssetOrder,
	_ *int, _ *string, _ *int, _ *string) (*model.AudioConnection, error) {
	return model.Audios(ctx, q.Client, q.which(filter, orderBy))
}

func (q query) Images(ctx context.Context, filter *filter.AssetFilter, orderBy []*model.AssetOrder,
	_ *int, _ *string, _ *int, _ *string) (*model.ImageConnection, error) {
	return model.Images(ctx, q.Client, q.which(filter, orderBy))
}

// Attachments lists attachments.
func (q query) Attachments(ctx context.Context, filter *filter.AssetFilter, orderBy []*model.AssetOrder,
	_ *int, _ *string, _ *int, _ *string) (*model.AttachmentConnection, error) {
	return model.Attachments(ctx, q.Client, q.which(filter, orderBy))
}
