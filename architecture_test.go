package main_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the path of this module.
const module = "vodgraph"

// layers are the rooms from the top down. A room is a folder with all below it that is in no
// layer of its own. It may import rooms of lower layers, and those of its own that beside lists.
//
// A line that fits two rooms belongs into the lower one; a new room is a new name here, and a
// sentence on why in the same commit.
var layers = [][]string{
	{"."},
	// Wiring: settings, open, run, close, routes.
	{"app"},
	// What speaks to people and clients: commands, HTTP, and the fields of the graph.
	{"cli", "gqlhttp", "resolvers"},
	// An open library: its database and index, and what works on both in the background.
	{"library"},
	{"access", "subscribe", "exchange", "playground", "demo"},
	// What the executor checks of the arguments of mutations, before resolvers.
	{"arguments"},
	{"graph"},
	// The verbs: in many batches, on assets, on tags and categories; and what they are made of.
	{"bulk"},
	{"catalog"},
	{"taxonomy", "keys"},
	{"outbox"},
	{"change"},
	{"model"},
	{"filter", "searchsql"},
	// Kinds, ids, names and paths: what all who read or write assets share.
	{"media"},
	// The tables.
	{"database"},
	{"ent"},
	{"ent/schema", "ent/migrate"},
	// Tools, which know nothing of media.
	{"search", "keyset", "limits", "auth", "ent/fact", "ent/collect"},
	{"syntax"},
	{"jsonwalk"},
	{"fault"},
}

// beside are the pairs of one layer of which the first may import the second, with the reason.
var beside = map[[2]string]string{
	{"cli", "gqlhttp"}: "apply sends files to a server, and knows the paths and headers",
}

// tools begin, measure or test servers and may import everything; nothing that is shipped imports
// them, but for those that make it.
var tools = []string{"bench", "dbtest", "docs", "ent/migrate/diff", "search/typesensetest", "search/searchtest"}

// source is one Go file.
type source struct {
	path   string // from the top of the repository
	test   bool
	made   bool // by a generator
	lines  int
	syntax *ast.File
	set    *token.FileSet
}

// at is where a node stands, for people.
func (s *source) at(node ast.Node) string {
	return fmt.Sprintf("%s:%d", s.path, s.set.Position(node.Pos()).Line)
}

// sources reads all Go files of the module.
func sources(t *testing.T) []*source {
	t.Helper()
	var all []*source
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" || len(name) > 1 && name[0] == '.'):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		s := &source{
			path:  name,
			test:  strings.HasSuffix(name, "_test.go"),
			lines: bytes.Count(content, []byte("\n")),
			set:   token.NewFileSet(),
		}
		s.syntax, err = parser.ParseFile(s.set, name, content, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		s.made = ast.IsGenerated(s.syntax)
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("found %d Go files; this test runs at the top of the repository", len(all))
	}
	return all
}

// byHand are the Go files that people write.
func byHand(t *testing.T) []*source {
	t.Helper()
	return slices.DeleteFunc(sources(t), func(s *source) bool { return s.made })
}

// roomOf is the room of a folder, and its layer: the longest name that it is in or below. The layer
// is -1 for a tool, and the room "" for none.
func roomOf(folder string) (room string, layer int) {
	for f := folder; ; f = path.Dir(f) {
		if slices.Contains(tools, f) {
			return f, -1
		}
		for i, names := range layers {
			if slices.Contains(names, f) && (f != "." || folder == ".") {
				return f, i
			}
		}
		if f == "." {
			return "", 0
		}
	}
}

func TestRoomsImportDownwards(t *testing.T) {
	t.Parallel()
	used := map[[2]string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		room, layer := roomOf(path.Dir(s.path))
		if room == "" {
			t.Errorf("%s is in no room: list its folder in layers, in architecture_test.go", s.path)
			continue
		}
		for _, imported := range s.syntax.Imports {
			name, err := strconv.Unquote(imported.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			below, ours := strings.CutPrefix(name, module+"/")
			if !ours || layer < 0 {
				continue
			}
			other, under := roomOf(below)
			pair := [2]string{room, other}
			used[pair] = true
			if other != room && under <= layer && beside[pair] == "" {
				t.Errorf("%s: %s may not import %s, which is not below it (layers, in architecture_test.go)", s.at(imported), room, below)
			}
		}
	}
	for pair := range beside {
		if !used[pair] {
			t.Errorf("%s does not import %s any more: take the pair out of beside", pair[0], pair[1])
		}
	}
}

func TestRoomsThatAreListedExist(t *testing.T) {
	t.Parallel()
	for _, room := range append(slices.Concat(layers...), tools...) {
		if _, err := os.Stat(room); err != nil {
			t.Errorf("%s is listed as a room: %v", room, err)
		}
	}
}
