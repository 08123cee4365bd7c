package line

import "vodgraph/ent/fact"

// Mezzanine is the source file and what was read from it. Bitrates are bit/s.
type Mezzanine struct {
	Status       string        `json:"status"`
	FileName     string        `json:"fileName,omitempty"`
	Location     string        `json:"location,omitempty"`
	MD5          string        `json:"md5,omitempty"`
	Size         int64         `json:"size,omitempty"`
	Duration     float64       `json:"duration,omitempty"`
	Bitrate      int64         `json:"bitrate,omitempty"`
	Fps          float64       `json:"fps,omitempty"`
	Width        int           `json:"width,omitempty"`
	Height       int           `json:"height,omitempty"`
	VideoStreams []VideoStream `json:"videoStreams,omitempty"`
	AudioStreams []AudioStream `json:"audioStreams,omitempty"`
	CreatedAt    Time          `json:"createdAt"`
}

// VideoStream is a video stream of a source file.
type VideoStream struct {
	Index              int     `json:"index"`
	CodecName          string  `json:"codecName"`
	CodecLongName      string  `json:"codecLongName"`
	CodecTag           string  `json:"codecTag"`
	Profile            string  `json:"profile"`
	Level              int     `json:"level"`
	PixelFormat        string  `json:"pixelFormat"`
	TimeBase           string  `json:"timeBase"`
	Width              int     `json:"width"`
	Height             int     `json:"height"`
	SampleAspectRatio  string  `json:"sampleAspectRatio"`
	DisplayAspectRatio string  `json:"displayAspectRatio"`
	HasBFrames         bool    `json:"hasBFrames"`
	Fps                float64 `json:"fps"`
	AverageFps         float64 `json:"averageFps"`
	Bitrate            int64   `json:"bitrate"`
	Duration           float64 `json:"duration"`
	StartTime          float64 `json:"startTime"`
	FrameCount         int64   `json:"frameCount"`
	Rotation           int     `json:"rotation"`
	Language           string  `json:"language,omitempty"`
	HdrType            string  `json:"hdrType"`
}

// AudioStream is an audio stream of a source file.
type AudioStream struct {
	Index         int     `json:"index"`
	CodecName     string  `json:"codecName"`
	CodecLongName string  `json:"codecLongName"`
	CodecTag      string  `json:"codecTag"`
	TimeBase      string  `json:"timeBase"`
	SampleFormat  string  `json:"sampleFormat"`
	SampleRate    int     `json:"sampleRate"`
	Channels      int     `json:"channels"`
	ChannelLayout string  `json:"channelLayout"`
	Bitrate       int64   `json:"bitrate"`
	Duration      float64 `json:"duration"`
	StartTime     float64 `json:"startTime"`
	FrameCount    int64   `json:"frameCount"`
	Language      string  `json:"language,omitempty"`
}

// PlayInfo is one stream made for playing.
type PlayInfo struct {
	JobID         string  `json:"jobId"`
	StreamType    string  `json:"streamType"`
	Format        string  `json:"format"`
	Definition    string  `json:"definition"`
	Specification string  `json:"specification,omitempty"`
	Location      string  `json:"location"`
	Bitrate       int64   `json:"bitrate"`
	Duration      float64 `json:"duration"`
	Fps           float64 `json:"fps,omitempty"`
	Width         int     `json:"width,omitempty"`
	Height        int     `json:"height,omitempty"`
	Size          int64   `json:"size"`
	Encrypted     bool    `json:"encrypted"`
	EncryptType   string  `json:"encryptType"`
	Watermark     *Ref    `json:"watermark,omitempty"`
	Codec         string  `json:"codec"`
	HdrType       string  `json:"hdrType,omitempty"`
	BitDepth      int     `json:"bitDepth,omitempty"`
	TemplateID    string  `json:"templateId,omitempty"`
	CreatedAt     Time    `json:"createdAt"`
}

// SnapshotSet is the snapshots of one type that one job took.
type SnapshotSet struct {
	Type      string      `json:"type"`
	JobID     string      `json:"jobId"`
	Items     []Snapshot  `json:"items"`
	Sprite    *SpriteGrid `json:"sprite,omitempty"`
	CreatedAt Time        `json:"createdAt"`
}

// Snapshot is one picture, or one sheet of pictures. It shows the moment At
// of the video.
type Snapshot struct {
	Index    int          `json:"index"`
	At       *fact.Millis `json:"at,omitempty"`
	Width    int          `json:"width,omitempty"`
	Height   int          `json:"height,omitempty"`
	Location string       `json:"location"`
}

// SpriteGrid says how a sheet is cut, and how much time is between its pictures.
type SpriteGrid struct {
	Columns    int         `json:"columns"`
	Rows       int         `json:"rows"`
	CellWidth  int         `json:"cellWidth"`
	CellHeight int         `json:"cellHeight"`
	Cells      int         `json:"cells"`
	Every      fact.Millis `json:"every"`
}
