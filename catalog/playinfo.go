package catalog

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/fact"
	"vodgraph/ent/playinfo"
	"vodgraph/fault"
	"vodgraph/media"
	"vodgraph/model"
)

// PlayInfosPut puts streams of videos and audios, identified by their job ids: each is
// new, or replaces the one of its job. It refuses the call with REQUIRED or
// TOO_MANY_ITEMS; items one by one, or under ATOMIC all, a job that an asset has in two of
// them with DUPLICATE_ITEM.
func (c *Catalog) PlayInfosPut(ctx context.Context, items []*PlayInfoPutInput, o *BulkOptions) (*Outcome, error) {
	p := puts{parts: withPlayInfos, key: func(i int) string { return items[i].JobID }}
	for _, in := range items {
		p.refs, p.inputs = append(p.refs, in.Asset), append(p.inputs, in)
	}
	p.gather = func(n *names) {
		for _, in := range items {
			n.asset(in.Watermark)
		}
	}
	p.decide = func(b *maker, k *check, s *state, i int) {
		k.of(s, "playInfos", played...)
		in := &items[i].PlayInfoInput
		was := s.playInfoOf(in.JobID)
		made := b.putPlayInfo(k, s, was, in)
		kept := slices.DeleteFunc(slices.Clone(s.playInfos), func(p *ent.PlayInfo) bool { return p == was })
		s.playInfos = append(kept, made)
	}
	p.follow = func(b *maker, ch *change) { ch.next.playInfos = b.supersede(ch.old.playInfos, ch.next.playInfos) }
	p.differs = func(ch *change, i int) bool {
		was, is := ch.old.playInfoOf(items[i].JobID), ch.next.playInfoOf(items[i].JobID)
		return was == nil || !playInfos.same(was, is)
	}
	return c.put(ctx, p, o)
}

// playInfoOf is the stream of a job; nil for none.
func (s *state) playInfoOf(job string) *ent.PlayInfo {
	for _, p := range s.playInfos {
		if p.JobID == job {
			return p
		}
	}
	return nil
}

// PlayInfosDelete removes streams by their job ids, all or none. It refuses with
// NOT_FOUND a job that the asset has no stream of.
func (c *Catalog) PlayInfosDelete(ctx context.Context, ref *AssetRef, jobIDs []string) (*Outcome, error) {
	if err := c.countItems(len(jobIDs), "jobIds"); err != nil {
		return nil, err
	}
	return c.one(ctx, ref, withPlayInfos, func(*names) {}, func(b *maker, k *check, s *state) {
		k.nul(&struct{ JobIDs []string }{jobIDs})
		kept := slices.Clone(s.playInfos)
		for i, job := range jobIDs {
			is := func(p *ent.PlayInfo) bool { return p.JobID == job }
			if !slices.ContainsFunc(s.playInfos, is) {
				k.refuse(fault.New(fault.NotFound, "The asset has no stream of this job."), at("jobIds", i)...)
			}
			kept = slices.DeleteFunc(kept, is)
		}
		s.playInfos = b.supersede(s.playInfos, kept)
	})
}

// playInfos makes the rows of inputs, each of a job of its own.
func (b *maker) playInfos(k *check, s *state, items []*PlayInfoInput, list string) (rows []*ent.PlayInfo) {
	was := make(map[string]*ent.PlayInfo, len(s.playInfos))
	for _, p := range s.playInfos {
		was[p.JobID] = p
	}
	seen := map[string]bool{}
	for i, in := range items {
		k.require(!seen[in.JobID], "Each job is named once.", at(list, i, "jobId")...)
		seen[in.JobID] = true
		rows = append(rows, b.putPlayInfo(k, s, was[in.JobID], in, at(list, i)...))
	}
	return rows
}

// putPlayInfo makes the row of an input. It keeps the id and, where the input leaves it
// out, the time of the one of its job that was, if there was one.
func (b *maker) putPlayInfo(k *check, s *state, was *ent.PlayInfo, in *PlayInfoInput, field ...string) *ent.PlayInfo {
	k.key(in.JobID, append(field, "jobId")...)
	row := b.playInfo(k, s, in, field)
	row.WatermarkID = b.watermark(k, in, append(field, "watermark"))
	if was == nil {
		row.ID = b.opts.NewID(media.PlayInfoPrefix)
		return row
	}
	row.ID, row.UpdatedAt = was.ID, was.UpdatedAt
	if in.CreatedAt == nil {
		row.CreatedAt = was.CreatedAt
	}
	return row
}

func (b *maker) playInfo(k *check, s *state, in *PlayInfoInput, field []string) *ent.PlayInfo {
	if s.Kind == asset.KindAUDIO && in.StreamType == playinfo.StreamTypeVIDEO {
		k.refuse(fault.New(fault.WrongKind, "An audio has no video stream."), append(field, "streamType")...)
	}
	k.measures(in.Size, in.Bitrate, in.Duration, in.Fps, field)
	k.pixels(in.Width, in.Height, field)
	encrypted := or(in.Encrypted, in.EncryptType != nil && *in.EncryptType != playinfo.EncryptTypeNONE)
	encryption := playinfo.EncryptTypeNONE
	if encrypted {
		encryption = playinfo.EncryptTypePRIVATE
	}
	encryption = or(in.EncryptType, encryption)
	k.require(encrypted == (encryption != playinfo.EncryptTypeNONE),
		"A stream is encrypted in some way, or it is not encrypted.", append(field, "encryptType")...)
	row := &ent.PlayInfo{AssetID: s.ID, JobID: in.JobID, StreamType: in.StreamType, Format: in.Format,
		Specification: in.Specification, Status: playinfo.StatusNORMAL, Location: in.Location, Bitrate: in.Bitrate,
		Duration: seconds(in.Duration), Fps: in.Fps, Width: in.Width, Height: in.Height, Size: in.Size,
		Encrypted: encrypted, EncryptType: encryption, Codec: in.Codec, HdrType: in.HdrType, BitDepth: in.BitDepth,
		TemplateID: in.TemplateID, CreatedAt: b.now, UpdatedAt: b.now}
	row.CreatedAt = in.CreatedAt.Or(row.CreatedAt)
	if in.Definition != nil {
		row.Definition = *in.Definition
	} else if row.Definition = definitionOf(in); row.Definition == "" {
		k.refuse(fault.New(fault.Required, "The definition cannot be told from a picture's size here, so name it."), append(field, "definition")...)
	}
	return row
}

// watermark finds the attachment that is a watermark.
func (b *maker) watermark(k *check, in *PlayInfoInput, field []string) *string {
	if in.Watermark == nil {
		return nil
	}
	row := b.link(k, in.Watermark, field...)
	if row == nil {
		return nil
	}
	switch of := or(row.BusinessType, ""); {
	case row.Kind != asset.KindATTACHMENT:
		k.refuse(fault.New(fault.WrongKind, "A watermark is an attachment, not an asset of kind %s.", row.Kind), field...)
	case of != asset.BusinessTypeWATERMARK:
		k.newly(fault.New(fault.Invalid, "A watermark is an attachment of type WATERMARK, not %s.", of), field...)
	}
	return &row.ID
}

// definitionOf is the definition by the picture's size; empty for sound, without a size,
// and for a picture that is too small or too large for one.
func definitionOf(in *PlayInfoInput) playinfo.Definition {
	if in.StreamType != playinfo.StreamTypeVIDEO || in.Width == nil || in.Height == nil {
		return ""
	}
	return model.DefinitionOf(*in.Width, *in.Height)
}

// rendition is what streams are the same of: the newest of them stands for the others.
type rendition struct {
	playinfo.Definition
	playinfo.Format
	codec   string
	hdrType fact.HdrType
}

func renditionOf(p *ent.PlayInfo) rendition {
	return rendition{p.Definition, p.Format, or(p.Codec, ""), or(p.HdrType, "")}
}

// supersede returns the streams with their status: of one rendition the newest is
// NORMAL, and the others INVISIBLE. Streams that differ from what
// was are marked with the time of the deed.
func (b *maker) supersede(was, rows []*ent.PlayInfo) []*ent.PlayInfo {
	before := make(map[string]*ent.PlayInfo, len(was))
	for _, p := range was {
		before[p.ID] = p
	}
	newest := map[rendition]*ent.PlayInfo{}
	for _, p := range rows {
		g := renditionOf(p)
		if n := newest[g]; n == nil || cmp.Or(p.CreatedAt.Compare(n.CreatedAt), cmp.Compare(p.ID, n.ID)) > 0 {
			newest[g] = p
		}
	}
	next := make([]*ent.PlayInfo, len(rows))
	for i, p := range rows {
		row := *p
		row.Status = playinfo.StatusINVISIBLE
		if newest[renditionOf(p)] == p {
			row.Status = playinfo.StatusNORMAL
		}
		if old := before[row.ID]; old == nil || !playInfos.same(old, &row) {
			row.UpdatedAt = b.now
		}
		next[i] = &row
	}
	return next
}

// asList is the place of a value in a list below others.
func asList(field []string, list string, i int) []string {
	return append(slices.Clone(field), list, strconv.Itoa(i))
}
