package syntax

import (
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// Place is the place of a value in the arguments of an operation that the request sends in a
// variable. Given ["variables", "x", "20", "title"] for a variable that is the argument items, it
// is ["items", "20", "title"]. Of several uses of a variable the first counts. A place among
// variables that no argument uses stays as it is, and so does every other place.
func Place(doc *ast.QueryDocument, o *ast.OperationDefinition, place []string) []string {
	if len(place) < 2 || place[0] != "variables" || doc == nil || o == nil {
		return place
	}
	u := &uses{fragments: doc.Fragments, variable: place[1], spread: map[string]bool{}}
	argument := u.in(o.SelectionSet)
	if argument == nil {
		return place
	}
	return append(argument, place[2:]...)
}

type uses struct {
	fragments ast.FragmentDefinitionList
	variable  string
	spread    map[string]bool
}

// in is where the first use of the variable stands in a selection, from the argument down.
func (u *uses) in(set ast.SelectionSet) (place []string) {
	for field := range Fields(set, u.fragments, u.spread) {
		for _, argument := range field.Arguments {
			if place = u.inValue(argument.Value, argument.Name); place != nil {
				return place
			}
		}
		if place = u.in(field.SelectionSet); place != nil {
			return place
		}
	}
	return nil
}

// inValue is where the variable stands in a value, which has a place itself.
func (u *uses) inValue(v *ast.Value, place ...string) []string {
	if v == nil {
		return nil
	}
	if v.Kind == ast.Variable && v.Raw == u.variable {
		return place
	}
	for i, child := range v.Children {
		step := child.Name
		if v.Kind == ast.ListValue {
			step = strconv.Itoa(i)
		}
		if found := u.inValue(child.Value, append(place[:len(place):len(place)], step)...); found != nil {
			return found
		}
	}
	return nil
}
