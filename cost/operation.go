package cost

import (
	"encoding/json"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/fault"
)

// Operation measures an operation that is valid, with its variables as they were
// coerced, and refuses one that is over a limit. It adds to the figures of its document.
func (l Limits) Operation(f Figures, o *ast.OperationDefinition, variables map[string]any) (Figures, *fault.Fault) {
	e := &estimate{variables: variables, limits: l, known: map[spread]amount{}}
	total := e.set(o.SelectionSet)
	f.Nodes, f.Cost, f.FilterMembers = total.nodes, total.cost, e.members
	refused := first(
		e.refused,
		over(f.FilterMembers, l.FilterMembers, fault.FilterTooLarge, "The filters have %d members together, and at most %d are taken."),
		over(f.Nodes, l.Nodes, fault.TooManyNodes, "The answer could have %d objects, and at most %d are taken; ask for less of a list at a time."),
		over(f.Cost, l.Cost, fault.TooCostly, "The answer could cost %d, and at most %d is taken; ask for less of a list at a time."))
	return f, refused
}

// amount is how much something comes to at worst.
type amount struct{ nodes, cost int }

func (a amount) plus(b amount) amount { return amount{plus(a.nodes, b.nodes), plus(a.cost, b.cost)} }

func (a amount) times(n int) amount { return amount{times(a.nodes, n), times(a.cost, n)} }

// estimate is one walk over an operation.
type estimate struct {
	variables map[string]any
	limits    Limits
	// known are fragments that were walked.
	known   map[spread]amount
	call    call
	members int // of filters
	refused *fault.Fault
}

// call is what the answer to a field is as long as: the items of a mutation, the facets
// of a search, and the buckets of each. It is empty elsewhere.
type call struct{ items, facets, buckets int }

// spread is a fragment where it is spread. What it comes to does not depend on anything
// but the call.
type spread struct {
	fragment string
	call     call
}

// set is what the selections of one object come to.
func (e *estimate) set(selections ast.SelectionSet) (total amount) {
	for _, selection := range selections {
		switch s := selection.(type) {
		case *ast.Field:
			total = total.plus(e.field(s))
		case *ast.InlineFragment:
			total = total.plus(e.set(s.SelectionSet))
		case *ast.FragmentSpread:
			known, ok := e.known[spread{s.Name, e.call}]
			if !ok && s.Definition != nil {
				known = e.set(s.Definition.SelectionSet)
				e.known[spread{s.Name, e.call}] = known
			}
			total = total.plus(known)
		}
	}
	return total
}

// field is what a field comes to: the objects of its list, or its one, each with what
// is selected of it.
func (e *estimate) field(f *ast.Field) amount {
	if f.Definition == nil || len(f.Name) > 1 && f.Name[:2] == "__" {
		return amount{} // the schema tells of itself without the database
	}
	args := e.arguments(f)
	e.filters(f, args)
	own := amount{cost: weights[f.Name]}
	if c := callOf(args); c != (call{}) && f.Definition.Type.Elem == nil {
		own = own.plus(amount{c.items, times(c.items, 2)}) // which are written
		e.call = c
		defer func() { e.call = call{} }()
	}
	if len(f.SelectionSet) == 0 {
		return own
	}
	if f.Definition.Type.Name() == "PageInfo" || paged(f.Definition) {
		// A page and what belongs to it are no objects of the library; the size of the
		// page counts for its entries.
		return own.plus(e.page(f, sizeOfPage(args)))
	}
	one := amount{1, 1}.plus(e.set(f.SelectionSet))
	return own.plus(one.times(e.sizeOf(f, args)))
}

// page is what a page comes to of so many entries.
func (e *estimate) page(f *ast.Field, size int) (total amount) {
	each(f.SelectionSet, map[string]bool{}, func(s *ast.Field) {
		switch s.Name {
		case "nodes":
			total = total.plus(amount{1, 1}.plus(e.set(s.SelectionSet)).times(size))
		case "edges":
			total = total.plus(amount{1, 1}.plus(e.edge(s)).times(size))
		default:
			total = total.plus(e.field(s))
		}
	})
	return total
}

// edge is what an edge of a page comes to, but for the object that it leads to.
func (e *estimate) edge(f *ast.Field) (total amount) {
	each(f.SelectionSet, map[string]bool{}, func(s *ast.Field) {
		if s.Name == "node" {
			total = total.plus(e.set(s.SelectionSet))
			return
		}
		total = total.plus(e.field(s))
	})
	return total
}

// each is called for the fields of a set and its fragments, those once.
func each(set ast.SelectionSet, spread map[string]bool, do func(*ast.Field)) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			do(s)
		case *ast.InlineFragment:
			each(s.SelectionSet, spread, do)
		case *ast.FragmentSpread:
			if s.Definition != nil && !spread[s.Name] {
				spread[s.Name] = true
				each(s.Definition.SelectionSet, spread, do)
			}
		}
	}
}

// arguments are those of a field, with the variables and defaults.
func (e *estimate) arguments(f *ast.Field) map[string]any {
	if len(f.Definition.Arguments) == 0 {
		return nil
	}
	return f.ArgumentMap(e.variables)
}

// number is an argument that is a number; false where it is none, or null.
func number(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return n, true
	case int64:
		return int(min(max(n, -1), most)), true
	case float64:
		return int(min(max(n, -1), most)), true
	case json.Number:
		i, err := n.Int64()
		return int(min(max(i, -1), most)), err == nil
	}
	return 0, false
}
