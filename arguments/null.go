package arguments

import (
	"fmt"
	"reflect"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/fault"
)

// nullsInFilters refuses with INVALID every null in the filters among the arguments of a
// field, at any depth: nulls of the document, of values and defaults of variables, and
// variables without a value. Decoding takes each for a member that is left out, and then a
// filter finds more.
func nullsInFilters(schema *ast.Schema, field graphql.CollectedField, variables map[string]any) fault.List {
	n := &nulls{schema: schema, variables: variables}
	for _, d := range field.Definition.Arguments {
		if given := field.Arguments.ForName(d.Name); given != nil && d.Type.Name() == "AssetFilter" {
			n.literal(d.Type, given.Value, []string{d.Name})
		}
	}
	return n.refused
}

// nulls looks for nulls in values of inputs.
type nulls struct {
	schema    *ast.Schema
	variables map[string]any
	refused   fault.List
}

func below(path []string, name string) []string {
	return append(path[:len(path):len(path)], name)
}

func (n *nulls) refuse(path []string, what string) {
	n.refused = append(n.refused, fault.New(fault.Invalid,
		"%s A filter of a change takes no null, for it would find more assets; leave the member out or give it a value.", what).At(path...))
}

// literal looks through a value of the document.
func (n *nulls) literal(t *ast.Type, v *ast.Value, path []string) {
	switch v.Kind {
	case ast.Variable:
		value, given := n.variables[v.Raw]
		switch {
		case given:
			n.value(t, value, path)
		case v.VariableDefinition != nil && v.VariableDefinition.DefaultValue != nil:
			n.literal(t, v.VariableDefinition.DefaultValue, path)
		default:
			n.refuse(path, fmt.Sprintf("The variable $%s has no value.", v.Raw))
		}
	case ast.NullValue:
		n.refuse(path, "This is null.")
	case ast.ListValue:
		for i, child := range v.Children {
			if t.Elem != nil {
				n.literal(t.Elem, child.Value, below(path, strconv.Itoa(i)))
			}
		}
	case ast.ObjectValue:
		if t.Elem != nil { // one value in the place of a list
			n.literal(t.Elem, v, below(path, "0"))
			return
		}
		for _, child := range v.Children {
			if of := n.member(t, child.Name); of != nil {
				n.literal(of, child.Value, below(path, child.Name))
			}
		}
	}
}

// value looks through a value of a variable.
func (n *nulls) value(t *ast.Type, v any, path []string) {
	if v == nil {
		n.refuse(path, "This is null.")
		return
	}
	list := reflect.ValueOf(v)
	switch {
	case t.Elem != nil && list.Kind() == reflect.Slice:
		for i := range list.Len() {
			n.value(t.Elem, list.Index(i).Interface(), below(path, strconv.Itoa(i)))
		}
	case t.Elem != nil:
		n.value(t.Elem, v, below(path, "0"))
	default:
		members, _ := v.(map[string]any)
		if of := n.schema.Types[t.NamedType]; of != nil && of.Kind == ast.InputObject {
			for _, field := range of.Fields {
				if member, given := members[field.Name]; given {
					n.value(field.Type, member, below(path, field.Name))
				}
			}
		}
	}
}

// member is the type of a member of an input; nil where the type has none.
func (n *nulls) member(t *ast.Type, name string) *ast.Type {
	of := n.schema.Types[t.NamedType]
	if of == nil || of.Kind != ast.InputObject {
		return nil
	}
	if field := of.Fields.ForName(name); field != nil {
		return field.Type
	}
	return nil
}
