package searchsql

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
	"vodgraph/ent/collect"
	"vodgraph/ent/playinfo"
	"vodgraph/ent/tag"
	"vodgraph/search"
)

var facetColumns = map[search.TermField]string{
	search.TermKind:           asset.FieldKind,
	search.TermStatus:         asset.FieldStatus,
	search.TermLocation:       asset.FieldStorageLocation,
	search.TermClass:          asset.FieldStorageClass,
	search.TermSource:         asset.FieldMediaSource,
	search.TermAttachmentType: asset.FieldBusinessType,
	search.TermTag:            assettag.FieldTagID,
	search.TermCategory:       assetcategory.FieldCategoryID,
	search.TermDefinition:     playinfo.FieldDefinition,
	search.TermCodec:          playinfo.FieldCodec,
}

func (f *Finder) facet(ctx context.Context, m match, facet search.Facet) ([]search.Bucket, error) {
	if facetColumns[facet.Field] == "" {
		return nil, fmt.Errorf("the database does not count %s", facet.Field)
	}
	var counted []struct {
		Term string `sql:"term"`
		Text string `sql:"text"`
		N    int64  `sql:"n"`
	}
	err := f.read(ctx, &counted, func(d *sql.DialectBuilder) *sql.Selector { return facetQuery{d, m, facet}.selector() })
	if err != nil {
		return nil, err
	}
	buckets := make([]search.Bucket, 0, len(counted))
	for _, c := range counted {
		b := search.Bucket{Value: c.Term, Count: c.N, Text: c.Text}
		if facet.Field == search.TermLocation || facet.Field == search.TermCodec {
			b.Value = search.TermOf(c.Text)
		}
		if facet.Among == nil || slices.Contains(facet.Among, b.Value) {
			buckets = append(buckets, b)
		}
	}
	slices.SortFunc(buckets, func(a, b search.Bucket) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return buckets[:min(len(buckets), facet.First)], nil
}

type facetQuery struct {
	*sql.DialectBuilder
	match match
	facet search.Facet
}

// selector selects each value as term, its text and how many assets have it. There are few
// values of most facets, and all of them are read; tags and categories can be many, and are
// cut by the database.
func (q facetQuery) selector() *sql.Selector {
	switch column := facetColumns[q.facet.Field]; q.facet.Field {
	case search.TermTag:
		return q.tags()
	case search.TermCategory:
		return q.categories()
	case search.TermDefinition, search.TermCodec:
		return q.playInfos(column)
	default:
		return q.assets(column)
	}
}

func (q facetQuery) assets(column string) *sql.Selector {
	s := q.match.assets(q.DialectBuilder)
	value := s.C(column)
	return s.Where(sql.NotNull(value)).
		Select(sql.As(value, "term"), sql.As(value, "text"), sql.As(sql.Count("*"), "n")).GroupBy(value)
}

// below selects from a table of which the rows belong to assets, those of assets that are found.
func (q facetQuery) below(name, assetID string) (s *sql.Selector, t *sql.SelectTable) {
	t = q.Table(name)
	s = q.Select().From(t)
	switch {
	case q.match.ids != "":
		return s.Where(collect.InJSON(t.C(assetID), q.match.ids, "")), t
	case q.match.whereID != nil:
		q.match.whereID(s, t.C(assetID))
		return s, t
	}
	found := q.Select(asset.FieldID).From(q.Table(asset.Table))
	q.match.where(found)
	return s.Where(sql.In(t.C(assetID), found)), t
}

// distinct counts how many assets have each value, of rows that may have a value of an asset
// several times: these are first made one, the fastest way that both databases have.
func (q facetQuery) distinct(s *sql.Selector, assetID, value string) *sql.Selector {
	once := named(s.Select(sql.As(assetID, "asset_id"), sql.As(value, "term")).Distinct(), "once")
	return q.Select(sql.As(once.C("term"), "term"), sql.As(once.C("term"), "text"), sql.As(sql.Count("*"), "n")).
		From(once).GroupBy(once.C("term"))
}

func (q facetQuery) playInfos(column string) *sql.Selector {
	s, t := q.below(playinfo.Table, playinfo.FieldAssetID)
	s.Where(sql.And(sql.EQ(t.C(playinfo.FieldStatus), playinfo.StatusNORMAL), sql.NotNull(t.C(column))))
	return q.distinct(s, t.C(playinfo.FieldAssetID), t.C(column))
}

func (q facetQuery) tags() *sql.Selector {
	s, t := q.below(assettag.Table, assettag.FieldAssetID)
	id := t.C(assettag.FieldTagID)
	q.among(s, id)
	s.Select(sql.As(id, "term"), sql.As(sql.Count("*"), "n")).GroupBy(id)
	return q.withText(q.first(s, id), tag.Table, tag.FieldName)
}

// above has each category with itself and all above it.
const above = `WITH RECURSIVE above (id, above_id) AS (SELECT id, id FROM categories` +
	` UNION ALL SELECT above.id, categories.parent_id FROM above JOIN categories ON categories.id = above.above_id` +
	` WHERE categories.parent_id IS NOT NULL)`

// categories counts an asset in each category that it is in or below, once.
func (q facetQuery) categories() *sql.Selector {
	s, t := q.below(assetcategory.Table, assetcategory.FieldAssetID)
	up := q.Table("above")
	s.Join(up).On(up.C("id"), t.C(assetcategory.FieldCategoryID))
	q.among(s, up.C("above_id"))
	counted := q.distinct(s, t.C(assetcategory.FieldAssetID), up.C("above_id"))
	return q.withText(q.first(counted, "once.term"), category.Table, category.FieldPath).Prefix(sql.Raw(above))
}

func (q facetQuery) among(s *sql.Selector, id string) {
	if q.facet.Among != nil {
		s.Where(collect.InP(id, q.facet.Among))
	}
}

// first keeps the most frequent values, of equal ones the first by their ids.
func (q facetQuery) first(s *sql.Selector, id string) *sql.Selector {
	if s.Dialect() == dialect.Postgres {
		id += ` COLLATE "C"`
	}
	return s.OrderExpr(sql.Raw("n DESC"), sql.Raw(id)).Limit(q.facet.First)
}

func (q facetQuery) withText(counted *sql.Selector, table, column string) *sql.Selector {
	rows, by := q.Table(table), named(counted, "counted")
	return q.Select(sql.As(by.C("term"), "term"), sql.As(rows.C(column), "text"), sql.As(by.C("n"), "n")).
		From(rows).Join(by).On(rows.C("id"), by.C("term"))
}

// named is a selection under a name. What was written into it still speaks of its tables by
// the names they had.
func named(s *sql.Selector, name string) *sql.Selector {
	view := *s
	return view.As(name)
}
