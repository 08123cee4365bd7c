// Package catalog is the verbs of the library: what may be done to it, and what
// follows. Every verb is one deed: one transaction, begun by raising the
// library's revision, so that deeds wait for each other and what one has checked
// still holds when it writes. A verb on assets is a pure function from an
// asset's state to its next state; one writer writes the difference, and what
// does not differ is not touched.
package catalog

import (
	"context"
	"fmt"

	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
	"vodgraph/fault"
	"vodgraph/search"
)

// Catalog does the verbs.
type Catalog struct{ *Library }

// New makes a catalog over a database.
func New(db *ent.Client, opts Options) *Catalog { return &Catalog{NewLibrary(db, opts, compare)} }

// Demo reports whether the demo made this library, and whether it holds
// anything at all.
func (c *Catalog) Demo(ctx context.Context) (demo, empty bool, err error) {
	row, err := c.db.Library.Query().Only(ctx)
	if err != nil {
		return false, false, fmt.Errorf("read the library: %w", err)
	}
	return row.Demo, row.Revision == 0, nil
}

// MarkDemo says that the demo makes this library. It refuses with IN_USE one
// that holds something already.
func (c *Catalog) MarkDemo(ctx context.Context) error {
	_, err := c.do(ctx, func(d *deed) error {
		if d.revision > 1 {
			return fault.New(fault.InUse, "This library is not empty, and was not made by the demo.")
		}
		return d.tx.Library.Update().SetDemo(true).Exec(ctx)
	})
	return err
}

// nothing holds for none.
func nothing() *search.Filter { return &search.Filter{Or: []*search.Filter{}} }

// running are the statuses of operations that are not over.
var running = []bulkoperation.Status{bulkoperation.StatusQUEUED, bulkoperation.StatusRUNNING}
