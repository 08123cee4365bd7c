package exchange_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/exchange"
	"vodgraph/limits"
	"vodgraph/media"
)

// narrow is a library in which few categories find room: three below one.
func narrow(t *testing.T, db *dbtest.DB) *library {
	limits := limits.DefaultLibrary()
	limits.CategoryChildren = 3
	return &library{t, db, bulk.New(db.Client, change.Options{Limits: limits, Now: time.Now, NewID: media.ULIDs(time.Now, rand.Reader)})}
}

func categoryLine(n int, path ...string) string {
	text, _ := json.Marshal(path)
	if n < 0 {
		return fmt.Sprintf(`{"category":{"path":%s}}`, text)
	}
	return fmt.Sprintf(`{"category":{"id":"cat_01DXF6DT0000000000000000%02d","path":%s}}`, n, text)
}

func tagLine(n int, name string) string {
	if n < 0 {
		return fmt.Sprintf(`{"tag":{"name":%q}}`, name)
	}
	return fmt.Sprintf(`{"tag":{"id":"tag_01DXF6DT0000000000000000%02d","name":%q}}`, n, name)
}

// drawnFiling is a library of categories and tags, and a file that changes it.
type drawnFiling struct {
	library string
	lines   []drawnLine
}

// drawFiling draws lines over few names, so that places and names change hands, are full, too
// deep, below themselves, or wanted twice.
func drawFiling(t *rapid.T) (f drawnFiling) {
	path := rapid.SliceOfN(rapid.SampledFrom([]string{"A", "B", "C", "D"}), 1, 3)
	var there []string
	taken := map[string]bool{}
	for n := range rapid.IntRange(0, 7).Draw(t, "categories") {
		p := path.Draw(t, "path")
		for end := range p { // with all above it
			if key := strings.Join(p[:end+1], "/"); !taken[key] {
				taken[key] = true
				there = append(there, categoryLine(10*n+end, p[:end+1]...))
			}
		}
	}
	names := rapid.SampledFrom([]string{"u", "v", "w", "x"})
	for n, name := range rapid.SliceOfNDistinct(names, 0, 4, rapid.ID[string]).Draw(t, "tags") {
		there = append(there, tagLine(n, name))
	}
	for range rapid.IntRange(1, 10).Draw(t, "lines") {
		n := rapid.SampledFrom([]int{-1, 0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 99}).Draw(t, "id")
		p := path.Draw(t, "to")
		about := fmt.Sprint("c", n)
		if n < 0 {
			about += strings.Join(p, "/")
		}
		f.lines = append(f.lines, drawnLine{about, categoryLine(n, p...)})
	}
	for range rapid.IntRange(0, 5).Draw(t, "tag lines") {
		n, name := rapid.SampledFrom([]int{-1, 0, 1, 2, 3, 8, 9}).Draw(t, "tag"), names.Draw(t, "name")
		about := fmt.Sprint("t", n)
		if n < 0 {
			about += name
		}
		f.lines = append(f.lines, drawnLine{about, tagLine(n, name)})
	}
	f.library = strings.Join(there, "\n")
	return f
}

// filed imports the lines into a library, and returns what was done and what is there. The
// tree must be whole: paths and levels are those of what stands above.
func filed(l *library, f drawnFiling, lines []drawnLine) (exchange.Summary, string) {
	l.put(f.library)
	text := textOf(lines)
	s, _ := l.put(text)
	if sum := s.Created + s.Changed + s.Unchanged + s.Refused; sum != int64(len(lines)) {
		l.Errorf("%v of %d lines", s, len(lines))
	}
	l.whole()
	exported := l.export()
	return s, withoutMadeIDs(l.T, exported, f.library+text)
}

// whole holds the paths and levels of all categories against those of what stands above.
func (l *library) whole() {
	l.Helper()
	for _, row := range l.db.Client.Category.Query().AllX(l.Context()) {
		path, level := row.Name, 1
		if row.ParentID != nil {
			parent := l.db.Client.Category.GetX(l.Context(), *row.ParentID)
			path, level = parent.Path+"\x1f"+row.Name, parent.Level+1
		}
		if row.Path != path || row.Level != level || level > 3 {
			l.Errorf("%s has the path %q at level %d, not %q at %d", row.ID, row.Path, row.Level, path, level)
		}
	}
}

// textOf is the file of some lines.
func textOf(lines []drawnLine) string {
	var text strings.Builder
	for _, one := range lines {
		text.WriteString(one.text + "\n")
	}
	return text.String()
}

// TestOrderOfFiling draws lines of categories and tags, and wants the same library and the same
// counts whatever the order of lines about different ones.
func TestOrderOfFiling(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			f := drawFiling(rt)
			other := shuffled(rt, f.lines)
			s, text := filed(narrow(t, dbtest.SQLite(t)), f, f.lines)
			again, second := filed(narrow(t, dbtest.SQLite(t)), f, other)
			if s != again || text != second || t.Failed() {
				rt.Fatalf("%s\n\n%v\n%v\n%s\n\nbut %v\n%v\n%s", f.library, f.lines, s, text, other, again, second)
			}
		})
	})
	t.Run("postgres", func(t *testing.T) {
		for seed := range 5 {
			f := rapid.Custom(drawFiling).Example(seed)
			other := rapid.Custom(func(rt *rapid.T) []drawnLine { return shuffled(rt, f.lines) }).Example(seed)
			s, text := filed(narrow(t, dbtest.SQLite(t)), f, f.lines)
			if again, second := filed(narrow(t, dbtest.Postgres(t)), f, other); s != again || text != second {
				t.Errorf("%s\n\n%v\n%v\n%s\n\nbut %v\n%v\n%s", f.library, f.lines, s, text, other, again, second)
			}
		}
	})
}

// TestPlacesChangeHands has categories pass their places on, in files that no order of lines
// would serve one by one.
func TestPlacesChangeHands(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		l := narrow(t, db)
		l.takes(strings.Join([]string{categoryLine(0, "P"), categoryLine(1, "P", "a"), categoryLine(2, "P", "b"), categoryLine(3, "P", "c"),
			categoryLine(4, "Q"), categoryLine(5, "Q", "a"), categoryLine(6, "Q", "b"), categoryLine(7, "Q", "d"), categoryLine(8, "Q", "d", "e")}, "\n"))
		for _, c := range []struct {
			what  string
			lines []string
		}{
			{"one leaves a full category, one comes", []string{categoryLine(9, "P", "n"), categoryLine(3, "R")}},
			{"two full ones exchange a child", []string{categoryLine(1, "Q", "x"), categoryLine(5, "P", "x")}},
			{"three pass their names round", []string{categoryLine(2, "P", "x"), categoryLine(5, "P", "n"), categoryLine(9, "P", "b")}},
			{"a child leaves what is to stand deeper", []string{categoryLine(7, "R", "z", "d"), categoryLine(8, "R", "z", "e")}},
			{"one above and one below it change places", []string{categoryLine(6, "Q"), categoryLine(4, "Q", "b")}},
		} {
			if s := l.takes(strings.Join(c.lines, "\n")); s.Refused > 0 || s.Changed+s.Created < int64(len(c.lines)) {
				t.Errorf("%s: %v", c.what, s)
			}
			text := string(l.export())
			for _, line := range c.lines {
				if !strings.Contains(text, line+"\n") {
					t.Errorf("%s: there is no %s in\n%s", c.what, line, text)
				}
			}
		}
		// Two that want what one leaves: the other stays, and is refused.
		s, report := l.put(strings.Join([]string{categoryLine(1, "R", "Y"), categoryLine(2, "R", "Y")}, "\n"))
		if s != (exchange.Summary{Changed: 1, Refused: 1}) || len(report) != 1 || !strings.HasSuffix(report[0], "(CATEGORY_NAME_TAKEN)") {
			t.Errorf("%v\n%s", s, report)
		}
	})
}
