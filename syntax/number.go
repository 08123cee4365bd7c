package syntax

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"vodgraph/fault"
	"vodgraph/jsonwalk"
)

// integers are the types of whole numbers, with the smallest and the largest of each.
var integers = map[string]struct{ least, most int64 }{
	"Int":   {math.MinInt32, math.MaxInt32},
	"Int64": {math.MinInt64, math.MaxInt64},
}

// Integers writes numbers among the variables of a request that stand where an Int or an Int64 is
// wanted as the validator reads them: 2.0 and 2e0 become 2. It changes the values in place. A
// number that is not whole, or out of the type's range, stays as it is, and the first such is
// returned as a fault that the caller has to raise where nothing else is wrong. Values of other
// types, of JSON too, keep their spelling.
func Integers(schema *ast.Schema, o *ast.OperationDefinition, variables map[string]any) *fault.Fault {
	n := &numbers{schema: schema}
	for _, v := range o.VariableDefinitions {
		if given, there := variables[v.Variable]; there && v.Type != nil {
			variables[v.Variable] = n.value(v.Type, given, v.Variable)
		}
	}
	return n.refused
}

// IntegersOf is Integers for a document that has not been parsed. What is malformed in the
// document or the request is left to others.
func IntegersOf(schema *ast.Schema, text, operationName string, variables map[string]any) *fault.Fault {
	if !fractional(variables) {
		return nil
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil || doc == nil {
		return nil
	}
	o := doc.Operations.ForName(operationName)
	if o == nil {
		return nil
	}
	refused := Integers(schema, o, variables)
	if refused == nil {
		return nil
	}
	return refused.At(Place(doc, o, refused.Field)...)
}

// fractional reports whether a number among values is not written as an integer, or is too large
// for 32 bits.
func fractional(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for _, below := range v {
			if fractional(below) {
				return true
			}
		}
	case []any:
		for _, below := range v {
			if fractional(below) {
				return true
			}
		}
	case json.Number:
		_, err := strconv.ParseInt(string(v), 10, 32)
		return err != nil
	}
	return false
}

type numbers struct {
	schema  *ast.Schema
	refused *fault.Fault
}

func (n *numbers) value(t *ast.Type, v any, place ...string) any {
	if list, is := v.([]any); is {
		if t.Elem != nil {
			for i, one := range list {
				list[i] = n.value(t.Elem, one, append(place[:len(place):len(place)], strconv.Itoa(i))...)
			}
		}
		return v
	}
	switch v := v.(type) {
	case json.Number:
		return n.number(t.Name(), v, place)
	case map[string]any:
		d := n.schema.Types[t.Name()]
		if d == nil || d.Kind != ast.InputObject {
			return v
		}
		for name, member := range v {
			if field := d.Fields.ForName(name); field != nil && member != nil {
				v[name] = n.value(field.Type, member, append(place[:len(place):len(place)], name)...)
			}
		}
	}
	return v
}

func (n *numbers) number(name string, given json.Number, place []string) any {
	within, is := integers[name]
	if !is {
		return given
	}
	if whole, exact := jsonwalk.Whole(string(given)); exact && whole >= within.least && whole <= within.most {
		return json.Number(strconv.FormatInt(whole, 10))
	}
	if n.refused == nil {
		n.refused = fault.New(fault.GraphQLValidationFailed, "The variable $%s does not fit its type: %.40s is no whole number from %d to %d, which an %s is.",
			strings.Join(place, "."), given, within.least, within.most, name).At(append([]string{"variables"}, place...)...)
	}
	return given
}
