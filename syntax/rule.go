package syntax

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
)

// oneRootField refuses a subscription whose root does not have exactly one field, counted by names
// of the response, and one whose root selections have @skip or @include, in fragments too: which
// field it is must not depend on variables.
//
// https://spec.graphql.org/September2025/#sec-Single-Root-Field
func oneRootField(observers *core.Events, addError core.AddErrFunc) {
	observers.OnOperation(func(walker *core.Walker, o *ast.OperationDefinition) {
		if o.Operation != ast.Subscription {
			return
		}
		r := &rootFields{fragments: walker.Document.Fragments, names: map[string]bool{}, spread: map[string]bool{}}
		r.add(o.SelectionSet)
		for _, directive := range r.conditions {
			addError(core.Message("A root field of a subscription cannot have @%s.", directive.Name), core.At(directive.Position))
		}
		for _, field := range r.introspecting {
			addError(core.Message("A subscription cannot have the root field %s.", field.Name), core.At(field.Position))
		}
		if len(r.names) != 1 {
			addError(core.Message("A subscription has exactly one root field, and this one has %d.", len(r.names)), core.At(o.Position))
		}
	})
}

type rootFields struct {
	fragments ast.FragmentDefinitionList
	names     map[string]bool // of the response
	spread    map[string]bool
	// conditions are the directives @skip and @include, and introspecting the fields of the
	// schema's own.
	conditions    []*ast.Directive
	introspecting []*ast.Field
}

func (r *rootFields) add(set ast.SelectionSet) {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			r.condition(s.Directives)
			r.names[s.Alias] = true
			if strings.HasPrefix(s.Name, "__") {
				r.introspecting = append(r.introspecting, s)
			}
		case *ast.InlineFragment:
			r.condition(s.Directives)
			r.add(s.SelectionSet)
		case *ast.FragmentSpread:
			r.condition(s.Directives)
			if fragment := r.fragments.ForName(s.Name); fragment != nil && !r.spread[s.Name] {
				r.spread[s.Name] = true
				r.add(fragment.SelectionSet)
			}
		}
	}
}

func (r *rootFields) condition(directives ast.DirectiveList) {
	for _, d := range directives {
		if d.Name == "skip" || d.Name == "include" {
			r.conditions = append(r.conditions, d)
		}
	}
}

const numbersFit = "NumbersFit"

// refuseNumbers refuses numbers in a document that are larger than the executor reads: an integer
// of more than 64 bits, and what no Float is as large as. A variable of the type JSON may have
// such numbers.
func refuseNumbers(observers *core.Events, addError core.AddErrFunc) {
	observers.OnValue(func(_ *core.Walker, v *ast.Value) {
		var err error
		switch v.Kind {
		case ast.IntValue:
			_, err = strconv.ParseInt(v.Raw, 10, 64)
		case ast.FloatValue:
			_, err = strconv.ParseFloat(v.Raw, 64)
		}
		if err != nil {
			addError(core.Message("The number %.40s is too large for a document; send it in a variable.", v.Raw), core.At(v.Position))
		}
	})
}

// literalsFit refuses literals of the schema's own scalars, and integers, which the validator leaves
// to the execution: what cannot be read of a document runs nothing of it.
func literalsFit(observers *core.Events, addError core.AddErrFunc) {
	observers.OnValue(func(_ *core.Walker, v *ast.Value) {
		if v.Definition == nil || v.ExpectedType == nil || v.Kind == ast.Variable || v.Kind == ast.NullValue || v.Kind == ast.ListValue && v.ExpectedType.Elem != nil {
			return
		}
		sort, own := literals[v.Definition.Name]
		if own && !slices.Contains(sort, v.Kind) {
			addError(core.Message("Expected value of type %q, found %s.", v.ExpectedType.String(), v.String()), core.At(v.Position))
		}
		if of, integer := integers[v.Definition.Name]; integer && v.Kind == ast.IntValue {
			if n, err := strconv.ParseInt(v.Raw, 10, 64); err == nil && (n < of.least || n > of.most) {
				addError(core.Message("The type %s goes from %d to %d, and not to %s.", v.Definition.Name, of.least, of.most, v.Raw), core.At(v.Position))
			}
		}
	})
}

// literals are the kinds of literals of the schema's own scalars; one of JSON may be of any.
var literals = map[string][]ast.ValueKind{
	"Int64":  {ast.IntValue},
	"Time":   {ast.StringValue, ast.BlockValue},
	"Cursor": {ast.StringValue, ast.BlockValue},
}
