package exchange

import (
	"bytes"
	"crypto/rand"
	"os"
	"testing"
	"time"

	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/limits"
	"vodgraph/media"
)

// FuzzLine reads any bytes as a line and writes it: nothing panics or fails, and
// a line that is refused changes nothing.
//
//	go test ./exchange -run '^$' -fuzz '^FuzzLine$'
func FuzzLine(f *testing.F) { fuzzLine(f, dbtest.SQLite(f)) }

// FuzzLineOnPostgres is FuzzLine on Postgres, which takes fewer texts.
func FuzzLineOnPostgres(f *testing.F) { fuzzLine(f, dbtest.Postgres(f)) }

func fuzzLine(f *testing.F, db *dbtest.DB) {
	shape, err := newShape()
	if err != nil {
		f.Fatal(err)
	}
	c := bulk.New(db.Client, change.Options{Limits: limits.DefaultLibrary(), Now: time.Now,
		NewID: media.ULIDs(time.Now, rand.Reader)})
	for _, text := range seeds(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		l := &line{source: "fuzz", number: 1, raw: bytes.Clone(text)}
		if err := (&reader{shape: shape}).read(l); err != nil || l.isFormat {
			return // a format line
		}
		before := revision(t, db.Client)
		p := &pass{importing: newImporting(c, LineOptions{})}
		items, err := p.put(t.Context(), []*line{l})
		if err != nil {
			t.Fatal(err)
		}
		changed := revision(t, db.Client) != before
		for _, item := range items {
			failed := item.Outcome == change.Failed
			if failed != (len(item.Errors) > 0) {
				t.Errorf("%s, with %d errors", item.Outcome, len(item.Errors))
			}
			if changed == (failed || item.Outcome == change.Unchanged || item.Outcome == Waiting) {
				t.Errorf("%s, and the library changed: %t", item.Outcome, changed)
			}
			for _, f := range append(item.Errors, item.Missing...) {
				if f.Message == "" || f.Code == "" {
					t.Errorf("a refusal without words: %v", f)
				}
			}
		}
	})
}

func revision(t *testing.T, client *ent.Client) int64 {
	t.Helper()
	row, err := client.Library.Query().Only(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return row.Revision
}

// seeds are lines of all sorts to begin with.
func seeds(f *testing.F) [][]byte {
	f.Helper()
	library, err := os.ReadFile("testdata/library.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	lines := [][]byte{
		[]byte(``), []byte(`{`), []byte(`null`), []byte(`[]`), []byte(`{}`), []byte("\xff"),
		[]byte(`{"kind":"VIDEO","title":"x","userData":{"a":["\ud800",1e400,-0,1E+2]},"duration":1e308}`),
		[]byte(`{"kind":"VIDEO","title":"\u0000","tags":["\ud83d"]}`),
		[]byte(`{"kind":"IMAGE","title":"` + "\u2028\u202e" + `","width":2147483647,"size":9223372036854775807}`),
		[]byte(`{"kind":"VIDEO","title":"x","createdAt":"0001-01-01T00:00:00Z","updatedAt":"9999-12-31T23:59:59.999Z"}`),
		[]byte(`{"kind":"AUDIO","title":"x","referenceId":"r","attachments":[{"attachment":{"referenceId":"r"}}]}`),
		[]byte(`{"category":{"path":["a","b"]}}`), []byte(`{"tag":{"name":"a"}}`), []byte(`{"category":null,"tag":null}`),
	}
	n := 0
	for text := range bytes.Lines(library) {
		if n++; n%40 == 0 {
			lines = append(lines, bytes.TrimSpace(text))
		}
	}
	return lines
}
