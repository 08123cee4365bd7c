// Package line has the lines that generators write for `vodgraph import`: one
// JSON object a line, of the shape of AssetCreateInput in schema.graphql, or a
// category or a tag of their own. What is absent is left out.
//
// Lines say what is to be imported and check nothing: the import does.
package line

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Of is one line: exactly one of the three is set.
type Of struct {
	Category *Category
	Tag      *Tag
	Asset    *Asset
}

// Category is a line that makes a category, with or without assets.
type Category struct {
	ID   string   `json:"id"`
	Path []string `json:"path"`
}

// Tag is a line that makes a tag, with or without assets.
type Tag struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Asset is a line that makes an asset with all that belongs to it. Sizes are
// bytes, durations seconds to the millisecond.
type Asset struct {
	ID                string         `json:"id"`
	Kind              string         `json:"kind"`
	ReferenceID       string         `json:"referenceId,omitempty"`
	Title             string         `json:"title"`
	AlternativeTitles []string       `json:"alternativeTitles,omitempty"`
	Description       string         `json:"description,omitempty"`
	Status            string         `json:"status,omitempty"`
	StatusReason      string         `json:"statusReason,omitempty"`
	Size              int64          `json:"size,omitempty"`
	Duration          float64        `json:"duration,omitempty"`
	StorageLocation   string         `json:"storageLocation,omitempty"`
	StorageClass      string         `json:"storageClass,omitempty"`
	MediaSource       string         `json:"mediaSource,omitempty"`
	Categories        []CategoryRef  `json:"categories,omitempty"`
	Tags              []string       `json:"tags,omitempty"`
	UserData          map[string]any `json:"userData,omitempty"`
	DownloadEnabled   *bool          `json:"downloadEnabled,omitempty"`
	CreatedAt         Time           `json:"createdAt"`
	UpdatedAt         Time           `json:"updatedAt"`
	ImageType         string         `json:"imageType,omitempty"`
	AttachmentType    string         `json:"attachmentType,omitempty"`
	FileName          string         `json:"fileName,omitempty"`
	Location          string         `json:"location,omitempty"`
	Width             int            `json:"width,omitempty"`
	Height            int            `json:"height,omitempty"`
	Cover             *Cover         `json:"cover,omitempty"`
	Mezzanine         *Mezzanine     `json:"mezzanine,omitempty"`
	PlayInfos         []PlayInfo     `json:"playInfos,omitempty"`
	Snapshots         []SnapshotSet  `json:"snapshots,omitempty"`
	Attachments       []Attachment   `json:"attachments,omitempty"`
	AIData            []AIData       `json:"aiData,omitempty"`
}

// CategoryRef names a category by the names from the root to it.
type CategoryRef struct {
	Path []string `json:"path"`
}

// Ref names another asset.
type Ref struct {
	ID string `json:"id"`
}

// Cover is an image, or a snapshot of the asset itself.
type Cover struct {
	Image    *Ref         `json:"image,omitempty"`
	Snapshot *SnapshotRef `json:"snapshot,omitempty"`
}

// SnapshotRef names a snapshot of the asset whose line it stands in.
type SnapshotRef struct {
	Type  string `json:"type"`
	Index int    `json:"index"`
}

// Attachment links an attachment; the language is a BCP 47 tag.
type Attachment struct {
	Attachment Ref    `json:"attachment"`
	Language   string `json:"language,omitempty"`
	Label      string `json:"label,omitempty"`
}

// Time is written in UTC with all three digits of its milliseconds.
type Time struct{ time.Time }

// layout is RFC 3339 with milliseconds, as the server writes times.
const layout = "2006-01-02T15:04:05.000Z07:00"

// At is a time cut to the millisecond.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// MarshalJSON writes the time as a string.
func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(`"` + t.UTC().Format(layout) + `"`), nil
}

// Encode writes the line without a line break.
func (l Of) Encode() ([]byte, error) {
	var value any = l.Asset
	switch {
	case l.Category != nil:
		value = map[string]any{"category": l.Category}
	case l.Tag != nil:
		value = map[string]any{"tag": l.Tag}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("encode a line: %w", err)
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}
