package change

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
	"vodgraph/ent/tag"
	"vodgraph/media"
	"vodgraph/search"
)

// The tables that hold what an asset is. The order of columns is that of values.

var assets = &Table[ent.Asset]{
	Name: asset.Table, keys: 1, Columns: asset.Columns,
	Shared: "revision updated_at",
	Values: func(a *ent.Asset) []any {
		return assetValues(a, media.TitleKey(a.Title), JSONText(a.AlternativeTitles))
	},
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
	return []any{a.ID, string(a.Kind), Deref(a.ReferenceID), a.Title, titleKey, alternatives,
		Deref(a.Description), string(a.Status), Deref(a.StatusReason), Deref(a.Size), sizeUp, sizeDown,
		Deref(a.Duration), durationUp, durationDown, a.StorageLocation, string(a.StorageClass), string(a.MediaSource),
		RawJSON(a.UserData), a.DownloadEnabled, word(a.ImageType), word(a.BusinessType), Deref(a.FileName), Deref(a.Location),
		Deref(a.Width), Deref(a.Height), Deref(a.CoverImageID), Deref(a.CoverSnapshotID), a.Revision,
		Timestamp(a.CreatedAt), Timestamp(a.UpdatedAt), When(a.TrashedAt)}
}

// assetChange are the values of an asset before and after. To make the key of a title
// takes longer than all else, so it is made only where the title differs, and so is JSON
// of the alternative titles.
func assetChange(old, next *ent.Asset) (before, after []any) {
	key, alternatives := old.TitleKey, JSONText(old.AlternativeTitles)
	before = assetValues(old, key, alternatives)
	if old.Title != next.Title {
		key = media.TitleKey(next.Title)
	}
	if !slices.Equal(old.AlternativeTitles, next.AlternativeTitles) {
		alternatives = JSONText(next.AlternativeTitles)
	}
	return before, assetValues(next, key, alternatives)
}

// touched puts into an asset's values when it was changed last, and by which transaction.
func touched(values []any, a *ent.Asset) {
	values[slices.Index(assets.Columns, asset.FieldRevision)] = a.Revision
	values[slices.Index(assets.Columns, asset.FieldUpdatedAt)] = Timestamp(a.UpdatedAt)
}

// RawJSON is JSON that may be absent.
func RawJSON(m json.RawMessage) any {
	if m == nil {
		return nil
	}
	return string(m)
}

// AssetTags is the table of tags that assets have.
var AssetTags = &Table[ent.AssetTag]{
	Name: assettag.Table, keys: 2, Columns: assettag.Columns,
	Values: func(t *ent.AssetTag) []any { return []any{t.AssetID, t.TagID} },
}

var assetCategories = &Table[ent.AssetCategory]{
	Name: assetcategory.Table, keys: 2, Columns: assetcategory.Columns,
	Values: func(c *ent.AssetCategory) []any { return []any{c.AssetID, c.CategoryID} },
}

// Links is the table of attachments that assets have.
var Links = &Table[ent.AttachmentLink]{
	Name: attachmentlink.Table, keys: 2, Columns: attachmentlink.Columns,
	Values: func(l *ent.AttachmentLink) []any {
		return []any{l.AssetID, l.AttachmentID, Deref(l.Language), Deref(l.Label)}
	},
}

var mezzanines = &Table[ent.Mezzanine]{
	Name: mezzanine.Table, keys: 1, Columns: mezzanine.Columns,
	Values: func(m *ent.Mezzanine) []any {
		return []any{m.ID, m.AssetID, string(m.Status), Deref(m.FileName), Deref(m.Location), Deref(m.Md5),
			Deref(m.Size), Deref(m.Duration), Deref(m.Bitrate), Deref(m.Fps), Deref(m.Width), Deref(m.Height),
			JSONText(m.VideoStreams), JSONText(m.AudioStreams), Timestamp(m.CreatedAt)}
	},
}

// PlayInfos is the table of play infos.
var PlayInfos = &Table[ent.PlayInfo]{
	Name: playinfo.Table, keys: 1, Columns: playinfo.Columns,
	Values: func(p *ent.PlayInfo) []any {
		return []any{p.ID, p.AssetID, p.JobID, string(p.StreamType), string(p.Format), string(p.Definition),
			Deref(p.Specification), string(p.Status), Deref(p.Location), Deref(p.Bitrate), Deref(p.Duration), Deref(p.Fps),
			Deref(p.Width), Deref(p.Height), Deref(p.Size), p.Encrypted, string(p.EncryptType), Deref(p.WatermarkID),
			Deref(p.Codec), word(p.HdrType), Deref(p.BitDepth), Deref(p.TemplateID), Timestamp(p.CreatedAt), Timestamp(p.UpdatedAt)}
	},
}

// Snapshots is the table of snapshots.
var Snapshots = &Table[ent.Snapshot]{
	Name: snapshot.Table, keys: 1, Columns: snapshot.Columns,
	Values: func(s *ent.Snapshot) []any {
		var sprite any
		if s.Sprite != nil {
			sprite = JSONText(s.Sprite)
		}
		return []any{s.ID, s.AssetID, string(s.Type), s.JobID, s.Index, Deref(s.Offset),
			Deref(s.Width), Deref(s.Height), Deref(s.Location), sprite, Timestamp(s.CreatedAt)}
	},
}

var aiSources = &Table[ent.AISource]{
	Name: aisource.Table, keys: 2, Columns: aisource.Columns[1:],
	Values: func(s *ent.AISource) []any {
		var labels any
		if s.Suggestion != nil {
			labels = JSONText(s.ReviewLabels)
		}
		return []any{s.AssetID, s.Source, word(s.Suggestion), labels, When(s.ReviewedAt)}
	},
}

// The rows below have no key of their own: they are replaced together.

var aiLabels = &Table[ent.AILabel]{
	Name: ailabel.Table, Columns: ailabel.Columns[1:],
	Values: func(l *ent.AILabel) []any {
		return []any{l.AssetID, l.Source, l.Name, string(l.Category), Deref(l.Confidence), JSONText(l.Spans)}
	},
}

var cues = &Table[ent.Cue]{
	Name: cue.Table, Columns: cue.Columns[1:],
	Values: func(c *ent.Cue) []any {
		return []any{c.AssetID, c.Source, string(c.Kind), c.From, c.To, c.Text,
			Deref(c.Confidence), Deref(c.Language), Deref(c.Channel)}
	},
}

var findings = &Table[ent.ReviewFinding]{
	Name: reviewfinding.Table, Columns: reviewfinding.Columns[1:],
	Values: func(f *ent.ReviewFinding) []any {
		return []any{f.AssetID, f.Source, string(f.Module), f.Scene, f.Label, f.Score, string(f.Suggestion),
			Deref(f.From), Deref(f.To), Deref(f.Text), Deref(f.Location)}
	},
}

var duplicates = &Table[ent.Duplicate]{
	Name: duplicate.Table, Columns: duplicate.Columns[1:],
	Values: func(d *ent.Duplicate) []any {
		return []any{d.AssetID, d.OtherID, d.Source, d.Similarity, JSONText(d.Segments)}
	},
}

var candidates = &Table[ent.CoverCandidate]{
	Name: covercandidate.Table, Columns: covercandidate.Columns,
	Values: func(c *ent.CoverCandidate) []any {
		return []any{c.ID, c.AssetID, c.Source, c.Location, c.Format, Deref(c.Score), Deref(c.Width), Deref(c.Height), Deref(c.Duration)}
	},
}

// Tags is the table of tags.
var Tags = &Table[ent.Tag]{
	Name: tag.Table, keys: 1, Columns: tag.Columns,
	Values: func(t *ent.Tag) []any { return []any{t.ID, t.Name, search.Normalise(t.Name)} },
}
