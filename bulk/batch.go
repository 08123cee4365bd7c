package bulk

import (
	"context"
	"vodgraph/change"
	"vodgraph/ent"
)

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

// kind is how operations of a verb, or those with a file, find and do their batches.
type kind struct {
	next func(*batch, context.Context) error
	run  func(*batch, context.Context, *change.Tx, *change.Outcome) error
	// repeats reports whether an entry of the history of a dry run is shown by another batch;
	// nil for none.
	repeats func(r *batch, met map[string]bool, e *ent.Change) bool
	// keep keeps what else is known of the items; nil for nothing.
	keep func(*batch, context.Context, *change.Tx, []change.Item) error
}
