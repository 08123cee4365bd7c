package main_test

import (
	"go/ast"
	"go/token"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	graphql "github.com/vektah/gqlparser/v2/ast"
)

// How long a thing written by hand may grow before it is two things.
const (
	maxFileLines     = 400
	maxFunctionLines = 60
	maxMethods       = 5
	maxParameters    = 5
)

func TestNothingIsTooLong(t *testing.T) {
	t.Parallel()
	for _, s := range byHand(t) {
		if s.lines > maxFileLines {
			t.Errorf("%s has %d lines, and may have %d", s.path, s.lines, maxFileLines)
		}
		ast.Inspect(s.syntax, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.FuncDecl:
				if n := s.set.Position(node.End()).Line - s.set.Position(node.Pos()).Line + 1; n > maxFunctionLines {
					t.Errorf("%s: %s has %d lines, and may have %d", s.at(node), node.Name, n, maxFunctionLines)
				}
				// A resolver has one for each argument of its field; gqlgen says so.
				resolver := path.Dir(s.path) == "resolvers" && node.Recv != nil && node.Name.IsExported()
				if n := node.Type.Params.NumFields(); n > maxParameters && !resolver {
					t.Errorf("%s: %s has %d parameters, and may have %d", s.at(node), node.Name, n, maxParameters)
				}
			case *ast.InterfaceType:
				if n := methods(node); n > maxMethods {
					t.Errorf("%s: an interface of %d methods, and it may have %d", s.at(node), n, maxMethods)
				}
			}
			return true
		})
	}
}

// methods counts those that an interface declares itself.
func methods(face *ast.InterfaceType) int {
	count := 0
	for _, method := range face.Methods.List {
		count += len(method.Names)
	}
	return count
}

func TestEverythingExportedIsDocumented(t *testing.T) {
	t.Parallel()
	described := map[string]bool{} // packages
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		folder := path.Dir(s.path)
		described[folder] = described[folder] || s.syntax.Doc != nil
		if s.made {
			continue
		}
		for _, declaration := range s.syntax.Decls {
			for _, name := range undocumented(declaration) {
				t.Errorf("%s: %s has no comment", s.at(name), name)
			}
		}
	}
	for folder, ok := range described {
		if !ok && !strings.HasPrefix(folder, "ent") && folder != "graph" {
			t.Errorf("package %s has no comment", folder)
		}
	}
}

// undocumented are the exported names of a declaration that no comment explains.
// The comment of a group is one for each of it.
func undocumented(declaration ast.Decl) []*ast.Ident {
	var names []*ast.Ident
	switch declaration := declaration.(type) {
	case *ast.FuncDecl:
		if declaration.Doc == nil && declaration.Name.IsExported() && exportedReceiver(declaration) {
			names = append(names, declaration.Name)
		}
	case *ast.GenDecl:
		if declaration.Doc != nil || declaration.Tok == token.IMPORT {
			return nil
		}
		for _, spec := range declaration.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Doc == nil && spec.Name.IsExported() {
					names = append(names, spec.Name)
				}
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					if spec.Doc == nil && spec.Comment == nil && name.IsExported() {
						names = append(names, name)
					}
				}
			}
		}
	}
	return names
}

// exportedReceiver reports whether a function is none of an unexported type.
func exportedReceiver(function *ast.FuncDecl) bool {
	if function.Recv == nil {
		return true
	}
	receiver := function.Recv.List[0].Type
	for {
		switch node := receiver.(type) {
		case *ast.StarExpr:
			receiver = node.X
		case *ast.IndexExpr:
			receiver = node.X
		case *ast.IndexListExpr:
			receiver = node.X
		case *ast.Ident:
			return node.IsExported()
		default:
			return true
		}
	}
}

func TestEveryElementOfTheSchemaIsDescribed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&graphql.Source{Name: "schema.graphql", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	want := func(name, description string) {
		t.Helper()
		if strings.TrimSpace(description) == "" {
			t.Errorf("schema.graphql: %s has no description", name)
		}
	}
	arguments := func(of string, arguments graphql.ArgumentDefinitionList) {
		t.Helper()
		for _, argument := range arguments {
			want(of+"("+argument.Name+":)", argument.Description)
		}
	}
	for _, definition := range schema.Types {
		if definition.BuiltIn {
			continue
		}
		want(definition.Name, definition.Description)
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			want(definition.Name+"."+field.Name, field.Description)
			arguments(definition.Name+"."+field.Name, field.Arguments)
		}
		for _, value := range definition.EnumValues {
			want(definition.Name+"."+value.Name, value.Description)
		}
	}
	for _, directive := range schema.Directives {
		if !directive.Position.Src.BuiltIn {
			want("@"+directive.Name, directive.Description)
			arguments("@"+directive.Name, directive.Arguments)
		}
	}
}

func TestNoGeneratorWritesIntoResolvers(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("gqlgen.yml")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if name, _, ok := strings.Cut(line, ":"); ok && !strings.ContainsAny(name, " #") {
			sections[name] = true
		}
	}
	if sections["resolver"] {
		t.Error("gqlgen.yml has a section resolver: resolvers/ is written by hand")
	}
	if !sections["schema"] || !sections["exec"] {
		t.Errorf("gqlgen.yml has the sections %v, of which schema and exec should be two", sections)
	}
}

// singular are lists of the schema whose names are no plurals, each with its reason.
var singular = map[string]string{
	"in": "a word between the field and its values", "any": "likewise", "all": "likewise", "none": "likewise",
	"set": "what is done with the values", "add": "likewise", "remove": "likewise",
	"and": "joins filters", "or": "likewise", "orderBy": "the name of orders everywhere, GitHub's and Relay's too",
	"path": "one path, of several names", "from": "a word before the values, beside into",
	"speech": "has no plural", "screenText": "has no plural", "aiData": "is a plural",
}

func TestAListHasAPluralName(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&graphql.Source{Name: "schema.graphql", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	want := func(of, name string, kind *graphql.Type) {
		t.Helper()
		used[name] = used[name] || kind.Elem != nil
		plural := strings.HasSuffix(name, "s")
		switch {
		case kind.Elem != nil && !plural && singular[name] == "":
			t.Errorf("schema.graphql: %s.%s is a list, and its name is no plural", of, name)
		case plural && singular[name] != "":
			t.Errorf("%s is a plural and needs no exception", name)
		}
	}
	for _, definition := range schema.Types {
		for _, field := range definition.Fields {
			if definition.BuiltIn || strings.HasPrefix(field.Name, "__") {
				continue
			}
			if definition.Kind == graphql.InputObject {
				want(definition.Name, field.Name, field.Type)
			}
			for _, argument := range field.Arguments {
				want(definition.Name+"."+field.Name, argument.Name, argument.Type)
			}
		}
	}
	for name := range singular {
		if !used[name] {
			t.Errorf("no list is named %s, which needs no exception", name)
		}
	}
}
