package change

import (
	"vodgraph/ent"
	"vodgraph/fault"
)

// ItemOutcome says what a call did with one of its items.
type ItemOutcome string

// The outcomes.
const (
	Created   ItemOutcome = "CREATED"
	Changed   ItemOutcome = "CHANGED"
	Unchanged ItemOutcome = "UNCHANGED"
	Deleted   ItemOutcome = "DELETED"
	Failed    ItemOutcome = "FAILED"
)

// Item is what became of one item of a call.
type Item struct {
	// ID is the asset's; empty where none was found or made.
	ID      string
	Outcome ItemOutcome
	// Errors are why it failed, with their places from the call's arguments down.
	Errors []*fault.Fault
	// Partly says that it failed and was changed all the same, in other parts.
	Partly bool
	// Missing are the links that an import left out, since they name assets that
	// are not there, with their places in the line.
	Missing []*fault.Fault
	// Warnings are values that an import kept and a call would refuse, and those that it
	// took from elsewhere than the line states, with their places in the line.
	Warnings []*fault.Fault
	// Pending says that a line of an import was written without links to assets that may
	// still come.
	Pending bool

	Changes []*ent.Change // what a line of a file has changed
}

// Outcome is what became of a call.
type Outcome struct {
	// Items are in the order asked.
	Items []Item
	// Revision is the transaction's; nil where nothing changed.
	Revision *int64
	// ChangeSet is the id of what the call has changed; empty where nothing was, and
	// for a dry run.
	ChangeSet string
	// DryRun says that the call was one, and Changes what it would have changed, in the
	// order of its transaction: without change set, revision and time, and with the prefix
	// alone of the ids of what it would have made.
	DryRun  bool          `json:"-"`
	Changes []*ent.Change `json:"-"`
}

// Count returns how many items had one of the outcomes.
func (o *Outcome) Count(outcomes ...ItemOutcome) int {
	n := 0
	for _, item := range o.Items {
		for _, one := range outcomes {
			if item.Outcome == one {
				n++
			}
		}
	}
	return n
}

// CountChanged returns how many items are other than before, those that failed in other
// parts among them.
func (o *Outcome) CountChanged() int {
	n := o.Count(Created, Changed, Deleted)
	for _, item := range o.Items {
		if item.Partly {
			n++
		}
	}
	return n
}
