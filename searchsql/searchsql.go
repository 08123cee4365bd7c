// Package searchsql finds assets in the database itself: for lists without a text, and for
// texts while the index cannot be asked. Filters, sorts, facets, totals and walks are those of
// the engines. A text is found where all of its words stand as typed, in titles, the
// description or tags; nothing is ranked and no error forgiven.
//
// What is not here: filters as SQL (filter), what is shown of what is found (model), and the
// columns of words that are looked through, which change and outbox write.
package searchsql

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/collect"
	"vodgraph/keyset"
	"vodgraph/search"
)

// Finder finds the assets that a filter matches. It is for one search at a time.
type Finder struct {
	// Client reads, for the caller of its context: what row-level security hides is not found.
	Client *ent.Client
	// Where keeps the assets that the filter matches. It stands in for the filter of queries.
	Where func(*sql.Selector)
	// WhereID is Where for rows of any table that have the id of an asset in a column, if
	// that is a quicker way to count; nil if not.
	WhereID func(s *sql.Selector, id string)
	// Filter differs between filters: a place is of one alone.
	Filter string
	// Columns are those of Rows, beside the columns of the order; nil is all.
	Columns []string
	// Rows are the assets of the last hits, in their order.
	Rows []*ent.Asset
}

// Search answers a query by up to one statement for each of hits, total and facet, and two
// more for a text. It is as recent as the database, and does not know
// Query.WithoutCategories: it looks for no text in categories.
//
// It fails with search.ErrCursor on a place that was not given for the query and the filter.
func (f *Finder) Search(ctx context.Context, q *search.Query) (*search.Hits, error) {
	order := Order(q.Sort)
	binding := keyset.Bind(order, q.Text.Typed(), f.Filter, fmt.Sprint(q.Order()))
	args := keyset.Args{Default: q.Limit}
	if q.After != "" {
		args.After = &q.After
	}
	page, err := args.Page(order, binding)
	if err != nil { // there is nothing else to refuse
		return nil, search.ErrCursor
	}
	m, err := f.match(ctx, q)
	if err != nil {
		return nil, err
	}
	hits := &search.Hits{}
	if q.WithTotal {
		if hits.Total, err = f.total(ctx, m); err != nil {
			return nil, fmt.Errorf("count what is found: %w", err)
		}
	}
	for _, facet := range q.Facets {
		buckets, err := f.facet(ctx, m, facet)
		if err != nil {
			return nil, fmt.Errorf("count the values of %s: %w", facet.Field, err)
		}
		hits.Facets = append(hits.Facets, buckets)
	}
	if q.Limit > 0 {
		if f.Rows, hits.More, err = f.page(ctx, m, page); err != nil {
			return nil, fmt.Errorf("load what is found: %w", err)
		}
		for _, row := range f.Rows {
			hits.Hits = append(hits.Hits, search.Hit{ID: row.ID, Place: binding.Cursor(order, place(order, row))})
		}
	}
	return hits, nil
}

func (f *Finder) page(ctx context.Context, m match, page keyset.Page) (rows []*ent.Asset, more bool, err error) {
	query := f.Client.Asset.Query()
	query.Modify(func(s *sql.Selector) {
		m.where(s)
		page.Bound(s)
		page.Order.Sort(s)
		s.Limit(page.Limit())
	})
	if f.Columns != nil {
		columns := slices.Concat(page.Order.Columns(), f.Columns)
		slices.Sort(columns)
		query.Select(slices.Compact(columns)...)
	}
	if rows, err = query.All(ctx); err != nil {
		return nil, false, err
	}
	rows, more, _ = keyset.Cut(page, rows)
	return rows, more, nil
}

type match struct {
	where   func(*sql.Selector)
	whereID func(s *sql.Selector, id string) // as Finder.WhereID
	// ids are theirs as a JSON array, and count is how many, where they were listed; else
	// empty.
	ids   string
	count int64
}

// match looks for the text of a query, if it has one. Where all that is found is counted it
// is listed once, as one argument of all other statements: looking through the words of a
// whole library is what costs.
func (f *Finder) match(ctx context.Context, q *search.Query) (match, error) {
	counted := q.WithTotal || len(q.Facets) > 0
	if q.Text == nil || !counted && q.Limit == 0 {
		return match{where: f.Where, whereID: f.WhereID}, nil
	}
	parts, err := f.parts(ctx, q.Text)
	if err != nil {
		return match{}, err
	}
	found := func(s *sql.Selector) {
		contains(s, parts)
		f.Where(s)
	}
	if !counted {
		return match{where: found}, nil
	}
	var listed []struct {
		N   int64  `sql:"n"`
		IDs string `sql:"ids"`
	}
	err = f.read(ctx, &listed, func(d *sql.DialectBuilder) *sql.Selector {
		s := d.Select().From(d.Table(asset.Table))
		found(s)
		list := "json_group_array(" + s.C(asset.FieldID) + ")"
		if s.Dialect() == dialect.Postgres {
			list = "COALESCE(json_agg(" + s.C(asset.FieldID) + ")::text, '[]')"
		}
		return s.SelectExpr(sql.Raw("COUNT(*) AS n"), sql.Raw(list+" AS ids"))
	})
	if err != nil {
		return match{}, fmt.Errorf("list what has a text: %w", err)
	}
	m := match{ids: listed[0].IDs, count: listed[0].N}
	m.where = func(s *sql.Selector) { s.Where(collect.InJSON(s.C(asset.FieldID), m.ids, "")) }
	return m, nil
}

func (f *Finder) total(ctx context.Context, m match) (int64, error) {
	if m.ids != "" {
		return m.count, nil
	}
	var counted []struct {
		N int64 `sql:"n"`
	}
	err := f.read(ctx, &counted, func(d *sql.DialectBuilder) *sql.Selector {
		return m.assets(d).SelectExpr(sql.Raw("COUNT(*) AS n"))
	})
	if err != nil {
		return 0, err
	}
	return counted[0].N, nil
}

func (m match) assets(d *sql.DialectBuilder) *sql.Selector {
	s := d.Select().From(d.Table(asset.Table))
	if m.whereID != nil {
		m.whereID(s, s.C(asset.FieldID))
	} else {
		m.where(s)
	}
	return s
}

func (f *Finder) read(ctx context.Context, into any, build func(*sql.DialectBuilder) *sql.Selector) error {
	return f.Client.Library.Query().Modify(func(s *sql.Selector) {
		*s = *build(sql.Dialect(s.Dialect()))
	}).Scan(ctx, into)
}
