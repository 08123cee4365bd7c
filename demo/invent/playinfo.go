package invent

import (
	"time"

	"vodgraph/demo/line"
)

// rung is a size that films are made in. Its definition is the one that the
// size stands for.
type rung struct {
	definition, specification, codec string
	wide, narrow                     int
	height, narrowHeight             int
	bitrate                          int64
}

var rungs = []rung{
	{"FD", "H264.LD", "h264", 640, 640, 360, 480, 400_000},
	{"LD", "H264.SD", "h264", 720, 720, 404, 540, 700_000},
	{"SD", "H264.SD", "h264", 1280, 960, 720, 720, 1_800_000},
	{"HD", "H264.HD", "h264", 1920, 1440, 1080, 1080, 4_000_000},
	{"UHD_2K", "H265.2K", "h265", 2560, 1920, 1440, 1440, 7_500_000},
	{"UHD_4K", "H265.4K", "h265", 3840, 2880, 2160, 2160, 16_000_000},
}

// Making says how play infos are made.
type Making struct {
	// Most is how many sizes at most, the largest of them.
	Most int
	// Formats are those each of the sizes is made in.
	Formats []string
	// Encrypted has the M3U8 streams encrypted.
	Encrypted bool
	// Redone has the largest made again later, so that the first is superseded.
	Redone bool
	// Watermark is the id of an attachment, or empty.
	Watermark string
}

// PlayInfos are the streams of the film, in the order of their making.
func (f Film) PlayInfos(c Chance, how Making) []line.PlayInfo {
	var sizes []rung
	for _, r := range rungs {
		if _, height := f.size(r); height <= f.Height {
			sizes = append(sizes, r)
		}
	}
	sizes = sizes[max(0, len(sizes)-how.Most):]
	var infos []line.PlayInfo
	for _, r := range sizes {
		for _, format := range how.Formats {
			made := f.At.Add(time.Duration(10+3*len(infos)) * time.Minute)
			infos = append(infos, f.playInfo(c, r, format, made))
		}
	}
	if how.Redone {
		again := f.playInfo(c, sizes[len(sizes)-1], how.Formats[0], f.At.AddDate(0, 3, c.IntN(20)))
		again.Bitrate = again.Bitrate * 9 / 10
		again.Size = sizeOf(again.Bitrate, f.Milliseconds)
		infos = append(infos, again)
	}
	for i := range infos {
		if how.Watermark != "" {
			infos[i].Watermark = &line.Ref{ID: how.Watermark}
		}
		if how.Encrypted && infos[i].Format == "M3U8" {
			infos[i].Encrypted, infos[i].EncryptType = true, "HLS"
		}
	}
	return infos
}

// size is that of the rung for the film's shape.
func (f Film) size(r rung) (width, height int) {
	if f.wide() {
		return r.wide, r.height
	}
	return r.narrow, r.narrowHeight
}

func (f Film) playInfo(c Chance, r rung, format string, made time.Time) line.PlayInfo {
	job := c.Hex()
	info := line.PlayInfo{
		JobID: job, StreamType: "VIDEO", Format: format, Definition: r.definition, Specification: r.specification,
		Location: "play/" + f.ID + "/" + job + "." + extensions[format], Bitrate: r.bitrate + int64(c.IntN(100_000)),
		Duration: f.Duration(), Fps: f.Fps, EncryptType: "NONE", Codec: r.codec, HdrType: "SDR", BitDepth: 8,
		TemplateID: "ladder-" + r.definition, CreatedAt: line.At(made),
	}
	info.Width, info.Height = f.size(r)
	if r.codec == "h265" {
		info.HdrType, info.BitDepth = f.HdrType, 10
	}
	info.Size = sizeOf(info.Bitrate, f.Milliseconds)
	return info
}

var extensions = map[string]string{
	"MP4": "mp4", "M3U8": "m3u8", "MPD": "mpd", "FLV": "flv", "WEBM": "webm", "MP3": "mp3", "M4A": "m4a", "OGG": "ogg",
}
