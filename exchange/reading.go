package exchange

import (
	"context"
	stdsql "database/sql"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/bulk"
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/category"
	"vodgraph/ent/tag"
)

// reading is the library at one moment, to be read from its beginning to its end.
// It is closed when it was read.
type reading struct {
	tx         *change.Tx
	categories catalog.Paths // nil until they were read
	tags       string        // the last id read
	assets     string
}

const exportPage = 500

// newReading starts to read the library as it is now. Transactions that come meanwhile do
// not show, and do not wait.
func newReading(ctx context.Context, c *bulk.Catalog) (*reading, error) {
	opts := &stdsql.TxOptions{ReadOnly: true}
	if c.DB.Dialect() == dialect.Postgres {
		opts.Isolation = stdsql.LevelRepeatableRead
	}
	tx, err := c.DB.BeginTx(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("begin to read: %w", err)
	}
	return &reading{tx: &change.Tx{Library: c.Library, Ent: tx}}, nil
}

func (e *reading) Close() error { return e.tx.Ent.Rollback() }

// Categories are all of them, each after the one it stands below, in the order
// of their paths.
func (e *reading) Categories(ctx context.Context) ([]*ent.Category, error) {
	rows, err := e.tx.Ent.Category.Query().Order(category.ByPath()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read categories: %w", err)
	}
	e.categories = make(catalog.Paths, len(rows))
	for _, row := range rows {
		e.categories[row.ID] = row.Path
	}
	return rows, nil
}

// Tags are the next of them by name, none at the end.
func (e *reading) Tags(ctx context.Context) ([]*ent.Tag, error) {
	rows, err := e.tx.Ent.Tag.Query().Where(tag.NameGT(e.tags)).Order(tag.ByName()).Limit(exportPage).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read tags: %w", err)
	}
	if len(rows) > 0 {
		e.tags = rows[len(rows)-1].Name
	}
	return rows, nil
}

// Assets are the next of them by id, none at the end, as an import takes them.
// Categories must have been read before.
func (e *reading) Assets(ctx context.Context) ([]*catalog.AssetCreateInput, error) {
	if e.categories == nil {
		return nil, errors.New("the categories were not read before the assets")
	}
	ids, err := e.tx.Ent.Asset.Query().Where(asset.IDGT(e.assets)).
		Order(asset.ByID(sql.OrderAsc())).Limit(exportPage).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	states, err := e.tx.Load(ctx, ids, change.WithAll)
	if err != nil {
		return nil, err
	}
	inputs := make([]*catalog.AssetCreateInput, len(ids))
	for i, id := range ids {
		inputs[i] = catalog.InputOf(states[id], e.categories)
	}
	e.assets = ids[len(ids)-1]
	return inputs, nil
}
