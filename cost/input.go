package cost

import (
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/fault"
)

// How long lists among the arguments may be, whatever else is refused where the deed
// is done: what is longer is not even read.
const (
	// mostItems is how many things a mutation may be about.
	mostItems = 1_000
	// mostIDs is how many ids a query may name.
	mostIDs = 250
	// mostParts is how many cues, labels, findings and snapshots a request may bring.
	mostParts = 100_000
)

// lists are the arguments of mutations that name what they are about.
var lists = []string{"items", "ids", "jobIds", "from"}

// partInputs are the inputs of which assets have very many.
var partInputs = map[string]bool{"AILabelInput": true, "CueInput": true, "ReviewFindingInput": true, "SnapshotInput": true}

// inputs refuses lists among the arguments of a root field that are too long.
func (e *estimate) inputs(f *ast.Field, args map[string]any) {
	switch f.ObjectDefinition {
	case nil:
	case e.schema.Query:
		if ids, is := args["ids"].([]any); is {
			e.refuse(len(ids), mostIDs, fault.ListTooLong, "The list has %d ids, and at most %d are taken.", "ids")
		}
	case e.schema.Mutation:
		for _, name := range lists {
			if list, is := args[name].([]any); is {
				e.refuse(len(list), mostItems, fault.TooManyItems, "The call has %d items, and at most %d are taken.", name)
			}
		}
		for _, argument := range f.Arguments {
			e.all = plus(e.all, e.partsOf(f, argument, args))
		}
		e.refuse(e.all, mostParts, fault.TooManyItems, "The request has %d cues, labels, findings and snapshots, and at most %d are taken.")
	}
}

// partsOf counts the parts of assets in an argument. Those of a variable are counted
// once, however often it is used.
func (e *estimate) partsOf(f *ast.Field, argument *ast.Argument, args map[string]any) int {
	d := f.Definition.Arguments.ForName(argument.Name)
	if d == nil {
		return 0
	}
	if argument.Value.Kind != ast.Variable {
		return e.partsIn(args[argument.Name], d.Type)
	}
	known, ok := e.parts[argument.Value.Raw]
	if !ok {
		known = e.partsIn(args[argument.Name], d.Type)
		e.parts[argument.Value.Raw] = known
	}
	return known
}

func (e *estimate) partsIn(v any, t *ast.Type) (n int) {
	switch v := v.(type) {
	case []any:
		if t.Elem == nil {
			return 0
		}
		if partInputs[t.Elem.Name()] {
			return len(v)
		}
		for _, one := range v {
			n = plus(n, e.partsIn(one, t.Elem))
		}
	case map[string]any:
		if t.Elem != nil {
			t = t.Elem // one value stands for a list of one
		}
		d := e.schema.Types[t.Name()]
		if d == nil || d.Kind != ast.InputObject {
			return 0
		}
		for _, field := range d.Fields {
			n = plus(n, e.partsIn(v[field.Name], field.Type))
		}
	}
	return n
}
