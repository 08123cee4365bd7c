package catalog

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"vodgraph/change"
	"vodgraph/ent/asset"
	"vodgraph/ent/playinfo"
	"vodgraph/search"
)

// TermText tells the values that terms of locations or codecs stand for, as the
// API has them. A term that no asset has any more may be missing.
func (c *Catalog) TermText(ctx context.Context, field search.TermField, terms []string) (map[string]string, error) {
	table, column := asset.Table, asset.FieldStorageLocation
	switch field {
	case search.TermLocation:
	case search.TermCodec:
		table, column = playinfo.Table, playinfo.FieldCodec
	default:
		return nil, fmt.Errorf("terms of the set %q are not made of texts", field)
	}
	values, wanted := make(map[string]string, len(terms)), map[string]bool{}
	for _, term := range terms {
		if value, plain := search.PlainOf(term); plain {
			values[term] = value
		} else {
			wanted[term] = true
		}
	}
	if len(wanted) == 0 {
		return values, nil
	}
	b := sql.Dialect(c.DB.Dialect())
	long := sql.ExprP(fmt.Sprintf("octet_length(%s) > %d", column, search.LongestPlain))
	err := c.Read(ctx, b.Select(column).Distinct().From(b.Table(table)).Where(long), func(scan change.Scanner) error {
		var value string
		if err := scan(&value); err != nil {
			return err
		}
		if term := search.TermOf(value); wanted[term] {
			values[term] = value
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find the values of terms: %w", err)
	}
	return values, nil
}
