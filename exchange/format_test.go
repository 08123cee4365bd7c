package exchange_test

import (
	"bytes"
	"encoding/json"
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
	// One value in it is refused by now in a call, and kept with a warning.
	s, report := first.put(string(old))
	if s != (exchange.Summary{Created: 11, Warnings: 1}) || len(report) != 1 ||
		report[0] != "warning: test:10: aiData.0.speech.1.text: A cue has a text. (INVALID)" {
		t.Errorf("%v %s", s, report)
	}
	file := first.export()
	sameLines(t, today(t, file), today(t, old))
	if s := first.takesAnyWarning(string(old)); s != (exchange.Summary{Unchanged: 11, Warnings: 1}) {
		t.Errorf("again: %v", s)
	}
	second := libraryOn(t, dbtest.Postgres(t))
	second.takesAnyWarning(string(file))
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

// today is a file with the names and units of today, its members in the order of their names.
func today(t *testing.T, file []byte) []byte {
	t.Helper()
	var next bytes.Buffer
	for line := range bytes.Lines(bytes.TrimPrefix(file, []byte(formatLine))) {
		v := value(t, line)
		renamed(v)
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		next.Write(append(text, '\n'))
	}
	return next.Bytes()
}

func renamed(v any) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			renamed(one)
		}
	case map[string]any:
		for old, now := range map[string]string{"from": "start", "to": "end", "otherFrom": "otherStart", "otherTo": "otherEnd", "offset": "at", "interval": "every"} {
			if n, is := v[old].(json.Number); is {
				digits := "0000" + string(n)
				seconds := strings.TrimLeft(digits[:len(digits)-3], "0") + "." + digits[len(digits)-3:]
				seconds = strings.TrimRight(strings.TrimRight(seconds, "0"), ".")
				if seconds == "" || seconds[0] == '.' {
					seconds = "0" + seconds
				}
				delete(v, old)
				v[now] = json.Number(seconds)
			}
		}
		for _, one := range v {
			renamed(one)
		}
	}
}
