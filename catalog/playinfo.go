package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/collect"
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
func (c *Catalog) PlayInfosPut(ctx context.Context, items []*PlayInfoPutInput, o *change.BulkOptions) (*change.Outcome, error) {
	p := puts{parts: change.WithPlayInfos, key: func(i int) string { return items[i].JobID }}
	for _, in := range items {
		p.refs, p.inputs = append(p.refs, in.Asset), append(p.inputs, in)
	}
	p.collect = func(n *change.References) {
		for _, in := range items {
			n.Asset(in.Watermark)
		}
	}
	p.decide = func(b *Builder, k *change.Check, s *change.State, i int) {
		requireKind(k, s, "playInfos", played...)
		in := &items[i].PlayInfoInput
		was := playInfoOf(s, in.JobID)
		made := b.putPlayInfo(k, s, was, in)
		kept := slices.DeleteFunc(slices.Clone(s.PlayInfos), func(p *ent.PlayInfo) bool { return p == was })
		s.PlayInfos = append(kept, made)
	}
	p.follow = func(b *Builder, ch *change.Change) {
		ch.Next.PlayInfos = b.supersede(ch.Old.PlayInfos, ch.Next.PlayInfos)
	}
	p.differs = func(ch *change.Change, i int) bool {
		was, is := playInfoOf(ch.Old, items[i].JobID), playInfoOf(ch.Next, items[i].JobID)
		return was == nil || !change.PlayInfos.Same(was, is)
	}
	return c.put(ctx, p, o)
}

// playInfoOf is the stream of a job; nil for none.
func playInfoOf(s *change.State, job string) *ent.PlayInfo {
	for _, p := range s.PlayInfos {
		if p.JobID == job {
			return p
		}
	}
	return nil
}

// PlayInfosDelete removes streams by their job ids, all or none. It refuses with
// NOT_FOUND a job that the asset has no stream of.
func (c *Catalog) PlayInfosDelete(ctx context.Context, ref *change.AssetRef, jobIDs []string) (*change.Outcome, error) {
	if err := c.CountItems(len(jobIDs), "jobIds"); err != nil {
		return nil, err
	}
	return c.one(ctx, ref, change.WithPlayInfos, func(*change.References) {}, func(b *Builder, k *change.Check, s *change.State) {
		k.RefuseNUL(&struct{ JobIDs []string }{jobIDs})
		kept := slices.Clone(s.PlayInfos)
		for i, job := range jobIDs {
			is := func(p *ent.PlayInfo) bool { return p.JobID == job }
			if !slices.ContainsFunc(s.PlayInfos, is) {
				k.Refuse(fault.New(fault.NotFound, "The asset has no stream of this job."), change.Place("jobIds", i)...)
			}
			kept = slices.DeleteFunc(kept, is)
		}
		s.PlayInfos = b.supersede(s.PlayInfos, kept)
	})
}

func (b *Builder) playInfos(k *change.Check, s *change.State, items []*PlayInfoInput, list string) (rows []*ent.PlayInfo) {
	was := make(map[string]*ent.PlayInfo, len(s.PlayInfos))
	for _, p := range s.PlayInfos {
		was[p.JobID] = p
	}
	seen := map[string]bool{}
	for i, in := range items {
		k.Require(!seen[in.JobID], "Each job is named once.", change.Place(list, i, "jobId")...)
		seen[in.JobID] = true
		rows = append(rows, b.putPlayInfo(k, s, was[in.JobID], in, change.Place(list, i)...))
	}
	return rows
}

// putPlayInfo makes the row of an input. It keeps the id and, where the input leaves it
// out, the time of the one of its job that was, if there was one.
func (b *Builder) putPlayInfo(k *change.Check, s *change.State, was *ent.PlayInfo, in *PlayInfoInput, field ...string) *ent.PlayInfo {
	k.Key(in.JobID, append(field, "jobId")...)
	row := b.playInfo(k, s, in, field)
	row.WatermarkID = b.watermark(k, in, append(field, "watermark"))
	if was == nil {
		row.ID = b.Options.NewID(media.PlayInfoPrefix)
		return row
	}
	row.ID, row.UpdatedAt = was.ID, was.UpdatedAt
	if in.CreatedAt == nil {
		row.CreatedAt = was.CreatedAt
	}
	return row
}

func (b *Builder) playInfo(k *change.Check, s *change.State, in *PlayInfoInput, field []string) *ent.PlayInfo {
	if s.Kind == asset.KindAUDIO && in.StreamType == playinfo.StreamTypeVIDEO {
		k.Refuse(fault.New(fault.WrongKind, "An audio has no video stream."), append(field, "streamType")...)
	}
	checkCounts(k, in.Size, in.Bitrate, field)
	checkRates(k, in.Duration, in.Fps, field)
	checkPixels(k, in.Width, in.Height, field)
	encrypted := change.ValueOr(in.Encrypted, in.EncryptType != nil && *in.EncryptType != playinfo.EncryptTypeNONE)
	encryption := playinfo.EncryptTypeNONE
	if encrypted {
		encryption = playinfo.EncryptTypePRIVATE
	}
	encryption = change.ValueOr(in.EncryptType, encryption)
	k.Require(encrypted == (encryption != playinfo.EncryptTypeNONE),
		"A stream is encrypted in some way, or it is not encrypted.", append(field, "encryptType")...)
	row := &ent.PlayInfo{AssetID: s.ID, JobID: in.JobID, StreamType: in.StreamType, Format: in.Format,
		Specification: in.Specification, Status: playinfo.StatusNORMAL, Location: in.Location, Bitrate: in.Bitrate,
		Duration: change.Seconds(in.Duration), Fps: in.Fps, Width: in.Width, Height: in.Height, Size: in.Size,
		Encrypted: encrypted, EncryptType: encryption, Codec: in.Codec, HdrType: in.HdrType, BitDepth: in.BitDepth,
		TemplateID: in.TemplateID, CreatedAt: b.Now, UpdatedAt: b.Now}
	row.CreatedAt = in.CreatedAt.Or(row.CreatedAt)
	if in.Definition != nil {
		row.Definition = *in.Definition
	} else if row.Definition = definitionOf(in); row.Definition == "" {
		k.Refuse(fault.New(fault.Required, "The definition does not follow from a picture's size here, so name it."), append(field, "definition")...)
	}
	return row
}

func (b *Builder) watermark(k *change.Check, in *PlayInfoInput, field []string) *string {
	if in.Watermark == nil {
		return nil
	}
	row := b.link(k, in.Watermark, field...)
	if row == nil {
		return nil
	}
	switch of := change.ValueOr(row.BusinessType, ""); {
	case row.Kind != asset.KindATTACHMENT:
		k.Refuse(fault.New(fault.WrongKind, "A watermark is an attachment, not an asset of kind %s.", row.Kind), field...)
	case of != asset.BusinessTypeWATERMARK:
		k.Newly(fault.New(fault.Invalid, "A watermark is an attachment of type WATERMARK, not %s.", of), field...)
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
	return rendition{p.Definition, p.Format, change.ValueOr(p.Codec, ""), change.ValueOr(p.HdrType, "")}
}

// supersede returns the streams with their status: of one rendition the newest is
// NORMAL, and the others INVISIBLE. Streams that differ from what
// was are marked with the time of the transaction.
func (b *Builder) supersede(was, rows []*ent.PlayInfo) []*ent.PlayInfo {
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
		if old := before[row.ID]; old == nil || !change.PlayInfos.Same(old, &row) {
			row.UpdatedAt = b.Now
		}
		next[i] = &row
	}
	return next
}

// MarksInUse are those of some attachments that streams have as their watermark.
func MarksInUse(ctx context.Context, d *change.Tx, ids []string) (map[string]bool, error) {
	used := map[string]bool{}
	if len(ids) == 0 {
		return used, nil
	}
	rows, err := d.Ent.PlayInfo.Query().Where(collect.In[string](playinfo.FieldWatermarkID, ids)).
		Unique(true).Select(playinfo.FieldWatermarkID).Strings(ctx)
	if err != nil {
		return nil, fmt.Errorf("find watermarks in use: %w", err)
	}
	for _, id := range rows {
		used[id] = true
	}
	return used, nil
}
