package catalog

import (
	"context"
	"maps"
	"strconv"
	"strings"

	"vodgraph/change"
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
func (c *Catalog) AIDataPut(ctx context.Context, items []*AIDataPutInput, o *change.BulkOptions) (*change.Outcome, error) {
	p := puts{parts: change.WithAIData, key: func(i int) string { return items[i].Source }}
	for _, in := range items {
		p.refs, p.inputs = append(p.refs, in.Asset), append(p.inputs, in)
		if !strings.ContainsRune(in.Source, 0) { // which is refused, and Postgres does not take
			p.sources = append(p.sources, in.Source)
		}
	}
	p.collect = func(n *change.References) {
		for _, in := range items {
			namesOfAIData(n, &in.AIDataInput)
		}
	}
	blocks := func(i int) bool {
		review := items[i].Review
		return c.Options.ReviewAutoBlock && review != nil && review.Suggestion == fact.Block
	}
	p.decide = func(b *Builder, k *change.Check, s *change.State, i int) {
		requireKind(k, s, "aiData", asset.KindVIDEO, asset.KindAUDIO, asset.KindIMAGE)
		in := &items[i].AIDataInput
		made := b.analysis(k, s, in)
		s.AI = maps.Clone(s.AI)
		if s.AI == nil {
			s.AI = map[string]*change.Analysis{}
		}
		if s.AI[in.Source] = made; blocks(i) {
			blockReviewed(s)
		}
	}
	p.differs = func(ch *change.Change, i int) bool {
		was := ch.Old.AI[items[i].Source]
		return was == nil || !was.Same(ch.Next.AI[items[i].Source]) || blocks(i) && ch.Next.Status != ch.Old.Status
	}
	return c.put(ctx, p, o)
}

// AIDataDelete removes all that a source has said. It refuses with NOT_FOUND
// where it has said nothing.
func (c *Catalog) AIDataDelete(ctx context.Context, ref *change.AssetRef, source string) (*change.Outcome, error) {
	return c.one(ctx, ref, change.WithAIData, func(*change.References) {}, func(_ *Builder, k *change.Check, s *change.State) {
		k.RefuseNUL(&struct{ Source string }{source})
		if s.AI[source] == nil {
			k.Refuse(fault.New(fault.NotFound, "The asset has no AI data of this source."), "source")
		}
		s.AI = maps.Clone(s.AI)
		delete(s.AI, source)
	})
}

func blockReviewed(s *change.State) {
	if s.Status != asset.StatusNORMAL && s.Status != asset.StatusCHECKING || !media.Of(s.Kind).HasStatus(asset.StatusBLOCKED) {
		return
	}
	for _, a := range s.AI {
		if a.Source.Suggestion != nil && *a.Source.Suggestion == fact.Block {
			reason := "A review suggested to block it."
			s.Status, s.StatusReason = asset.StatusBLOCKED, &reason
			return
		}
	}
}

func namesOfAIData(n *change.References, in *AIDataInput) {
	for _, d := range in.Duplicates {
		n.Asset(d.Asset)
	}
}

func (b *Builder) analysis(k *change.Check, s *change.State, in *AIDataInput, field ...string) *change.Analysis {
	k.Key(in.Source, append(field, "source")...)
	for _, list := range []struct {
		name string
		n    int
	}{{"labels", len(in.Labels)}, {"speech", len(in.Speech)}, {"screenText", len(in.ScreenText)},
		{"duplicates", len(in.Duplicates)}, {"coverCandidates", len(in.CoverCandidates)}} {
		k.Refuse(change.TooMany(list.n, k.Limits.Satellites, fault.ListTooLong, list.name), append(field, list.name)...)
	}
	a := &change.Analysis{Source: &ent.AISource{AssetID: s.ID, Source: in.Source}}
	for i, l := range in.Labels {
		place := asList(field, "labels", i)
		k.Require(l.Name != "", "A label has a name.", append(place, "name")...)
		k.Visible(l.Name, append(place, "name")...)
		row := &ent.AILabel{AssetID: s.ID, Source: in.Source, Name: l.Name, Category: l.Category,
			Confidence: l.Confidence, Spans: []fact.TimeSpan{}}
		for j, span := range l.Spans {
			k.Span(span.Start, span.End, change.Stretch, asList(place, "spans", j)...)
			row.Spans = append(row.Spans, fact.TimeSpan{From: int64(span.Start), To: int64(span.End)})
		}
		a.Labels = append(a.Labels, row)
	}
	a.Cues = append(checkCues(k, cue.KindSPEECH, in.Speech, append(field, "speech")),
		checkCues(k, cue.KindSCREEN_TEXT, in.ScreenText, append(field, "screenText"))...)
	for _, row := range a.Cues {
		row.AssetID, row.Source = s.ID, in.Source
	}
	b.review(k, s, a, in.Review, append(field, "review"))
	b.likenesses(k, s, a, in.Duplicates, append(field, "duplicates"))
	for i, c := range in.CoverCandidates {
		place := asList(field, "coverCandidates", i)
		k.Require(c.Location != "", "A candidate is somewhere.", append(place, "location")...)
		checkPixels(k, c.Width, c.Height, place)
		change.Positive(k, c.Duration, append(place, "duration")...)
		a.Candidates = append(a.Candidates, &ent.CoverCandidate{ID: b.Options.NewID(media.CoverCandidatePrefix), AssetID: s.ID,
			Source: in.Source, Location: c.Location, Format: c.Format, Score: c.Score, Width: c.Width,
			Height: c.Height, Duration: change.Seconds(c.Duration)})
	}
	return a
}

func checkCues(k *change.Check, kind cue.Kind, said []*CueInput, field []string) []*ent.Cue {
	rows := make([]*ent.Cue, 0, len(said))
	for i, c := range said {
		place := append(field[:len(field):len(field)], strconv.Itoa(i))
		k.Span(c.Start, c.End, change.Stretch, place...)
		if k.Visible(c.Text, append(place, "text")...); c.Text == "" {
			k.Newly(fault.New(fault.Invalid, "A cue has a text."), append(place, "text")...)
		}
		k.Newly(languageTag(c.Language), append(place[:len(place):len(place)], "language")...)
		rows = append(rows, &ent.Cue{Kind: kind, From: int64(c.Start), To: int64(c.End),
			Text: c.Text, Confidence: c.Confidence, Language: c.Language, Channel: c.Channel})
	}
	return rows
}

func (b *Builder) review(k *change.Check, s *change.State, a *change.Analysis, in *ReviewInput, field []string) {
	if in == nil {
		return
	}
	at := b.Now
	if was := s.AI[a.Source.Source]; was != nil && was.Source.ReviewedAt != nil {
		at = *was.Source.ReviewedAt
	}
	at = in.CreatedAt.Or(at)
	a.Source.Suggestion, a.Source.ReviewedAt = &in.Suggestion, &at
	a.Source.ReviewLabels = append([]string{}, in.Labels...)
	k.Refuse(change.TooMany(len(in.Findings), k.Limits.Satellites, fault.ListTooLong, "findings"), append(field, "findings")...)
	for i, f := range in.Findings {
		place := asList(field, "findings", i)
		k.Require((f.Start == nil) == (f.End == nil), "A finding has a time, start and end, or none.", append(place, "end")...)
		if f.Start != nil && f.End != nil {
			k.Span(*f.Start, *f.End, change.Stretch, place...)
		}
		a.Findings = append(a.Findings, &ent.ReviewFinding{AssetID: s.ID, Source: a.Source.Source, Module: f.Module,
			Scene: f.Scene, Label: f.Label, Score: f.Score, Suggestion: f.Suggestion, From: (*int64)(f.Start), To: (*int64)(f.End),
			Text: f.Text, Location: f.Location})
	}
}

func (b *Builder) likenesses(k *change.Check, s *change.State, a *change.Analysis, in []*DuplicateInput, field []string) {
	seen := map[string]bool{}
	for i, d := range in {
		place := append(field[:len(field):len(field)], strconv.Itoa(i))
		row := b.link(k, d.Asset, append(place, "asset")...)
		k.Require(d.Similarity >= 0 && d.Similarity <= 1, "A similarity is from 0 to 1.", append(place, "similarity")...)
		segments := []fact.DuplicateSegment{}
		for j, one := range d.Segments {
			k.Span(one.Start, one.End, change.Stretch, asList(place, "segments", j)...)
			k.Span(one.OtherStart, one.OtherEnd, change.OtherStretch, asList(place, "segments", j)...)
			segments = append(segments, fact.DuplicateSegment{From: int64(one.Start), To: int64(one.End),
				OtherFrom: int64(one.OtherStart), OtherTo: int64(one.OtherEnd)})
		}
		if row == nil {
			continue
		}
		k.Require(row.ID != s.ID && !seen[row.ID], "An asset resembles another one, named once.", append(place, "asset")...)
		seen[row.ID] = true
		a.Duplicates = append(a.Duplicates, &ent.Duplicate{AssetID: s.ID, OtherID: row.ID, Source: a.Source.Source,
			Similarity: d.Similarity, Segments: segments})
	}
}

func (b *Builder) fillAIData(k *change.Check, s *change.State, inputs []*AIDataInput) {
	all := map[string]*change.Analysis{}
	for i, in := range inputs {
		k.Require(all[in.Source] == nil, "Each source is named once.", append(change.Place("aiData", i), "source")...)
		all[in.Source] = b.analysis(k, s, in, change.Place("aiData", i)...)
	}
	s.AI = all
}
