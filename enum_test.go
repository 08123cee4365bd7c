package main_test

import (
	"go/ast"
	"go/token"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/vektah/gqlparser/v2"
	graphql "github.com/vektah/gqlparser/v2/ast"
)

// TestEnumsHaveTheValuesOfTheSchema compares enums of the schema with the constants of the Go
// types of their names: nothing else holds a value that is only sent.
func TestEnumsHaveTheValuesOfTheSchema(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	constants := map[string][]string{}
	for _, s := range byHand(t) {
		for _, declared := range s.syntax.Decls {
			if group, ok := declared.(*ast.GenDecl); ok && group.Tok == token.CONST && !s.test {
				for _, spec := range group.Specs {
					addConstants(constants, spec.(*ast.ValueSpec))
				}
			}
		}
	}
	compared := 0
	for name, def := range gqlparser.MustLoadSchema(&graphql.Source{Name: "schema.graphql", Input: string(text)}).Types {
		got := constants[name]
		if def.Kind != graphql.Enum || got == nil {
			continue
		}
		compared++
		var want []string
		for _, value := range def.EnumValues {
			want = append(want, value.Name)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s has the values %q in the schema, and the constants %q", name, want, got)
		}
	}
	if compared < 6 {
		t.Errorf("%d enums were compared", compared)
	}
}

// addConstants adds the texts that a constant of a named type has, by its type.
func addConstants(constants map[string][]string, spec *ast.ValueSpec) {
	of, ok := spec.Type.(*ast.Ident)
	if !ok {
		return
	}
	for _, value := range spec.Values {
		if literal, ok := value.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				constants[of.Name] = append(constants[of.Name], text)
			}
		}
	}
}
