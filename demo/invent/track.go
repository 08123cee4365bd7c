package invent

import (
	"time"

	"vodgraph/demo/line"
)

// Track is what all that belongs to an audio follows from; its fields are as
// those of a Film.
type Track struct {
	ID           string
	At           time.Time
	Milliseconds int64
	Language     string
}

// Duration is in seconds.
func (t Track) Duration() float64 { return seconds(t.Milliseconds) }

// Mezzanine is the track's source file, lossless.
func (t Track) Mezzanine(c Chance) *line.Mezzanine {
	stream := line.AudioStream{
		Index: 0, CodecName: "flac", CodecLongName: "FLAC (Free Lossless Audio Codec)", CodecTag: "[0][0][0][0]",
		TimeBase: "1/44100", SampleFormat: "s16", SampleRate: 44100, Channels: 2, ChannelLayout: "stereo",
		Bitrate: int64(c.Between(820, 1080)) * 1000, Duration: t.Duration(),
		FrameCount: t.Milliseconds * 441 / 40960, Language: t.Language,
	}
	return &line.Mezzanine{
		Status: "NORMAL", FileName: t.ID + ".flac", Location: "mezzanine/" + t.ID + ".flac", MD5: c.Hex(),
		Size: sizeOf(stream.Bitrate, t.Milliseconds), Duration: t.Duration(), Bitrate: stream.Bitrate,
		AudioStreams: []line.AudioStream{stream}, CreatedAt: line.At(t.At.Add(time.Minute)),
	}
}

// PlayInfos are the streams of the track: standard and high quality.
func (t Track) PlayInfos(c Chance) []line.PlayInfo {
	made := []line.PlayInfo{
		{Format: "MP3", Definition: "SQ", Codec: "mp3", Bitrate: 128_000},
		{Format: "M4A", Definition: "HQ", Codec: "aac", Bitrate: 256_000},
		{Format: "OGG", Definition: "HQ", Codec: "opus", Bitrate: 192_000},
	}[:c.Between(2, 3)]
	for i := range made {
		p := &made[i]
		p.JobID, p.StreamType, p.EncryptType, p.Specification = c.Hex(), "AUDIO", "NONE", "Audio"
		p.Location = "play/" + t.ID + "/" + p.JobID + "." + extensions[p.Format]
		p.Duration, p.Size = t.Duration(), sizeOf(p.Bitrate, t.Milliseconds)
		p.TemplateID = "sound-" + p.Definition
		p.CreatedAt = line.At(t.At.Add(time.Duration(5+i) * time.Minute))
	}
	return made
}
