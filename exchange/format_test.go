package exchange_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/exchange"
)

// TestFormat1 imports an export of the version before there was a format line, with every
// member set, and wants the same library; its own export goes on to the other kind of
// database, equal to the byte.
func TestFormat1(t *testing.T) {
	t.Parallel()
	old, err := os.ReadFile("testdata/format1.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	first := libraryOn(t, dbtest.SQLite(t))
	if s := first.takes(string(old)); s != (exchange.Summary{Created: 11}) {
		t.Errorf("%v", s)
	}
	file := first.export()
	sameLines(t, file, old)
	if s := first.takes(string(old)); s != (exchange.Summary{Unchanged: 11}) {
		t.Errorf("again: %v", s)
	}
	second := libraryOn(t, dbtest.Postgres(t))
	second.takes(string(file))
	if again := second.export(); !bytes.Equal(again, file) {
		t.Errorf("after Postgres it is\n%s\nwant\n%s", again, file)
	}
}

// TestNewerFormat refuses a file that a newer version wrote before anything of it is
// imported, and a format line that is none.
func TestNewerFormat(t *testing.T) {
	each(t, func(l *library) {
		for line, want := range map[string]string{
			`{"vodgraph":"export","format":3}`:                          "test:2: The file is of format 3, which a newer version of vodgraph writes; this one reads formats up to 2. (INVALID)",
			`{"vodgraph":"import","format":2}`:                          `test:2: A format line is {"vodgraph": "export", "format": 2}. (INVALID)`,
			`{"vodgraph":"export"}`:                                     `A format line is`,
			`{"vodgraph":"export","format":2e0}`:                        `A format line is`,
			`{"vodgraph":"export","format":99999999999999999999999999}`: `A format line is`,
			`{"vodgraph":"export","format":-1}`:                         `A format line is`,
			`{"format":9,"vodgraph":"export"}`:                          "format 9",
		} {
			_, err := exchange.Import(l.Context(), l.catalog, []exchange.Source{source([]byte("\n" + line + "\n" + good))}, exchange.Options{})
			if err == nil || !strings.Contains(err.Error(), want) {
				l.Errorf("%s: %v, want %s", line, err, want)
			}
			if exported := string(l.export()); exported != formatLine {
				l.Fatalf("%s left %s", line, exported)
			}
		}
	})
}
