// Package places holds the pages for developers to the code: each file that they name is there,
// and declares each name that they have beside it.
package places

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	gql "github.com/vektah/gqlparser/v2/ast"
)

// named finds a file or a folder, with the names that stand beside it: `file`: `Name`, `Name`.
var named = regexp.MustCompile("`((?:[a-z0-9_.-]+/)*[a-zA-Z0-9_.-]+(?:\\.go|\\.graphql|\\.yml|\\.md|\\.txt|/))`(:(?: `[^`]+`,?)+)?")

var names = regexp.MustCompile("`([^`]+)`")

// tested finds the name of a test.
var tested = regexp.MustCompile("`(Test[A-Z][A-Za-z]*)`")

func TestPlacesExist(t *testing.T) {
	t.Parallel()
	tests := testNames(t)
	for _, page := range []string{"architecture.md", "how-to-add.md"} {
		text, err := os.ReadFile("../" + page)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range tested.FindAllSubmatch(text, -1) {
			if !tests[string(test[1])] {
				t.Errorf("%s: there is no %s", page, test[1])
			}
		}
		places := named.FindAllStringSubmatch(string(text), -1)
		if len(places) < 40 {
			t.Errorf("%s names %d places", page, len(places))
		}
		for _, place := range places {
			path := "../../" + place[1]
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s: %v", page, err)
				continue
			}
			if place[2] == "" {
				continue
			}
			declared := declaredIn(t, path)
			for _, name := range names.FindAllStringSubmatch(place[2], -1) {
				if !declared[name[1]] {
					t.Errorf("%s: %s does not declare %s", page, place[1], name[1])
				}
			}
		}
	}
}

// testNames are those of all tests of the module.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func (Test[A-Z]\w*)\(`)
	all := map[string]bool{}
	err := fs.WalkDir(os.DirFS("../.."), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || len(name) > 1 && name[0] == '.'):
			return fs.SkipDir
		case !strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := os.ReadFile("../../" + name)
		for _, test := range declared.FindAllSubmatch(text, -1) {
			all[string(test[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// declaredIn are the names that a file declares: of a Go file with those of methods, fields and
// flags, of a schema with types, and members as Type.member.
func declaredIn(t *testing.T, path string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	switch filepath.Ext(path) {
	case ".go":
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				declared[n.Name.Name] = true
				return false
			case *ast.TypeSpec:
				declared[n.Name.Name] = true
			case *ast.ValueSpec:
				for _, name := range n.Names {
					declared[name.Name] = true
				}
			case *ast.Field:
				for _, name := range n.Names {
					declared[name.Name] = true
				}
			}
			return true
		})
	case ".graphql":
		for name, def := range gqlparser.MustLoadSchema(&gql.Source{Name: path, Input: string(text)}).Types {
			declared[name] = true
			for _, field := range def.Fields {
				declared[name+"."+field.Name] = true
			}
		}
	default:
		for word := range strings.FieldsFuncSeq(string(text), func(r rune) bool { return strings.ContainsRune(" \t\n:`(){}|,", r) }) {
			declared[word] = true
		}
	}
	return declared
}
