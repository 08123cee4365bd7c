package model

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent/asset"
	"vodgraph/ent/collect"
)

type match struct {
	// where keeps them of all assets.
	where func(*sql.Selector)
	// tally is where as a list counts by it; nil for no other.
	tally tally
	// ids are theirs, as among has them, and count is how many, where they were
	// listed; else empty.
	ids   string
	count int
}

// match looks for the text and the filter. Where all that is found is counted it is listed once,
// as one argument of all other statements: to look through the words of a whole
// library is what costs.
func (k *seek) match(ctx context.Context) (match, error) {
	pieces, err := piecesOf(ctx, k.client, k.Text)
	if err != nil {
		return match{}, err
	}
	found := match{where: func(s *sql.Selector) {
		contains(s, pieces)
		k.filter(s)
	}}
	if !asksWhole(ctx) {
		return found, nil
	}
	var all []struct {
		N   int    `sql:"n"`
		IDs string `sql:"ids"`
	}
	err = k.client.Library.Query().Modify(func(s *sql.Selector) {
		d := sql.Dialect(s.Dialect())
		listed := d.Select().From(d.Table(asset.Table))
		found.where(listed)
		list := "json_group_array(" + listed.C(asset.FieldID) + ")"
		if s.Dialect() == dialect.Postgres {
			list = "COALESCE(json_agg(" + listed.C(asset.FieldID) + ")::text, '[]')"
		}
		*s = *listed.SelectExpr(sql.Raw("COUNT(*) AS n"), sql.Raw(list+" AS ids"))
	}).Scan(ctx, &all)
	if err != nil {
		return match{}, fmt.Errorf("list what has a text: %w", err)
	}
	found.ids, found.count = all[0].IDs, all[0].N
	found.where = func(s *sql.Selector) { s.Where(amongList(s.C(asset.FieldID), found.ids, "")) }
	return found, nil
}

// asksWhole reports whether anything is asked of all that is found.
func asksWhole(ctx context.Context) bool { return collect.Asks(ctx, "totalCount", "facets") }
