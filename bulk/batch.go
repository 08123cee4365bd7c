package bulk

import (
	"vodgraph/change"
	"vodgraph/ent"
)

// batch is what an operation does in one transaction: assets, or lines of its file.
type batch struct {
	*Catalog
	row   *ent.BulkOperation
	kind  *kind
	most  int // assets or lines
	work  work
	ids   []string
	lines *lines // nil without a file, and at its end
	// taxonomy is set in the first batch of an undo of a set that changed tags or categories,
	// last of the last one of an undo, and refused which of them do not go back.
	taxonomy, last bool
	refused        []change.Item

	// entries are what the batch has changed, or would change; made are the ids of what a dry
	// run would make, and begun is how much of its history is of lines before the batch, or of
	// tags and categories that it shows in its first one.
	entries []*ent.Change
	made    []string
	begun   int
}

// MaxBatch is the most assets, or lines of a file, of a batch: so few that other transactions
// do not wait for long.
const MaxBatch = 500
