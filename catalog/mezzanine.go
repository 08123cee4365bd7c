package catalog

import (
	"context"
	"slices"
	"time"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/fact"
	"vodgraph/ent/mezzanine"
	"vodgraph/ent/playinfo"
	"vodgraph/fault"
	"vodgraph/media"
)

// MezzaninePut sets the source file of a video or an audio, all of it.
func (c *Catalog) MezzaninePut(ctx context.Context, ref *change.AssetRef, in *MezzanineInput) (*change.Outcome, error) {
	return c.one(ctx, ref, change.WithMezzanine, func(*change.References) {}, func(b *Builder, k *change.Check, s *change.State) {
		k.RefuseNUL(&struct {
			Input *MezzanineInput `json:"input"`
		}{in})
		requireKind(k, s, "mezzanine", played...)
		s.Mezzanine = b.mezzanine(k, s, in, "input")
		FollowSourceFile(s)
	})
}

// MezzanineDelete says that the source file is gone; its facts stay. Unless it
// is forced it refuses with IN_USE to take the only thing that plays.
func (c *Catalog) MezzanineDelete(ctx context.Context, ref *change.AssetRef, force bool) (*change.Outcome, error) {
	return c.one(ctx, ref, change.WithMezzanine|change.WithPlayInfos, func(*change.References) {}, func(_ *Builder, k *change.Check, s *change.State) {
		if s.Mezzanine == nil {
			k.Refuse(fault.New(fault.NotFound, "The asset has no mezzanine."), assetName)
			return
		}
		if !force && s.Mezzanine.Status == mezzanine.StatusNORMAL && !playInfosOf(s) {
			k.Refuse(fault.New(fault.InUse, "Nothing else of this asset plays; set force to remove its source all the same."), "force")
			return
		}
		row := *s.Mezzanine
		row.Status = mezzanine.StatusDELETED
		s.Mezzanine = &row
	})
}

func playInfosOf(s *change.State) bool {
	for _, p := range s.PlayInfos {
		if p.Status == playinfo.StatusNORMAL {
			return true
		}
	}
	return false
}

// mezzanine makes the row of an input. It keeps the id and, where the input
// leaves it out, the time of the row that was.
func (b *Builder) mezzanine(k *change.Check, s *change.State, in *MezzanineInput, field ...string) *ent.Mezzanine {
	if in == nil {
		return nil
	}
	row := mezzanineRow(s.ID, in)
	if row.CreatedAt = b.Now; s.Mezzanine != nil {
		row.ID, row.CreatedAt = s.Mezzanine.ID, s.Mezzanine.CreatedAt
	} else {
		row.ID = b.Options.NewID(media.MezzaninePrefix)
	}
	row.CreatedAt = in.CreatedAt.Or(row.CreatedAt)
	checkFileName(k, s.Asset, in.FileName, append(field, "fileName")...)
	row.Md5 = checkMd5(k, in.Md5, append(field, "md5")...)
	checkCounts(k, in.Size, in.Bitrate, field)
	checkRates(k, in.Duration, in.Fps, field)
	checkPixels(k, in.Width, in.Height, field)
	index := map[int]bool{}
	for i, stream := range in.VideoStreams {
		checkStream(k, index, stream.Index, asList(field, "videoStreams", i)...)
	}
	for i, stream := range in.AudioStreams {
		checkStream(k, index, stream.Index, asList(field, "audioStreams", i)...)
	}
	return row
}

// mezzanineRow is the row of an input without its id, with its streams by index.
func mezzanineRow(assetID string, in *MezzanineInput) *ent.Mezzanine {
	row := &ent.Mezzanine{AssetID: assetID, Status: change.ValueOr(in.Status, mezzanine.StatusNORMAL), FileName: in.FileName,
		Location: in.Location, Md5: in.Md5, Size: in.Size, Duration: change.Seconds(in.Duration), Bitrate: in.Bitrate,
		Fps: change.Unsigned(in.Fps), Width: in.Width, Height: in.Height, CreatedAt: in.CreatedAt.Or(time.Time{}),
		VideoStreams: make([]fact.VideoStream, 0, len(in.VideoStreams)), AudioStreams: make([]fact.AudioStream, 0, len(in.AudioStreams))}
	for _, stream := range in.VideoStreams {
		one := *stream
		one.Fps, one.AverageFps, one.Duration, one.StartTime = change.Unsigned(one.Fps), change.Unsigned(one.AverageFps), change.Unsigned(one.Duration), change.Unsigned(one.StartTime)
		row.VideoStreams = append(row.VideoStreams, one)
	}
	for _, stream := range in.AudioStreams {
		one := *stream
		one.Duration, one.StartTime = change.Unsigned(one.Duration), change.Unsigned(one.StartTime)
		row.AudioStreams = append(row.AudioStreams, one)
	}
	slices.SortFunc(row.VideoStreams, func(a, b fact.VideoStream) int { return a.Index - b.Index })
	slices.SortFunc(row.AudioStreams, func(a, b fact.AudioStream) int { return a.Index - b.Index })
	return row
}
