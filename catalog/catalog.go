// Package catalog is the verbs on assets: what may be done, and what follows. A verb resolves what
// it names, loads the states of assets, and decides their next states by pure functions; package
// change writes the difference, and what does not differ is not touched.
package catalog

import (
	"context"
	"fmt"

	"vodgraph/change"
	"vodgraph/fault"
	"vodgraph/keys"
	"vodgraph/taxonomy"
)

// Catalog is the verbs on assets, tags and categories.
type Catalog struct {
	*taxonomy.Taxonomy
	Keys *keys.Keys
}

// New makes the verbs of a library that was opened with Compare.
func New(l *change.Library) *Catalog { return &Catalog{&taxonomy.Taxonomy{Library: l}, keys.New(l)} }

// Demo reports whether the demo made this library, and whether it holds
// anything at all.
func (c *Catalog) Demo(ctx context.Context) (demo, empty bool, err error) {
	row, err := c.DB.Library.Query().Only(ctx)
	if err != nil {
		return false, false, fmt.Errorf("read the library: %w", err)
	}
	return row.Demo, row.Revision == 0, nil
}

// MarkDemo says that the demo makes this library. It refuses with IN_USE one
// that holds something already.
func (c *Catalog) MarkDemo(ctx context.Context) error {
	_, err := c.Do(ctx, func(d *change.Tx) error {
		if d.Revision > 1 {
			return fault.New(fault.InUse, "This library is not empty, and was not made by the demo.")
		}
		return d.Ent.Library.Update().SetDemo(true).Exec(ctx)
	})
	return err
}
