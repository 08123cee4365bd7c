package model

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/collect"
)

// AssetsAt loads assets for a payload whose selection of them stands at path
// below the field being resolved, all in one statement, and in none where
// nothing of them is selected.
func AssetsAt(ctx context.Context, c *ent.Client, path string, ids []string) (map[string]Asset, error) {
	found := make(map[string]Asset, len(ids))
	rows, err := at(ctx, c, assets, path, ids)
	for _, row := range rows {
		found[row.ID] = Of(row)
	}
	return found, err
}

// CategoryIn loads the category of a payload, whose field of that name is.
func CategoryIn(ctx context.Context, c *ent.Client, id string) (*Category, error) {
	rows, err := at(ctx, c, categories, "category", []string{id})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &Category{rows[0]}, nil
}

// TagIn loads the tag of a payload, whose field of that name is.
func TagIn(ctx context.Context, c *ent.Client, id string) (*Tag, error) {
	rows, err := at(ctx, c, tags, "tag", []string{id})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &Tag{rows[0]}, nil
}

func at[R any](ctx context.Context, c *ent.Client, t table[R], path string, ids []string) ([]*R, error) {
	if len(ids) == 0 || !collect.AsksAt(ctx, path) {
		return nil, nil // nothing is selected, so nothing is missing
	}
	columns, _ := asks(ctx, t, path)
	rows, err := t.fetch(ctx, c, columns, func(s *sql.Selector) { s.Where(among(s.C("id"), ids)) })
	if err != nil {
		return nil, fmt.Errorf("load %s of a payload: %w", t.name, err)
	}
	return rows, nil
}

// ChangeSetIn loads the change set of a payload, whose field of that name is; nil
// for the empty id.
func ChangeSetIn(ctx context.Context, c *ent.Client, id string) (*ChangeSet, error) {
	if id == "" {
		return nil, nil
	}
	rows, err := at(ctx, c, changeSets, "changeSet", []string{id})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &ChangeSet{rows[0]}, nil
}
