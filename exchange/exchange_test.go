package exchange_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vodgraph/bench/generated"
	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/demo"
	"vodgraph/exchange"
	"vodgraph/limits"
	"vodgraph/media"
)

// library is a fresh library of a test.
type library struct {
	*testing.T
	db      *dbtest.DB
	catalog *bulk.Catalog
}

func libraryOn(t *testing.T, db *dbtest.DB) *library {
	return &library{t, db, bulk.New(db.Client, change.Options{Limits: limits.DefaultLibrary(), Now: time.Now,
		NewID: media.ULIDs(time.Now, rand.Reader)})}
}

// each runs f with a fresh library on each kind of database.
func each(t *testing.T, f func(l *library)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) { f(libraryOn(t, db)) })
}

// source is a text as a file of the name "test".
func source(text []byte) exchange.Source {
	return exchange.Source{Name: "test", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }}
}

// put imports a text, and returns what was done and the lines of the report.
func (l *library) put(text string) (exchange.Summary, []string) {
	l.Helper()
	s, report, _ := l.puts(text)
	return s, report
}

// puts is put, and returns the change set.
func (l *library) puts(text string) (s exchange.Summary, lines []string, set string) {
	l.Helper()
	var report strings.Builder
	before := l.rows()
	s, err := exchange.Import(l.Context(), l.catalog, []exchange.Source{source([]byte(text))},
		exchange.Options{Report: &report, ChangeSet: func(id string) { set = id }})
	if err != nil {
		l.Fatal(err)
	}
	if made := l.rows() - before; made != s.Created+s.Categories+s.Tags {
		l.Errorf("%d rows of assets, categories and tags were made: %v", made, s)
	}
	if set != "" && s.Created+s.Changed == 0 {
		l.Errorf("%v, and the change set is %q", s, set)
	}
	return s, strings.Split(strings.TrimSuffix(report.String(), "\n"), "\n")[:strings.Count(report.String(), "\n")], set
}

// rows counts assets, categories and tags together.
func (l *library) rows() (n int64) {
	l.Helper()
	for _, rows := range l.counts("SELECT 'asset', count(*) FROM assets UNION SELECT 'category', count(*) FROM categories UNION SELECT 'tag', count(*) FROM tags") {
		n += int64(rows)
	}
	return n
}

// takes imports a text of which nothing is refused, left out or warned of.
func (l *library) takes(text string) exchange.Summary {
	l.Helper()
	s, report := l.put(text)
	if s.Refused > 0 || len(report) > 0 {
		l.Fatalf("refused: %d\n%s", s.Refused, strings.Join(report, "\n"))
	}
	return s
}

// refuses imports a text of which just one line is refused, and holds the report
// against the end of its line: number, place, code.
func (l *library) refuses(text, number, place, code string) exchange.Summary {
	l.Helper()
	s, report := l.put(text)
	begin := "test:" + number + ": "
	if place != "" {
		begin += place + ": "
	}
	if s.Refused != 1 || len(report) != 1 || !strings.HasPrefix(report[0], begin) || !strings.HasSuffix(report[0], " ("+code+")") {
		l.Errorf("%d refused\n%s\nwant %s… (%s)", s.Refused, strings.Join(report, "\n"), begin, code)
	}
	return s
}

// export is the library as a file.
func (l *library) export() []byte {
	l.Helper()
	var text bytes.Buffer
	if err := exchange.Export(l.Context(), l.catalog, &text); err != nil {
		l.Fatal(err)
	}
	return text.Bytes()
}

// revision is that of the library.
func (l *library) revision() int64 {
	l.Helper()
	return l.db.Client.Library.Query().OnlyX(l.Context()).Revision
}

// value is a text as a JSON value, with all digits of its numbers.
func value(t testing.TB, text []byte) (v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	return v
}

// formatLine begins an export.
const formatLine = `{"vodgraph":"export","format":2}` + "\n"

// inOrder are the lines of a file without its format, the assets by id as an export has them.
func inOrder(file []byte) [][]byte {
	lines := bytes.Split(bytes.TrimSpace(bytes.TrimPrefix(file, []byte(formatLine))), []byte("\n"))
	first := slices.IndexFunc(lines, func(text []byte) bool { return bytes.HasPrefix(text, []byte(`{"id":"`)) })
	slices.SortFunc(lines[max(0, first):], bytes.Compare)
	return lines
}

// sameLines holds an export against a file, line by line, as JSON values.
func sameLines(t testing.TB, got, want []byte) {
	t.Helper()
	g, w := inOrder(got), inOrder(want)
	if len(g) != len(w) {
		t.Errorf("%d lines, want %d", len(g), len(w))
	}
	for i := range min(len(g), len(w)) {
		if !bytes.Equal(g[i], w[i]) && !reflect.DeepEqual(value(t, g[i]), value(t, w[i])) {
			t.Fatalf("line %d is\n%s\nwant\n%s", i+1, g[i], w[i])
		}
	}
}

// member is a member of an asset in an export, down a path; nil where it is not
// said.
func (l *library) member(id string, path ...string) any {
	l.Helper()
	for text := range bytes.Lines(l.export()) {
		v, _ := value(l, text).(map[string]any)
		if v["id"] != id {
			continue
		}
		var at any = v
		for _, name := range path {
			members, _ := at.(map[string]any)
			at = members[name]
		}
		return at
	}
	l.Fatalf("there is no asset %s", id)
	return nil
}

// corpus is a generated file.
func corpus(t testing.TB, size generated.Size) []byte {
	t.Helper()
	c, err := generated.New(size)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := c.Write(&text); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// files are the files that go in and come out again.
func files(t testing.TB) map[string][]byte {
	t.Helper()
	library, err := os.ReadFile("testdata/library.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	d, err := demo.New()
	if err != nil {
		t.Fatal(err)
	}
	demonstration, err := io.ReadAll(d.Reader())
	if err != nil {
		t.Fatal(err)
	}
	generated := corpus(t, generated.Size{Assets: 300, Seed: 7})
	return map[string][]byte{"library": library, "demo": demonstration, "corpus": generated, "trash": trashed(generated)}
}

// trashed is a file with a third of its assets in the trash, whoever refers to them.
func trashed(file []byte) []byte {
	n := 0
	return regexp.MustCompile(`"createdAt":"[^"]+","updatedAt":"[^"]+",`).ReplaceAllFunc(file, func(dates []byte) []byte {
		if n++; n%3 != 0 {
			return dates
		}
		return append(bytes.Clone(dates), `"trashedAt":"2026-06-01T00:00:00.120Z",`...)
	})
}

// TestRoundTrip has files go in and come out as they were, twice without a
// change, and from one kind of database to the other and back byte for byte.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for name, file := range files(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exported := map[string][]byte{}
			t.Run("sqlite", func(t *testing.T) { exported["sqlite"] = roundTrip(libraryOn(t, dbtest.SQLite(t)), file) })
			t.Run("postgres", func(t *testing.T) {
				second := roundTrip(libraryOn(t, dbtest.Postgres(t)), exported["sqlite"])
				if !bytes.Equal(second, exported["sqlite"]) {
					t.Error("the file is another after SQLite and Postgres")
				}
			})
		})
	}
}

// roundTrip imports a file into an empty library twice, and returns the export.
func roundTrip(l *library, file []byte) []byte {
	l.Helper()
	lines := int64(bytes.Count(bytes.TrimPrefix(file, []byte(formatLine)), []byte("\n")))
	if s := l.takes(string(file)); s != (exchange.Summary{Created: lines}) {
		l.Errorf("first: %v of %d lines", s, lines)
	}
	first := l.export()
	sameLines(l, first, file)
	before := l.revision()
	if s := l.takes(string(file)); s != (exchange.Summary{Unchanged: lines}) || !strings.HasSuffix(s.String(), "Nothing changed.") {
		l.Errorf("again: %v", s)
	}
	if after := l.revision(); after != before {
		l.Errorf("the second run took the revision from %d to %d", before, after)
	}
	if again := l.export(); !bytes.Equal(again, first) {
		l.Error("the second run changed the export")
	}
	return first
}

// TestExportReadsWhatIsThere has an export show one moment, whatever is done
// while it is read.
func TestExportReadsWhatIsThere(t *testing.T) {
	each(t, func(l *library) {
		l.takes(string(corpus(l, generated.Size{Assets: 1200, Seed: 3, Plain: true})))
		before := l.export()
		var text bytes.Buffer
		wrote := false
		err := exchange.Export(l.Context(), l.catalog, writerFunc(func(p []byte) (int, error) {
			if !wrote {
				wrote = true
				l.takes(`{"kind": "VIDEO", "title": "Meanwhile", "referenceId": "meanwhile", "tags": ["meanwhile"]}`)
			}
			return text.Write(p)
		}))
		if err != nil {
			l.Fatal(err)
		}
		if !wrote || !bytes.Equal(text.Bytes(), before) {
			l.Error("the export shows what came while it was read")
		}
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestImportEndsWithItsContext leaves what was written, to go on from.
func TestImportEndsWithItsContext(t *testing.T) {
	each(t, func(l *library) {
		file := corpus(l, generated.Size{Assets: 3000, Seed: 4, Plain: true})
		ctx, cancel := context.WithCancel(l.Context())
		defer cancel()
		_, err := exchange.Import(ctx, l.catalog, []exchange.Source{source(file)}, exchange.Options{Progress: func(lines, bytes int64) {
			if lines <= 0 || bytes <= 0 || bytes > int64(len(file)) {
				l.Errorf("progress is %d lines, %d of %d bytes", lines, bytes, len(file))
			}
			cancel()
		}})
		if err == nil {
			l.Fatal("it ended well")
		}
		lines := int64(bytes.Count(file, []byte("\n")))
		s := l.takes(string(file))
		if s.Created+s.Unchanged != lines || s.Unchanged == 0 || s.Created == 0 {
			l.Errorf("the rest: %v of %d lines", s, lines)
		}
		sameLines(l, l.export(), file)
	})
}
