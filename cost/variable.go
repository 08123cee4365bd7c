package cost

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"vodgraph/fault"
)

// Variables refuses variables of a request, as they were sent, that have more than any
// operation takes. It must come before they are coerced, which takes some microseconds
// for each object: 4 MB of empty ones would take many seconds. The document has been
// measured, and may be malformed, which is left to others.
func (l Limits) Variables(schema *ast.Schema, a Asked) *fault.Fault {
	if few := 0; isFew(a.Variables, &few) {
		return nil
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: a.Document})
	if err != nil || doc == nil {
		return nil
	}
	operation := doc.Operations.ForName(a.OperationName)
	if operation == nil {
		return nil
	}
	return l.variables(schema, operation, a.Variables)
}

// mostFew is how many values take no time to speak of, whatever they are.
const mostFew = 1_000

// isFew counts values, those in others too, until they are not few any more.
func isFew(v any, n *int) bool {
	if *n++; *n > mostFew {
		return false
	}
	switch v := v.(type) {
	case map[string]any:
		for _, below := range v {
			if !isFew(below, n) {
				return false
			}
		}
	case []any:
		for _, below := range v {
			if !isFew(below, n) {
				return false
			}
		}
	}
	return true
}

// itemInputs are what mutations are about, one by one.
var itemInputs = []string{"AssetCreateInput", "AssetUpdateInput", "AssetStatusInput"}

// variables measures those of an operation.
func (l Limits) variables(schema *ast.Schema, o *ast.OperationDefinition, given map[string]any) *fault.Fault {
	r := &raw{estimate: estimate{kinds: kinds{schema}, limits: l}, mostObjects: mostItems}
	if o.Operation == ast.Mutation {
		r.mostObjects += mostParts
	}
	for _, d := range o.VariableDefinitions {
		if v := given[d.Variable]; v != nil && d.Type != nil {
			r.value(v, d.Type, "variables", d.Variable)
		}
	}
	return first(r.refused,
		over(r.members, l.FilterMembers, fault.FilterTooLarge, "The filters have %d members together, and at most %d are taken."),
		over(r.all, mostParts, fault.TooManyItems, "The request has %d cues, labels, findings and snapshots, and at most %d are taken."))
}

// raw measures values that nobody has found to be right yet.
type raw struct {
	estimate
	objects, mostObjects int
}

// value measures a value that should be of a type. It ends where there is too much.
func (r *raw) value(v any, t *ast.Type, place ...string) {
	if r.refused != nil || r.members > r.limits.FilterMembers {
		return
	}
	if strings.HasSuffix(t.Name(), "Filter") {
		r.filter(v, place...)
		return
	}
	switch v := v.(type) {
	case []any:
		most, code := mostParts, fault.ListTooLong
		if slices.Contains(itemInputs, t.Name()) {
			most, code = mostItems, fault.TooManyItems
		}
		if t.Elem == nil || r.refuse(len(v), most, code, "The list has %d values, and at most %d are taken.", place...) {
			return
		}
		if partInputs[t.Name()] {
			r.all = plus(r.all, len(v))
		}
		for _, below := range v {
			r.value(below, t.Elem, place...)
		}
	case map[string]any:
		d := r.schema.Types[t.Name()]
		if d == nil || d.Kind != ast.InputObject {
			return
		}
		r.objects++
		if r.refuse(r.objects, r.mostObjects, fault.TooManyItems, "The variables have %d objects or more, and at most %d are taken.", "variables") {
			return
		}
		for _, field := range d.Fields {
			if below := v[field.Name]; below != nil {
				r.value(below, field.Type, append(place[:len(place):len(place)], field.Name)...)
			}
		}
	}
}
