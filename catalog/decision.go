package catalog

import (
	"context"
	"strconv"
	"vodgraph/fault"
)

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

// mentions refuses every mention of an asset after the first in one call.
type mentions map[string]bool

func (m mentions) again(id string) *fault.Fault {
	if m[id] {
		return fault.New(fault.DuplicateItem, "This asset was named before in this call.")
	}
	m[id] = true
	return nil
}

// settled are the verdicts about the items of an argument, and what one refusal
// means for the others.
type settled struct {
	verdicts []verdict
	list     string
	policy   ErrorPolicy
}

// finish settles the verdicts of a call and writes its changes, with more that go
// with them.
func (d *deed) finish(ctx context.Context, out *Outcome, v settled, more []*change) error {
	items, changes := settle(v.verdicts, v.list, v.policy)
	out.Items = items
	if len(changes) > 0 {
		changes = append(more, changes...)
	}
	if err := d.write(ctx, changes); err != nil {
		return err
	}
	if !conclude(items, v.verdicts) {
		return errUnchanged
	}
	return nil
}
