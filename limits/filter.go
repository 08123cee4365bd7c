package limits

import (
	"reflect"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/fault"
)

// filters counts the members of the filters among the arguments of a field, on all
// levels, and refuses a list in them that is too long. It ends where there is too much, as
// many fields may have the same filter.
func (e *estimate) filters(f *ast.Field, args map[string]any) {
	if e.refused != nil || e.members > e.limits.FilterMembers {
		return
	}
	for _, argument := range f.Definition.Arguments {
		if strings.HasSuffix(argument.Type.Name(), "Filter") {
			e.filter(args[argument.Name], argument.Name)
		}
	}
}

func (e *estimate) filter(v any, place ...string) {
	switch v := v.(type) {
	case map[string]any:
		for name, below := range v {
			if below != nil {
				e.members = plus(e.members, 1)
			}
			e.filter(below, append(place, name)...)
		}
	default:
		if reflect.ValueOf(v).Kind() != reflect.Slice {
			return
		}
		list := items(v)
		if e.refuse(len(list), e.limits.ListValues, fault.ListTooLong, "The list has %d values, and at most %d are taken.", place...) {
			return
		}
		for _, below := range list {
			if !valuesAt(place) {
				e.filter(below, place...)
			}
		}
	}
}

// refuse notes the first refusal of something in the arguments that is over a limit.
func (e *estimate) refuse(figure, limit int, code fault.Code, sentence string, place ...string) bool {
	refused := over(figure, limit, code, sentence)
	if refused != nil && e.refused == nil {
		e.refused = refused.At(place...)
	}
	return refused != nil
}

// valuesAt reports whether the list at a place of a filter has values, though they may be
// objects, and no filters.
func valuesAt(place []string) bool { return len(place) > 0 && place[len(place)-1] == "in" }
