package limits

import (
	"encoding/json"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/fault"
	"vodgraph/syntax"
)

// Operation measures an operation that is valid in a schema, with its variables as they
// were coerced, and refuses one that is over a limit. It adds to the figures of its
// document.
func (l Request) Operation(schema *ast.Schema, f Figures, o *ast.OperationDefinition, variables map[string]any) (Figures, *fault.Fault) {
	e := &estimate{kinds: kinds{schema}, variables: variables, limits: l,
		spreads: map[spread]amount{}, fields: map[fieldOf]amount{}, parts: map[string]int{}}
	total := e.set(o.SelectionSet, e.root(o))
	f.Nodes, f.Cost, f.FilterMembers = total.nodes, total.cost, e.members
	refused := first(
		e.refused,
		tooManyMutations(schema, o, variables),
		over(e.explained, maxExplained, fault.TooCostly, "The operation has %d fields explain, and at most %d is taken."),
		over(f.FilterMembers, l.FilterMembers, fault.FilterTooLarge, "The filters have %d members together, and at most %d are taken."),
		over(f.Nodes, l.Nodes, fault.TooManyNodes, "The answer could have %d objects, and at most %d are taken; ask for less of a list at a time."),
		over(f.Cost, l.Cost, fault.TooCostly, "The answer could cost %d, and at most %d is taken; ask for less of a list at a time."))
	return f, refused
}

// tooManyMutations refuses a mutation with too many fields to execute: those of one name in the
// response are one, and those that are left out by a directive are none.
func tooManyMutations(schema *ast.Schema, o *ast.OperationDefinition, variables map[string]any) *fault.Fault {
	if o.Operation != ast.Mutation {
		return nil
	}
	refused := over(rootFields(schema, o, variables), Mutations, fault.TooManyMutations, "The operation has %d fields of Mutation, and at most %d are taken; send the rest in another request.")
	if refused == nil {
		return nil
	}
	return refused.At("query")
}

// maxExplained is how many documents one operation has explained: each takes as long
// as a request may, before anything is done.
const maxExplained = 1

type amount struct{ nodes, cost int }

func (a amount) plus(b amount) amount { return amount{plus(a.nodes, b.nodes), plus(a.cost, b.cost)} }

func (a amount) times(n int) amount { return amount{times(a.nodes, n), times(a.cost, n)} }

func (a amount) or(b amount) amount { return amount{max(a.nodes, b.nodes), max(a.cost, b.cost)} }

type estimate struct {
	kinds
	variables map[string]any
	limits    Request
	// spreads and fields are what was walked.
	spreads   map[spread]amount
	fields    map[fieldOf]amount
	parts     map[string]int // of variables; see partsIn
	call      call
	many      bool // what is walked is below a list
	members   int  // of filters
	all       int  // parts of assets
	explained int
	refused   *fault.Fault
}

// call is what the answer to a field is as long as: the items of a mutation, the facets
// of a search, and the buckets of each. It is empty elsewhere.
type call struct{ items, facets, buckets int }

// spread is a fragment where it is spread, on objects of a type. What it comes to does
// not depend on anything but them, the call, and whether there are many.
type spread struct {
	fragment, on string
	call         call
	many         bool
}

type fieldOf struct {
	field *ast.Field
	call  call
	many  bool
}

func (e *estimate) set(selections ast.SelectionSet, on *ast.Definition) (total amount) {
	for _, selection := range selections {
		switch s := selection.(type) {
		case *ast.Field:
			total = total.plus(e.field(s))
		case *ast.InlineFragment:
			if e.fits(s.TypeCondition, on) {
				total = total.plus(e.set(s.SelectionSet, on))
			}
		case *ast.FragmentSpread:
			if s.Definition != nil && e.fits(s.Definition.TypeCondition, on) {
				total = total.plus(e.spread(s, on))
			}
		}
	}
	return total
}

func (e *estimate) spread(s *ast.FragmentSpread, on *ast.Definition) amount {
	at := spread{s.Name, on.Name, e.call, e.many}
	known, ok := e.spreads[at]
	if !ok {
		known = e.set(s.Definition.SelectionSet, on)
		e.spreads[at] = known
	}
	return known
}

// field is what a field comes to: the objects of its list, or its one, each with what
// is selected of it.
func (e *estimate) field(f *ast.Field) amount {
	at := fieldOf{f, e.call, e.many}
	known, ok := e.fields[at]
	if !ok {
		known = e.measure(f)
		e.fields[at] = known
	}
	return known
}

func (e *estimate) measure(f *ast.Field) amount {
	if f.Definition == nil || len(f.Name) > 1 && f.Name[:2] == "__" {
		return amount{} // the schema describes itself without the database
	}
	args := e.arguments(f)
	e.filters(f, args)
	e.inputs(f, args)
	own, inMany := amount{cost: weights[f.Name]}, e.many
	if c := callOf(args); c != (call{}) && f.Definition.Type.Elem == nil {
		own = own.plus(amount{c.items, times(c.items, 2)}) // which are written
		e.call = c
		defer func() { e.call = call{} }()
	}
	if paged(f.Definition) || f.Definition.Type.Elem != nil {
		defer func(many bool) { e.many = many }(e.many)
		e.many = true
	}
	switch {
	case len(f.SelectionSet) == 0:
		return own
	case f.Name == "explain":
		e.explained++
	case f.Definition.Type.Name() == "PageInfo" || paged(f.Definition):
		// A page and what belongs to it are no objects of the library; the size of the
		// page counts for its entries.
		total := e.page(f, sizeOfPage(f.Definition.Type.Name(), args))
		if paged(f.Definition) && inMany {
			total.cost = times(total.cost, belowWeight)
		}
		return own.plus(total)
	case f.Name == byReference:
		return own.plus(e.edge(f, "asset").times(e.sizeOf(f, args)))
	}
	total := e.object(f).times(e.sizeOf(f, args))
	if f.Name == "buckets" {
		total.cost = times(total.cost, bucketWeight)
	}
	return own.plus(total)
}

// object is what one object of a field comes to, with what is selected of it: of
// several types that it may have, as the one that comes to most.
func (e *estimate) object(f *ast.Field) amount {
	var largest amount
	for _, on := range e.of(f) {
		largest = largest.or(e.set(f.SelectionSet, on))
	}
	return amount{1, 1}.plus(largest)
}

func (e *estimate) page(f *ast.Field, size int) (total amount) {
	for s := range syntax.Fields(f.SelectionSet, nil, map[string]bool{}) {
		switch s.Name {
		case "nodes":
			total = total.plus(e.object(s).times(size))
		case "edges":
			total = total.plus(e.edge(s, "node").times(size))
		default:
			total = total.plus(e.field(s))
		}
	}
	return total
}

// edge is what an edge of a page comes to, with the object that it leads to by a field.
func (e *estimate) edge(f *ast.Field, by string) amount {
	total := amount{1, 1}
	for s := range syntax.Fields(f.SelectionSet, nil, map[string]bool{}) {
		if s.Name == by {
			total = total.plus(e.object(s)).plus(amount{-1, -1}) // which is counted
			continue
		}
		total = total.plus(e.field(s))
	}
	return total
}

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
