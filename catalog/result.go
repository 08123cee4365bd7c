package catalog

import (
	"strconv"

	"vodgraph/ent"
	"vodgraph/fault"
)

// ItemOutcome tells what a call did with one of its items.
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
	// Partly tells that it failed and was changed all the same, in other parts.
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

	changes []*ent.Change // what a line of a file has changed
}

// Outcome is what became of a call.
type Outcome struct {
	// Items are in the order asked.
	Items []Item
	// Revision is the deed's; nil where nothing changed.
	Revision *int64
	// ChangeSet is the id of what the call has changed; empty where nothing was, and
	// for a rehearsal.
	ChangeSet string
	// DryRun says that the call was one, and Changes what it would have changed, in the
	// order of its transaction: without change set, revision and time, and with the prefix
	// alone of the ids of what it would have made.
	DryRun  bool          `json:"-"`
	Changes []*ent.Change `json:"-"`
}

// Count tells how many items had one of the outcomes.
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

// countChanged tells how many items are other than before, those that failed in other
// parts among them.
func (o *Outcome) countChanged() int {
	n := o.Count(Created, Changed, Deleted)
	for _, item := range o.Items {
		if item.Partly {
			n++
		}
	}
	return n
}

// verdict is what a verb decided about one item: a change, or why not.
type verdict struct {
	id     string
	change *change
	faults []*fault.Fault
	// missing is Item.Missing, and warnings is Item.Warnings.
	missing, warnings []*fault.Fault
	// pending says that a line names assets that may still come; what it would change is
	// not to be written.
	pending bool
	// waits has a line come again in the next stage of its import.
	waits bool
	// partly has the change be written in spite of the faults, which are of parts of
	// it.
	partly bool
	// begun tells that an earlier round has changed something of it already.
	begun bool
	// same is that others of the same change may have changed something, this one not.
	same bool
}

// settle turns verdicts into items. Under ATOMIC one refusal fails all, and what
// would have been made has no id. The items stand in an argument of the name of the
// list. It returns the changes that are to be written.
func settle(verdicts []verdict, list string, policy ErrorPolicy) ([]Item, []*change) {
	items, changes := make([]Item, len(verdicts)), make([]*change, 0, len(verdicts))
	refused, known := false, make(map[*change]bool, len(verdicts))
	for i, v := range verdicts {
		items[i] = Item{ID: v.id, Errors: v.faults, Missing: v.missing, Warnings: v.warnings}
		if v.faults != nil {
			items[i].Outcome, refused = Failed, true
			if !v.partly {
				continue
			}
		}
		if !known[v.change] { // several items may have one
			known[v.change] = true
			changes = append(changes, v.change)
		}
	}
	if !refused || policy != Atomic {
		return items, changes
	}
	for i := range items {
		if items[i].Errors == nil {
			if v := verdicts[i]; v.change.next != nil && v.change.old == nil {
				items[i].ID = ""
			}
			items[i].Outcome = Failed
			items[i].Errors = []*fault.Fault{fault.New(fault.RolledBack,
				"Another item was refused, so nothing was done.").At(list, strconv.Itoa(i))}
		}
	}
	return items, nil
}

// conclude tells the items of the verdicts that were written what was done, and
// whether anything was.
func conclude(items []Item, verdicts []verdict) (anything bool) {
	for i, v := range verdicts {
		anything = anything || v.change != nil && v.change.differs // what failed in part, too
		if items[i].Outcome == Failed {
			items[i].Partly = v.change != nil && (v.change.differs || v.begun)
			continue
		}
		switch {
		case v.change.old == nil:
			items[i].Outcome = Created
		case v.change.differs && !v.same || v.begun:
			items[i].Outcome = Changed
		default:
			items[i].Outcome = Unchanged
		}
	}
	return anything
}

// policy is the options' error policy.
func (o *BulkOptions) policy() ErrorPolicy {
	if o == nil || o.ErrorPolicy == nil {
		return SkipFailed
	}
	return *o.ErrorPolicy
}

// countItems refuses a call whose list has no items or more than the limit.
func (c *Catalog) countItems(n int, list string) error {
	switch most := c.opts.Limits.Items; {
	case n == 0:
		return fault.New(fault.Required, "Give at least one item.").At(list)
	case n > most:
		return fault.New(fault.TooManyItems, "The call has %d items, and at most %d are taken.", n, most).At(list)
	}
	return nil
}

// mentions refuses every mention of an asset after the first in one call.
type mentions map[string]bool

func (m mentions) again(id string) *fault.Fault {
	if m[id] {
		return fault.New(fault.DuplicateItem, "This asset was named before in this call.")
	}
	m[id] = true
	return nil
}
