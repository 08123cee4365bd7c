package cost

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"vodgraph/fault"
	"vodgraph/jsonwalk"
)

// Variables refuses variables of a request, as they were sent, that have more than any
// operation takes. It must come before they are read, which takes some microseconds for
// each object, and more to coerce it: 4 MB of empty ones would take many seconds. The
// document has been measured, and may be malformed, which is left to others, as are
// variables that are no object.
func (l Limits) Variables(schema *ast.Schema, a Asked) *fault.Fault {
	if len(a.Variables) < fewBytes {
		return nil
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: a.Document})
	if err != nil || doc == nil {
		return nil
	}
	operation := doc.Operations.ForName(a.OperationName)
	given := jsonwalk.Over(a.Variables)
	if operation == nil || given.Kind() != jsonwalk.Object {
		return nil
	}
	return l.variables(schema, operation, given)
}

// fewBytes is how many bytes have no more values than take no time to speak of, whatever
// they are.
const fewBytes = 2_000

// itemInputs are what mutations are about, one by one.
var itemInputs = []string{"AssetCreateInput", "AssetUpdateInput", "AssetStatusInput"}

// variables measures those of an operation.
func (l Limits) variables(schema *ast.Schema, o *ast.OperationDefinition, given *jsonwalk.Walk) *fault.Fault {
	r := &raw{Walk: given, estimate: estimate{kinds: kinds{schema}, limits: l}, mostObjects: mostItems, objectsCode: fault.ListTooLong}
	if o.Operation == ast.Mutation {
		r.mostObjects, r.objectsCode = mostItems+mostParts, fault.TooManyItems
	}
	given.Object(func(name []byte) bool {
		if d := o.VariableDefinitions.ForName(string(name)); d != nil && d.Type != nil {
			r.value(d.Type, "variables", d.Variable)
		}
		return r.refused == nil
	})
	return first(r.refused,
		over(r.members, l.FilterMembers, fault.FilterTooLarge, "The filters have %d members together, and at most %d are taken."),
		over(r.all, mostParts, fault.TooManyItems, "The request has %d cues, labels, findings and snapshots, and at most %d are taken."))
}

// raw measures values that nobody has found to be right yet. It goes over all of them, or
// to the first that is refused.
type raw struct {
	*jsonwalk.Walk
	estimate
	objects, mostObjects int
	objectsCode          fault.Code
}

// value measures a value that should be of a type.
func (r *raw) value(t *ast.Type, place ...string) {
	if strings.HasSuffix(t.Name(), "Filter") {
		r.filter(place...)
		return
	}
	switch r.Kind() {
	case jsonwalk.List:
		most, code := mostParts, fault.ListTooLong
		if slices.Contains(itemInputs, t.Name()) {
			most, code = mostItems, fault.TooManyItems
		}
		if t.Elem == nil {
			return
		}
		n := r.list(most, code, func() { r.value(t.Elem, place...) }, place...)
		if partInputs[t.Name()] {
			r.all = plus(r.all, n)
		}
	case jsonwalk.Object:
		d := r.schema.Types[t.Name()]
		if d == nil || d.Kind != ast.InputObject {
			return
		}
		r.objects++
		if r.refuse(r.objects, r.mostObjects, r.objectsCode, "The variables have %d objects or more, and at most %d are taken.", "variables") {
			return
		}
		r.Object(func(name []byte) bool {
			for _, field := range d.Fields {
				if field.Name == string(name) {
					r.value(field.Type, append(place[:len(place):len(place)], field.Name)...)
				}
			}
			return r.refused == nil
		})
	}
}

// filter counts the members of a filter, and refuses a list in it that is too long.
func (r *raw) filter(place ...string) {
	switch r.Kind() {
	case jsonwalk.List:
		r.list(r.limits.ListValues, fault.ListTooLong, func() { r.filter(place...) }, place...)
	case jsonwalk.Object:
		r.Object(func(name []byte) bool {
			if r.Kind() != jsonwalk.Null {
				r.members = plus(r.members, 1)
			}
			if r.members <= r.limits.FilterMembers { // or they are refused, however many more there are
				r.filter(append(place[:len(place):len(place)], string(name))...)
			}
			return r.refused == nil
		})
	}
}

// list counts a list and measures its values, and refuses one that is too long.
func (r *raw) list(most int, code fault.Code, each func(), place ...string) (n int) {
	r.List(func() bool {
		if n++; n <= most {
			each()
		}
		return r.refused == nil
	})
	r.refuse(n, most, code, "The list has %d values, and at most %d are taken.", place...)
	return n
}
