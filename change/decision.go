package change

import (
	"context"
	"strconv"
	"vodgraph/fault"
)

// Decision is what a verb decided about one item: a change, or why not.
type Decision struct {
	ID     string
	Change *Change
	Faults []*fault.Fault
	// missing is Item.Missing, and warnings is Item.Warnings.
	Missing, Warnings []*fault.Fault
	// pending says that a line names assets that may still come; what it would change is
	// not to be written.
	Pending bool
	// waits has a line come again in the next stage of its import.
	Waits bool
	// partly has the change be written in spite of the faults, which are of parts of
	// it.
	Partly bool
	// begun says that an earlier round has changed something of it already.
	Begun bool
	// same is that others of the same change may have changed something, this one not.
	Same bool
}

// Resolve turns verdicts into items. Under ATOMIC one refusal fails all, and what
// would have been made has no id. The items stand in an argument of the name of the
// list. It returns the changes that are to be written.
func Resolve(verdicts []Decision, list string, policy ErrorPolicy) ([]Item, []*Change) {
	items, changes := make([]Item, len(verdicts)), make([]*Change, 0, len(verdicts))
	refused, known := false, make(map[*Change]bool, len(verdicts))
	for i, v := range verdicts {
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
	if !refused || policy != Atomic {
		return items, changes
	}
	for i := range items {
		if items[i].Errors == nil {
			if v := verdicts[i]; v.Change.Next != nil && v.Change.Old == nil {
				items[i].ID = ""
			}
			items[i].Outcome = Failed
			items[i].Errors = []*fault.Fault{fault.New(fault.RolledBack,
				"Another item was refused, so nothing was done.").At(list, strconv.Itoa(i))}
		}
	}
	return items, nil
}

// summarise tells the items of the verdicts that were written what was done, and
// whether anything was.
func summarise(items []Item, verdicts []Decision) (anything bool) {
	for i, v := range verdicts {
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

// Decisions are the verdicts about the items of an argument, and what one refusal
// means for the others.
type Decisions struct {
	All    []Decision
	List   string
	Policy ErrorPolicy
}

// Finish settles the verdicts of a call and writes its changes, with more that go
// with them.
func (d *Tx) Finish(ctx context.Context, out *Outcome, v Decisions, more []*Change) error {
	items, changes := Resolve(v.All, v.List, v.Policy)
	out.Items = items
	if len(changes) > 0 {
		changes = append(more, changes...)
	}
	if err := d.Write(ctx, changes); err != nil {
		return err
	}
	if !summarise(items, v.All) {
		return ErrUnchanged
	}
	return nil
}
