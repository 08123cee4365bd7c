package invent

import (
	"math"
	"time"

	"vodgraph/demo/line"
)

// Film is what all that belongs to a video follows from. ID names its files, At
// is when it came, Language is the BCP 47 tag of its sound.
type Film struct {
	ID            string
	At            time.Time
	Milliseconds  int64
	Width, Height int
	Fps           float64
	HdrType       string
	Language      string
}

// NewFilm measures a film: the newer its year, the larger its picture.
func NewFilm(c Chance, id string, at time.Time, year int) Film {
	f := Film{ID: id, At: at, Fps: 23.976, HdrType: "SDR", Language: "ja"}
	switch {
	case year < 2000:
		f.Height = Pick(c, []int{480, 720, 1080})
		f.Width = f.Height * 4 / 3
		f.Fps = Pick(c, []float64{23.976, 29.97})
	case year < 2010:
		f.Height = Pick(c, []int{720, 1080})
		f.Width = f.Height * 16 / 9
	default:
		f.Width, f.Height = 1920, 1080
		if year >= 2018 && c.One(4) {
			f.Width, f.Height = 3840, 2160
			f.HdrType = Pick(c, []string{"SDR", "HDR10", "HLG", "DOLBY_VISION"})
		}
	}
	return f
}

// Duration is in seconds.
func (f Film) Duration() float64 { return seconds(f.Milliseconds) }

// wide reports whether the picture is one of 16:9, not of 4:3.
func (f Film) wide() bool { return f.Width*9 == f.Height*16 }

// sizeOf is the size of a stream of so many bit/s.
func sizeOf(bitrate, ms int64) int64 { return bitrate * ms / 8000 }

// frames is how many pictures the film has.
func (f Film) frames() int64 { return int64(math.Round(f.Duration() * f.Fps)) }

// Mezzanine is the film's source file, with one video stream and one or two
// audio streams.
func (f Film) Mezzanine(c Chance) *line.Mezzanine {
	video := f.videoStream(c)
	m := &line.Mezzanine{
		Status: "NORMAL", FileName: f.ID + ".mkv", Location: "mezzanine/" + f.ID + ".mkv", MD5: c.Hex(),
		Duration: f.Duration(), Fps: f.Fps, Width: f.Width, Height: f.Height,
		VideoStreams: []line.VideoStream{video}, CreatedAt: line.At(f.At.Add(2 * time.Minute)),
	}
	m.Bitrate = video.Bitrate
	languages := []string{f.Language}
	if c.One(4) {
		languages = append(languages, "en")
	}
	for i, language := range languages {
		stream := audioStream(i+1, f.Milliseconds, language)
		m.AudioStreams = append(m.AudioStreams, stream)
		m.Bitrate += stream.Bitrate
	}
	m.Size = sizeOf(m.Bitrate, f.Milliseconds)
	return m
}

func (f Film) videoStream(c Chance) line.VideoStream {
	s := line.VideoStream{
		Index: 0, CodecName: "h264", CodecLongName: "H.264 / AVC / MPEG-4 AVC / MPEG-4 part 10", CodecTag: "avc1",
		Profile: "High", Level: 41, PixelFormat: "yuv420p", TimeBase: "1/1000",
		Width: f.Width, Height: f.Height, SampleAspectRatio: "1:1", DisplayAspectRatio: "4:3",
		HasBFrames: true, Fps: f.Fps, AverageFps: f.Fps, Duration: f.Duration(),
		FrameCount: f.frames(), Language: f.Language, HdrType: f.HdrType,
		Bitrate: int64(f.Width*f.Height) * int64(c.Between(4, 9)),
	}
	if f.wide() {
		s.DisplayAspectRatio = "16:9"
	}
	if f.Height > 1080 || c.One(5) {
		s.CodecName, s.CodecLongName, s.CodecTag = "hevc", "H.265 / HEVC (High Efficiency Video Coding)", "hvc1"
		s.Profile, s.Level, s.PixelFormat = "Main 10", 153, "yuv420p10le"
	}
	return s
}

// audioStream is a stream of sound. Only the first one is in surround.
func audioStream(index int, ms int64, language string) line.AudioStream {
	s := line.AudioStream{
		Index: index, CodecName: "aac", CodecLongName: "AAC (Advanced Audio Coding)", CodecTag: "mp4a",
		TimeBase: "1/48000", SampleFormat: "fltp", SampleRate: 48000, Channels: 2, ChannelLayout: "stereo",
		Bitrate: 192_000, Duration: seconds(ms), FrameCount: ms * 48 / 1024, Language: language,
	}
	if index == 1 {
		s.Channels, s.ChannelLayout, s.Bitrate = 6, "5.1", 384_000
	}
	return s
}
