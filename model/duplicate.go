package model

import (
	"context"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/duplicate"
	"vodgraph/ent/fact"
	"vodgraph/keyset"
)

// Duplicate is another asset that resembles one, as seen from the one. The row
// may have been written for either of them.
type Duplicate struct{ *ent.Duplicate }

func duplicateOf(d *ent.Duplicate) Duplicate { return Duplicate{d} }

// turned reports whether the row was written for the other asset.
func turned(d *ent.Duplicate) bool {
	from, err := parentOf(d)
	return err == nil && from != d.AssetID
}

// Asset is the other one.
func (d Duplicate) Asset(ctx context.Context) (Asset, error) {
	return assetAt(ctx, d.Duplicate, func(d *ent.Duplicate) string {
		if turned(d) {
			return d.AssetID
		}
		return d.OtherID
	})
}

// Segments are the stretches that are alike, as seen from the one.
func (d Duplicate) Segments() []fact.DuplicateSegment {
	if !turned(d.Duplicate) {
		return d.Duplicate.Segments
	}
	segments := make([]fact.DuplicateSegment, len(d.Duplicate.Segments))
	for i, s := range d.Duplicate.Segments {
		segments[i] = s.Turned()
	}
	return segments
}

// duplicateOrder is the nearest first.
var duplicateOrder = keyset.Order{
	{Column: duplicate.FieldSimilarity, Kind: keyset.Float, Desc: true}, {Column: duplicate.FieldID, Kind: keyset.Int},
}

func duplicateValue(d *ent.Duplicate, column string) any {
	if column == duplicate.FieldID {
		return d.ID
	}
	return d.Similarity
}

// Duplicates is a page of the assets that resemble this one.
func (d AIData) Duplicates(ctx context.Context) (*DuplicateConnection, error) {
	return paged(ctx, d.family(), func(args *arguments) (list[ent.Duplicate], error) {
		least := single(args, "minSimilarity", UnmarshalFloat)
		return list[ent.Duplicate]{
			table: duplicates, hold: hold{pairs: likeness}, order: duplicateOrder,
			where: func(s *sql.Selector) {
				if least != nil {
					s.Where(sql.GTE(s.C(duplicate.FieldSimilarity), *least))
				}
			},
		}, nil
	}, duplicateOf)
}

// likeness selects the duplicates of assets from both ends: the rows written for
// them, and those written for others that name them, unless one source has
// written both, when an asset's own row is the one to show.
func likeness(d *sql.DialectBuilder, parents []string) *sql.Selector {
	own, other := d.Table(duplicate.Table).As("own"), d.Table(duplicate.Table).As("other")
	both := d.Table(duplicate.Table).As("both")
	turned := d.Select(sql.As(other.C(duplicate.FieldOtherID), "parent"), other.C(duplicate.FieldID)).From(other).
		Where(sql.And(among(other.C(duplicate.FieldOtherID), parents), sql.NotExists(
			d.Select(both.C(duplicate.FieldID)).From(both).Where(sql.And(
				sql.ColumnsEQ(both.C(duplicate.FieldAssetID), other.C(duplicate.FieldOtherID)),
				sql.ColumnsEQ(both.C(duplicate.FieldOtherID), other.C(duplicate.FieldAssetID)),
				sql.ColumnsEQ(both.C(duplicate.FieldSource), other.C(duplicate.FieldSource)),
			)),
		)))
	return d.Select(sql.As(own.C(duplicate.FieldAssetID), "parent"), own.C(duplicate.FieldID)).From(own).
		Where(among(own.C(duplicate.FieldAssetID), parents)).UnionAll(turned)
}
