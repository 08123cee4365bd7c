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

// anything is what a room may import that wires the others.
const anything = "*"

// rooms says who may import whom. A room is a folder with all below it that has
// no line of its own; ent is Ent's code, with what it binds to. What begins or
// measures the server may import everything. A room may import itself.
//
// A line that fits no room belongs into the lower of those it nearly fits;
// a new room is a new line here, and a sentence on why in the same commit.
var rooms = map[string][]string{
	".":   {"app", "cli"},
	"app": {anything},

	// What app wires. cli knows the paths of gqlhttp, for vodgraph apply sends files to a server.
	"cli":     {"gqlhttp", "library", "exchange", "demo", "catalog", "ent", "search", "auth", "fault"},
	"gqlhttp": {"access", "exchange", "catalog", "graph", "ent", "auth", "cost", "syntax", "jsonwalk", "fault"},
	"access":  {"catalog", "ent", "auth", "fault"},
	// An open library: its database and index, and what works on both in the background. It is below
	// app and cli, as commands open one without a server.
	"library": {"catalog", "database", "subscribe", "search", "fault"},

	// Doors: arguments in, answers out.
	"resolvers": {"filter", "model", "catalog", "media", "ent", "graph", "search", "keyset", "auth", "cost", "jsonwalk", "fault", "subscribe"},
	"exchange":  {"catalog", "media", "ent", "model", "graph", "jsonwalk", "fault"},
	"demo":      {"catalog", "exchange", "ent/fact"}, // its lines write times as files do

	// Rules, and what is shown.
	"catalog": {"filter", "model", "media", "ent", "keyset", "search", "auth", "jsonwalk", "fault"},
	"graph":   {"filter", "model", "ent", "catalog", "auth", "cost", "fault"},
	"filter":  {"media", "ent", "search", "auth", "fault"},
	"model":   {"media", "ent", "auth", "cost", "search", "keyset", "jsonwalk", "fault"},

	// Kinds, ids, names and paths: what all who read or write assets share.
	"media": {"ent", "fault"},

	// The tables.
	"database":         {"ent", "ent/migrate", "auth"},
	"ent":              {"fault"}, // what reads an enum refuses other values
	"ent/schema":       {"ent/fact"},
	"ent/fact":         {},
	"ent/collect":      {},
	"ent/migrate":      {},
	"ent/migrate/diff": {"database", "dbtest/postgres", "ent/migrate"},

	// Tools, which know nothing of media.
	"subscribe": {},
	"keyset":    {"fault"},
	"search":    {},
	"cost":      {"syntax", "jsonwalk", "fault"},
	// How a request is read, for all who read or measure one.
	"syntax": {"jsonwalk", "fault"},
	"auth":   {},
	// How much a request asks for is measured before any of it is read; user data and lines of
	// files are searched for half characters, which decoders replace.
	"jsonwalk": {},

	// Real servers for tests of search.
	"search/typesensetest": {"search", "dbtest", "dbtest/postgres"},
	"playground":           {},
	"fault":                {},

	// For tests, figures and pages.
	"dbtest":          {"database", "dbtest/postgres", "ent/migrate"},
	"dbtest/postgres": {"database"},
	"dbtest/serve":    {"dbtest/postgres", "search/typesensetest"},
	"bench":           {anything},
	"docs":            {"fault", "catalog", "auth"},
}

// partOfEnt are the rooms that may be imported by whoever may import ent, and
// that ent itself imports.
var partOfEnt = []string{"ent/fact", "ent/collect", "ent/schema", "ent/migrate"}

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

// roomOf is the room of a folder: the longest line that it is in or below.
// Folders below ent without a line are Ent's own. It is "" where there is none.
func roomOf(folder string) string {
	for ; folder != "."; folder = path.Dir(folder) {
		if _, ok := rooms[folder]; ok {
			return folder
		}
	}
	return ""
}

// may tells whether a room may import another.
func may(room, other string) bool {
	allowed := rooms[room]
	switch {
	case room == other, slices.Contains(allowed, other), slices.Contains(allowed, anything):
		return true
	case other == "ent/fact" || other == "ent/collect":
		return room == "ent" || slices.Contains(allowed, "ent")
	default:
		return room == "ent" && slices.Contains(partOfEnt, other)
	}
}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		folder := path.Dir(s.path)
		room := roomOf(folder)
		if folder == "." {
			room = "."
		}
		if room == "" {
			t.Errorf("%s is in no room: list its folder in rooms, in architecture_test.go, with what it may import", s.path)
			continue
		}
		for _, imported := range s.syntax.Imports {
			name, err := strconv.Unquote(imported.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			below, ours := strings.CutPrefix(name, module+"/")
			if !ours {
				continue
			}
			if other := roomOf(below); !may(room, other) {
				t.Errorf("%s: %s may not import %s (rooms, in architecture_test.go)", s.at(imported), room, below)
			}
		}
	}
}

func TestRoomsThatAreListedExist(t *testing.T) {
	t.Parallel()
	for room, allowed := range rooms {
		for _, name := range append([]string{room}, allowed...) {
			if _, err := os.Stat(name); name != anything && err != nil {
				t.Errorf("%s is listed in rooms: %v", name, err)
			}
		}
	}
}
