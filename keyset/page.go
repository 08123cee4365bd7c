package keyset

import (
	"slices"

	"entgo.io/ent/dialect/sql"

	"vodgraph/fault"
)

// Args are the arguments of a list, as its caller gave them.
type Args struct {
	First, Last   *int
	After, Before *string
	// Default is how many rows a page of the list has without a size, and Longest how many it
	// can have.
	Default, Longest int
}

// Page is what was asked of a list, checked.
type Page struct {
	// Order is that of the list, whatever the direction of the walk.
	Order Order
	// Size is the most rows it may have.
	Size int
	// Backward is whether the rows are taken from the end.
	Backward bool

	after, before []any
}

// Page checks the arguments against a list in an order. Both cursors may be
// given: the page then lies between them. A page without a size has
// a.Default rows, the last of them before a cursor if only before is given.
//
// It refuses with fault.PageSizeInvalid a size outside 1 to a.Longest, and first
// and last at once; with fault.CursorInvalid a cursor that is not of this list.
func (a Args) Page(order Order, binding Binding) (Page, error) {
	p := Page{Order: order, Size: a.Default, Backward: a.Before != nil && a.After == nil}
	if a.First != nil && a.Last != nil {
		return p, fault.New(fault.PageSizeInvalid, "Give first or last, not both.").At("last")
	}
	if a.First != nil {
		p.Size, p.Backward = *a.First, false
		if p.Size < 1 || p.Size > a.Longest {
			return p, fault.New(fault.PageSizeInvalid, "A page has 1 to %d entries.", a.Longest).At("first")
		}
	}
	if a.Last != nil {
		p.Size, p.Backward = *a.Last, true
		if p.Size < 1 || p.Size > a.Longest {
			return p, fault.New(fault.PageSizeInvalid, "A page has 1 to %d entries.", a.Longest).At("last")
		}
	}
	var ok bool
	if a.After != nil {
		if p.after, ok = binding.Place(order, *a.After); !ok {
			return p, foreign("after")
		}
	}
	if a.Before != nil {
		if p.before, ok = binding.Place(order, *a.Before); !ok {
			return p, foreign("before")
		}
	}
	return p, nil
}

func foreign(argument string) error {
	return fault.New(fault.CursorInvalid,
		"This cursor is not of this list with this filter and this order.").At(argument)
}

// Walk is the order in which the rows are read.
func (p Page) Walk() Order {
	if p.Backward {
		return p.Order.Reversed()
	}
	return p.Order
}

// Bound keeps the rows of s between the cursors.
func (p Page) Bound(s *sql.Selector) {
	if p.after != nil {
		p.Order.Past(s, p.after)
	}
	if p.before != nil {
		p.Order.Reversed().Past(s, p.before)
	}
}

// Passed is how many rows of a list in memory lie before the page, whose order is one of
// whole numbers that count them from 1.
func (p Page) Passed() int {
	if p.after == nil {
		return 0
	}
	n, _ := p.after[0].(int64)
	return int(max(n, 0))
}

// Limit is how many rows to read: one past the page reports whether more follow.
func (p Page) Limit() int { return p.Size + 1 }

// Cut makes the page of rows that were read in the order of Walk, up to Limit of
// them: in the order of the list, without the one past the page. next and
// previous report whether there is more on either side. On the side the walk came
// from that is read off the cursor: a list has, or had, its row there.
func Cut[T any](p Page, rows []T) (kept []T, next, previous bool) {
	more := len(rows) > p.Size
	if more {
		rows = rows[:p.Size:p.Size]
	}
	if p.Backward {
		rows = slices.Clone(rows)
		slices.Reverse(rows)
		return rows, p.before != nil, more || p.after != nil
	}
	return rows, more || p.before != nil, p.after != nil
}
