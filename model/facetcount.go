package model

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent/asset"
	"vodgraph/ent/assetcategory"
	"vodgraph/ent/assettag"
	"vodgraph/ent/category"
	"vodgraph/ent/playinfo"
	"vodgraph/ent/tag"
	"vodgraph/search"
)

// Facets of the database: the same as an engine counts, and of equally frequent
// values the same ones.

type valueTally struct {
	Term string `sql:"term"`
	Text string `sql:"text"`
	N    int    `sql:"n"`
}

// countFacets counts over what was found, in one statement a facet.
func (k *seek) countFacets(ctx context.Context, found match) ([]Facet, error) {
	facets := make([]Facet, len(k.Facets))
	for i, f := range k.Facets {
		var tallies []valueTally
		err := k.client.Library.Query().Modify(func(s *sql.Selector) {
			*s = *facetQuery{sql.Dialect(s.Dialect()), found}.of(f)
		}).Scan(ctx, &tallies)
		if err != nil {
			return nil, fmt.Errorf("count a facet: %w", err)
		}
		buckets := []FacetBucket{}
		for _, t := range cutTallies(f, tallies) {
			face := faceOf(f.Field, t.Term, t.Text)
			buckets = append(buckets, FacetBucket{Value: face.value, Label: face.label, Count: t.N})
		}
		facets[i] = shown(f.Field, buckets)
	}
	return facets, nil
}

// cutTallies leaves the most frequent values, of equal ones those whose terms come
// first.
func cutTallies(f *FacetInput, tallies []valueTally) []valueTally {
	if f.Field == FacetStorageLocation || f.Field == FacetCodec {
		for i := range tallies {
			tallies[i].Term = search.TermOf(tallies[i].Text)
		}
	}
	slices.SortFunc(tallies, func(a, b valueTally) int {
		return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Term, b.Term))
	})
	return tallies[:min(len(tallies), f.first())]
}

type facetQuery struct {
	*sql.DialectBuilder
	found match
}

// of counts the values of a facet. There are few values of most, and all of them
// are read; tags and categories can be many, and are cut by the database.
func (q facetQuery) of(f *FacetInput) *sql.Selector {
	switch f.Field {
	case FacetTag:
		return q.tags(f.first())
	case FacetCategory:
		return q.categories(f.first())
	case FacetDefinition:
		return q.playInfos(playinfo.FieldDefinition)
	case FacetCodec:
		return q.playInfos(playinfo.FieldCodec)
	default:
		return q.assets(facetColumn(f.Field))
	}
}

func facetColumn(f FacetField) string {
	switch f {
	case FacetStatus:
		return asset.FieldStatus
	case FacetStorageLocation:
		return asset.FieldStorageLocation
	case FacetStorageClass:
		return asset.FieldStorageClass
	case FacetMediaSource:
		return asset.FieldMediaSource
	case FacetAttachmentType:
		return asset.FieldBusinessType
	default:
		return asset.FieldKind
	}
}

// assets counts the values of a column of the assets.
func (q facetQuery) assets(column string) *sql.Selector {
	s := q.Select().From(q.Table(asset.Table))
	if q.found.tally != nil {
		q.found.tally(s, s.C(asset.FieldID))
	} else {
		q.found.where(s)
	}
	value := s.C(column)
	return s.Where(sql.NotNull(value)).
		Select(sql.As(value, "term"), sql.As(value, "text"), sql.As(sql.Count("*"), "n")).GroupBy(value)
}

// below is a table of what hangs on assets, of those that are kept.
func (q facetQuery) below(name, assetID string) (s *sql.Selector, t *sql.SelectTable) {
	t = q.Table(name)
	s = q.Select().From(t)
	switch {
	case q.found.ids != "":
		s.Where(amongList(t.C(assetID), q.found.ids, ""))
		return s, t
	case q.found.tally != nil:
		q.found.tally(s, t.C(assetID))
		return s, t
	}
	kept := q.Select(asset.FieldID).From(q.Table(asset.Table))
	q.found.where(kept)
	return s.Where(sql.In(t.C(assetID), kept)), t
}

// each counts how many assets have each value, of rows that may tell a value of an
// asset several times: these are first made one, the fastest way that both
// databases have.
func (q facetQuery) each(s *sql.Selector, assetID, value string) *sql.Selector {
	once := aliased(s.Select(sql.As(assetID, "asset_id"), sql.As(value, "term")).Distinct(), "once")
	return q.Select(sql.As(once.C("term"), "term"), sql.As(once.C("term"), "text"), sql.As(sql.Count("*"), "n")).
		From(once).GroupBy(once.C("term"))
}

// playInfos counts the assets that have a value in a NORMAL play info.
func (q facetQuery) playInfos(column string) *sql.Selector {
	s, t := q.below(playinfo.Table, playinfo.FieldAssetID)
	s.Where(sql.And(sql.EQ(t.C(playinfo.FieldStatus), playinfo.StatusNORMAL), sql.NotNull(t.C(column))))
	return q.each(s, t.C(playinfo.FieldAssetID), t.C(column))
}

func (q facetQuery) tags(first int) *sql.Selector {
	s, t := q.below(assettag.Table, assettag.FieldAssetID)
	id := t.C(assettag.FieldTagID)
	s.Select(sql.As(id, "term"), sql.As(sql.Count("*"), "n")).GroupBy(id)
	return q.called(q.most(s, id, first), tag.Table, tag.FieldName)
}

// above has each category with itself and all above it.
const above = `WITH RECURSIVE above (id, above_id) AS (SELECT id, id FROM categories` +
	` UNION ALL SELECT above.id, categories.parent_id FROM above JOIN categories ON categories.id = above.above_id` +
	` WHERE categories.parent_id IS NOT NULL)`

// categories counts an asset in each category that it is filed in or below, once.
func (q facetQuery) categories(first int) *sql.Selector {
	s, t := q.below(assetcategory.Table, assetcategory.FieldAssetID)
	up := q.Table("above")
	s.Join(up).On(up.C("id"), t.C(assetcategory.FieldCategoryID))
	counted := q.each(s, t.C(assetcategory.FieldAssetID), up.C("above_id"))
	return q.called(q.most(counted, "once.term", first), category.Table, category.FieldPath).Prefix(sql.Raw(above))
}

// most keeps the most frequent values, of equal ones the first by their ids.
func (q facetQuery) most(s *sql.Selector, id string, first int) *sql.Selector {
	if s.Dialect() == dialect.Postgres {
		id += ` COLLATE "C"`
	}
	return s.OrderExpr(sql.Raw("n DESC"), sql.Raw(id)).Limit(first)
}

// called adds what the ids that were counted are called.
func (q facetQuery) called(counted *sql.Selector, table, column string) *sql.Selector {
	named, by := q.Table(table), aliased(counted, "counted")
	return q.Select(sql.As(by.C("term"), "term"), sql.As(named.C(column), "text"), sql.As(by.C("n"), "n")).
		From(named).Join(by).On(named.C("id"), by.C("term"))
}
