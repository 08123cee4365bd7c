package limits

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

type kinds struct{ schema *ast.Schema }

func (k kinds) root(o *ast.OperationDefinition) *ast.Definition {
	switch o.Operation {
	case ast.Mutation:
		return k.schema.Mutation
	case ast.Subscription:
		return k.schema.Subscription
	default:
		return k.schema.Query
	}
}

func (k kinds) of(f *ast.Field) []*ast.Definition {
	d := k.schema.Types[f.Definition.Type.Name()]
	switch {
	case d == nil:
		return nil
	case d.IsAbstractType():
		return k.schema.GetPossibleTypes(d)
	default:
		return []*ast.Definition{d}
	}
}

func (k kinds) fits(condition string, on *ast.Definition) bool {
	return condition == "" || condition == on.Name || slices.Contains(k.schema.PossibleTypes[condition], on)
}
