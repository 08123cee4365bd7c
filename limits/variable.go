package limits

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"vodgraph/fault"
	"vodgraph/jsonwalk"
	"vodgraph/syntax"
)

// Variables refuses variables of a request, as they were sent, that have more than any
// operation takes. It must come before they are read, which takes some microseconds for
// each object, and more to coerce it: 4 MB of empty ones would take many seconds. The
// document has been measured, and may be malformed, which is left to others, as are
// variables that are no object.
func (l Request) Variables(schema *ast.Schema, a Asked) *fault.Fault {
	if len(a.Variables) < fewBytes {
		return nil
	}
	doc, operation := operationOf(a)
	most := maxValues
	if operation != nil && operation.Operation == ast.Mutation {
		most = maxWritten
	}
	if refused := over(jsonwalk.Count(a.Variables), most, fault.ListTooLong, "There are %d values in the variables, and at most %d are taken."); refused != nil {
		return refused.At("variables")
	}
	given := jsonwalk.Over(a.Variables)
	if operation == nil || given.Kind() != jsontext.KindBeginObject {
		return nil
	}
	refused := l.variables(schema, operation, given)
	if refused == nil {
		return nil
	}
	return refused.At(syntax.Place(doc, operation, refused.Field)...)
}

// operationOf is the operation that is asked for, and its document; nil where that is not given, or
// malformed.
func operationOf(a Asked) (*ast.QueryDocument, *ast.OperationDefinition) {
	doc, err := parser.ParseQuery(&ast.Source{Input: a.Document})
	if err != nil || doc == nil {
		return nil, nil
	}
	return doc, doc.Operations.ForName(a.OperationName)
}

const (
	// fewBytes is how many bytes have no more values than take no time to speak of, whatever
	// they are.
	fewBytes = 2_000
	// maxValues is how many values there may be in the variables of what reads.
	maxValues = 20_000
	// maxWritten is how many there may be in those of a mutation: more than 100,000 cues with
	// all of their members.
	maxWritten = 800_000
	// maxLoose is how many of those may be no part of what the schema knows: values in JSON,
	// and what has a name that nobody asked for.
	maxLoose = 100_000
)

// itemInputs are what mutations are about, one by one.
var itemInputs = []string{"AssetCreateInput", "AssetUpdateInput", "AssetStatusInput"}

func (l Request) variables(schema *ast.Schema, o *ast.OperationDefinition, given *jsonwalk.Walk) *fault.Fault {
	r := &raw{Walk: given, estimate: estimate{kinds: kinds{schema}, limits: l}, maxObjects: Items,
		fields: map[*ast.Definition]map[string]*ast.FieldDefinition{}}
	if o.Operation == ast.Mutation {
		r.maxObjects = Items + Parts
	}
	given.Object(func(name []byte) bool {
		if d := o.VariableDefinitions.ForName(string(name)); d != nil && d.Type != nil {
			r.value(d.Type, "variables", d.Variable)
		} else {
			r.skip()
		}
		return r.refused == nil
	})
	r.refuse(r.loose, maxLoose, fault.ListTooLong, "There are %d values in the variables that are of no type, and at most %d are taken.", "variables")
	return first(r.refused,
		over(r.members, l.FilterMembers, fault.FilterTooLarge, "The filters have %d members together, and at most %d are taken."),
		over(r.all, Parts, fault.ListTooLong, "The request has %d cues, labels, findings and snapshots, and at most %d are taken."))
}

// raw measures values that nobody has found to be right yet. It goes over all of them, or
// to the first that is refused.
type raw struct {
	*jsonwalk.Walk
	estimate
	objects, maxObjects int
	loose               int
	fields              map[*ast.Definition]map[string]*ast.FieldDefinition
}

func (r *raw) skip() { r.loose = plus(r.loose, 1+jsonwalk.Count(r.Raw())) }

func (r *raw) value(t *ast.Type, place ...string) {
	if strings.HasSuffix(t.Name(), "Filter") {
		r.filter(place...)
		return
	}
	d := r.schema.Types[t.Name()]
	switch kind := r.Kind(); {
	case kind == jsontext.KindBeginArray && t.Elem != nil:
		most := Parts
		if slices.Contains(itemInputs, t.Name()) {
			most = MutationList
		}
		n := r.list(most, func() { r.value(t.Elem, place...) }, place...)
		if partInputs[t.Name()] {
			r.all = plus(r.all, n)
		}
	case kind == jsontext.KindBeginObject && d != nil && d.Kind == ast.InputObject:
		r.objects++
		if !r.refuse(r.objects, r.maxObjects, fault.ListTooLong, "The variables have %d objects or more, and at most %d are taken.", "variables") {
			r.input(d, place...)
		}
	case kind == jsontext.KindBeginArray || kind == jsontext.KindBeginObject:
		r.skip()
	}
}

func (r *raw) input(d *ast.Definition, place ...string) {
	fields := r.fields[d]
	if fields == nil {
		fields = map[string]*ast.FieldDefinition{}
		for _, field := range d.Fields {
			fields[field.Name] = field
		}
		r.fields[d] = fields
	}
	members := 0
	r.Object(func(name []byte) bool {
		field, kind := fields[string(name)], r.Kind()
		members++
		switch {
		case field == nil || members > len(fields): // which has a name again
			r.skip()
		case kind == jsontext.KindBeginArray || kind == jsontext.KindBeginObject: // nothing else has more
			r.value(field.Type, append(place[:len(place):len(place)], field.Name)...)
		}
		return r.refused == nil
	})
}

// filter counts the members of a filter, and refuses a list in it that is too long.
func (r *raw) filter(place ...string) {
	switch r.Kind() {
	case jsontext.KindBeginArray:
		r.list(r.limits.ListValues, func() {
			if valuesAt(place) {
				r.skip()
			} else {
				r.filter(place...)
			}
		}, place...)
	case jsontext.KindBeginObject:
		r.Object(func(name []byte) bool {
			if r.Kind() == jsontext.KindNull || r.members > r.limits.FilterMembers { // and then it is refused
				r.skip()
			} else {
				r.members++
				r.filter(append(place[:len(place):len(place)], string(name))...)
			}
			return r.refused == nil
		})
	}
}

// list counts a list and measures its values, and refuses one that is too long.
func (r *raw) list(most int, each func(), place ...string) (n int) {
	r.List(func() bool {
		if n++; n <= most {
			each()
		}
		return r.refused == nil
	})
	r.refuse(n, most, fault.ListTooLong, "The list has %d values, and at most %d are taken.", place...)
	return n
}
