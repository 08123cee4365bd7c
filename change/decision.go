package change

import (
	"context"
	"strconv"

	"vodgraph/ent"
	"vodgraph/fault"
)

// Decision is what a verb decided about one item: a change, or why not.
type Decision struct {
	ID     string
	Change *Change
	Faults []*fault.Fault
	// Missing is Item.Missing, and warnings is Item.Warnings.
	Missing, Warnings []*fault.Fault
	// Pending says that a line names assets that may still come; what it would change is
	// not to be written.
	Pending bool
	// Waits puts a line off to the next stage of its import.
	Waits bool
	// Partly writes the change in spite of the faults, which are of parts of it.
	Partly bool
	// Begun means that an earlier round has changed something of it already.
	Begun bool
	// Same is that others of the same change may have changed something, this one not.
	Same bool
}

// Outcomes turns decisions into items. Under ATOMIC one refusal fails all, and what
// would have been made has no id. The items stand in an argument of the name of the
// list. It returns the changes that are to be written.
func (d *Tx) Outcomes(decisions []Decision, list string) ([]Item, []*Change) {
	items, changes := make([]Item, len(decisions)), make([]*Change, 0, len(decisions))
	refused, known := false, make(map[*Change]bool, len(decisions))
	for i, v := range decisions {
		items[i] = Item{ID: v.ID, Errors: v.Faults, Missing: v.Missing, Warnings: v.Warnings}
		if v.Faults != nil {
			items[i].Outcome, refused = Failed, true
			if !v.Partly {
				continue
			}
		}
		if !known[v.Change] { // several items may have one
			known[v.Change] = true
			changes = append(changes, v.Change)
		}
	}
	if !refused || d.Policy != Atomic {
		return items, changes
	}
	for i := range items {
		if items[i].Errors == nil {
			if v := decisions[i]; v.Change.Next != nil && v.Change.Old == nil {
				items[i].ID = ""
			}
			items[i].Outcome = Failed
			items[i].Errors = []*fault.Fault{fault.New(fault.RolledBack,
				"Another item was refused, so nothing was done.").At(list, strconv.Itoa(i))}
		}
	}
	return items, nil
}

// summarise sets the outcomes of the items that were written, and reports whether anything
// differs.
func summarise(items []Item, decisions []Decision) (anything bool) {
	for i, v := range decisions {
		anything = anything || v.Change != nil && v.Change.Differs // what failed in part, too
		if items[i].Outcome == Failed {
			items[i].Partly = v.Change != nil && (v.Change.Differs || v.Begun)
			continue
		}
		switch {
		case v.Change.Old == nil:
			items[i].Outcome = Created
		case v.Change.Differs && !v.Same || v.Begun:
			items[i].Outcome = Changed
		default:
			items[i].Outcome = Unchanged
		}
	}
	return anything
}

// Mentions refuses every mention of an asset after the first in one call.
type Mentions map[string]bool

// Again refuses an asset that was named before, and remembers this one.
func (m Mentions) Again(id string) *fault.Fault {
	if m[id] {
		return fault.New(fault.DuplicateItem, "This asset was named before in this call.")
	}
	m[id] = true
	return nil
}

// Finish turns the decisions about the items of an argument into their outcomes, and writes the
// changes, with more that go with them.
func (d *Tx) Finish(ctx context.Context, out *Outcome, decisions []Decision, list string, more ...*Change) error {
	items, changes := d.Outcomes(decisions, list)
	out.Items = items
	if len(changes) > 0 {
		changes = append(more, changes...)
	}
	if err := d.Write(ctx, changes); err != nil {
		return err
	}
	if !summarise(items, decisions) {
		return ErrUnchanged
	}
	return nil
}

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
