package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/dbtest"
)

// undo undoes a set, wants that to come to these counts and failures, each
// "CODE place", and returns the set of the undoing; empty where nothing was changed.
func (d *mutations) undo(set, counts string, failures ...string) string {
	d.Helper()
	done := d.finish(d.begin("changeSetUndo", `{"id": %q}`, set))
	var got []string
	for _, node := range done.at("failures", "nodes").([]any) {
		for _, e := range record(node.(map[string]any))["errors"].([]any) {
			e := record(e.(map[string]any))
			got = append(got, strings.TrimSpace(fmt.Sprint(e["code"], " ", strings.Join(texts(e["field"]), "."))))
		}
	}
	if done.counts() != "DONE "+counts || !slices.Equal(got, failures) {
		d.Errorf("undone: %s with %q, not %s with %q", done.counts(), got, counts, failures)
	}
	if done["changeSet"] == nil {
		return ""
	}
	return done.at("changeSet", "id").(string)
}

// changed makes a call that must not be refused, and returns its set.
func (d *mutations) changed(name, args string, more ...any) string {
	d.Helper()
	return d.done(name, "id", args, more...).ChangeSet.id()
}

// lastSet is the newest set.
func (d *mutations) lastSet() string {
	d.Helper()
	var answer struct{ ChangeSets struct{ Nodes []record } }
	d.ask(`{ changeSets(first: 1) { nodes { id } } }`, nil, &answer)
	return answer.ChangeSets.Nodes[0].id()
}

// What was made goes to the trash; what went there comes back, and the reverse; each
// undoing can be undone. A deletion for good cannot.
func TestBulkUndoGoesBackAndForth(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		made := d.changed("assetsCreate", `{"items": [{"kind": "VIDEO", "title": "a"}, {"kind": "IMAGE", "title": "b"}]}`)
		away := d.undo(made, "2 2 2 0")
		if len(d.titles(`{}`)) != 0 || len(d.titles(`{trashed: true}`)) != 2 {
			t.Errorf("what was made is not in the trash: %v", d.titles(`{trashed: null}`))
		}
		d.undo(made, "2 2 0 0")
		back := d.undo(away, "2 2 2 0")
		if len(d.titles(`{}`)) != 2 {
			t.Errorf("what was undone is not undone")
		}
		again := d.undo(back, "2 2 2 0")
		restored := d.finish(d.begin("assetsRestoreWhere", `{"filter": {"kinds": ["VIDEO"]}}`)).at("changeSet", "id").(string)
		d.undo(again, "2 2 1 1", "CHANGED_SINCE trashedAt")
		d.undo(restored, "1 1 1 0")
		if got := d.titles(`{trashed: true}`); !slices.Equal(got, []string{"a"}) {
			t.Errorf("in the trash are %v", got)
		}
		// One that went there again since was not put there by the first set.
		ids := d.make(`{"kind": "VIDEO", "title": "c"}`)
		first := d.changed("assetsTrash", `{"assets": [{"id": %q}]}`, ids[0])
		d.changed("assetsRestore", `{"assets": [{"id": %q}]}`, ids[0])
		d.changed("assetsTrash", `{"assets": [{"id": %q}]}`, ids[0])
		d.undo(first, "1 1 0 1", "CHANGED_SINCE trashedAt")

		gone := d.changed("assetsDelete", `{"assets": [{"id": %q}]}`, ids[0])
		d.refuses([]string{"NOT_UNDOABLE id"}, "changeSetUndo", `{"id": %q}`, gone)
		d.undo(first, "1 1 0 1", "NOT_FOUND")
	})
}

// Reference ids that were handed from one to another go back the same way.
func TestBulkUndoHandsReferenceIdsBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(`{"kind": "VIDEO", "title": "a", "referenceId": "1"}`, `{"kind": "VIDEO", "title": "b", "referenceId": "2"}`, `{"kind": "VIDEO", "title": "c", "referenceId": "3"}`)
		slices.Sort(ids) // as they are met
		want := func(about string, keys ...string) {
			t.Helper()
			for i, key := range keys {
				if got := d.read(ids[i], "referenceId")["referenceId"]; fmt.Sprint(got) != key {
					t.Errorf("%s, asset %d has %v, not %s", about, i, got, key)
				}
			}
		}
		forward := d.changed("assetsUpdate", `{"items": [{"id": %q, "newReferenceId": "4"}, {"id": %q, "newReferenceId": "3"}, {"id": %q, "newReferenceId": "2"}]}`, ids[2], ids[1], ids[0])
		want("handed on", "2", "3", "4")
		undone := d.undo(forward, "3 3 3 0")
		want("undone", "1", "2", "3")
		d.undo(undone, "3 3 3 0")
		want("undone again", "2", "3", "4")
		d.changed("assetsUpdate", `{"items": [{"id": %q, "newReferenceId": null}]}`, ids[2])
		d.make(`{"kind": "VIDEO", "title": "d", "referenceId": "1"}`)
		// The first cannot have the 1 again, and so keeps the 2; then the second keeps
		// the 3, and the third has changed.
		d.undo(forward, "3 3 0 3", "REFERENCE_ID_TAKEN referenceId", "REFERENCE_ID_TAKEN referenceId", "CHANGED_SINCE referenceId")
		want("not undone", "2", "3", "<nil>")
	})
}

// What cannot go back is reported, while the rest goes back, even if it is of that one
// asset alone.
func TestBulkUndoReportsWhatCannotGoBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		folder := d.grow("folder", "")
		ids := d.make(`{"kind": "IMAGE", "title": "i"}`, `{"kind": "ATTACHMENT", "title": "t", "attachmentType": "SUBTITLE"}`)
		v := d.make(fmt.Sprintf(`{"kind": "VIDEO", "title": "a", "tags": ["t", "u"], "cover": {"image": {"id": %q}}, "categories": [{"id": %q}], "userData": {"n": 1}}`, ids[0], folder))[0]
		set := d.changed("assetsUpdate", `{"items": [{"id": %q, "title": "b", "description": "x", "tags": null, "cover": null, "categories": null, "userData": {"merge": {"n": 2}}}]}`, v)
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "title": "c", "userData": {"merge": {"m": 1}}}]}`, v)
		d.done("assetsDelete", "id", `{"assets": [{"id": %q}]}`, ids[0])
		d.done("categoryDelete", "id", `{"id": %q}`, folder)
		d.done("tagDelete", "id", `{"name": "t"}`)
		before := d.revision()
		undone := d.undo(set, "1 1 1 1", "CHANGED_SINCE title", "CHANGED_SINCE userData", "NOT_UNDOABLE tags", "NOT_UNDOABLE categories", "NOT_UNDOABLE cover")
		const selection = `title description userData tags { name } categories { id } revision ... on Video { cover { ... on Image { id } } }`
		d.same(d.read(v, selection), fmt.Sprintf(`{"title": "c", "description": null, "userData": {"n": 2, "m": 1}, "tags": [],
			"categories": [], "cover": null, "revision": %d}`, before+1), "what went back")
		if d.revision() != before+1 {
			t.Errorf("the undoing took the library from %d to %d", before, d.revision())
		}
		var answer struct{ ChangeSet record }
		d.ask(`query($id: ID!) { changeSet(id: $id) { assetCount undoes { id } changes { nodes { field before after } } } }`, map[string]any{"id": undone}, &answer)
		var fields []string
		for _, c := range answer.ChangeSet.at("changes", "nodes").([]any) {
			fields = append(fields, fmt.Sprint(c.(map[string]any)["field"]))
		}
		if slices.Sort(fields); !slices.Equal(fields, []string{"description"}) || answer.ChangeSet.at("undoes", "id") != set || answer.ChangeSet["assetCount"] != 1.0 {
			t.Errorf("the undoing is %v", answer.ChangeSet)
		}
		d.undo(undone, "1 1 1 0")
		// Of what machines put the values are not kept.
		d.done("snapshotsPut", "id", `{"items": [{"asset": {"id": %q}, "type": "NORMAL", "jobId": "j", "items": [{"index": 0}]}]}`, v)
		d.undo(d.lastSet(), "1 1 0 1", "NOT_UNDOABLE snapshots")
	})
}

// An undoing does not give an asset more than it may have.
func TestBulkUndoKeepsLimits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		var many []string
		for n := range 50 { // as many as an asset may have
			many = append(many, fmt.Sprintf(`"t%d"`, n))
		}
		v := d.make(`{"kind": "VIDEO", "title": "a", "tags": ["a", "b"]}`)[0]
		set := d.changed("assetsUpdate", `{"items": [{"id": %q, "title": "b", "tags": {"remove": ["a", "b"]}}]}`, v)
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "tags": {"add": [%s]}}]}`, v, strings.Join(many[:49], ", "))
		d.undo(set, "1 1 1 1", "TOO_MANY_TAGS tags")
		got := d.read(v, `title tags { name }`)
		if tags := got["tags"].([]any); got["title"] != "a" || len(tags) != 49 {
			t.Errorf("%q has %d tags", got["title"], len(tags))
		}
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "tags": {"remove": ["t0"]}}]}`, v)
		d.undo(set, "1 1 1 1", "CHANGED_SINCE title")
		if tags := d.read(v, `tags { name }`)["tags"].([]any); len(tags) != 50 {
			t.Errorf("it has %d tags", len(tags))
		}
	})
}
