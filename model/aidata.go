package model

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/ailabel"
	"vodgraph/ent/aisource"
	"vodgraph/ent/covercandidate"
	"vodgraph/ent/cue"
	"vodgraph/ent/fact"
	"vodgraph/keyset"
	"vodgraph/media"
)

// AIData is what analysers have said of an asset.
type AIData struct{ of assetFields }

const analysed = media.VideoPrefix + media.AudioPrefix + media.ImagePrefix

func (d AIData) family() family { return d.of.family(analysed) }

// Sources are the names of the analysers that have said something, sorted.
func (d AIData) Sources(ctx context.Context) ([]string, error) {
	t := sources
	t.needs = []string{aisource.FieldID, aisource.FieldSource}
	return plain(ctx, d.family(), below[ent.AISource]{
		table: t, hold: heldBy(aisource.FieldAssetID), shape: always(aisource.FieldSource),
	}, func(s *ent.AISource) string { return s.Source })
}

// fromSource keeps the rows of the source that a field asks for, if it does.
func fromSource(s *sql.Selector, source *string) {
	if source != nil {
		s.Where(sql.EQ(s.C(aisource.FieldSource), *source))
	}
}

// AILabel is something that was recognised in an asset.
type AILabel struct{ *ent.AILabel }

func labelOf(l *ent.AILabel) AILabel { return AILabel{l} }

// Asset is what it was recognised in.
func (l AILabel) Asset(ctx context.Context) (Asset, error) {
	return assetAt(ctx, l.AILabel, func(l *ent.AILabel) string { return l.AssetID })
}

// labelOrder is the surest first, those of no confidence last, and then by name.
var labelOrder = keyset.Order{
	{Column: ailabel.FieldConfidence, Kind: keyset.Int, Desc: true, Present: true},
	{Column: ailabel.FieldConfidence, Kind: keyset.Float, Desc: true, Absent: "0"},
	{Column: ailabel.FieldName}, {Column: ailabel.FieldID, Kind: keyset.Int},
}

func labelValue(l *ent.AILabel, column string) any {
	switch column {
	case ailabel.FieldConfidence:
		if l.Confidence == nil {
			return nil
		}
		return *l.Confidence
	case ailabel.FieldName:
		return l.Name
	default:
		return l.ID
	}
}

// Labels is a page of what was recognised, as narrowed by the arguments of the field.
func (d AIData) Labels(ctx context.Context) (*AILabelConnection, error) {
	return paged(ctx, d.family(), func(args *arguments) (list[ent.AILabel], error) {
		kinds, source := several(args, "categories", ent.UnmarshalAILabelCategory), single(args, "source", UnmarshalString)
		least := single(args, "minConfidence", UnmarshalFloat)
		return list[ent.AILabel]{
			table: labels, hold: heldBy(ailabel.FieldAssetID), order: labelOrder,
			where: func(s *sql.Selector) {
				anyOf(s, ailabel.FieldCategory, kinds)
				fromSource(s, source)
				if least != nil {
					s.Where(sql.GTE(s.C(ailabel.FieldConfidence), *least))
				}
			},
		}, nil
	}, labelOf)
}

// Cue is a stretch of speech or of text on the screen.
type Cue struct{ *ent.Cue }

func cueOf(c *ent.Cue) Cue { return Cue{c} }

// Start is when it begins.
func (c Cue) Start() fact.Millis { return fact.Millis(c.From) }

// End is when it ends.
func (c Cue) End() fact.Millis { return fact.Millis(c.To) }

var cueOrder = keyset.Order{
	{Column: cue.FieldFrom, Kind: keyset.Int}, {Column: cue.FieldTo, Kind: keyset.Int}, {Column: cue.FieldID, Kind: keyset.Int},
}

func cueValue(c *ent.Cue, column string) any {
	switch column {
	case cue.FieldFrom:
		return c.From
	case cue.FieldTo:
		return c.To
	default:
		return c.ID
	}
}

// Speech is a page of what is said.
func (d AIData) Speech(ctx context.Context) (*CueConnection, error) {
	return d.cues(ctx, cue.KindSPEECH)
}

// ScreenText is a page of what can be read on the screen.
func (d AIData) ScreenText(ctx context.Context) (*CueConnection, error) {
	return d.cues(ctx, cue.KindSCREEN_TEXT)
}

func (d AIData) cues(ctx context.Context, kind cue.Kind) (*CueConnection, error) {
	return paged(ctx, d.family(), func(args *arguments) (list[ent.Cue], error) {
		source := single(args, "source", UnmarshalString)
		return list[ent.Cue]{
			table: cues, hold: heldBy(cue.FieldAssetID), order: cueOrder,
			where: func(s *sql.Selector) {
				s.Where(sql.EQ(s.C(cue.FieldKind), kind))
				fromSource(s, source)
			},
		}, nil
	}, cueOf)
}

// CoverCandidate is a picture that an analyser proposes for a cover.
type CoverCandidate struct{ *ent.CoverCandidate }

// CoverCandidates are the pictures proposed, the best first, those without a
// score last.
func (d AIData) CoverCandidates(ctx context.Context) ([]CoverCandidate, error) {
	return plain(ctx, d.family(), below[ent.CoverCandidate]{
		table: coverCandidates, hold: heldBy(covercandidate.FieldAssetID),
		shape: func(*arguments) func(*sql.Selector) { return bestFirst },
	}, func(c *ent.CoverCandidate) CoverCandidate { return CoverCandidate{c} })
}

func bestFirst(s *sql.Selector) {
	score := s.C(covercandidate.FieldScore)
	s.OrderExpr(sql.Expr("CASE WHEN " + score + " IS NULL THEN 1 ELSE 0 END"))
	s.OrderBy(sql.Desc(score), s.C(covercandidate.FieldID))
}
