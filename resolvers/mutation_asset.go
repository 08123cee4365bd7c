package resolvers

import (
	"context"

	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent/snapshot"
	"vodgraph/graph"
)

func (m mutation) AssetsCreate(ctx context.Context, items []*catalog.AssetCreateInput, options *change.BulkOptions) (*graph.AssetsPayload, error) {
	out, err := m.Catalog.AssetsCreate(ctx, items, options)
	return m.assets(ctx, out, err)
}

func (m mutation) AssetsUpdate(ctx context.Context, items []*catalog.AssetUpdateInput, options *change.BulkOptions) (*graph.AssetsPayload, error) {
	out, err := m.Catalog.AssetsUpdate(ctx, items, options)
	return m.assets(ctx, out, err)
}

func (m mutation) AssetUpdate(ctx context.Context, input catalog.AssetUpdateInput, options *change.BulkOptions) (*graph.AssetPayload, error) {
	out, err := m.Catalog.AssetUpdate(ctx, &input, options)
	return m.asset(ctx, out, err)
}

func (m mutation) AssetsSetStatus(ctx context.Context, items []*catalog.AssetStatusInput, options *change.BulkOptions) (*graph.AssetsPayload, error) {
	out, err := m.Catalog.AssetsSetStatus(ctx, items, options)
	return m.assets(ctx, out, err)
}

func (m mutation) AssetsTrash(ctx context.Context, assets []*change.AssetRef, options *change.BulkOptions) (*graph.AssetsPayload, error) {
	out, err := m.Catalog.AssetsTrash(ctx, assets, options)
	return m.assets(ctx, out, err)
}

func (m mutation) AssetsRestore(ctx context.Context, assets []*change.AssetRef, options *change.BulkOptions) (*graph.AssetsPayload, error) {
	out, err := m.Catalog.AssetsRestore(ctx, assets, options)
	return m.assets(ctx, out, err)
}

func (m mutation) AssetsDelete(ctx context.Context, assets []*change.AssetRef, force *bool, options *change.BulkOptions) (*graph.AssetsPayload, error) {
	out, err := m.Catalog.AssetsDelete(ctx, assets, isTrue(force), options)
	return m.assets(ctx, out, err)
}

func (m mutation) MezzaninePut(ctx context.Context, asset change.AssetRef, input catalog.MezzanineInput) (*graph.AssetPayload, error) {
	out, err := m.Catalog.MezzaninePut(ctx, &asset, &input)
	return m.asset(ctx, out, err)
}

func (m mutation) MezzanineDelete(ctx context.Context, asset change.AssetRef, force *bool) (*graph.AssetPayload, error) {
	out, err := m.Catalog.MezzanineDelete(ctx, &asset, isTrue(force))
	return m.asset(ctx, out, err)
}

func (m mutation) PlayInfosPut(ctx context.Context, items []*catalog.PlayInfoPutInput, options *change.BulkOptions) (*graph.AssetsPayload, error) {
	out, err := m.Catalog.PlayInfosPut(ctx, items, options)
	return m.assets(ctx, out, err)
}

func (m mutation) PlayInfosDelete(ctx context.Context, asset change.AssetRef, jobIDs []string) (*graph.AssetPayload, error) {
	out, err := m.Catalog.PlayInfosDelete(ctx, &asset, jobIDs)
	return m.asset(ctx, out, err)
}

// SnapshotsPut replaces snapshots of videos, each item those of one type.
func (m mutation) SnapshotsPut(ctx context.Context, items []*catalog.SnapshotSetPutInput, options *change.BulkOptions) (*graph.AssetsPayload, error) {
	out, err := m.Catalog.SnapshotsPut(ctx, items, options)
	return m.assets(ctx, out, err)
}

func (m mutation) SnapshotsDelete(ctx context.Context, asset change.AssetRef, of snapshot.Type, indexes []int) (*graph.AssetPayload, error) {
	out, err := m.Catalog.SnapshotsDelete(ctx, &asset, of, indexes)
	return m.asset(ctx, out, err)
}

func (m mutation) AttachmentLink(ctx context.Context, asset, attachment change.AssetRef, language, label *string) (*graph.AssetPayload, error) {
	out, err := m.Catalog.AttachmentLink(ctx, &asset, &attachment, language, label)
	return m.asset(ctx, out, err)
}

func (m mutation) AttachmentUnlink(ctx context.Context, asset, attachment change.AssetRef) (*graph.AssetPayload, error) {
	out, err := m.Catalog.AttachmentUnlink(ctx, &asset, &attachment)
	return m.asset(ctx, out, err)
}

func (m mutation) AiDataPut(ctx context.Context, items []*catalog.AIDataPutInput, options *change.BulkOptions) (*graph.AssetsPayload, error) {
	out, err := m.Catalog.AIDataPut(ctx, items, options)
	return m.assets(ctx, out, err)
}

func (m mutation) AiDataDelete(ctx context.Context, asset change.AssetRef, source string) (*graph.AssetPayload, error) {
	out, err := m.Catalog.AIDataDelete(ctx, &asset, source)
	return m.asset(ctx, out, err)
}
