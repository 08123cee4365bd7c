package model

import (
	"context"
	"strconv"
	"time"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/aisource"
	"vodgraph/ent/fact"
	"vodgraph/ent/reviewfinding"
	"vodgraph/keyset"
)

// Review is what a moderation came to.
type Review struct{ *ent.AISource }

// Review is the newest review of any source; nil where there is none.
func (d AIData) Review(ctx context.Context) (*Review, error) {
	reviews, err := plain(ctx, d.family(), below[ent.AISource]{
		table: sources, hold: hold{pairs: newestReviews}, shape: always(),
	}, func(s *ent.AISource) Review { return Review{s} })
	if err != nil || len(reviews) == 0 {
		return nil, err
	}
	return &reviews[0], nil
}

// newestReviews selects one source of each asset that has a review.
func newestReviews(d *sql.DialectBuilder, parents []string) *sql.Selector {
	t := d.Table(aisource.Table)
	latest := sql.RowNumber().PartitionBy(t.C(aisource.FieldAssetID)).
		OrderBy(sql.Desc(t.C(aisource.FieldReviewedAt)), sql.Desc(t.C(aisource.FieldID)))
	all := d.Select(t.C(aisource.FieldAssetID), t.C(aisource.FieldID)).AppendSelectExprAs(latest, "n").From(t).
		Where(sql.And(sql.NotNull(t.C(aisource.FieldSuggestion)), among(t.C(aisource.FieldAssetID), parents))).
		As("numbered")
	return d.Select(sql.As(all.C(aisource.FieldAssetID), "parent"), all.C(aisource.FieldID)).From(all).
		Where(sql.EQ(all.C("n"), 1))
}

// Suggestion is what the review proposes to do.
func (r Review) Suggestion() fact.Suggestion { return *r.AISource.Suggestion }

// Labels are the words that the review as a whole comes to.
func (r Review) Labels() []string { return r.ReviewLabels }

// CreatedAt is when the review was made.
func (r Review) CreatedAt() time.Time { return *r.ReviewedAt }

// ReviewFinding is one thing that a review has to say.
type ReviewFinding struct{ *ent.ReviewFinding }

func findingOf(f *ent.ReviewFinding) ReviewFinding { return ReviewFinding{f} }

// Start is when it begins; nil where it has no time.
func (f ReviewFinding) Start() *fact.Millis { return (*fact.Millis)(f.From) }

// End is when it ends; nil where it has no time.
func (f ReviewFinding) End() *fact.Millis { return (*fact.Millis)(f.To) }

// findingOrder is that of time, those without a time first.
var findingOrder = keyset.Order{
	{Column: reviewfinding.FieldFrom, Kind: keyset.Int, Present: true},
	{Column: reviewfinding.FieldFrom, Kind: keyset.Int, Absent: "0"},
	{Column: reviewfinding.FieldID, Kind: keyset.Int},
}

func findingValue(f *ent.ReviewFinding, column string) any {
	if column == reviewfinding.FieldID {
		return f.ID
	}
	if f.From == nil {
		return nil
	}
	return *f.From
}

// Findings is a page of what the review has found, as narrowed by the arguments
// of the field.
func (r Review) Findings(ctx context.Context) (*ReviewFindingConnection, error) {
	f := parentRow[ent.AISource, *ent.AISource]{r.AISource, func(s *ent.AISource) string {
		return strconv.FormatInt(s.ID, 10)
	}}
	return paged(ctx, f, func(args *arguments) (list[ent.ReviewFinding], error) {
		modules, scenes := several(args, "modules", ent.UnmarshalReviewFindingModule), several(args, "scenes", UnmarshalString)
		return list[ent.ReviewFinding]{
			table: findings, hold: hold{pairs: findingsOf}, order: findingOrder,
			where: func(s *sql.Selector) {
				anyOf(s, reviewfinding.FieldModule, modules)
				anyOf(s, reviewfinding.FieldScene, scenes)
			},
		}, nil
	}, findingOf)
}

func findingsOf(d *sql.DialectBuilder, parents []string) *sql.Selector {
	s, f := d.Table(aisource.Table).As("review"), d.Table(reviewfinding.Table).As("finding")
	return d.Select(sql.As(s.C(aisource.FieldID), "parent"), f.C(reviewfinding.FieldID)).From(s).
		Join(f).OnP(sql.And(
		sql.ColumnsEQ(f.C(reviewfinding.FieldAssetID), s.C(aisource.FieldAssetID)),
		sql.ColumnsEQ(f.C(reviewfinding.FieldSource), s.C(aisource.FieldSource)),
	)).Where(amongNumbers(s.C(aisource.FieldID), parents))
}
