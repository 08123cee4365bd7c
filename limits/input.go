package limits

import (
	"reflect"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/fault"
)

// partInputs are the inputs of which assets have very many.
var partInputs = map[string]bool{"AILabelInput": true, "CueInput": true, "ReviewFindingInput": true, "SnapshotInput": true}

func (e *estimate) inputs(f *ast.Field, args map[string]any) {
	switch f.ObjectDefinition {
	case nil:
	case e.schema.Query:
		if ids := items(args["ids"]); ids != nil {
			e.refuse(len(ids), IDs, fault.ListTooLong, "The list has %d ids, and at most %d are taken.", "ids")
		}
	case e.schema.Mutation:
		for _, argument := range f.Definition.Arguments {
			if argument.Type.Elem != nil {
				e.refuse(len(items(args[argument.Name])), MutationList, fault.ListTooLong, "The list has %d values, and at most %d are taken.", argument.Name)
			}
		}
		for _, argument := range f.Arguments {
			e.all = plus(e.all, e.partsOf(f, argument, args))
		}
		e.refuse(e.all, Parts, fault.ListTooLong, "The request has %d cues, labels, findings and snapshots, and at most %d are taken.")
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
	if v == nil {
		return 0
	}
	if t.Elem != nil {
		list := items(v)
		if partInputs[t.Elem.Name()] {
			return len(list)
		}
		for _, one := range list {
			n = plus(n, e.partsIn(one, t.Elem))
		}
		return n
	}
	members, is := v.(map[string]any)
	d := e.schema.Types[t.Name()]
	if !is || d == nil || d.Kind != ast.InputObject {
		return 0
	}
	for _, field := range d.Fields {
		n = plus(n, e.partsIn(members[field.Name], field.Type))
	}
	return n
}

// items are the values of a list, nil where there is none. One value may be written without
// the brackets, and stands for a list of it; and what was coerced is a slice of its type.
func items(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	slice := reflect.ValueOf(v)
	if slice.Kind() != reflect.Slice {
		return []any{v}
	}
	list := make([]any, slice.Len())
	for i := range list {
		list[i] = slice.Index(i).Interface()
	}
	return list
}
