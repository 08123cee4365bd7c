package catalog

import (
	"maps"
	"slices"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/cue"
	"vodgraph/ent/fact"
	"vodgraph/ent/snapshot"
	"vodgraph/media"
	"vodgraph/model"

	"github.com/99designs/gqlgen/graphql"
)

// The parts of a state as an import takes them: what mezzanine, playInfo,
// snapshots and analysis read.

func sourceFileInput(s *change.State) *MezzanineInput {
	if s.Mezzanine == nil {
		return nil
	}
	return mezzanineInputOf(s.Mezzanine)
}

func mezzanineInputOf(m *ent.Mezzanine) *MezzanineInput {
	return &MezzanineInput{Status: &m.Status, FileName: m.FileName, Location: m.Location, Md5: m.Md5, Size: m.Size,
		Duration: m.Duration, Bitrate: m.Bitrate, Fps: m.Fps, Width: m.Width, Height: m.Height,
		VideoStreams: pointers(m.VideoStreams), AudioStreams: pointers(m.AudioStreams), CreatedAt: &model.Moment{Time: m.CreatedAt}}
}

func pointers[T any](values []T) []*T {
	var list []*T
	for i := range values {
		list = append(list, &values[i])
	}
	return list
}

func inputs[T, I any](values []T, of func(T) I) []*I {
	var list []*I
	for _, v := range values {
		in := of(v)
		list = append(list, &in)
	}
	return list
}

func playInfoInput(p *ent.PlayInfo) *PlayInfoInput {
	in := &PlayInfoInput{JobID: p.JobID, StreamType: p.StreamType, Format: p.Format, Definition: &p.Definition,
		Specification: p.Specification, Location: p.Location, Bitrate: p.Bitrate, Duration: p.Duration, Fps: p.Fps,
		Width: p.Width, Height: p.Height, Size: p.Size, Encrypted: &p.Encrypted, EncryptType: &p.EncryptType,
		Codec: p.Codec, HdrType: p.HdrType, BitDepth: p.BitDepth, TemplateID: p.TemplateID, CreatedAt: &model.Moment{Time: p.CreatedAt}}
	if p.WatermarkID != nil {
		in.Watermark = &change.AssetRef{ID: p.WatermarkID}
	}
	return in
}

// snapshotInputsOf are the sets in the order of their types.
func snapshotInputsOf(s *change.State) []*SnapshotSetInput {
	byType := map[snapshot.Type]*SnapshotSetInput{}
	for _, row := range s.Snapshots {
		set := byType[row.Type]
		if set == nil {
			set = &SnapshotSetInput{Type: row.Type, JobID: row.JobID, Sprite: spriteInput(row.Sprite), CreatedAt: &model.Moment{Time: row.CreatedAt}}
			byType[row.Type] = set
		}
		set.Items = append(set.Items, &SnapshotInput{Index: row.Index, At: (*fact.Millis)(row.Offset),
			Width: row.Width, Height: row.Height, Location: row.Location})
	}
	sets := make([]*SnapshotSetInput, 0, len(byType))
	for _, of := range snapshotTypes {
		if set := byType[of]; set != nil {
			sets = append(sets, set)
		}
	}
	return sets
}

var snapshotTypes = []snapshot.Type{snapshot.TypeCOVER, snapshot.TypeNORMAL, snapshot.TypeSPRITE,
	snapshot.TypeSPRITE_ORIGIN, snapshot.TypeWEB_VTT}

func aiInputsOf(s *change.State) []*AIDataInput {
	var inputs []*AIDataInput
	for _, name := range slices.Sorted(maps.Keys(s.AI)) {
		inputs = append(inputs, analysisInput(s.AI[name]))
	}
	return inputs
}

func analysisInput(a *change.Analysis) *AIDataInput {
	in := &AIDataInput{Source: a.Source.Source}
	for _, l := range a.Labels {
		in.Labels = append(in.Labels, &AILabelInput{Name: l.Name, Category: l.Category, Confidence: l.Confidence, Spans: inputs(l.Spans, func(s fact.TimeSpan) TimeSpanInput {
			return TimeSpanInput{s.Start(), s.End()}
		})})
	}
	for _, c := range a.Cues {
		list := &in.Speech
		if c.Kind == cue.KindSCREEN_TEXT {
			list = &in.ScreenText
		}
		*list = append(*list, &CueInput{Start: fact.Millis(c.From), End: fact.Millis(c.To), Text: c.Text, Confidence: c.Confidence, Language: c.Language, Channel: c.Channel})
	}
	for _, d := range a.Duplicates {
		in.Duplicates = append(in.Duplicates, &DuplicateInput{Asset: &change.AssetRef{ID: &d.OtherID}, Similarity: d.Similarity, Segments: inputs(d.Segments, func(s fact.DuplicateSegment) DuplicateSegmentInput {
			return DuplicateSegmentInput{s.Start(), s.End(), s.OtherStart(), s.OtherEnd()}
		})})
	}
	for _, c := range a.Candidates {
		in.CoverCandidates = append(in.CoverCandidates, &CoverCandidateInput{Location: c.Location, Format: c.Format,
			Score: c.Score, Width: c.Width, Height: c.Height, Duration: c.Duration})
	}
	if a.Source.Suggestion == nil {
		return in
	}
	in.Review = &ReviewInput{Suggestion: *a.Source.Suggestion, CreatedAt: &model.Moment{Time: *a.Source.ReviewedAt}}
	if len(a.Source.ReviewLabels) > 0 {
		in.Review.Labels = a.Source.ReviewLabels
	}
	for _, f := range a.Findings {
		in.Review.Findings = append(in.Review.Findings, &ReviewFindingInput{Module: f.Module, Scene: f.Scene, Label: f.Label,
			Score: f.Score, Suggestion: f.Suggestion, Start: (*fact.Millis)(f.From), End: (*fact.Millis)(f.To), Text: f.Text, Location: f.Location})
	}
	return in
}

// Paths are columns path of categories, by id.
type Paths map[string]string

// given is a member that is left out where it is absent.
func given[T any](p *T) graphql.Omittable[*T] {
	if p == nil {
		return graphql.Omittable[*T]{}
	}
	return graphql.OmittableOf(p)
}

// givenList is a member that is left out where it is empty.
func givenList[S ~[]T, T any](list S) graphql.Omittable[S] {
	if len(list) == 0 {
		return graphql.Omittable[S]{}
	}
	return graphql.OmittableOf(list)
}

func coverRefOf(s *change.State) *CoverRef {
	if s.CoverImageID != nil {
		return &CoverRef{Image: &change.AssetRef{ID: s.CoverImageID}}
	}
	for _, row := range s.Snapshots {
		if s.CoverSnapshotID != nil && row.ID == *s.CoverSnapshotID {
			return &CoverRef{Snapshot: &SnapshotRef{Type: row.Type, Index: row.Index}}
		}
	}
	return nil
}

func exportCategories(known Paths, s *change.State, in *AssetCreateInput) {
	var paths []*media.CategoryRef
	for _, id := range s.Categories {
		paths = append(paths, &media.CategoryRef{Path: media.SplitPath(known[id])})
	}
	slices.SortFunc(paths, func(a, b *media.CategoryRef) int { return slices.Compare(a.Path, b.Path) })
	in.Categories = givenList(paths)
}
