// Package bulk is what takes many assets, in batches that each are a transaction: operations by
// filters, files of changes, purges and undo. It stands on the verbs of package catalog.
package bulk

import (
	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/ent"
)

// Catalog is all verbs: those of one call, and those that take many batches.
type Catalog struct{ *catalog.Catalog }

// New makes the verbs over a database.
func New(db *ent.Client, opts change.Options) *Catalog {
	return &Catalog{catalog.New(change.Open(db, opts, catalog.Compare))}
}

// MaxBatch is the most assets, or lines of a file, of a batch: so few that other transactions
// do not wait for long.
const MaxBatch = 500
