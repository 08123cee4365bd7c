package exchange_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/ent/bulkoperation"
	"vodgraph/exchange"
)

// halves are lines with half a character each, and where it is.
var halves = []struct{ line, place string }{
	{`{"id":"` + vid1 + `","kind":"VIDEO","title":"\ud800"}`, "title"},
	{`{"id":"` + vid1 + `","kind":"VIDEO","title":"x","userData":{"a":["\ude00\ud83d"]}}`, "userData.a.0"},
	{`{"id":"` + vid1 + `","kind":"VIDEO","title":"x","userData":{"k\udfff":1}}`, "userData"},
	{`{"id":"` + vid1 + `","kind":"VIDEO","title":"x","tags":["b","a\udbff"]}`, "tags.1"},
	{`{"id":"` + vid1 + `","kind":"VIDEO","title":"x","referenceId":"r","cover":{"image":{"id":"` + img1 + `"}},"description":"\udfff"}
{"id":"` + img1 + `","kind":"IMAGE","title":"x"}`, "description"}, // which waits for its cover
	{`{"category":{"path":["a","\ud800"]}}`, "category.path.1"},
	{`{"tag":{"name":"\udc00"}}`, "tag.name"},
}

// TestHalfCharacters keeps U+FFFD for half a character in files of format 1, with one warning,
// whether that is said or not, and refuses it in files of today and in files of changes.
func TestHalfCharacters(t *testing.T) {
	for _, c := range halves {
		t.Run(c.place, func(t *testing.T) {
			each(t, func(l *library) {
				l.refuses("\n"+formatLine+c.line, "3", c.place, "INVALID")
				asset, _, _ := strings.Cut(c.line, "\n")
				if verb := bulkoperation.VerbCREATE; strings.HasPrefix(asset, `{"id"`) {
					if got := l.receives(verb, false, asset); len(got) != 1 || !strings.Contains(got[0], "INVALID at ["+strings.ReplaceAll(c.place, ".", " ")) {
						l.Errorf("as a file of changes: %v", got)
					}
				}
				for _, first := range []string{"\n", `{"vodgraph":"export","format":1}` + "\n"} {
					s, report := l.put(first + c.line)
					want := "warning: test:2: " + c.place + ": A text has half a character"
					if s.Refused > 0 || s.Warnings != 1 || len(report) != 1 || !strings.HasPrefix(report[0], want) {
						l.Errorf("after %q: %v %q, want %s", first, s, report, want)
					}
				}
				exported := string(l.export())
				if !strings.Contains(exported, "\ufffd") && !strings.Contains(exported, `\ufffd`) {
					l.Errorf("the export is\n%s", exported)
				}
				if s := l.takes(exported); s.Created+s.Changed > 0 {
					l.Errorf("the export again: %v", s)
				}
			})
		})
	}
}

// TestRowsOfOldLibraries exports rows with texts that no input takes by now: the export is
// imported without a warning, and the export of that is equal to the byte. Reference ids have
// had no such characters in any version.
func TestRowsOfOldLibraries(t *testing.T) {
	t.Parallel()
	for name, dbs := range map[string][2]func(testing.TB) *dbtest.DB{"sqlite": {dbtest.SQLite, dbtest.Postgres}, "postgres": {dbtest.Postgres, dbtest.SQLite}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			old, other := libraryOn(t, dbs[0](t)), libraryOn(t, dbs[1](t))
			old.takes(`{"id":"` + vid1 + `","kind":"VIDEO","title":"x","tags":["t"],"categories":[{"path":["c"]}]}`)
			ctx := t.Context()
			texts := []string{"a\ufffdb"}
			if name == "sqlite" { // Postgres holds no invalid text
				texts = append(texts, "a\xffb", "\xed\xa0\x80")
			}
			for i, text := range texts {
				id := fmt.Sprintf("vid_01DXF6DT%018d", i+100)
				old.takes(fmt.Sprintf(`{"id":%q,"kind":"VIDEO","title":"x"}`, id))
				change := old.db.Client.Asset.UpdateOneID(id).SetTitle(text).SetDescription(text).SetAlternativeTitles([]string{text}).
					SetUserData(json.RawMessage(`{"k\ud800":["\udfff x",{"\udc00\ud800":"\ud83d\ude00"}]}`))
				if err := change.Exec(ctx); err != nil {
					t.Fatal(err)
				}
			}
			last := texts[len(texts)-1]
			if err := old.db.Client.Tag.Update().SetName(last).Exec(ctx); err != nil {
				t.Fatal(err)
			}
			if err := old.db.Client.Category.Update().SetName(last).SetPath(last).Exec(ctx); err != nil {
				t.Fatal(err)
			}
			exported := old.export()
			other.takes(string(exported))
			sameBytes(t, other.export(), exported)
			if s := other.takes(string(exported)); s.Created+s.Changed > 0 {
				t.Errorf("again: %v", s)
			}
		})
	}
}

// TestHiddenInPaths keeps names of categories that a call refuses, with one warning for each,
// at the line that makes it: one of a category, or the first of an asset.
func TestHiddenInPaths(t *testing.T) {
	each(t, func(l *library) {
		const path = `["Films","a\u202eb","c\u200bd"]`
		asset := func(id, path string) string {
			return `{"id":"` + id + `","kind":"VIDEO","title":"x","categories":[{"path":["Films"]},{"path":` + path + `}]}`
		}
		s, report := l.put(asset(vid1, path) + "\n" + asset(vid2, path))
		if s != (exchange.Summary{Created: 2, Warnings: 2, Categories: 3}) || len(report) != 2 {
			l.Errorf("%v %q", s, report)
		}
		for i, character := range []string{"U+202E", "U+200B"} {
			if i < len(report) && (!strings.HasPrefix(report[i], "warning: test:1: categories.1.path: The character "+character) || !strings.HasSuffix(report[i], "(INVALID)")) {
				l.Errorf("it warns %s", report[i])
			}
		}
		if s := l.takes(asset(vid1, path)); s != (exchange.Summary{Unchanged: 1}) {
			l.Errorf("again: %v", s)
		}
		// Of a line of a category, and of assets that come before it.
		s, report = l.put(asset(vid2, `["Songs","e\u2066f"]`) + "\n" + `{"category":{"path":["Songs","e\u2066f"]}}`)
		if s != (exchange.Summary{Created: 1, Changed: 1, Warnings: 1, Categories: 1}) || len(report) != 1 || !strings.HasPrefix(report[0], "warning: test:2: category.path: ") {
			l.Errorf("%v %q", s, report)
		}
		// A line that is refused makes nothing, and the next one is the first.
		bad := strings.Replace(asset(vid1, `["Bad","g\u2066h"]`), `"title":"x"`, `"size":-1`, 1)
		s, report = l.put(bad + "\n" + asset(vid2, `["Bad","g\u2066h"]`))
		if s != (exchange.Summary{Changed: 1, Refused: 1, Warnings: 1, Categories: 2}) || len(report) != 2 || !strings.HasPrefix(report[1], "warning: test:2: categories.1.path: ") {
			l.Errorf("%v %q", s, report)
		}
	})
}
