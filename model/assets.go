package model

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/collect"
	"vodgraph/filter"
	"vodgraph/limits"
	"vodgraph/searchsql"
)

// Which assets a list has, and in which order. Its page is the one that the field
// being resolved asks for.
type Which struct {
	// Filter is nil for all that are not in the trash. Limits are those of filters.
	Filter *filter.AssetFilter
	Limits limits.Filter
	// OrderBy is up to three keys; newest first for none.
	OrderBy []*AssetOrder
}

// assetList is a list of assets in an order, newest first for none.
func assetList(which Which, h hold) (list[ent.Asset], error) {
	l := list[ent.Asset]{table: assets, hold: h}
	if which.Filter == nil && h.pairs != nil {
		l.countFilter = outsideTrash
	}
	sort, err := sortOf(which.OrderBy)
	if err != nil {
		return l, err
	}
	l.order = searchsql.Order(sort)
	l.where, err = which.Filter.Predicate(which.Limits)
	return l, err
}

// Assets is a page of all assets.
func Assets(ctx context.Context, c *ent.Client, which Which) (*AssetConnection, error) {
	l, err := assetList(which, hold{})
	if err != nil {
		return nil, err
	}
	return top(ctx, c, l, Of)
}

// Videos is a page of all videos.
func Videos(ctx context.Context, c *ent.Client, which Which) (*VideoConnection, error) {
	return ofKind(ctx, c, which, asset.KindVIDEO, videoOf)
}

// Audios is a page of all audios.
func Audios(ctx context.Context, c *ent.Client, which Which) (*AudioConnection, error) {
	return ofKind(ctx, c, which, asset.KindAUDIO, audioOf)
}

// Images is a page of all images.
func Images(ctx context.Context, c *ent.Client, which Which) (*ImageConnection, error) {
	return ofKind(ctx, c, which, asset.KindIMAGE, imageOf)
}

// Attachments is a page of all attachments.
func Attachments(ctx context.Context, c *ent.Client, which Which) (*AttachmentConnection, error) {
	return ofKind(ctx, c, which, asset.KindATTACHMENT, attachmentOf)
}

func ofKind[N any](ctx context.Context, c *ent.Client, which Which, k asset.Kind, show func(*ent.Asset) N) (*Page[N], error) {
	l, err := assetList(which, hold{})
	if err != nil {
		return nil, err
	}
	kept := l.where
	l.where = func(s *sql.Selector) {
		s.Where(sql.EQ(s.C(asset.FieldKind), k))
		kept(s)
	}
	if which.Filter == nil {
		l.countFilter = func(s *sql.Selector, _ string) { liveOfKind(s, k) }
	}
	return top(ctx, c, l, show)
}

// AssetByReference is a reference id, and the asset that has it, if any.
type AssetByReference struct {
	ReferenceID string
	Asset       Asset
}

// AssetsByReference are the assets that have the reference ids, in their order, an entry for
// each: in one statement, and in none where nothing is selected of them.
func AssetsByReference(ctx context.Context, c *ent.Client, references []string) ([]*AssetByReference, error) {
	byReference := make(map[string]Asset, len(references))
	if len(references) > 0 && collect.AsksAt(ctx, "asset") {
		t := assets
		t.needs = append(slices.Clip(t.needs), asset.FieldReferenceID)
		columns, _ := asks(ctx, t, "asset")
		rows, err := t.fetch(ctx, c, columns, func(s *sql.Selector) { s.Where(among(s.C(asset.FieldReferenceID), references)) })
		if err != nil {
			return nil, fmt.Errorf("load assets by their reference ids: %w", err)
		}
		for _, row := range rows {
			byReference[deref(row.ReferenceID)] = Of(row)
		}
	}
	entries := make([]*AssetByReference, len(references))
	for i, reference := range references {
		entries[i] = &AssetByReference{reference, byReference[reference]}
	}
	return entries, nil
}

// AssetWith is the asset whose column, which is unique, has the value; nil where
// there is none.
func AssetWith(ctx context.Context, c *ent.Client, column, value string) (Asset, error) {
	row, err := find(ctx, c, assets, func(s *sql.Selector) { s.Where(sql.EQ(s.C(column), value)) })
	return Of(row), err
}
