package model

import (
	"context"
	"fmt"
	"reflect"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/fault"
)

// Unset returns the refusals of every null within values of an input of that name, at
// any depth, in the arguments of the field being resolved: nulls of the document, of the
// values and defaults of variables, and variables without a value. Coercion takes each
// for a member that is left out, which in a filter finds more. Each refusal is INVALID,
// with its place from the argument down. It is nil where there is none.
func Unset(ctx context.Context, schema *ast.Schema, input string) error {
	fc := graphql.GetFieldContext(ctx)
	u := &unset{schema: schema, input: input, variables: graphql.GetOperationContext(ctx).Variables}
	for _, d := range fc.Field.Definition.Arguments {
		if given := fc.Field.Arguments.ForName(d.Name); given != nil {
			u.literal(d.Type, given.Value, spot{path: []string{d.Name}})
		}
	}
	if len(u.found) == 0 {
		return nil
	}
	return u.found
}

// unset looks for nulls within values of an input.
type unset struct {
	schema    *ast.Schema
	input     string
	variables map[string]any
	found     fault.List
}

// spot is where a value stands, and whether that is within the input.
type spot struct {
	path   []string
	within bool
}

// below is the spot of a part of the value.
func (s spot) below(name string) spot {
	return spot{append(s.path[:len(s.path):len(s.path)], name), s.within}
}

// refuse adds a refusal, where the spot is within the input.
func (u *unset) refuse(s spot, what string) {
	if s.within {
		u.found = append(u.found, fault.New(fault.Invalid,
			"%s A filter of a change takes no null, for it would find more assets; leave the member out or give it a value.", what).At(s.path...))
	}
}

// literal looks through a value of the document.
func (u *unset) literal(t *ast.Type, v *ast.Value, s spot) {
	s.within = s.within || t.Name() == u.input
	switch v.Kind {
	case ast.Variable:
		value, given := u.variables[v.Raw]
		switch {
		case given:
			u.value(t, value, s)
		case v.VariableDefinition != nil && v.VariableDefinition.DefaultValue != nil:
			u.literal(t, v.VariableDefinition.DefaultValue, s)
		default:
			u.refuse(s, fmt.Sprintf("The variable $%s has no value.", v.Raw))
		}
	case ast.NullValue:
		u.refuse(s, "This is null.")
	case ast.ListValue:
		for i, child := range v.Children {
			if t.Elem != nil {
				u.literal(t.Elem, child.Value, s.below(strconv.Itoa(i)))
			}
		}
	case ast.ObjectValue:
		if t.Elem != nil { // one value in the place of a list
			u.literal(t.Elem, v, s.below("0"))
			return
		}
		for _, child := range v.Children {
			if of := u.member(t, child.Name); of != nil {
				u.literal(of, child.Value, s.below(child.Name))
			}
		}
	}
}

// value looks through a value of a variable.
func (u *unset) value(t *ast.Type, v any, s spot) {
	s.within = s.within || t.Name() == u.input
	if v == nil {
		u.refuse(s, "This is null.")
		return
	}
	list := reflect.ValueOf(v)
	switch {
	case t.Elem != nil && list.Kind() == reflect.Slice:
		for i := range list.Len() {
			u.value(t.Elem, list.Index(i).Interface(), s.below(strconv.Itoa(i)))
		}
	case t.Elem != nil:
		u.value(t.Elem, v, s.below("0"))
	default:
		members, _ := v.(map[string]any)
		if of := u.schema.Types[t.NamedType]; of != nil && of.Kind == ast.InputObject {
			for _, field := range of.Fields {
				if below, given := members[field.Name]; given {
					u.value(field.Type, below, s.below(field.Name))
				}
			}
		}
	}
}

// member is the type of a member of an input; nil where the type has none.
func (u *unset) member(t *ast.Type, name string) *ast.Type {
	of := u.schema.Types[t.NamedType]
	if of == nil || of.Kind != ast.InputObject {
		return nil
	}
	if field := of.Fields.ForName(name); field != nil {
		return field.Type
	}
	return nil
}
