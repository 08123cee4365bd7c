package model

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/ailabel"
	"vodgraph/ent/aisource"
	"vodgraph/ent/asset"
	"vodgraph/ent/category"
	"vodgraph/ent/change"
	"vodgraph/ent/changeset"
	"vodgraph/ent/collect"
	"vodgraph/ent/covercandidate"
	"vodgraph/ent/cue"
	"vodgraph/ent/duplicate"
	"vodgraph/ent/mezzanine"
	"vodgraph/ent/playinfo"
	"vodgraph/ent/reviewfinding"
	"vodgraph/ent/snapshot"
	"vodgraph/ent/tag"
	"vodgraph/searchsql"
)

// What the fields of the API are made of that are not columns of that name.
// Those made of none are loaded from other tables by the id. A field that is
// missing here costs no more than the loading of all columns.
var (
	assetColumns = ent.AssetColumns.With(collect.Columns{
		"referenceId": {asset.FieldReferenceID}, "cover": {asset.FieldCoverImageID, asset.FieldCoverSnapshotID},
		"kind": nil, "categories": nil, "tags": nil, "mezzanine": nil, "playInfos": nil, "snapshots": nil,
		"attachments": nil, "aiData": nil, "coverOf": nil, "usedBy": nil, "watermarkOf": nil, "history": nil,
		"viewerCanUpdate": nil, "viewerCanTrash": nil, "viewerCanDelete": nil,
	})
	categoryColumns = ent.CategoryColumns.With(collect.Columns{
		"parent": {category.FieldParentID}, "children": nil, "assets": nil, "assetCount": nil, "history": nil,
	})
	tagColumns      = ent.TagColumns.With(collect.Columns{"assets": nil, "assetCount": nil, "history": nil})
	playInfoColumns = ent.PlayInfoColumns.With(collect.Columns{
		"jobId": {playinfo.FieldJobID}, "templateId": {playinfo.FieldTemplateID},
		"asset": {playinfo.FieldAssetID}, "watermark": {playinfo.FieldWatermarkID},
		"definitionLabel": {playinfo.FieldDefinition},
	})
	snapshotColumns = ent.SnapshotColumns.With(collect.Columns{
		"jobId": {snapshot.FieldJobID}, "asset": {snapshot.FieldAssetID}, "at": {snapshot.FieldOffset}, "coverOf": nil,
	})
	reviewColumns = ent.AISourceColumns.With(collect.Columns{
		"labels": {aisource.FieldReviewLabels}, "createdAt": {aisource.FieldReviewedAt}, "findings": nil,
	})
	changeSetColumns = ent.ChangeSetColumns.With(collect.Columns{
		"undoes": {changeset.FieldUndoesID}, "undoneBy": nil, "changes": nil,
	})
	// Values of links are shown with what they are called, which is loaded for both.
	changeColumns = ent.ChangeColumns.With(collect.Columns{
		"subject": {change.FieldSubjectID}, "changeSet": {change.FieldChangeSetID},
		"before": {change.FieldField, change.FieldSubjectID, change.FieldBefore, change.FieldAfter},
		"after":  {change.FieldField, change.FieldSubjectID, change.FieldBefore, change.FieldAfter},
	})
)

// entQuery is what Ent makes of each table, as far as rows are fetched by it.
type entQuery[R, S any] interface {
	Modify(shapes ...func(*sql.Selector)) S
	Select(columns ...string) S
	All(context.Context) ([]*R, error)
}

// fetched reads columns of the rows that shape leaves of a query.
func fetched[R, S any, Q entQuery[R, S]](query func(*ent.Client) Q) func(context.Context, *ent.Client, []string, func(*sql.Selector)) ([]*R, error) {
	return func(ctx context.Context, c *ent.Client, columns []string, shape func(*sql.Selector)) ([]*R, error) {
		q := query(c)
		q.Modify(shape)
		q.Select(columns...)
		return q.All(ctx)
	}
}

// The tables.
var (
	assets = table[ent.Asset]{
		name: asset.Table, columns: assetColumns,
		needs: []string{asset.FieldID}, value: searchsql.Value,
		keys: map[string]func(*ent.Asset) string{
			asset.FieldCoverImageID:    func(r *ent.Asset) string { return deref(r.CoverImageID) },
			asset.FieldCoverSnapshotID: func(r *ent.Asset) string { return deref(r.CoverSnapshotID) },
		},
		fetch: fetched(func(c *ent.Client) *ent.AssetQuery { return c.Asset.Query() }),
	}
	categories = table[ent.Category]{
		name: category.Table, columns: categoryColumns,
		needs: []string{category.FieldID},
		keys:  map[string]func(*ent.Category) string{category.FieldParentID: func(r *ent.Category) string { return deref(r.ParentID) }},
		fetch: fetched(func(c *ent.Client) *ent.CategoryQuery { return c.Category.Query() }),
	}
	tags = table[ent.Tag]{
		name: tag.Table, columns: tagColumns,
		needs: []string{tag.FieldID}, value: tagValue,
		fetch: fetched(func(c *ent.Client) *ent.TagQuery { return c.Tag.Query() }),
	}
	mezzanines = table[ent.Mezzanine]{
		name: mezzanine.Table, columns: ent.MezzanineColumns.With(collect.Columns{"asset": {mezzanine.FieldAssetID}}),
		needs: []string{mezzanine.FieldID},
		keys:  map[string]func(*ent.Mezzanine) string{mezzanine.FieldAssetID: func(r *ent.Mezzanine) string { return r.AssetID }},
		fetch: fetched(func(c *ent.Client) *ent.MezzanineQuery { return c.Mezzanine.Query() }),
	}
	playInfos = table[ent.PlayInfo]{
		name: playinfo.Table, columns: playInfoColumns,
		needs: []string{playinfo.FieldID}, value: func(r *ent.PlayInfo, _ string) any { return r.ID },
		keys: map[string]func(*ent.PlayInfo) string{
			playinfo.FieldAssetID:     func(r *ent.PlayInfo) string { return r.AssetID },
			playinfo.FieldWatermarkID: func(r *ent.PlayInfo) string { return deref(r.WatermarkID) },
		},
		fetch: fetched(func(c *ent.Client) *ent.PlayInfoQuery { return c.PlayInfo.Query() }),
	}
	snapshots = table[ent.Snapshot]{
		name: snapshot.Table, columns: snapshotColumns,
		needs: []string{snapshot.FieldID}, value: snapshotValue,
		keys:  map[string]func(*ent.Snapshot) string{snapshot.FieldAssetID: func(r *ent.Snapshot) string { return r.AssetID }},
		fetch: fetched(func(c *ent.Client) *ent.SnapshotQuery { return c.Snapshot.Query() }),
	}
	sources = table[ent.AISource]{
		name: aisource.Table, columns: reviewColumns,
		needs: []string{aisource.FieldID},
		keys:  map[string]func(*ent.AISource) string{aisource.FieldAssetID: func(r *ent.AISource) string { return r.AssetID }},
		fetch: fetched(func(c *ent.Client) *ent.AISourceQuery { return c.AISource.Query() }),
	}
	labels = table[ent.AILabel]{
		name: ailabel.Table, columns: ent.AILabelColumns.With(collect.Columns{"asset": {ailabel.FieldAssetID}}),
		needs: []string{ailabel.FieldID}, value: labelValue,
		keys:  map[string]func(*ent.AILabel) string{ailabel.FieldAssetID: func(r *ent.AILabel) string { return r.AssetID }},
		fetch: fetched(func(c *ent.Client) *ent.AILabelQuery { return c.AILabel.Query() }),
	}
	cues = table[ent.Cue]{
		name: cue.Table, columns: ent.CueColumns.With(collect.Columns{"start": {cue.FieldFrom}, "end": {cue.FieldTo}}),
		needs: []string{cue.FieldID}, value: cueValue,
		keys:  map[string]func(*ent.Cue) string{cue.FieldAssetID: func(r *ent.Cue) string { return r.AssetID }},
		fetch: fetched(func(c *ent.Client) *ent.CueQuery { return c.Cue.Query() }),
	}
	findings = table[ent.ReviewFinding]{
		name: reviewfinding.Table, columns: ent.ReviewFindingColumns.With(collect.Columns{"start": {reviewfinding.FieldFrom}, "end": {reviewfinding.FieldTo}}),
		needs: []string{reviewfinding.FieldID}, value: findingValue,
		fetch: fetched(func(c *ent.Client) *ent.ReviewFindingQuery { return c.ReviewFinding.Query() }),
	}
	duplicates = table[ent.Duplicate]{
		name: duplicate.Table, columns: ent.DuplicateColumns.With(collect.Columns{"asset": nil}),
		needs: []string{duplicate.FieldID, duplicate.FieldAssetID, duplicate.FieldOtherID}, value: duplicateValue,
		fetch: fetched(func(c *ent.Client) *ent.DuplicateQuery { return c.Duplicate.Query() }),
	}
	changeSets = table[ent.ChangeSet]{
		name: changeset.Table, columns: changeSetColumns,
		needs: []string{changeset.FieldID}, value: changeSetValue,
		keys:  map[string]func(*ent.ChangeSet) string{changeset.FieldUndoesID: func(r *ent.ChangeSet) string { return deref(r.UndoesID) }},
		fetch: fetched(func(c *ent.Client) *ent.ChangeSetQuery { return c.ChangeSet.Query() }),
	}
	changes = table[ent.Change]{
		name: change.Table, columns: changeColumns,
		needs: []string{change.FieldID}, value: changeValue,
		keys: map[string]func(*ent.Change) string{
			change.FieldSubjectID: func(r *ent.Change) string { return r.SubjectID }, change.FieldChangeSetID: func(r *ent.Change) string { return r.ChangeSetID },
		},
		fetch: fetched(func(c *ent.Client) *ent.ChangeQuery { return c.Change.Query() }),
	}
	coverCandidates = table[ent.CoverCandidate]{
		name: covercandidate.Table, columns: ent.CoverCandidateColumns,
		needs: []string{covercandidate.FieldID},
		keys:  map[string]func(*ent.CoverCandidate) string{covercandidate.FieldAssetID: func(r *ent.CoverCandidate) string { return r.AssetID }},
		fetch: fetched(func(c *ent.Client) *ent.CoverCandidateQuery { return c.CoverCandidate.Query() }),
	}
)
