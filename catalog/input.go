package catalog

import (
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/change"
	"vodgraph/ent/ailabel"
	"vodgraph/ent/asset"
	"vodgraph/ent/fact"
	"vodgraph/ent/mezzanine"
	"vodgraph/ent/playinfo"
	"vodgraph/ent/reviewfinding"
	"vodgraph/ent/snapshot"
	"vodgraph/media"
	"vodgraph/model"
)

// The inputs are bound by name to those of schema.graphql, which says what each
// member means. A member that is omittable is left out or null; of the
// others null is the same as left out.

// AssetCreateInput is an asset to be made, and a line of an import.
type AssetCreateInput struct {
	ID                *string                                 `json:"id,omitzero"`
	Kind              asset.Kind                              `json:"kind,omitzero"`
	ReferenceID       graphql.Omittable[*string]              `json:"referenceId,omitzero"`
	Title             string                                  `json:"title,omitzero"`
	AlternativeTitles graphql.Omittable[[]string]             `json:"alternativeTitles,omitzero"`
	Description       graphql.Omittable[*string]              `json:"description,omitzero"`
	Status            *asset.Status                           `json:"status,omitzero"`
	StatusReason      graphql.Omittable[*string]              `json:"statusReason,omitzero"`
	Size              graphql.Omittable[*int64]               `json:"size,omitzero"`
	Duration          graphql.Omittable[*float64]             `json:"duration,omitzero"`
	StorageLocation   *string                                 `json:"storageLocation,omitzero"`
	StorageClass      *asset.StorageClass                     `json:"storageClass,omitzero"`
	MediaSource       *asset.MediaSource                      `json:"mediaSource,omitzero"`
	Categories        graphql.Omittable[[]*media.CategoryRef] `json:"categories,omitzero"`
	Tags              graphql.Omittable[[]string]             `json:"tags,omitzero"`
	UserData          graphql.Omittable[json.RawMessage]      `json:"userData,omitzero"`
	DownloadEnabled   *bool                                   `json:"downloadEnabled,omitzero"`
	CreatedAt         *model.Moment                           `json:"createdAt,omitzero"`
	UpdatedAt         *model.Moment                           `json:"updatedAt,omitzero"`
	TrashedAt         graphql.Omittable[*model.Moment]        `json:"trashedAt,omitzero"`
	ImageType         *asset.ImageType                        `json:"imageType,omitzero"`
	AttachmentType    *asset.BusinessType                     `json:"attachmentType,omitzero"`
	FileName          graphql.Omittable[*string]              `json:"fileName,omitzero"`
	Location          graphql.Omittable[*string]              `json:"location,omitzero"`
	Width             graphql.Omittable[*int]                 `json:"width,omitzero"`
	Height            graphql.Omittable[*int]                 `json:"height,omitzero"`
	Cover             graphql.Omittable[*CoverRef]            `json:"cover,omitzero"`
	Mezzanine         graphql.Omittable[*MezzanineInput]      `json:"mezzanine,omitzero"`
	PlayInfos         graphql.Omittable[[]*PlayInfoInput]     `json:"playInfos,omitzero"`
	Snapshots         graphql.Omittable[[]*SnapshotSetInput]  `json:"snapshots,omitzero"`
	Attachments       graphql.Omittable[[]*AttachmentRef]     `json:"attachments,omitzero"`
	AiData            graphql.Omittable[[]*AIDataInput]       `json:"aiData,omitzero"`
}

// AssetUpdateInput is a change of one asset: what can be changed of many, and what is of
// one asset alone.
type AssetUpdateInput struct {
	ID             *string                            `json:"id,omitzero"`
	ReferenceID    *string                            `json:"referenceId,omitzero"`
	IfRevision     *int64                             `json:"ifRevision,omitzero"`
	NewReferenceID graphql.Omittable[*string]         `json:"newReferenceId,omitzero"`
	File           graphql.Omittable[*FileInput]      `json:"file,omitzero"`
	Mezzanine      graphql.Omittable[*MezzanineInput] `json:"mezzanine,omitzero"`
	AssetChangeInput
}

// AssetChangeInput is one change for many assets.
type AssetChangeInput struct {
	Title             graphql.Omittable[*string]             `json:"title,omitzero"`
	AlternativeTitles graphql.Omittable[[]string]            `json:"alternativeTitles,omitzero"`
	Description       graphql.Omittable[*string]             `json:"description,omitzero"`
	StorageLocation   graphql.Omittable[*string]             `json:"storageLocation,omitzero"`
	StorageClass      graphql.Omittable[*asset.StorageClass] `json:"storageClass,omitzero"`
	MediaSource       graphql.Omittable[*asset.MediaSource]  `json:"mediaSource,omitzero"`
	DownloadEnabled   graphql.Omittable[*bool]               `json:"downloadEnabled,omitzero"`
	Cover             graphql.Omittable[*CoverRef]           `json:"cover,omitzero"`
	UserData          graphql.Omittable[*JSONChange]         `json:"userData,omitzero"`
	Tags              graphql.Omittable[*StringListChange]   `json:"tags,omitzero"`
	Categories        graphql.Omittable[*CategoryListChange] `json:"categories,omitzero"`
}

// FileInput is what changes of the file of an image or an attachment.
type FileInput struct {
	Location        graphql.Omittable[*string]             `json:"location,omitzero"`
	FileName        graphql.Omittable[*string]             `json:"fileName,omitzero"`
	Size            graphql.Omittable[*int64]              `json:"size,omitzero"`
	Width           graphql.Omittable[*int]                `json:"width,omitzero"`
	Height          graphql.Omittable[*int]                `json:"height,omitzero"`
	ImageType       graphql.Omittable[*asset.ImageType]    `json:"imageType,omitzero"`
	StorageLocation graphql.Omittable[*string]             `json:"storageLocation,omitzero"`
	StorageClass    graphql.Omittable[*asset.StorageClass] `json:"storageClass,omitzero"`
	MediaSource     graphql.Omittable[*asset.MediaSource]  `json:"mediaSource,omitzero"`
}

// AssetStatusInput is a step of one asset's status.
type AssetStatusInput struct {
	ID          *string
	ReferenceID *string
	To          asset.Status
	Reason      *string
	IfRevision  *int64
}

// CoverRef names what shall be a cover by one of its members.
type CoverRef struct {
	Image     *change.AssetRef `json:"image,omitzero"`
	Snapshot  *SnapshotRef     `json:"snapshot,omitzero"`
	Candidate *string          `json:"candidate,omitzero"`
}

// SnapshotRef names a snapshot of the asset itself.
type SnapshotRef struct {
	Type  snapshot.Type `json:"type"`
	Index int           `json:"index"`
}

// AttachmentRef links an attachment.
type AttachmentRef struct {
	Attachment *change.AssetRef `json:"attachment,omitzero"`
	Language   *string          `json:"language,omitzero"`
	Label      *string          `json:"label,omitzero"`
}

// JSONChange changes user data by one of its members.
type JSONChange struct {
	Set   graphql.Omittable[json.RawMessage] `json:"set,omitzero"`
	Merge graphql.Omittable[json.RawMessage] `json:"merge,omitzero"`
}

// StringListChange changes a list of words: Set alone, or Add and Remove.
type StringListChange struct {
	Set    []string `json:"set,omitzero"`
	Add    []string `json:"add,omitzero"`
	Remove []string `json:"remove,omitzero"`
}

// CategoryListChange changes the categories: Set alone, or Add and Remove.
type CategoryListChange struct {
	Set    []*media.CategoryRef `json:"set,omitzero"`
	Add    []*media.CategoryRef `json:"add,omitzero"`
	Remove []*media.CategoryRef `json:"remove,omitzero"`
}

// MezzanineInput is all that is known of a source file.
type MezzanineInput struct {
	Status       *mezzanine.Status   `json:"status,omitzero"`
	FileName     *string             `json:"fileName,omitzero"`
	Location     *string             `json:"location,omitzero"`
	Md5          *string             `json:"md5,omitzero"`
	Size         *int64              `json:"size,omitzero"`
	Duration     *float64            `json:"duration,omitzero"`
	Bitrate      *int64              `json:"bitrate,omitzero"`
	Fps          *float64            `json:"fps,omitzero"`
	Width        *int                `json:"width,omitzero"`
	Height       *int                `json:"height,omitzero"`
	VideoStreams []*fact.VideoStream `json:"videoStreams,omitzero"`
	AudioStreams []*fact.AudioStream `json:"audioStreams,omitzero"`
	CreatedAt    *model.Moment       `json:"createdAt,omitzero"`
}

// PlayInfoInput is one stream made of an asset.
type PlayInfoInput struct {
	JobID         string                `json:"jobId"`
	StreamType    playinfo.StreamType   `json:"streamType"`
	Format        playinfo.Format       `json:"format"`
	Definition    *playinfo.Definition  `json:"definition,omitzero"`
	Specification *string               `json:"specification,omitzero"`
	Location      *string               `json:"location,omitzero"`
	Bitrate       *int64                `json:"bitrate,omitzero"`
	Duration      *float64              `json:"duration,omitzero"`
	Fps           *float64              `json:"fps,omitzero"`
	Width         *int                  `json:"width,omitzero"`
	Height        *int                  `json:"height,omitzero"`
	Size          *int64                `json:"size,omitzero"`
	Encrypted     *bool                 `json:"encrypted,omitzero"`
	EncryptType   *playinfo.EncryptType `json:"encryptType,omitzero"`
	Watermark     *change.AssetRef      `json:"watermark,omitzero"`
	Codec         *string               `json:"codec,omitzero"`
	HdrType       *fact.HdrType         `json:"hdrType,omitzero"`
	BitDepth      *int                  `json:"bitDepth,omitzero"`
	TemplateID    *string               `json:"templateId,omitzero"`
	CreatedAt     *model.Moment         `json:"createdAt,omitzero"`
}

// PlayInfoPutInput is one stream, and the asset that it was made of.
type PlayInfoPutInput struct {
	Asset *change.AssetRef `json:"asset"`
	PlayInfoInput
}

// SnapshotSetInput is all snapshots of one type.
type SnapshotSetInput struct {
	Type      snapshot.Type    `json:"type"`
	JobID     string           `json:"jobId"`
	Items     []*SnapshotInput `json:"items,omitzero"`
	Sprite    *SpriteGridInput `json:"sprite,omitzero"`
	CreatedAt *model.Moment    `json:"createdAt,omitzero"`
}

// SnapshotSetPutInput is all snapshots of one type, and the video that they are of.
type SnapshotSetPutInput struct {
	Asset *change.AssetRef `json:"asset"`
	SnapshotSetInput
}

// SpriteGridInput says how a sheet of pictures is cut.
type SpriteGridInput struct {
	Columns    int         `json:"columns"`
	Rows       int         `json:"rows"`
	CellWidth  int         `json:"cellWidth"`
	CellHeight int         `json:"cellHeight"`
	Cells      int         `json:"cells"`
	Every      fact.Millis `json:"every"`
}

// SnapshotInput is one snapshot of a set.
type SnapshotInput struct {
	Index    int          `json:"index"`
	At       *fact.Millis `json:"at,omitzero"`
	Width    *int         `json:"width,omitzero"`
	Height   *int         `json:"height,omitzero"`
	Location *string      `json:"location,omitzero"`
}

// AIDataInput is all that one source has to say of an asset.
type AIDataInput struct {
	Source          string                 `json:"source"`
	Labels          []*AILabelInput        `json:"labels,omitzero"`
	Speech          []*CueInput            `json:"speech,omitzero"`
	ScreenText      []*CueInput            `json:"screenText,omitzero"`
	Review          *ReviewInput           `json:"review,omitzero"`
	Duplicates      []*DuplicateInput      `json:"duplicates,omitzero"`
	CoverCandidates []*CoverCandidateInput `json:"coverCandidates,omitzero"`
}

// AIDataPutInput is all that one source has to say, and the asset that it says it of.
type AIDataPutInput struct {
	Asset *change.AssetRef `json:"asset"`
	AIDataInput
}

// AILabelInput is something recognised.
type AILabelInput struct {
	Name       string           `json:"name"`
	Category   ailabel.Category `json:"category"`
	Confidence *float64         `json:"confidence,omitzero"`
	Spans      []*TimeSpanInput `json:"spans,omitzero"`
}

// TimeSpanInput is a stretch of time.
type TimeSpanInput struct {
	Start fact.Millis `json:"start"`
	End   fact.Millis `json:"end"`
}

// CueInput is a stretch of speech or of text on the screen.
type CueInput struct {
	Start      fact.Millis `json:"start"`
	End        fact.Millis `json:"end"`
	Text       string      `json:"text"`
	Confidence *float64    `json:"confidence,omitzero"`
	Language   *string     `json:"language,omitzero"`
	Channel    *int        `json:"channel,omitzero"`
}

// DuplicateInput is a likeness to another asset.
type DuplicateInput struct {
	Asset      *change.AssetRef         `json:"asset,omitzero"`
	Similarity float64                  `json:"similarity"`
	Segments   []*DuplicateSegmentInput `json:"segments,omitzero"`
}

// DuplicateSegmentInput pairs a stretch of the asset with the like stretch of the other.
type DuplicateSegmentInput struct {
	Start      fact.Millis `json:"start"`
	End        fact.Millis `json:"end"`
	OtherStart fact.Millis `json:"otherStart"`
	OtherEnd   fact.Millis `json:"otherEnd"`
}

// CoverCandidateInput is a picture proposed for a cover.
type CoverCandidateInput struct {
	Location string   `json:"location"`
	Format   string   `json:"format"`
	Score    *float64 `json:"score,omitzero"`
	Width    *int     `json:"width,omitzero"`
	Height   *int     `json:"height,omitzero"`
	Duration *float64 `json:"duration,omitzero"`
}

// ReviewInput is the outcome of a moderation.
type ReviewInput struct {
	Suggestion fact.Suggestion       `json:"suggestion"`
	Labels     []string              `json:"labels,omitzero"`
	Findings   []*ReviewFindingInput `json:"findings,omitzero"`
	CreatedAt  *model.Moment         `json:"createdAt,omitzero"`
}

// ReviewFindingInput is one thing that a review has to say.
type ReviewFindingInput struct {
	Module     reviewfinding.Module `json:"module"`
	Scene      string               `json:"scene"`
	Label      string               `json:"label"`
	Score      float64              `json:"score"`
	Suggestion fact.Suggestion      `json:"suggestion"`
	Start      *fact.Millis         `json:"start,omitzero"`
	End        *fact.Millis         `json:"end,omitzero"`
	Text       *string              `json:"text,omitzero"`
	Location   *string              `json:"location,omitzero"`
}
