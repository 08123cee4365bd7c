package exchange_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/ent/bulkfailure"
)

// undoes undoes a change set after a dry run of the same, which must report the same and change
// nothing. It returns what does not go back, by the ends of ids, and the set of the undo.
func (l *library) undoes(set string) (refused []string, undo string) {
	l.Helper()
	before := string(l.export())
	tried, counts, _ := l.undo(set, true)
	if after := string(l.export()); after != before {
		l.Errorf("a dry run makes of\n%s\nthis:\n%s", before, after)
	}
	refused, done, undo := l.undo(set, false)
	if done != counts || !slices.Equal(refused, tried) {
		l.Errorf("%s with %q, but %s with %q in a dry run", done, refused, counts, tried)
	}
	return refused, undo
}

func (l *library) undo(set string, dry bool) (refused []string, counts, undo string) {
	l.Helper()
	id, err := l.catalog.ChangeSetUndo(l.Context(), set, &change.BulkOptions{DryRun: &dry})
	if err != nil {
		l.Fatal(err)
	}
	l.does(id)
	row := l.db.Client.BulkOperation.GetX(l.Context(), id)
	for _, f := range l.db.Client.BulkFailure.Query().Where(bulkfailure.OperationID(id)).AllX(l.Context()) {
		var errors []struct {
			Code  string
			Field []string
		}
		if err := json.Unmarshal(f.Errors, &errors); err != nil {
			l.Fatal(err)
		}
		subject := ""
		if f.SubjectID != nil {
			subject = (*f.SubjectID)[:3] + (*f.SubjectID)[len(*f.SubjectID)-1:]
		}
		for _, e := range errors {
			refused = append(refused, strings.TrimSpace(fmt.Sprint(subject, " ", e.Code, " ", strings.Join(e.Field, "."))))
		}
	}
	slices.Sort(refused)
	if row.ChangeSetID != nil {
		undo = *row.ChangeSetID
	}
	return refused, fmt.Sprint(row.Status, row.Done, row.Changed, row.Failed), undo
}

// filedIn is what an export has of tags and categories: name, or path, by id.
func filedIn(text []byte) string {
	var found []string
	for line := range strings.Lines(string(text)) {
		var v struct {
			Category, Tag struct {
				ID, Name string
				Path     []string
			}
		}
		if json.Unmarshal([]byte(line), &v) != nil {
			continue
		}
		if id := v.Tag.ID; id != "" {
			found = append(found, "t"+id[len(id)-1:]+" "+v.Tag.Name)
		}
		if id := v.Category.ID; id != "" {
			found = append(found, "c"+id[len(id)-1:]+" "+strings.Join(v.Category.Path, "/"))
		}
	}
	slices.Sort(found)
	return strings.Join(found, ", ")
}

// lines writes lines of tags and categories in short: "t0 name" or "c0 a/b".
func lines(short string) string {
	var text []string
	for _, one := range strings.Split(short, ", ") {
		about, name, _ := strings.Cut(one, " ")
		n := int(about[1] - '0')
		if about[0] == 't' {
			text = append(text, tagLine(n, name))
		} else {
			text = append(text, categoryLine(n, strings.Split(name, "/")...))
		}
	}
	return strings.Join(text, "\n")
}

// handedRound are libraries, imports that hand names and places round in them, and what was
// done since; then what an undo refuses, and what is there after it.
var handedRound = []struct {
	about, library, set, since string
	refused                    []string
	after                      string // empty for the library before
}{
	{"two tags swap", "t0 u, t1 v", "t0 v, t1 u", "", nil, ""},
	{"three tags rotate", "t0 u, t1 v, t2 w", "t0 v, t1 w, t2 u", "", nil, ""},
	{"a chain of tags", "t0 u, t1 v, t2 w", "t0 v, t1 w, t2 x", "", nil, ""},
	{"a new tag has the name", "t0 u, t1 v", "t0 v, t1 w, t5 u", "", nil, ""},
	{"two rounds beside each other", "t0 u, t1 v, t2 w, t3 x", "t0 v, t1 u, t2 x, t3 w", "", nil, ""},
	{"one of a round was renamed since", "t0 u, t1 v, t2 w", "t0 v, t1 w, t2 u", "t1 z", []string{"tag1 CHANGED_SINCE name"}, "t0 u, t1 z, t2 w"},
	{"the name of one was taken since", "t0 u, t1 v, t2 w", "t0 v, t1 w, t2 u", "t1 z, t8 w",
		[]string{"tag0 TAG_EXISTS name", "tag1 CHANGED_SINCE name", "tag2 TAG_EXISTS name"}, "t0 v, t1 z, t2 u, t8 w"},
	{"the end of a chain was taken since", "t0 u, t1 v", "t0 v, t1 w", "t8 u", []string{"tag0 TAG_EXISTS name", "tag1 TAG_EXISTS name"}, "t0 v, t1 w, t8 u"},
	{"one round is broken, and another is not", "t0 u, t1 v, t2 w, t3 x", "t0 v, t1 u, t2 x, t3 w", "t1 z, t8 u",
		[]string{"tag0 TAG_EXISTS name", "tag1 CHANGED_SINCE name"}, "t0 v, t1 z, t2 w, t3 x, t8 u"},

	{"two categories swap", "c0 a, c1 b", "c0 b, c1 a", "", nil, ""},
	{"three rotate", "c0 P, c1 P/a, c2 P/b, c3 P/c, c4 P/c/d", "c1 P/b, c2 P/c, c3 P/a", "", nil, ""},
	{"three rotate below three", "c0 P, c1 P/a, c2 Q, c3 Q/a, c4 R, c5 R/a", "c1 Q/a, c3 R/a, c5 P/a", "", nil, ""},
	{"a chain of places", "c0 P, c1 P/a, c2 Q, c3 Q/a", "c1 Q/a, c3 Q/b", "", nil, ""},
	{"two full ones exchange a child", "c0 P, c1 P/a, c2 P/b, c3 P/c, c4 Q, c5 Q/d, c6 Q/e, c7 Q/f", "c1 Q/a, c5 P/d", "", nil, ""},
	{"one above and one below it", "c0 P, c1 P/a, c2 P/a/b, c3 P/c", "c1 P, c0 P/a", "", nil, ""},
	{"three levels turn over", "c0 a, c1 a/b, c2 a/b/c", "c2 a, c1 a/b, c0 a/b/c", "", nil, ""},
	{"a new one has the place", "c0 P, c1 P/a", "c1 P/b, c5 P/a", "", nil, ""},
	{"a new one stands above", "c0 P, c1 P/a", "c0 P/P, c5 P, c6 P/P/n", "", nil, ""},
	{"the one above has the name of below", "c0 a, c1 a/b", "c1 a, c0 b", "", nil, ""},
	{"one of a round was renamed since", "c0 a, c1 b, c2 c", "c0 b, c1 c, c2 a", "c1 z", []string{"cat1 CHANGED_SINCE name"}, "c0 a, c1 z, c2 c"},
	{"a place was taken since", "c0 P, c1 P/a, c2 Q, c3 Q/b, c4 R", "c1 Q/b, c3 R/b", "c8 P/a", []string{"cat1 NOT_UNDOABLE", "cat3 NOT_UNDOABLE"}, ""},
	{"one of a swap was renamed and its place taken since", "c0 a, c1 b", "c0 b, c1 a", "c1 z, c8 a",
		[]string{"cat0 NOT_UNDOABLE", "cat1 CHANGED_SINCE name"}, ""},
	{"it would stand too deep by now", "c0 a, c1 a/b, c2 c", "c1 c, c2 a/b", "c8 c/d/e", []string{"cat1 NOT_UNDOABLE", "cat2 NOT_UNDOABLE"}, ""},
	{"a new one in its place has a child by now", "c0 P, c1 P/a", "c1 P/b, c5 P/a", "c8 P/a/n",
		[]string{"cat1 NOT_UNDOABLE", "cat5 IN_USE"}, "c0 P, c1 P/b, c5 P/a, c8 P/a/n"},
}

// TestUndoOfWhatWasHandedRound undoes imports that hand names and places round: they come back
// together; who cannot stays, and who wants what that one has stays, too. The undo of the undo
// leads to the library after the import, and its undo back again.
func TestUndoOfWhatWasHandedRound(t *testing.T) {
	t.Parallel()
	for _, c := range handedRound {
		dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
			l := narrow(t, db)
			l.takes(lines(c.library))
			before := l.export()
			s, report, set := l.puts(lines(c.set))
			after := l.export()
			if s.Refused > 0 || string(before) == string(after) {
				t.Fatalf("%s: %v\n%s", c.about, s, report)
			}
			if c.since == "" {
				l.backAndForth(c.about, set, string(before), string(after))
				return
			}
			l.takes(lines(c.since))
			since := filedIn(l.export())
			refused, undo := l.undoes(set)
			want := c.after
			if want == "" {
				want = since
			}
			if got := filedIn(l.export()); got != want || !slices.Equal(refused, c.refused) {
				t.Errorf("%s: %s with %q, not %s with %q", c.about, got, refused, want, c.refused)
			}
			if undo == "" {
				return
			}
			if again, _ := l.undoes(undo); len(again) > 0 || filedIn(l.export()) != since {
				t.Errorf("%s: the undo of the undo leads to %s with %q, not %s", c.about, filedIn(l.export()), again, since)
			}
		})
	}
}

// backAndForth undoes a set, the undo, and its undo.
func (l *library) backAndForth(about, set, before, after string) {
	l.Helper()
	for i := range 3 {
		want := before
		if i == 1 {
			want = after
		}
		refused, undo := l.undoes(set)
		if got := string(l.export()); got != want || len(refused) > 0 || undo == "" {
			l.Fatalf("%s: undo %d refuses %q and leads to\n%s\nnot\n%s", about, i, refused, got, want)
		}
		set = undo
	}
}

// undoFiling imports lines into a library and undoes what that made: at once, and after others.
func undoFiling(l *library, f drawnFiling, since []drawnLine) {
	l.Helper()
	l.put(f.library)
	before := l.export()
	about := textOf(f.lines)
	_, _, set := l.puts(about)
	about = f.library + "\n\n" + about
	if set == "" {
		return
	}
	l.backAndForth(about, set, string(before), string(l.export()))
	_, _, set = l.puts(textOf(f.lines))
	l.put(textOf(since))
	after := l.export()
	about += "\n" + textOf(since)
	if _, undo := l.undoes(set); undo != "" {
		l.whole()
		if refused, _ := l.undoes(undo); len(refused) > 0 || string(l.export()) != string(after) {
			l.Errorf("%s\nleads to\n%s\nand its undo and the undo of that, which refuses %q, to\n%s", about, after, refused, l.export())
		}
	}
	l.whole()
	if l.Failed() {
		l.Fatal(about)
	}
}

// TestUndoOfFiling draws imports of categories and tags over few names; the undo leads to the
// library before, the undo of that to the one after, and so on. After other changes it leads
// to a tree that is whole, and its undo to the library before it.
func TestUndoOfFiling(t *testing.T) {
	t.Parallel()
	draw := func(rt *rapid.T) (f [2]drawnFiling) { return [2]drawnFiling{drawFiling(rt), drawFiling(rt)} }
	t.Run("sqlite", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			f := draw(rt)
			undoFiling(narrow(t, dbtest.SQLite(t)), f[0], f[1].lines)
		})
	})
	t.Run("postgres", func(t *testing.T) {
		for seed := range 5 {
			f := rapid.Custom(draw).Example(seed)
			undoFiling(narrow(t, dbtest.Postgres(t)), f[0], f[1].lines)
		}
	})
}

// TestUndoWhereAssetsHaveWhatTookAPlace undoes imports that make a tag and a category in places
// that others gave up, and that assets have since: they stay, and so do those others.
func TestUndoWhereAssetsHaveWhatTookAPlace(t *testing.T) {
	each(t, func(l *library) {
		l.takes(lines("t0 u, t1 v, c0 P, c1 P/a") + "\n" + `{"kind": "VIDEO", "title": "a", "referenceId": "a"}`)
		_, _, set := l.puts(lines("t0 v, t1 w, t5 u, c1 P/b, c5 P/a"))
		l.takes(`{"kind": "VIDEO", "title": "a", "referenceId": "a", "tags": ["u"], "categories": [{"path": ["P", "a"]}]}`)
		before := filedIn(l.export())
		refused, undo := l.undoes(set)
		want := []string{"cat1 NOT_UNDOABLE", "cat5 IN_USE", "tag0 TAG_EXISTS name", "tag1 TAG_EXISTS name", "tag5 IN_USE"}
		if got := filedIn(l.export()); got != before || !slices.Equal(refused, want) || undo != "" {
			l.Errorf("%s with %q by %q, not %s with %q", got, refused, undo, before, want)
		}
		// Once the asset has them no more, all of it goes back.
		l.takes(`{"kind": "VIDEO", "title": "a", "referenceId": "a", "tags": [], "categories": []}`)
		refused, _ = l.undoes(set)
		if got := filedIn(l.export()); got != "c0 P, c1 P/a, t0 u, t1 v" || len(refused) > 0 {
			l.Errorf("%s with %q", got, refused)
		}
	})
}

// blocked are libraries, imports that make a tag or a category in a place that another gave up
// and give it to assets that are there, and what an undo leads to where others use it since.
var blocked = []struct {
	about, library, set, tags, path string
	since                           string // what another asset gets; empty for nothing
	refused                         []string
	after                           string // empty for the library before
}{
	{"a made tag", "t0 u", "t0 v, t5 u", "u", "", "", nil, ""},
	{"a made tag at the end of a chain", "t0 u, t1 v", "t0 v, t1 w, t5 u", "u", "", "", nil, ""},
	{"a made category", "c0 P, c1 P/a", "c1 P/b, c5 P/a", "", "P/a", "", nil, ""},
	{"a made category at the end of a chain", "c0 P, c1 P/a, c2 Q, c3 Q/a", "c1 Q/a, c3 Q/b, c5 P/a", "", "P/a", "", nil, ""},
	{"a made category above", "c0 P, c1 P/a", "c0 Q, c5 P, c6 P/n", "", "P/n", "", nil, ""},
	{"a made tag that another has by now", "t0 u, t1 x", "t0 v, t1 y, t5 u", "u", "", `"tags":["u"]`, []string{"tag0 TAG_EXISTS name", "tag5 IN_USE"}, "t0 v, t1 x, t5 u"},
	{"a made category that another is in by now", "c0 P, c1 P/a, c2 R", "c1 P/b, c2 S, c5 P/a", "", "P/a", `"categories":[{"path":["P","a"]}]`,
		[]string{"cat1 NOT_UNDOABLE", "cat5 IN_USE"}, "c0 P, c1 P/b, c2 R, c5 P/a"},
}

// TestUndoWhereAssetsOfTheSetHaveWhatTookAPlace undoes imports that give assets, in the same
// set, what they make in the place of another. One undo leads to the library before, in one
// batch and in several.
func TestUndoWhereAssetsOfTheSetHaveWhatTookAPlace(t *testing.T) {
	t.Parallel()
	for _, c := range blocked {
		for _, assets := range []int{1, 3} { // in one batch and in two
			dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
				l := narrow(t, db)
				var plain, filed []string
				for n := range assets {
					line := fmt.Sprintf(`{"kind":"VIDEO","title":"%d","referenceId":"a%[1]d"`, n)
					plain = append(plain, line+"}")
					if c.tags != "" {
						filed = append(filed, line+fmt.Sprintf(`,"tags":[%q]}`, c.tags))
					} else {
						path, _ := json.Marshal(strings.Split(c.path, "/"))
						filed = append(filed, line+fmt.Sprintf(`,"categories":[{"path":%s}]}`, path))
					}
				}
				l.takes(lines(c.library) + "\n" + strings.Join(plain, "\n") + "\n" + `{"kind":"VIDEO","title":"b","referenceId":"b"}`)
				before := filedIn(l.export())
				_, _, set := l.puts(lines(c.set) + "\n" + strings.Join(filed, "\n"))
				if c.since != "" {
					l.takes(`{"referenceId":"b",` + c.since + "}")
				}
				after, want := filedIn(l.export()), c.after
				if want == "" {
					want = before
				}
				refused, undo := l.undoes(set)
				if got := filedIn(l.export()); got != want || !slices.Equal(refused, c.refused) {
					t.Fatalf("%s, %d assets: %s with %q, not %s with %q", c.about, assets, got, refused, want, c.refused)
				}
				if refused, _ := l.undoes(undo); filedIn(l.export()) != after || len(refused) > 0 {
					t.Errorf("%s, %d assets: the undo of the undo leads to %s with %q, not %s", c.about, assets, filedIn(l.export()), refused, after)
				}
			})
		}
	}
}
