// Package fact holds the small values that rows keep as JSON. They are the same
// going in and coming out of the API, but for times: rows keep milliseconds, and the
// API has seconds, under other names.
package fact

// VideoStream is a video stream of a source file, as its prober reports it.
type VideoStream struct {
	Index              int      `json:"index"`
	CodecName          *string  `json:"codecName,omitempty"`
	CodecLongName      *string  `json:"codecLongName,omitempty"`
	CodecTag           *string  `json:"codecTag,omitempty"`
	Profile            *string  `json:"profile,omitempty"`
	Level              *int     `json:"level,omitempty"`
	PixelFormat        *string  `json:"pixelFormat,omitempty"`
	TimeBase           *string  `json:"timeBase,omitempty"`
	Width              *int     `json:"width,omitempty"`
	Height             *int     `json:"height,omitempty"`
	SampleAspectRatio  *string  `json:"sampleAspectRatio,omitempty"`
	DisplayAspectRatio *string  `json:"displayAspectRatio,omitempty"`
	HasBFrames         *bool    `json:"hasBFrames,omitempty"`
	Fps                *float64 `json:"fps,omitempty"`
	AverageFps         *float64 `json:"averageFps,omitempty"`
	Bitrate            *int64   `json:"bitrate,omitempty"`
	Duration           *float64 `json:"duration,omitempty"`
	StartTime          *float64 `json:"startTime,omitempty"`
	FrameCount         *int64   `json:"frameCount,omitempty"`
	Rotation           *int     `json:"rotation,omitempty"`
	Language           *string  `json:"language,omitempty"`
	HdrType            *HdrType `json:"hdrType,omitempty"`
}

// AudioStream is an audio stream of a source file, as its prober reports it.
type AudioStream struct {
	Index         int      `json:"index"`
	CodecName     *string  `json:"codecName,omitempty"`
	CodecLongName *string  `json:"codecLongName,omitempty"`
	CodecTag      *string  `json:"codecTag,omitempty"`
	TimeBase      *string  `json:"timeBase,omitempty"`
	SampleFormat  *string  `json:"sampleFormat,omitempty"`
	SampleRate    *int     `json:"sampleRate,omitempty"`
	Channels      *int     `json:"channels,omitempty"`
	ChannelLayout *string  `json:"channelLayout,omitempty"`
	Bitrate       *int64   `json:"bitrate,omitempty"`
	Duration      *float64 `json:"duration,omitempty"`
	StartTime     *float64 `json:"startTime,omitempty"`
	FrameCount    *int64   `json:"frameCount,omitempty"`
	Language      *string  `json:"language,omitempty"`
}

// HdrType is a dynamic range of a picture.
type HdrType string

// The dynamic ranges, SDR being the ordinary one.
const (
	SDR         HdrType = "SDR"
	HDR         HdrType = "HDR"
	HDR10       HdrType = "HDR10"
	HLG         HdrType = "HLG"
	DolbyVision HdrType = "DOLBY_VISION"
	HDRVivid    HdrType = "HDR_VIVID"
	SDRPlus     HdrType = "SDR_PLUS"
)

// Values lists the dynamic ranges, for the table that keeps one.
func (HdrType) Values() []string {
	return []string{string(SDR), string(HDR), string(HDR10), string(HLG), string(DolbyVision), string(HDRVivid), string(SDRPlus)}
}

// Suggestion is what a review proposes to do.
type Suggestion string

// The suggestions, from the mildest.
const (
	Pass   Suggestion = "PASS"
	Review Suggestion = "REVIEW"
	Block  Suggestion = "BLOCK"
)

// Values lists the suggestions, for the tables that keep one.
func (Suggestion) Values() []string { return []string{string(Pass), string(Review), string(Block)} }

// SpriteGrid is how a sheet of pictures is cut.
type SpriteGrid struct {
	Columns    int `json:"columns"`
	Rows       int `json:"rows"`
	CellWidth  int `json:"cellWidth"`
	CellHeight int `json:"cellHeight"`
	Cells      int `json:"cells"`
	// Interval is milliseconds.
	Interval int64 `json:"interval"`
}

// Every is how much time there is from one picture to the next.
func (g SpriteGrid) Every() Millis { return Millis(g.Interval) }

// TimeSpan is a stretch of time, in milliseconds.
type TimeSpan struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// Start is when it begins.
func (s TimeSpan) Start() Millis { return Millis(s.From) }

// End is when it ends.
func (s TimeSpan) End() Millis { return Millis(s.To) }

// DuplicateSegment pairs a stretch of an asset with the like stretch of another,
// in milliseconds.
type DuplicateSegment struct {
	From      int64 `json:"from"`
	To        int64 `json:"to"`
	OtherFrom int64 `json:"otherFrom"`
	OtherTo   int64 `json:"otherTo"`
}

// Start is when it begins.
func (s DuplicateSegment) Start() Millis { return Millis(s.From) }

// End is when it ends.
func (s DuplicateSegment) End() Millis { return Millis(s.To) }

// OtherStart is when it begins in the other asset.
func (s DuplicateSegment) OtherStart() Millis { return Millis(s.OtherFrom) }

// OtherEnd is when it ends in the other asset.
func (s DuplicateSegment) OtherEnd() Millis { return Millis(s.OtherTo) }

// Turned is the segment as seen from the other asset.
func (s DuplicateSegment) Turned() DuplicateSegment {
	return DuplicateSegment{From: s.OtherFrom, To: s.OtherTo, OtherFrom: s.From, OtherTo: s.To}
}

// FieldCount is how many assets, tags and categories of an operation met an outcome in a field.
type FieldCount struct {
	// Field is as a change has it; empty where one was refused as a whole.
	Field string `json:"field"`
	// Outcome is CHANGED, CREATED, DELETED or FAILED.
	Outcome string `json:"outcome"`
	Count   int64  `json:"count"`
}
