package main_test

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// What a package may have: files and lines that people write, tests apart, and files of which each
// depends on each other, directly or through others.
const (
	maxPackageFiles = 30
	maxPackageLines = 4_000
	maxGroup        = 10
)

// oversized are the packages that are over a limit, with what they have: files, lines, and files
// of their largest group. A figure may only go down, and a package that fits is taken out.
var oversized = map[string][3]int{
	"model":        {40, 5110, 22}, // its loaders make way for compiled reads
	"catalog":      {0, 4177, 0},
	"search/bleve": {0, 0, 13},
}

func TestPackagesHold(t *testing.T) {
	t.Parallel()
	sizes := map[string][3]int{}
	for _, s := range byHand(t) {
		folder := path.Dir(s.path)
		if _, layer := roomOf(folder); s.test || layer < 0 {
			continue
		}
		size := sizes[folder]
		sizes[folder] = [3]int{size[0] + 1, size[1] + s.lines, 0}
	}
	for folder, group := range largestGroups(t) {
		if size, known := sizes[folder]; known {
			size[2] = len(group)
			sizes[folder] = size
			if len(group) > maxGroup {
				t.Logf("%s: each of these files depends on each other: %s", folder, strings.Join(group, " "))
			}
		}
	}
	for folder, size := range sizes {
		limits := [3]int{maxPackageFiles, maxPackageLines, maxGroup}
		allowed, listed := oversized[folder]
		fits := true
		for i, what := range []string{"files", "lines", "files that depend on each other"} {
			most := max(limits[i], allowed[i])
			fits = fits && size[i] <= limits[i]
			switch {
			case size[i] > most:
				t.Errorf("%s has %d %s, and may have %d", folder, size[i], what, most)
			case listed && allowed[i] > max(size[i], limits[i]):
				t.Errorf("%s has %d %s: oversized says %d", folder, size[i], what, allowed[i])
			}
		}
		if listed && fits {
			t.Errorf("%s fits: take it out of oversized", folder)
		}
	}
}

// largestGroups are, by packages, the most files of which each depends on each other. A file
// depends on another where it names an identifier, a method or a field that the other declares.
func largestGroups(t *testing.T) map[string][]string {
	t.Helper()
	loaded, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo |
		packages.NeedImports | packages.NeedDeps | packages.NeedExportFile}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	groups := map[string][]string{}
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			t.Fatal(p.Errors)
		}
		folder := strings.TrimPrefix(strings.TrimPrefix(p.PkgPath, module), "/")
		if _, layer := roomOf(folder); layer < 0 {
			continue
		}
		for _, group := range components(dependencies(p)) {
			if len(group) > len(groups[folder]) {
				groups[folder] = group
			}
		}
	}
	return groups
}

// dependencies are the files that each file of a package depends on.
func dependencies(p *packages.Package) map[string]map[string]bool {
	depends := map[string]map[string]bool{}
	for _, file := range p.Syntax {
		from := filepath.Base(p.Fset.Position(file.FileStart).Filename)
		if ast.IsGenerated(file) {
			continue
		}
		depends[from] = map[string]bool{}
		ast.Inspect(file, func(n ast.Node) bool {
			name, is := n.(*ast.Ident)
			if !is {
				return true
			}
			if used := p.TypesInfo.Uses[name]; used != nil && used.Pkg() == p.Types && declaredOutside(used, p.Types) {
				depends[from][filepath.Base(p.Fset.Position(used.Pos()).Filename)] = true
			}
			return true
		})
	}
	return depends
}

// declaredOutside reports whether an object is declared outside of any function: at the top of a
// file, as a method, or as a field.
func declaredOutside(object types.Object, p *types.Package) bool {
	switch object := object.(type) {
	case *types.Func:
		return true
	case *types.Var:
		return object.IsField() || object.Parent() == p.Scope()
	default:
		return object.Parent() == p.Scope()
	}
}

// components are the strongly connected components of a graph, by the algorithm of Tarjan.
func components(graph map[string]map[string]bool) (all [][]string) {
	index, low, on := map[string]int{}, map[string]int{}, map[string]bool{}
	var stack []string
	var visit func(string)
	visit = func(node string) {
		index[node] = len(index) + 1
		low[node], on[node] = index[node], true
		stack = append(stack, node)
		for next := range graph[node] {
			if index[next] == 0 {
				visit(next)
				low[node] = min(low[node], low[next])
			} else if on[next] {
				low[node] = min(low[node], index[next])
			}
		}
		if low[node] != index[node] {
			return
		}
		at := slices.Index(stack, node)
		for _, one := range stack[at:] {
			on[one] = false
		}
		all = append(all, slices.Clone(stack[at:]))
		stack = stack[:at]
	}
	for _, node := range slices.Sorted(maps.Keys(graph)) {
		if index[node] == 0 {
			visit(node)
		}
	}
	return all
}

func TestComponents(t *testing.T) {
	t.Parallel()
	graph := map[string]map[string]bool{"a": {"b": true}, "b": {"c": true, "d": true}, "c": {"a": true}, "d": {"d": true}}
	var got []string
	for _, group := range components(graph) {
		slices.Sort(group)
		got = append(got, fmt.Sprint(group))
	}
	slices.Sort(got)
	if want := "[[a b c] [d]]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}
