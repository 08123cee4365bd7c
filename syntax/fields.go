package syntax

import (
	"cmp"
	"iter"

	"github.com/vektah/gqlparser/v2/ast"
)

// Fields are the fields of a selection and of the fragments in it, in their order. A fragment
// that spread names is left out; each of the others is noted there, and so comes once. Where the
// document has not been validated, fragments has its fragments.
func Fields(set ast.SelectionSet, fragments ast.FragmentDefinitionList, spread map[string]bool) iter.Seq[*ast.Field] {
	return func(yield func(*ast.Field) bool) { eachField(set, fragments, spread, yield) }
}

func eachField(set ast.SelectionSet, fragments ast.FragmentDefinitionList, spread map[string]bool, yield func(*ast.Field) bool) bool {
	for _, selection := range set {
		more := true
		switch s := selection.(type) {
		case *ast.Field:
			more = yield(s)
		case *ast.InlineFragment:
			more = eachField(s.SelectionSet, fragments, spread, yield)
		case *ast.FragmentSpread:
			if fragment := cmp.Or(s.Definition, fragments.ForName(s.Name)); fragment != nil && !spread[s.Name] {
				spread[s.Name] = true
				more = eachField(fragment.SelectionSet, fragments, spread, yield)
			}
		}
		if !more {
			return false
		}
	}
	return true
}

// Included reports whether what has the directives is executed: by @skip and @include.
func Included(directives ast.DirectiveList, variables map[string]any) bool {
	skip, include := directives.ForName("skip"), directives.ForName("include")
	return (skip == nil || skip.ArgumentMap(variables)["if"] != true) &&
		(include == nil || include.ArgumentMap(variables)["if"] == true)
}
