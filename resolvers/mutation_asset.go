package resolvers

import (
	"context"

	"vodgraph/catalog"
	"vodgraph/ent/snapshot"
	"vodgraph/graph"
)

// AssetsCreate makes assets.
func (m mutation) AssetsCreate(ctx context.Context, items []*catalog.AssetCreateInput, options *catalog.BulkOptions) (*graph.AssetsPayload, error) {
	o, err := m.options(ctx, options)
	if err != nil {
		return nil, err
	}
	out, err := m.Catalog.AssetsCreate(ctx, items, o)
	return m.assets(ctx, out, err)
}

// AssetsUpdate changes what people write about assets.
func (m mutation) AssetsUpdate(ctx context.Context, items []*catalog.AssetUpdateInput, options *catalog.BulkOptions) (*graph.AssetsPayload, error) {
	o, err := m.options(ctx, options)
	if err != nil {
		return nil, err
	}
	out, err := m.Catalog.AssetsUpdate(ctx, items, o)
	return m.assets(ctx, out, err)
}

// AssetsSetStatus has assets take a step of their status.
func (m mutation) AssetsSetStatus(ctx context.Context, items []*catalog.AssetStatusInput, options *catalog.BulkOptions) (*graph.AssetsPayload, error) {
	o, err := m.options(ctx, options)
	if err != nil {
		return nil, err
	}
	out, err := m.Catalog.AssetsSetStatus(ctx, items, o)
	return m.assets(ctx, out, err)
}

// AssetsTrash moves assets to the trash.
func (m mutation) AssetsTrash(ctx context.Context, ids []string, options *catalog.BulkOptions) (*graph.AssetsPayload, error) {
	o, err := m.options(ctx, options)
	if err != nil {
		return nil, err
	}
	out, err := m.Catalog.AssetsTrash(ctx, ids, o)
	return m.assets(ctx, out, err)
}

// AssetsRestore takes assets back from the trash.
func (m mutation) AssetsRestore(ctx context.Context, ids []string, options *catalog.BulkOptions) (*graph.AssetsPayload, error) {
	o, err := m.options(ctx, options)
	if err != nil {
		return nil, err
	}
	out, err := m.Catalog.AssetsRestore(ctx, ids, o)
	return m.assets(ctx, out, err)
}

// AssetsDelete deletes assets for good.
func (m mutation) AssetsDelete(ctx context.Context, ids []string, force *bool, options *catalog.BulkOptions) (*graph.AssetsPayload, error) {
	o, err := m.options(ctx, options)
	if err != nil {
		return nil, err
	}
	out, err := m.Catalog.AssetsDelete(ctx, ids, force != nil && *force, o)
	return m.assets(ctx, out, err)
}

// MezzaninePut sets the source file.
func (m mutation) MezzaninePut(ctx context.Context, assetID string, input catalog.MezzanineInput) (*graph.AssetPayload, error) {
	revision, err := m.Catalog.MezzaninePut(ctx, assetID, &input)
	return m.asset(ctx, assetID, revision, err)
}

// MezzanineDelete says that the source file is gone.
func (m mutation) MezzanineDelete(ctx context.Context, assetID string, force *bool) (*graph.AssetPayload, error) {
	revision, err := m.Catalog.MezzanineDelete(ctx, assetID, force != nil && *force)
	return m.asset(ctx, assetID, revision, err)
}

// PlayInfosPut puts streams by their jobs.
func (m mutation) PlayInfosPut(ctx context.Context, assetID string, items []*catalog.PlayInfoInput) (*graph.AssetPayload, error) {
	revision, err := m.Catalog.PlayInfosPut(ctx, assetID, items)
	return m.asset(ctx, assetID, revision, err)
}

// PlayInfosDelete removes streams by their jobs.
func (m mutation) PlayInfosDelete(ctx context.Context, assetID string, jobIDs []string) (*graph.AssetPayload, error) {
	revision, err := m.Catalog.PlayInfosDelete(ctx, assetID, jobIDs)
	return m.asset(ctx, assetID, revision, err)
}

// SnapshotsPut replaces the snapshots of one type.
func (m mutation) SnapshotsPut(ctx context.Context, assetID string, set catalog.SnapshotSetInput) (*graph.AssetPayload, error) {
	revision, err := m.Catalog.SnapshotsPut(ctx, assetID, &set)
	return m.asset(ctx, assetID, revision, err)
}

// SnapshotsDelete removes the snapshots of one type.
func (m mutation) SnapshotsDelete(ctx context.Context, assetID string, of snapshot.Type) (*graph.AssetPayload, error) {
	revision, err := m.Catalog.SnapshotsDelete(ctx, assetID, of)
	return m.asset(ctx, assetID, revision, err)
}

// AttachmentLink links an attachment.
func (m mutation) AttachmentLink(ctx context.Context, assetID, attachmentID string, language, label *string) (*graph.AssetPayload, error) {
	revision, err := m.Catalog.AttachmentLink(ctx, assetID, attachmentID, language, label)
	return m.asset(ctx, assetID, revision, err)
}

// AttachmentUnlink removes a link.
func (m mutation) AttachmentUnlink(ctx context.Context, assetID, attachmentID string) (*graph.AssetPayload, error) {
	revision, err := m.Catalog.AttachmentUnlink(ctx, assetID, attachmentID)
	return m.asset(ctx, assetID, revision, err)
}

// AiDataPut sets all that a source says.
func (m mutation) AiDataPut(ctx context.Context, assetID string, input catalog.AIDataInput) (*graph.AssetPayload, error) {
	revision, err := m.Catalog.AIDataPut(ctx, assetID, &input)
	return m.asset(ctx, assetID, revision, err)
}

// AiDataDelete removes all that a source said.
func (m mutation) AiDataDelete(ctx context.Context, assetID, source string) (*graph.AssetPayload, error) {
	revision, err := m.Catalog.AIDataDelete(ctx, assetID, source)
	return m.asset(ctx, assetID, revision, err)
}
