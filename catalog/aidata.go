package catalog

import (
	"context"
	"maps"
	"strconv"
	"strings"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/cue"
	"vodgraph/ent/fact"
	"vodgraph/fault"
	"vodgraph/media"
)

// AIDataPut sets all that sources have to say of videos, audios and images, each item
// what one source says of one, in place of all it said before. With ReviewAutoBlock a
// review that suggests BLOCK blocks a video or an audio that is NORMAL or CHECKING. It
// refuses the call with REQUIRED or TOO_MANY_ITEMS; items one by one, or under ATOMIC all,
// a source of an asset in two of them with DUPLICATE_ITEM.
func (c *Catalog) AIDataPut(ctx context.Context, items []*AIDataPutInput, o *BulkOptions) (*Outcome, error) {
	p := puts{parts: withAIData, key: func(i int) string { return items[i].Source }}
	for _, in := range items {
		p.refs, p.inputs = append(p.refs, in.Asset), append(p.inputs, in)
		if !strings.ContainsRune(in.Source, 0) { // which is refused, and Postgres does not take
			p.sources = append(p.sources, in.Source)
		}
	}
	p.gather = func(n *names) {
		for _, in := range items {
			n.aiData(&in.AIDataInput)
		}
	}
	blocks := func(i int) bool {
		review := items[i].Review
		return c.opts.ReviewAutoBlock && review != nil && review.Suggestion == fact.Block
	}
	p.decide = func(b *maker, k *check, s *state, i int) {
		k.of(s, "aiData", asset.KindVIDEO, asset.KindAUDIO, asset.KindIMAGE)
		in := &items[i].AIDataInput
		made := b.analysis(k, s, in)
		s.ai = maps.Clone(s.ai)
		if s.ai == nil {
			s.ai = map[string]*analysis{}
		}
		if s.ai[in.Source] = made; blocks(i) {
			s.autoBlock()
		}
	}
	p.differs = func(ch *change, i int) bool {
		was := ch.old.ai[items[i].Source]
		return was == nil || !was.same(ch.next.ai[items[i].Source]) || blocks(i) && ch.next.Status != ch.old.Status
	}
	return c.put(ctx, p, o)
}

// AIDataDelete removes all that a source has said. It refuses with NOT_FOUND
// where it has said nothing.
func (c *Catalog) AIDataDelete(ctx context.Context, ref *AssetRef, source string) (*Outcome, error) {
	return c.one(ctx, ref, withAIData, func(*names) {}, func(_ *maker, k *check, s *state) {
		k.nul(&struct{ Source string }{source})
		if s.ai[source] == nil {
			k.refuse(fault.New(fault.NotFound, "The asset has no AI data of this source."), "source")
		}
		s.ai = maps.Clone(s.ai)
		delete(s.ai, source)
	})
}

// autoBlock blocks an asset in use that some review suggests to block.
func (s *state) autoBlock() {
	if s.Status != asset.StatusNORMAL && s.Status != asset.StatusCHECKING || !media.Of(s.Kind).HasStatus(asset.StatusBLOCKED) {
		return
	}
	for _, a := range s.ai {
		if a.source.Suggestion != nil && *a.source.Suggestion == fact.Block {
			reason := "A review suggested to block it."
			s.Status, s.StatusReason = asset.StatusBLOCKED, &reason
			return
		}
	}
}

func (n *names) aiData(in *AIDataInput) {
	for _, d := range in.Duplicates {
		n.asset(d.Asset)
	}
}

// analysis makes the rows of an input.
func (b *maker) analysis(k *check, s *state, in *AIDataInput, field ...string) *analysis {
	k.key(in.Source, append(field, "source")...)
	for _, list := range []struct {
		name string
		n    int
	}{{"labels", len(in.Labels)}, {"speech", len(in.Speech)}, {"screenText", len(in.ScreenText)},
		{"duplicates", len(in.Duplicates)}, {"coverCandidates", len(in.CoverCandidates)}} {
		k.refuse(tooMany(list.n, k.limits.Satellites, fault.ListTooLong, list.name), append(field, list.name)...)
	}
	a := &analysis{source: &ent.AISource{AssetID: s.ID, Source: in.Source}}
	for i, l := range in.Labels {
		place := asList(field, "labels", i)
		k.require(l.Name != "", "A label has a name.", append(place, "name")...)
		k.visible(l.Name, append(place, "name")...)
		row := &ent.AILabel{AssetID: s.ID, Source: in.Source, Name: l.Name, Category: l.Category,
			Confidence: l.Confidence, Spans: []fact.TimeSpan{}}
		for j, span := range l.Spans {
			k.span(span.Start, span.End, stretch, asList(place, "spans", j)...)
			row.Spans = append(row.Spans, fact.TimeSpan{From: int64(span.Start), To: int64(span.End)})
		}
		a.labels = append(a.labels, row)
	}
	a.cues = append(k.cues(s, in, cue.KindSPEECH, in.Speech, append(field, "speech")),
		k.cues(s, in, cue.KindSCREEN_TEXT, in.ScreenText, append(field, "screenText"))...)
	b.review(k, s, a, in.Review, append(field, "review"))
	b.likenesses(k, s, a, in.Duplicates, append(field, "duplicates"))
	for i, c := range in.CoverCandidates {
		place := asList(field, "coverCandidates", i)
		k.require(c.Location != "", "A candidate is somewhere.", append(place, "location")...)
		k.pixels(c.Width, c.Height, place)
		positive(k, c.Duration, append(place, "duration")...)
		a.candidates = append(a.candidates, &ent.CoverCandidate{ID: b.opts.NewID(media.CoverCandidatePrefix), AssetID: s.ID,
			Source: in.Source, Location: c.Location, Format: c.Format, Score: c.Score, Width: c.Width,
			Height: c.Height, Duration: seconds(c.Duration)})
	}
	return a
}

func (k *check) cues(s *state, in *AIDataInput, kind cue.Kind, said []*CueInput, field []string) []*ent.Cue {
	rows := make([]*ent.Cue, 0, len(said))
	for i, c := range said {
		place := append(field[:len(field):len(field)], strconv.Itoa(i))
		k.span(c.Start, c.End, stretch, place...)
		if k.visible(c.Text, append(place, "text")...); c.Text == "" {
			k.newly(fault.New(fault.Invalid, "A cue has a text."), append(place, "text")...)
		}
		k.newly(languageTag(c.Language), append(place[:len(place):len(place)], "language")...)
		rows = append(rows, &ent.Cue{AssetID: s.ID, Source: in.Source, Kind: kind, From: int64(c.Start), To: int64(c.End),
			Text: c.Text, Confidence: c.Confidence, Language: c.Language, Channel: c.Channel})
	}
	return rows
}

func (b *maker) review(k *check, s *state, a *analysis, in *ReviewInput, field []string) {
	if in == nil {
		return
	}
	at := b.now
	if was := s.ai[a.source.Source]; was != nil && was.source.ReviewedAt != nil {
		at = *was.source.ReviewedAt
	}
	at = in.CreatedAt.Or(at)
	a.source.Suggestion, a.source.ReviewedAt = &in.Suggestion, &at
	a.source.ReviewLabels = append([]string{}, in.Labels...)
	k.refuse(tooMany(len(in.Findings), k.limits.Satellites, fault.ListTooLong, "findings"), append(field, "findings")...)
	for i, f := range in.Findings {
		place := asList(field, "findings", i)
		k.require((f.Start == nil) == (f.End == nil), "A finding has a time, start and end, or none.", append(place, "end")...)
		if f.Start != nil && f.End != nil {
			k.span(*f.Start, *f.End, stretch, place...)
		}
		a.findings = append(a.findings, &ent.ReviewFinding{AssetID: s.ID, Source: a.source.Source, Module: f.Module,
			Scene: f.Scene, Label: f.Label, Score: f.Score, Suggestion: f.Suggestion, From: (*int64)(f.Start), To: (*int64)(f.End),
			Text: f.Text, Location: f.Location})
	}
}

func (b *maker) likenesses(k *check, s *state, a *analysis, in []*DuplicateInput, field []string) {
	seen := map[string]bool{}
	for i, d := range in {
		place := append(field[:len(field):len(field)], strconv.Itoa(i))
		row := b.link(k, d.Asset, append(place, "asset")...)
		k.require(d.Similarity >= 0 && d.Similarity <= 1, "A similarity is from 0 to 1.", append(place, "similarity")...)
		segments := []fact.DuplicateSegment{}
		for j, one := range d.Segments {
			k.span(one.Start, one.End, stretch, asList(place, "segments", j)...)
			k.span(one.OtherStart, one.OtherEnd, otherStretch, asList(place, "segments", j)...)
			segments = append(segments, fact.DuplicateSegment{From: int64(one.Start), To: int64(one.End),
				OtherFrom: int64(one.OtherStart), OtherTo: int64(one.OtherEnd)})
		}
		if row == nil {
			continue
		}
		k.require(row.ID != s.ID && !seen[row.ID], "An asset resembles another one, named once.", append(place, "asset")...)
		seen[row.ID] = true
		a.duplicates = append(a.duplicates, &ent.Duplicate{AssetID: s.ID, OtherID: row.ID, Source: a.source.Source,
			Similarity: d.Similarity, Segments: segments})
	}
}
