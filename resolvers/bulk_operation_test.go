package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"

	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/limits"
)

// allForms are filters that mean every asset, and chooses those that look like it.
var (
	allForms = []string{`{}`, `{"trashed": false}`, `{"and": []}`, `{"and": [{}, {"and": [{}]}]}`,
		`{"or": [{}]}`, `{"or": [{"kinds": ["VIDEO"]}, {}]}`, `{"tags": {}}`, `{"tags": {"all": [], "none": []}}`, `{"category": {}}`,
		`{"category": {"includeDescendants": false}}`, `{"createdAt": {}}`, `{"updatedAt": {}}`,
		`{"not": {"or": []}}`, `{"not": {"kinds": []}}`, `{"not": {"not": {}}}`, `{"not": {"tags": {"any": []}}}`, `{"not": {"and": [{}, {"ids": []}]}}`}
	chooses = []string{`{"kinds": []}`, `{"or": []}`, `{"not": {}}`, `{"tags": {"any": []}}`, `{"tags": {"empty": false}}`,
		`{"category": {"in": []}}`, `{"hasCover": false}`, `{"size": {}}`, `{"not": {"kinds": ["VIDEO"]}}`, `{"or": [{"kinds": ["VIDEO"]}]}`,
		`{"createdAt": {"gt": "2020-01-01T00:00:00Z"}}`, `{"and": [{}, {"statuses": []}]}`, `{"playInfo": {}}`}
)

// Where every asset is meant that has to be said, in whatever form.
func TestBulkOperationsOnAllMustBeMeant(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.make(`{"kind": "VIDEO", "title": "a"}`, `{"kind": "IMAGE", "title": "b"}`)
		const change = `, "change": {"title": "x"}`
		verbs := map[string]string{"assetsUpdateWhere": change, "assetsTrashWhere": "", "assetsRestoreWhere": ""}
		for name, rest := range verbs {
			for _, filter := range allForms {
				for _, all := range []string{``, `, "all": false`, `, "all": null`} {
					d.refuses([]string{"ALL_REQUIRED all"}, name, `{"filter": %s%s%s}`, filter, rest, all)
				}
				operation := d.finish(d.begin(name, `{"filter": %s%s, "all": true, "options": {"dryRun": true}}`, filter, rest))
				if met := fmt.Sprint(operation["done"]); met != "2" && name != "assetsRestoreWhere" {
					t.Errorf("%s of %s meets %s", name, filter, met)
				}
			}
			for _, filter := range chooses {
				d.finish(d.begin(name, `{"filter": %s%s, "options": {"dryRun": true}}`, filter, rest))
			}
			d.refuses([]string{"INVALID options.errorPolicy"}, name, `{"filter": {"kinds": ["VIDEO"]}%s, "options": {"errorPolicy": "ATOMIC"}}`, rest)
			d.refuses([]string{"INVALID filter.not.trashed"}, name, `{"filter": {"not": {"trashed": true}}%s}`, rest)
		}
		d.refuses([]string{"INVALID options.errorPolicy"}, "changeSetUndo", `{"id": "chs_1", "options": {"errorPolicy": "ATOMIC"}}`)
		d.refuses([]string{"NOT_FOUND id"}, "changeSetUndo", `{"id": "chs_1"}`)
		d.refuses([]string{"NOT_FOUND id"}, "bulkOperationCancel", `{"id": "blk_1"}`)
	})
}

// crowded makes n videos with a tag.
func (d *mutations) crowded(n int) (ids []string) {
	d.Helper()
	for left := n; left > 0; left -= 1000 {
		item := `{"kind": "VIDEO", "title": "a", "tags": ["t"]}`
		ids = append(ids, d.make(strings.Repeat(item+", ", min(left, 1000)-1)+item)...)
	}
	return ids
}

// status is how far an operation is.
func (d *mutations) status(id string) string {
	d.Helper()
	var answer struct{ BulkOperation record }
	d.ask(`query($id: ID!) { bulkOperation(id: $id) { status matched done changed failed } }`, map[string]any{"id": id}, &answer)
	return answer.BulkOperation.counts()
}

// An operation that is ended keeps what it did, which is one set and can be undone,
// but not before it is over. It meets neither what came after the call nor twice what
// its change makes it mean anew.
func TestBulkOperationsEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.crowded(1200)
		slices.Sort(ids)
		queued := d.begin("assetsTrashWhere", `{"filter": {"tags": {"any": ["t"]}}, "all": true}`)
		d.done("bulkOperationCancel", "id", `{"id": %q}`, queued)
		d.finish(queued)
		if got := d.status(queued); got != "CANCELLED 1200 0 0 0" {
			t.Errorf("ended before it was begun, it is %s", got)
		}
		operation := d.begin("assetsUpdateWhere", `{"filter": {"tags": {"any": ["t"]}, "not": {"tags": {"any": ["gone"]}}}, "change": {"title": "b", "tags": {"add": ["u"]}}, "all": true}`)
		if held, err := d.catalog.ClaimOperation(t.Context(), "", "one", time.Minute); held != operation || err != nil {
			t.Fatal(held, err)
		}
		if db.Client.Dialect() == dialect.Postgres { // whose clock all servers share
			ahead := bulk.New(db.Client, change.Options{Now: func() time.Time { return time.Now().Add(time.Hour) }, Limits: limits.DefaultLibrary()})
			if held, err := ahead.ClaimOperation(t.Context(), "", "two", time.Minute); held != "" || err != nil {
				t.Fatalf("a server whose clock is ahead holds %q, %v", held, err)
			}
		}
		step := func(want string) {
			t.Helper()
			if _, err := d.catalog.RunBatch(t.Context(), operation, bulk.MaxBatch); err != nil || d.status(operation) != want {
				t.Fatalf("it is %s, not %s: %v", d.status(operation), want, err)
			}
		}
		d.make(`{"kind": "VIDEO", "title": "late", "tags": ["t"]}`)
		// One that is met, one to come, and one that it will not mean any more.
		d.call("assetsUpdate", `{"items": [{"id": %q, "description": "x"}, {"id": %q, "tags": {"add": ["gone"]}}]}`, ids[0], ids[700])
		step("RUNNING 1200 500 500 0")
		var answer struct{ BulkOperation record }
		d.ask(`query($id: ID!) { bulkOperation(id: $id) { changeSet { id assetCount } } }`, map[string]any{"id": operation}, &answer)
		set := answer.BulkOperation.at("changeSet", "id")
		d.refuses([]string{"NOT_UNDOABLE id"}, "changeSetUndo", `{"id": %q}`, set)
		step("RUNNING 1200 1000 1000 0")
		d.done("bulkOperationCancel", "id", `{"id": %q}`, operation)
		step("CANCELLED 1200 1000 1000 0")
		d.done("bulkOperationCancel", "id", `{"id": %q}`, operation)
		rest := d.finish(d.begin("assetsUpdateWhere", `{"filter": {"tags": {"none": ["u"]}}, "change": {"tags": {"add": ["u"]}}}`))
		if rest.counts() != "DONE 201 201 201 0" {
			t.Errorf("what the first has left is %v", rest.counts())
		}
		d.call("assetsUpdate", `{"items": [{"id": %q, "title": "c"}, {"id": %q, "title": "c", "tags": {"set": []}}]}`, ids[1], ids[2])
		undone := d.finish(d.begin("changeSetUndo", `{"id": %q}`, set))
		if undone.counts() != "DONE 1000 1000 999 2" || undone.at("changeSet", "assetCount") != 999.0 {
			t.Errorf("undone: %v", undone)
		}
		for i, want := range map[int]string{0: `{"title": "a", "tags": [{"name": "t"}]}`, 1: `{"title": "c", "tags": [{"name": "t"}]}`, 2: `{"title": "c", "tags": []}`,
			700: `{"title": "a", "tags": [{"name": "gone"}, {"name": "t"}, {"name": "u"}]}`, 1100: `{"title": "a", "tags": [{"name": "t"}, {"name": "u"}]}`} {
			d.same(d.read(ids[i], "title tags { name }"), want, fmt.Sprint("asset ", i))
		}
	})
}
