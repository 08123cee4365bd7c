package limits

import (
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/fault"
	"vodgraph/syntax"
)

// The schema describes itself without the database, but in circles: the fields of a
// type have types that have fields. A tool needs one round of them.

// circleIndex are the fields of introspection that lead back to where they stand.
var circleIndex = map[string]int{"fields": 0, "interfaces": 1, "possibleTypes": 2, "inputFields": 3}

// maxRounds is how often each of them may stand on one way.
const maxRounds = 2

// introspection refuses more than one __schema in an operation, and fields that go in
// circles.
func (w *walk) introspection(set ast.SelectionSet) *fault.Fault {
	r := &rounds{walk: w, done: map[roundOf]bool{}}
	return r.find(set)
}

type rounds struct {
	*walk
	schemas int
	done    map[roundOf]bool
}

// roundOf is a fragment as it was met: how often each circle was gone before it.
type roundOf struct {
	fragment string
	gone     [4]int
}

// find looks for the schema's own fields, which stand at the top.
func (r *rounds) find(set ast.SelectionSet) *fault.Fault {
	for field := range syntax.Fields(set, r.doc.Fragments, map[string]bool{}) {
		switch field.Name {
		case "__schema":
			r.schemas++
		case "__type":
		default:
			continue
		}
		refused := over(r.schemas, 1, fault.IntrospectionTooDeep, "The operation has %d fields __schema, and at most %d is taken.")
		if refused == nil {
			refused = r.below(field.SelectionSet, [4]int{})
		}
		if refused != nil {
			return refused
		}
	}
	return nil
}

// below follows the circles. A fragment is followed once for each way to it that
// differs in how often they were gone, and these are few.
func (r *rounds) below(set ast.SelectionSet, gone [4]int) *fault.Fault {
	for _, selection := range set {
		var refused *fault.Fault
		switch s := selection.(type) {
		case *ast.Field:
			next := gone
			if i, circle := circleIndex[s.Name]; circle {
				next[i]++
				refused = over(next[i], maxRounds, fault.IntrospectionTooDeep,
					"The introspection goes %d times through "+s.Name+" on one way, and at most %d times are taken.")
			}
			if refused == nil {
				refused = r.below(s.SelectionSet, next)
			}
		case *ast.InlineFragment:
			refused = r.below(s.SelectionSet, gone)
		case *ast.FragmentSpread:
			fragment := r.doc.Fragments.ForName(s.Name)
			if met := (roundOf{s.Name, gone}); fragment != nil && !r.done[met] {
				r.done[met] = true
				refused = r.below(fragment.SelectionSet, gone)
			}
		}
		if refused != nil {
			return refused
		}
	}
	return nil
}
