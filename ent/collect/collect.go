// Package collect reads from a GraphQL selection what a query must load, and
// lets rows that were loaded together share what is loaded for one of them.
package collect

import (
	"context"
	"slices"
	"sort"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/syntax"
)

// Columns names, for each field of a type, the columns it is made of. A field
// that is made of none, such as a list loaded later, has an empty entry.
type Columns map[string][]string

// With returns the columns with more fields.
func (c Columns) With(more Columns) Columns {
	all := make(Columns, len(c)+len(more))
	for name, columns := range c {
		all[name] = columns
	}
	for name, columns := range more {
		all[name] = columns
	}
	return all
}

// Of names the columns that the selections need, each once, always the same way
// round. A field that is not known needs them all, which is given by nil.
func (c Columns) Of(op *graphql.OperationContext, selected ast.SelectionSet, also ...string) []string {
	columns := slices.Clone(also)
	for _, f := range fields(op, selected) {
		of, known := c[f.Name]
		if !known && f.Name != "__typename" {
			return nil
		}
		columns = append(columns, of...)
	}
	sort.Strings(columns)
	return slices.Compact(columns)
}

// Selected names the columns that the field being resolved needs of the rows at
// path below it, by several paths where they may be reached by several, such as
// "edges.node" and "nodes". Nil are all.
func (c Columns) Selected(ctx context.Context, also []string, paths ...string) []string {
	fc := graphql.GetFieldContext(ctx)
	if fc == nil {
		return nil
	}
	op := graphql.GetOperationContext(ctx)
	var selected ast.SelectionSet
	for _, path := range paths {
		selected = append(selected, Under(op, fc.Field.Selections, path)...)
	}
	return c.Of(op, selected, also...)
}

// Asks reports whether the field being resolved selects any of the names.
func Asks(ctx context.Context, names ...string) bool {
	fc := graphql.GetFieldContext(ctx)
	if fc == nil {
		return true
	}
	for _, f := range fields(graphql.GetOperationContext(ctx), fc.Field.Selections) {
		if slices.Contains(names, f.Name) {
			return true
		}
	}
	return false
}

// AsksAt reports whether the field being resolved selects anything at path.
func AsksAt(ctx context.Context, path string) bool {
	fc := graphql.GetFieldContext(ctx)
	return fc == nil || len(Under(graphql.GetOperationContext(ctx), fc.Field.Selections, path)) > 0
}

// Under returns all that is selected at path, names with dots between, below a
// selection, whatever the aliases. An empty path is the selection itself.
func Under(op *graphql.OperationContext, selected ast.SelectionSet, path string) ast.SelectionSet {
	for name := range strings.SplitSeq(path, ".") {
		if name == "" {
			continue
		}
		var next ast.SelectionSet
		for _, f := range fields(op, selected) {
			if f.Name == name {
				next = append(next, f.SelectionSet...)
			}
		}
		selected = next
	}
	return selected
}

// fields returns the fields of a selection that are included, whatever kind a
// fragment is on. (Not by graphql.CollectFields: its cache knows a selection by
// its address, which a merged one may have after another.)
func fields(op *graphql.OperationContext, selected ast.SelectionSet) []*ast.Field {
	var found []*ast.Field
	for _, s := range selected {
		switch s := s.(type) {
		case *ast.Field:
			if syntax.Included(s.Directives, op.Variables) {
				found = append(found, s)
			}
		case *ast.InlineFragment:
			if syntax.Included(s.Directives, op.Variables) {
				found = append(found, fields(op, s.SelectionSet)...)
			}
		case *ast.FragmentSpread:
			if syntax.Included(s.Directives, op.Variables) {
				found = append(found, fields(op, s.Definition.SelectionSet)...)
			}
		}
	}
	return found
}
