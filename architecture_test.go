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

	"vodgraph/docs/rooms"
)

// module is the path of this module.
const module = "vodgraph"

// The rooms, in docs/rooms/rooms.txt: a line that fits two belongs into the lower one; a new
// room is a new line there, and a sentence on why in the same commit.
var (
	plan   = rooms.Read()
	layers = plan.Layers
	beside = plan.Beside
	tools  = plan.Tools
)

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
			if slices.ContainsFunc(names, func(r rooms.Room) bool { return r.Name == f }) && (f != "." || folder == ".") {
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
			t.Errorf("%s is in no room: list its folder in docs/rooms/rooms.txt", s.path)
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
				t.Errorf("%s: %s may not import %s, which is not below it (docs/rooms/rooms.txt)", s.at(imported), room, below)
			}
		}
	}
	for pair := range beside {
		if !used[pair] {
			t.Errorf("%s does not import %s any more: take the pair out of docs/rooms/rooms.txt", pair[0], pair[1])
		}
	}
}

func TestRoomsThatAreListedExist(t *testing.T) {
	t.Parallel()
	listed := slices.Clone(tools)
	for _, room := range slices.Concat(layers...) {
		listed = append(listed, room.Name)
	}
	for _, room := range listed {
		if _, err := os.Stat(room); err != nil {
			t.Errorf("%s is listed as a room: %v", room, err)
		}
	}
}
