package catalog

import (
	"context"
	"slices"
	"time"

	"vodgraph/ent"
	"vodgraph/ent/fact"
	"vodgraph/ent/mezzanine"
	"vodgraph/ent/playinfo"
	"vodgraph/fault"
	"vodgraph/media"
)

// MezzaninePut sets the source file of a video or an audio, all of it.
func (c *Catalog) MezzaninePut(ctx context.Context, ref *AssetRef, in *MezzanineInput) (*Outcome, error) {
	return c.one(ctx, ref, withMezzanine, func(*names) {}, func(b *maker, k *check, s *state) {
		k.nul(&struct {
			Input *MezzanineInput `json:"input"`
		}{in})
		k.of(s, "mezzanine", played...)
		s.mezzanine = b.mezzanine(k, s, in, "input")
		s.follow()
	})
}

// MezzanineDelete says that the source file is gone; its facts stay. Unless it
// is forced it refuses with IN_USE to take the only thing that plays.
func (c *Catalog) MezzanineDelete(ctx context.Context, ref *AssetRef, force bool) (*Outcome, error) {
	return c.one(ctx, ref, withMezzanine|withPlayInfos, func(*names) {}, func(_ *maker, k *check, s *state) {
		if s.mezzanine == nil {
			k.refuse(fault.New(fault.NotFound, "The asset has no mezzanine."), assetName)
			return
		}
		if !force && s.mezzanine.Status == mezzanine.StatusNORMAL && !s.plays() {
			k.refuse(fault.New(fault.InUse, "Nothing else of this asset plays; set force to remove its source all the same."), "force")
			return
		}
		row := *s.mezzanine
		row.Status = mezzanine.StatusDELETED
		s.mezzanine = &row
	})
}

// plays reports whether the asset has a stream that is not superseded.
func (s *state) plays() bool {
	for _, p := range s.playInfos {
		if p.Status == playinfo.StatusNORMAL {
			return true
		}
	}
	return false
}

// mezzanine makes the row of an input. It keeps the id and, where the input
// leaves it out, the time of the row that was.
func (b *maker) mezzanine(k *check, s *state, in *MezzanineInput, field ...string) *ent.Mezzanine {
	if in == nil {
		return nil
	}
	row := mezzanineRow(s.ID, in)
	if row.CreatedAt = b.now; s.mezzanine != nil {
		row.ID, row.CreatedAt = s.mezzanine.ID, s.mezzanine.CreatedAt
	} else {
		row.ID = b.opts.NewID(media.MezzaninePrefix)
	}
	row.CreatedAt = in.CreatedAt.Or(row.CreatedAt)
	k.fileName(s.Asset, in.FileName, append(field, "fileName")...)
	row.Md5 = k.md5(in.Md5, append(field, "md5")...)
	k.measures(in.Size, in.Bitrate, in.Duration, in.Fps, field)
	k.pixels(in.Width, in.Height, field)
	index := map[int]bool{}
	for i, stream := range in.VideoStreams {
		k.stream(index, stream.Index, asList(field, "videoStreams", i)...)
	}
	for i, stream := range in.AudioStreams {
		k.stream(index, stream.Index, asList(field, "audioStreams", i)...)
	}
	return row
}

// mezzanineRow is the row of an input without its id, with its streams by index.
func mezzanineRow(assetID string, in *MezzanineInput) *ent.Mezzanine {
	row := &ent.Mezzanine{AssetID: assetID, Status: or(in.Status, mezzanine.StatusNORMAL), FileName: in.FileName,
		Location: in.Location, Md5: in.Md5, Size: in.Size, Duration: seconds(in.Duration), Bitrate: in.Bitrate,
		Fps: unsigned(in.Fps), Width: in.Width, Height: in.Height, CreatedAt: in.CreatedAt.Or(time.Time{}),
		VideoStreams: make([]fact.VideoStream, 0, len(in.VideoStreams)), AudioStreams: make([]fact.AudioStream, 0, len(in.AudioStreams))}
	for _, stream := range in.VideoStreams {
		one := *stream
		one.Fps, one.AverageFps, one.Duration, one.StartTime = unsigned(one.Fps), unsigned(one.AverageFps), unsigned(one.Duration), unsigned(one.StartTime)
		row.VideoStreams = append(row.VideoStreams, one)
	}
	for _, stream := range in.AudioStreams {
		one := *stream
		one.Duration, one.StartTime = unsigned(one.Duration), unsigned(one.StartTime)
		row.AudioStreams = append(row.AudioStreams, one)
	}
	slices.SortFunc(row.VideoStreams, func(a, b fact.VideoStream) int { return a.Index - b.Index })
	slices.SortFunc(row.AudioStreams, func(a, b fact.AudioStream) int { return a.Index - b.Index })
	return row
}

// stream refuses an index below zero, and one that another stream has.
func (k *check) stream(taken map[int]bool, index int, field ...string) {
	k.require(index >= 0 && !taken[index], "Each stream has an index of its own, from 0.", append(field, "index")...)
	taken[index] = true
}

// measures refuses numbers below zero among the facts of a file.
func (k *check) measures(size, bitrate *int64, duration, fps *float64, field []string) {
	positive(k, size, append(field, "size")...)
	positive(k, bitrate, append(field, "bitrate")...)
	positive(k, duration, append(field, "duration")...)
	positive(k, fps, append(field, "fps")...)
}

// pixels refuses numbers below zero.
func (k *check) pixels(width, height *int, field []string) {
	positive(k, width, append(field, "width")...)
	positive(k, height, append(field, "height")...)
}
