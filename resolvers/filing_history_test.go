package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/auth"
	"vodgraph/dbtest"
)

// historyOf is the history of a tag or a category, the oldest first: fields with before and
// after.
func (d *mutations) historyOf(id string) (lines []string) {
	d.Helper()
	var data struct {
		Node struct{ History struct{ Nodes []record } }
	}
	d.ask(`query($id: ID!) { node(id: $id) { ... on Tag { history(first: 100) { nodes { subjectId field before after } } }
		... on Category { history(first: 100) { nodes { subjectId field before after } } } } }`, map[string]any{"id": id}, &data)
	for _, n := range slices.Backward(data.Node.History.Nodes) {
		if n["subjectId"] != id {
			d.Errorf("the history of %s is about %v", id, n["subjectId"])
		}
		lines = append(lines, fmt.Sprint(n["field"], " ", jsonOf(n["before"]), " ", jsonOf(n["after"])))
	}
	return lines
}

// setOf is what a change set has changed, as fields with before and after.
func (d *mutations) setOf(set string) (lines []string) {
	d.Helper()
	var data struct {
		ChangeSet struct{ Changes struct{ Nodes []record } }
	}
	d.ask(`query($id: ID!) { changeSet(id: $id) { changes(first: 100) { nodes { field before after subject { id __typename } } } } }`, map[string]any{"id": set}, &data)
	for _, n := range data.ChangeSet.Changes.Nodes {
		kind := "nothing"
		if subject, there := n["subject"].(map[string]any); there {
			kind = fmt.Sprint(subject["__typename"])
		}
		lines = append(lines, fmt.Sprint(kind, " ", n["field"], " ", jsonOf(n["before"]), " ", jsonOf(n["after"])))
	}
	return lines
}

// wantLines compares lists of texts in which ids, and times, are called by names.
func (d *mutations) wantLines(about string, got []string, named map[string]string, want ...string) {
	d.Helper()
	for i, line := range got {
		for id, name := range named {
			line = strings.ReplaceAll(line, id, name)
		}
		if before, after, timed := strings.Cut(line, `"createdAt":"`); timed {
			_, after, _ = strings.Cut(after, `"`)
			line = before + `"createdAt":"…"` + after
		}
		got[i] = line
	}
	if !slices.Equal(got, want) {
		d.Errorf("%s is\n%s\nnot\n%s", about, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// sortedLines are texts in order, with ids called by names.
func sortedLines(lines []string, named map[string]string) []string {
	for i, line := range lines {
		for id, name := range named {
			line = strings.ReplaceAll(line, id, name)
		}
		before, after, timed := strings.Cut(line, `"createdAt":"`)
		if timed {
			_, after, _ = strings.Cut(after, `"`)
			line = before + `"createdAt":"…"` + after
		}
		lines[i] = line
	}
	slices.Sort(lines)
	return lines
}

// The history of tags and categories, and of the assets that had them, reports names and paths
// of each moment, when they are called otherwise and when they are gone.
func TestFilingHasHistory(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		root := d.grow("Root", "")
		leaf := d.grow("Leaf", root)
		v := d.make(`{"kind": "VIDEO", "title": "v", "tags": ["x"]}`)[0]
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "tags": {"add": ["<y>"]}, "categories": {"set": [{"id": %q}]}}]}`, v, leaf)
		x := d.done("tagRename", "id", `{"name": "x", "to": "z"}`).Tag.id()
		d.done("categoryUpdate", "id", `{"input": {"id": %q, "name": "Moved", "parentId": null}}`, leaf)
		d.done("categoryUpdate", "id", `{"input": {"id": %q, "parentId": %q}}`, leaf, root)
		merge := d.done("tagsMerge", "id", `{"from": ["z"], "into": "<y>"}`)
		y := merge.Tag.id()
		gone := d.done("categoryDelete", "id", `{"id": %q}`, root)
		named := map[string]string{root: "ROOT", leaf: "LEAF", x: "X", y: "Y"}
		d.wantLines("the history of y", d.historyOf(y), named, `created null {"name":"<y>"}`)
		d.wantLines("the set of the merge", d.setOf(merge.ChangeSet.id()), named, `nothing merged {"name":"z"} {"id":"Y","name":"<y>"}`,
			`Video tags [{"id":"X","name":"z"}] null`)
		d.wantLines("the set of the deletion", sortedLines(d.setOf(gone.ChangeSet.id()), named), named, `Video categories [{"id":"LEAF","path":["Root","Moved"]}] null`,
			`nothing deleted {"createdAt":"…","name":"Moved","parentId":"ROOT","path":["Root","Moved"]} null`,
			`nothing deleted {"createdAt":"…","name":"Root","parentId":null,"path":["Root"]} null`)
		var data struct {
			Node struct{ History struct{ Nodes []record } }
		}
		d.ask(`query($id: ID!) { node(id: $id) { ... on Asset { history(first: 100) { nodes { field before after } } } } }`, map[string]any{"id": v}, &data)
		var all []string
		for _, n := range data.Node.History.Nodes {
			all = append(all, fmt.Sprint(n["field"], " ", jsonOf(n["before"]), " ", jsonOf(n["after"])))
		}
		d.wantLines("the history of the video", all, named, `categories [{"id":"LEAF","path":["Root","Moved"]}] null`, `tags [{"id":"X","name":"z"}] null`,
			`categories [] [{"id":"LEAF","path":["Root","Leaf"]}]`, `tags [] [{"id":"Y","name":"<y>"}]`, `created null null`)
		// All comes back, and goes on with its history.
		for _, set := range []string{gone.ChangeSet.id(), merge.ChangeSet.id()} {
			if counts, refused, _ := d.undone(set, 1); counts != "DONE 1 1 1 0" || len(refused) > 0 {
				t.Errorf("undone: %s %q", counts, refused)
			}
		}
		d.wantLines("the history of x", d.historyOf(x), named, `created null {"name":"x"}`, `name "x" "z"`, `merged {"name":"z"} {"id":"Y","name":"<y>"}`, `created null {"name":"z"}`)
		d.wantLines("the history of the leaf", d.historyOf(leaf), named, `created null {"createdAt":"…","name":"Leaf","parentId":"ROOT","path":["Root","Leaf"]}`,
			`name "Leaf" "Moved"`, `parent {"id":"ROOT","path":["Root"]} null`, `parent null {"id":"ROOT","path":["Root"]}`,
			`deleted {"createdAt":"…","name":"Moved","parentId":"ROOT","path":["Root","Moved"]} null`, `created null {"createdAt":"…","name":"Moved","parentId":"ROOT","path":["Root","Moved"]}`)
	})
}

// A change that was decided on before a tag of the asset was renamed is stale where it is about
// tags, and one before a category or one above was renamed or moved, where it names paths.
func TestStaleNames(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		root := d.grow("Root", "")
		leaf := d.grow("Leaf", root)
		v := d.make(fmt.Sprintf(`{"kind": "VIDEO", "title": "v", "tags": ["a"], "categories": [{"id": %q}]}`, leaf))[0]
		d.make(tagged("other"))
		r := d.read(v, "revision")["revision"]
		try := func(change, want string) {
			t.Helper()
			p := d.callFor("assetsUpdate", "id", `{"items": [{"id": %q, "ifRevision": %v, %s}], "options": {"dryRun": true}}`, v, r, change)
			if got := strings.Join(p.errors(), ", "); got != want {
				t.Errorf("%s is refused with %q, not %q", change, got, want)
			}
		}
		const stale = "STALE_REVISION items.0.ifRevision"
		d.done("tagRename", "id", `{"name": "other", "to": "another"}`)
		try(`"tags": {"set": ["a", "n"]}`, "")
		d.done("tagRename", "id", `{"name": "a", "to": "b"}`)
		for _, tags := range []string{`{"set": ["a", "n"]}`, `{"remove": ["a"]}`, `{"add": ["a"]}`, `null`} {
			try(`"tags": `+tags, stale)
		}
		try(`"title": "t"`, "")
		try(`"categories": {"add": [{"path": ["Root"]}]}`, "")
		d.done("categoryUpdate", "id", `{"input": {"id": %q, "name": "Top"}}`, root)
		try(`"categories": {"set": [{"path": ["Top"]}]}`, stale)
		try(fmt.Sprintf(`"categories": {"set": [{"id": %q}]}`, root), "")
	})
}

// Who is limited to some categories undoes what they may do: what is below those, and not what
// belongs to all. What they do not see stays as it is.
func TestFilingOfLimitedCallers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := divide(t, db)
		grown := d.done("categoryCreate", "id", `{"input": {"name": "Grown", "parentId": %q}}`, d.films)
		grown2 := d.done("categoryCreate", "id", `{"input": {"name": "Hidden", "parentId": %q}}`, d.songs)
		rename := d.done("tagRename", "id", `{"name": "z", "to": "zz"}`)
		film := d.done("categoryUpdate", "id", `{"input": {"id": %q, "name": "Movies"}}`, d.films)
		hidden := d.done("assetsUpdate", "id", `{"items": [{"id": %q, "categories": {"add": [{"id": %q}]}}]}`, seenVideo, grown2.Category.id())
		d.limited(auth.Admin)
		for set, want := range map[string]string{rename.ChangeSet.id(): "NOT_FOUND id", film.ChangeSet.id(): "FORBIDDEN id", grown2.ChangeSet.id(): "NOT_FOUND id"} {
			if got := d.call("changeSetUndo", `{"id": %q}`, set).errors(); strings.Join(got, ", ") != want {
				t.Errorf("a set is refused with %q, not %q: %v", got, want, d.setOf(set))
			}
		}
		// The hidden category stays.
		if counts, refused, _ := d.undone(hidden.ChangeSet.id(), 1); counts != "DONE 1 1 0 0" || len(refused) > 0 {
			t.Errorf("undone: %s %q", counts, refused)
		}
		// Their own deletion comes back with its id, and the keys of it are good again.
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "categories": {"add": [{"id": %q}]}}]}`, seenVideo, grown.Category.id())
		gone := d.done("categoryDelete", "id", `{"id": %q}`, grown.Category.id())
		counts, refused, undo := d.undone(gone.ChangeSet.id(), 1)
		if counts != "DONE 1 1 1 0" || len(refused) > 0 {
			t.Errorf("undone: %s %q", counts, refused)
		}
		d.wantLines("the undo", d.setOf(undo), map[string]string{grown.Category.id(): "GROWN", d.films: "FILMS"},
			`Category created null {"createdAt":"…","name":"Grown","parentId":"FILMS","path":["Movies","Grown"]}`, `Video categories [] [{"id":"GROWN","path":["Movies","Grown"]}]`)
		whole := d.caller
		d.caller = func() *auth.Caller {
			return &auth.Caller{Name: "key", Role: auth.Viewer, Limited: true, Grants: []string{grown.Category.id()}}
		}
		if got := d.read(seenVideo, "id"); got.id() != seenVideo {
			t.Errorf("who is limited to a category that came back sees %v", got)
		}
		d.caller = whole
		// Histories have what they see, without what stands above.
		var data struct {
			Tags     struct{ Nodes []struct{ History record } }
			Category record
		}
		d.ask(`query($id: ID!) { tags { nodes { history { totalCount } } } category(id: $id) { history { totalCount nodes { field before after } } } }`, map[string]any{"id": d.films}, &data)
		for _, one := range data.Tags.Nodes {
			if one.History["totalCount"] != 0.0 {
				t.Errorf("a tag has a history: %v", one)
			}
		}
		if text := jsonOf(data.Category); strings.Contains(text, "Songs") || !strings.Contains(text, "Movies") {
			t.Errorf("the category's history is %s", text)
		}
		d.by(func() string { return "root" })
		names := d.read(seenVideo, "categories { name }")
		if text := jsonOf(names); !strings.Contains(text, "Hidden") {
			t.Errorf("the hidden category is gone: %s", text)
		}
	})
}

// The statements of verbs on tags and categories, and of the first batch of their undo, are
// as many for many assets as for few.
func TestFilingTakesTheSameStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		folder := d.grow("Folder", "")
		counts := map[string][]int{}
		for _, n := range []int{2, 60} {
			items := make([]string, n)
			for i := range items {
				items[i] = fmt.Sprintf(`{"kind": "VIDEO", "title": "v", "tags": ["x"], "categories": [{"id": %q}]}`, folder)
			}
			d.make(items...)
			for _, verb := range [][2]string{{"tagsMerge", `{"from": ["x"], "into": "y"}`}, {"tagDelete", `{"name": "x"}`}, {"categoryDelete", fmt.Sprintf(`{"id": %q}`, folder)}} {
				var p payload
				counts[verb[0]] = append(counts[verb[0]], len(db.Statements(func() { p = d.done(verb[0], "id", verb[1]) })))
				id := d.begin("changeSetUndo", `{"id": %q}`, p.ChangeSet.id())
				undo := db.Statements(func() { d.finishIn(id, func(int) int { return 500 }) })
				counts["undo "+verb[0]] = append(counts["undo "+verb[0]], len(undo))
			}
		}
		for verb, n := range counts {
			if n[0] != n[1] {
				t.Errorf("%s takes %d statements for few, and %d for many", verb, n[0], n[1])
			}
		}
	})
}
