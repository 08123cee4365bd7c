package catalog

import (
	"encoding/json"
	"math"
	"slices"

	"vodgraph/ent"
	"vodgraph/ent/ailabel"
	"vodgraph/ent/aisource"
	"vodgraph/ent/asset"
	"vodgraph/ent/assetcategory"
	"vodgraph/ent/assettag"
	"vodgraph/ent/attachmentlink"
	"vodgraph/ent/covercandidate"
	"vodgraph/ent/cue"
	"vodgraph/ent/duplicate"
	"vodgraph/ent/mezzanine"
	"vodgraph/ent/playinfo"
	"vodgraph/ent/reviewfinding"
	"vodgraph/ent/snapshot"
	"vodgraph/media"
)

// The tables that hold what an asset is. The order of columns is that of values.

var assets = &table[ent.Asset]{
	name: asset.Table, keys: 1, columns: asset.Columns,
	types: map[string]string{
		"bigint":           "size size_asc size_desc width height revision",
		"double precision": "duration duration_asc duration_desc",
		"boolean":          "download_enabled",
		"json":             "user_data",
		"jsonb":            "alternative_titles",
		"timestamptz":      "created_at updated_at trashed_at",
	},
	shared: "revision updated_at",
	values: func(a *ent.Asset) []any { return assetValues(a, media.TitleKey(a.Title), text(a.AlternativeTitles)) },
}

// assetValues are the values of an asset with the key of its title, and its alternative
// titles as JSON.
func assetValues(a *ent.Asset, titleKey string, alternatives any) []any {
	// No number that an asset may have is one that stands for none.
	sizeUp, sizeDown := int64(math.MaxInt64), int64(-1)
	if a.Size != nil {
		sizeUp, sizeDown = *a.Size-1, *a.Size
	}
	durationUp, durationDown := math.Inf(1), -1.0
	if a.Duration != nil {
		durationUp, durationDown = *a.Duration, *a.Duration
	}
	return []any{a.ID, string(a.Kind), val(a.ReferenceID), a.Title, titleKey, alternatives,
		val(a.Description), string(a.Status), val(a.StatusReason), val(a.Size), sizeUp, sizeDown,
		val(a.Duration), durationUp, durationDown, a.StorageLocation, string(a.StorageClass), string(a.MediaSource),
		raw(a.UserData), a.DownloadEnabled, word(a.ImageType), word(a.BusinessType), val(a.FileName), val(a.Location),
		val(a.Width), val(a.Height), val(a.CoverImageID), val(a.CoverSnapshotID), a.Revision,
		moment(a.CreatedAt), moment(a.UpdatedAt), when(a.TrashedAt)}
}

// assetChange are the values of an asset before and after. To make the key of a title
// takes longer than all else, so it is made only where the title differs, and so is JSON
// of the alternative titles.
func assetChange(old, next *ent.Asset) (before, after []any) {
	key, alternatives := old.TitleKey, text(old.AlternativeTitles)
	before = assetValues(old, key, alternatives)
	if old.Title != next.Title {
		key = media.TitleKey(next.Title)
	}
	if !slices.Equal(old.AlternativeTitles, next.AlternativeTitles) {
		alternatives = text(next.AlternativeTitles)
	}
	return before, assetValues(next, key, alternatives)
}

// touched puts into an asset's values when it was changed last, and by which deed.
func touched(values []any, a *ent.Asset) {
	values[slices.Index(assets.columns, asset.FieldRevision)] = a.Revision
	values[slices.Index(assets.columns, asset.FieldUpdatedAt)] = moment(a.UpdatedAt)
}

// raw is JSON that may be absent.
func raw(m json.RawMessage) any {
	if m == nil {
		return nil
	}
	return string(m)
}

var assetTags = &table[ent.AssetTag]{
	name: assettag.Table, keys: 2, columns: assettag.Columns,
	values: func(t *ent.AssetTag) []any { return []any{t.AssetID, t.TagID} },
}

var assetCategories = &table[ent.AssetCategory]{
	name: assetcategory.Table, keys: 2, columns: assetcategory.Columns,
	values: func(c *ent.AssetCategory) []any { return []any{c.AssetID, c.CategoryID} },
}

var links = &table[ent.AttachmentLink]{
	name: attachmentlink.Table, keys: 2, columns: attachmentlink.Columns,
	values: func(l *ent.AttachmentLink) []any {
		return []any{l.AssetID, l.AttachmentID, val(l.Language), val(l.Label)}
	},
}

var mezzanines = &table[ent.Mezzanine]{
	name: mezzanine.Table, keys: 1, columns: mezzanine.Columns,
	types: map[string]string{
		"bigint":           "size bitrate width height",
		"double precision": "duration fps",
		"jsonb":            "video_streams audio_streams",
		"timestamptz":      "created_at",
	},
	values: func(m *ent.Mezzanine) []any {
		return []any{m.ID, m.AssetID, string(m.Status), val(m.FileName), val(m.Location), val(m.Md5),
			val(m.Size), val(m.Duration), val(m.Bitrate), val(m.Fps), val(m.Width), val(m.Height),
			text(m.VideoStreams), text(m.AudioStreams), moment(m.CreatedAt)}
	},
}

var playInfos = &table[ent.PlayInfo]{
	name: playinfo.Table, keys: 1, columns: playinfo.Columns,
	types: map[string]string{
		"bigint":           "bitrate width height size bit_depth",
		"double precision": "duration fps",
		"boolean":          "encrypted",
		"timestamptz":      "created_at updated_at",
	},
	values: func(p *ent.PlayInfo) []any {
		return []any{p.ID, p.AssetID, p.JobID, string(p.StreamType), string(p.Format), string(p.Definition),
			val(p.Specification), string(p.Status), val(p.Location), val(p.Bitrate), val(p.Duration), val(p.Fps),
			val(p.Width), val(p.Height), val(p.Size), p.Encrypted, string(p.EncryptType), val(p.WatermarkID),
			val(p.Codec), word(p.HdrType), val(p.BitDepth), val(p.TemplateID), moment(p.CreatedAt), moment(p.UpdatedAt)}
	},
}

var snapshots = &table[ent.Snapshot]{
	name: snapshot.Table, keys: 1, columns: snapshot.Columns,
	types: map[string]string{"bigint": "index offset width height", "jsonb": "sprite", "timestamptz": "created_at"},
	values: func(s *ent.Snapshot) []any {
		var sprite any
		if s.Sprite != nil {
			sprite = text(s.Sprite)
		}
		return []any{s.ID, s.AssetID, string(s.Type), s.JobID, s.Index, val(s.Offset),
			val(s.Width), val(s.Height), val(s.Location), sprite, moment(s.CreatedAt)}
	},
}

var aiSources = &table[ent.AISource]{
	name: aisource.Table, keys: 2, columns: aisource.Columns[1:],
	types: map[string]string{"jsonb": "review_labels", "timestamptz": "reviewed_at"},
	values: func(s *ent.AISource) []any {
		var labels any
		if s.Suggestion != nil {
			labels = text(s.ReviewLabels)
		}
		return []any{s.AssetID, s.Source, word(s.Suggestion), labels, when(s.ReviewedAt)}
	},
}

// The rows below have no key of their own: they are replaced together.

var aiLabels = &table[ent.AILabel]{
	name: ailabel.Table, columns: ailabel.Columns[1:],
	types: map[string]string{"double precision": "confidence", "jsonb": "spans"},
	values: func(l *ent.AILabel) []any {
		return []any{l.AssetID, l.Source, l.Name, string(l.Category), val(l.Confidence), text(l.Spans)}
	},
}

var cues = &table[ent.Cue]{
	name: cue.Table, columns: cue.Columns[1:],
	types: map[string]string{"bigint": "from to channel", "double precision": "confidence"},
	values: func(c *ent.Cue) []any {
		return []any{c.AssetID, c.Source, string(c.Kind), c.From, c.To, c.Text,
			val(c.Confidence), val(c.Language), val(c.Channel)}
	},
}

var findings = &table[ent.ReviewFinding]{
	name: reviewfinding.Table, columns: reviewfinding.Columns[1:],
	types: map[string]string{"bigint": "from to", "double precision": "score"},
	values: func(f *ent.ReviewFinding) []any {
		return []any{f.AssetID, f.Source, string(f.Module), f.Scene, f.Label, f.Score, string(f.Suggestion),
			val(f.From), val(f.To), val(f.Text), val(f.Location)}
	},
}

var duplicates = &table[ent.Duplicate]{
	name: duplicate.Table, columns: duplicate.Columns[1:],
	types: map[string]string{"double precision": "similarity", "jsonb": "segments"},
	values: func(d *ent.Duplicate) []any {
		return []any{d.AssetID, d.OtherID, d.Source, d.Similarity, text(d.Segments)}
	},
}

var candidates = &table[ent.CoverCandidate]{
	name: covercandidate.Table, columns: covercandidate.Columns,
	types: map[string]string{"bigint": "width height", "double precision": "score duration"},
	values: func(c *ent.CoverCandidate) []any {
		return []any{c.ID, c.AssetID, c.Source, c.Location, c.Format, val(c.Score), val(c.Width), val(c.Height), val(c.Duration)}
	},
}
