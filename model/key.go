package model

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect/sql"
	"github.com/99designs/gqlgen/graphql"

	"vodgraph/auth"
	"vodgraph/ent"
	"vodgraph/ent/category"
	"vodgraph/ent/collect"
	"vodgraph/ent/key"
	"vodgraph/keyset"
)

// Key lets whoever shows its secret in.
type Key struct{ *ent.Key }

// IsNode says that it has an id of its own.
func (Key) IsNode() {}

func keyOf(k *ent.Key) Key { return Key{k} }

// Role is what it may do.
func (k Key) Role() auth.Role { return auth.Role(k.Key.Role) }

// MarshalRole writes a Role.
func MarshalRole(r auth.Role) graphql.Marshaler { return graphql.MarshalString(string(r)) }

// UnmarshalRole reads a Role.
func UnmarshalRole(v any) (auth.Role, error) {
	return oneOf[auth.Role](v, auth.Roles()...)
}

var keys = table[ent.Key]{
	name: key.Table, columns: ent.KeyColumns.With(collect.Columns{"role": {key.FieldRole}, "grants": {key.FieldGrants}}),
	needs: []string{key.FieldID},
	value: func(k *ent.Key, column string) any {
		if column == key.FieldCreatedAt {
			return k.CreatedAt
		}
		return k.ID
	},
	fetch: fetched(func(c *ent.Client) *ent.KeyQuery { return c.Key.Query() }),
}

// Keys is a page of all keys, newest first.
func Keys(ctx context.Context, c *ent.Client) (*KeyConnection, error) {
	return top(ctx, c, list[ent.Key]{table: keys, order: keyset.Order{
		{Column: key.FieldCreatedAt, Kind: keyset.Moment, Desc: true}, {Column: key.FieldID, Desc: true},
	}}, keyOf)
}

// KeyIn loads the key of a payload, whose field key is.
func KeyIn(ctx context.Context, c *ent.Client, id string) (*Key, error) {
	rows, err := at(ctx, c, keys, "key", []string{id})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &Key{rows[0]}, nil
}

// Grants are the categories that the key is limited to, by their paths.
func (k Key) Grants(ctx context.Context) ([]Category, error) {
	f := parentRow[ent.Key, *ent.Key]{k.Key, func(k *ent.Key) string { return k.ID }}
	byID, err := once(ctx, f, "grants", func(place string) (map[string]*ent.Category, error) {
		t := categories
		t.needs = []string{category.FieldID, category.FieldPath}
		columns, asked := asks(ctx, t, "")
		return share(f, place+asked, func() (map[string]*ent.Category, error) {
			var ids []string
			for _, row := range k.Batch().Rows {
				ids = append(ids, row.Grants...)
			}
			rows, err := categories.fetch(ctx, k.Client(), columns, func(s *sql.Selector) { s.Where(among(s.C(category.FieldID), ids)) })
			if err != nil {
				return nil, fmt.Errorf("load the categories of keys: %w", err)
			}
			byID := make(map[string]*ent.Category, len(rows))
			for _, row := range rows {
				byID[row.ID] = row
			}
			return byID, nil
		})
	})
	if err != nil {
		return nil, err
	}
	granted := []Category{}
	for _, id := range k.Key.Grants {
		if row := byID[id]; row != nil { // or gone
			granted = append(granted, Category{row})
		}
	}
	slices.SortFunc(granted, func(a, b Category) int { return strings.Compare(a.Category.Path, b.Category.Path) })
	return slices.CompactFunc(granted, func(a, b Category) bool { return a.ID == b.ID }), nil
}
