package resolvers_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vodgraph/bulk"
	"vodgraph/dbtest"
)

// begin begins an operation, and returns its id.
func (d *mutations) begin(name, args string, more ...any) string {
	d.Helper()
	p := d.call(name, args, more...)
	if len(p.UserErrors) > 0 || p.Operation == nil {
		d.Fatalf("%s: %v", name, p.errors())
	}
	return p.Operation.id()
}

// finish does an operation as a server would, and returns it as it is then.
func (d *mutations) finish(id string) record {
	d.Helper()
	return d.finishIn(id, assetsIn)
}

// finishIn is finish in steps of so many assets.
func (d *mutations) finishIn(id string, most func(step int) int) record {
	d.Helper()
	for {
		held, err := d.catalog.ClaimOperation(d.Context(), "", "test", time.Minute)
		if err != nil {
			d.Fatal(err)
		}
		if held == "" {
			break
		}
		for more, step := true, 0; more; step++ {
			if more, err = d.catalog.RunBatch(d.Context(), held, most(step)); err != nil {
				d.Fatal(err)
			}
		}
	}
	var answer struct{ BulkOperation record }
	d.ask(`query($id: ID!) { bulkOperation(id: $id) { status note dryRun actor matched done changed failed startedAt finishedAt
		changeSet { id assetCount note actor undoes { id } } failures(first: 100) { totalCount nodes { assetId asset { title } errors { code field } } } } }`,
		map[string]any{"id": id}, &answer)
	return answer.BulkOperation
}

// assetsIn is how many assets the steps of an operation meet: few and many.
func assetsIn(step int) int { return 1 + step%3*(bulk.MaxBatch-1)/2 }

// counts are what became of an operation.
func (r record) counts() string {
	return fmt.Sprint(r["status"], " ", r["matched"], " ", r["done"], " ", r["changed"], " ", r["failed"])
}

func (d *mutations) titles(filter string) []string {
	d.Helper()
	var answer struct {
		Assets struct{ Nodes []struct{ Title string } }
	}
	d.ask(`{ assets(filter: `+filter+`, orderBy: [{field: TITLE}], first: 100) { nodes { title } } }`, nil, &answer)
	titles := []string{}
	for _, n := range answer.Assets.Nodes {
		titles = append(titles, n.Title)
	}
	return titles
}

func TestOperationsChangeWhatAFilterMeans(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.make(`{"kind": "VIDEO", "title": "a", "tags": ["t"]}`, `{"kind": "VIDEO", "title": "b", "tags": ["t"]}`,
			`{"kind": "IMAGE", "title": "c", "tags": ["t"]}`, `{"kind": "VIDEO", "title": "d"}`)

		tried := d.finish(d.begin("assetsUpdateWhere", `{"filter": {"tags": {"any": ["t"]}},
			"change": {"downloadEnabled": false, "tags": {"remove": ["t"], "add": ["u"]}}, "options": {"dryRun": true, "note": "try"}}`))
		if tried.counts() != "DONE 3 3 2 1" || tried["changeSet"] != nil {
			t.Errorf("the dry run: %v", tried)
		}
		if diff := cmp.Diff([]string{"a", "b", "c"}, d.titles(`{tags: {any: ["t"]}}`)); diff != "" {
			t.Errorf("after the dry run: %s", diff)
		}
		done := d.finish(d.begin("assetsUpdateWhere", `{"filter": {"tags": {"any": ["t"]}},
			"change": {"downloadEnabled": false, "tags": {"remove": ["t"], "add": ["u"]}}, "options": {"note": "now"}}`))
		if done.counts() != "DONE 3 3 2 1" || done.at("changeSet", "assetCount") != 2.0 || done.at("changeSet", "note") != "now" {
			t.Errorf("the operation: %v", done)
		}
		if done.at("failures", "nodes", 0, "errors", 0, "code") != "WRONG_KIND" || done.at("failures", "nodes", 0, "asset", "title") != "c" {
			t.Errorf("the failures: %v", done["failures"])
		}
		if diff := cmp.Diff([]string{"a", "b"}, d.titles(`{tags: {any: ["u"]}}`)); diff != "" {
			t.Errorf("after the operation: %s", diff)
		}
		trashed := d.finish(d.begin("assetsTrashWhere", `{"filter": {"kinds": ["VIDEO"]}}`))
		if trashed.counts() != "DONE 3 3 3 0" || len(d.titles(`{}`)) != 1 || len(d.titles(`{trashed: true}`)) != 3 {
			t.Errorf("the trash: %v, %v", trashed, d.titles(`{trashed: true}`))
		}
		back := d.finish(d.begin("changeSetUndo", `{"id": %q}`, trashed.at("changeSet", "id")))
		if back.counts() != "DONE 3 3 3 0" || len(d.titles(`{}`)) != 4 || back.at("changeSet", "undoes", "id") != trashed.at("changeSet", "id") {
			t.Errorf("undone: %v, %v", back, d.titles(`{}`))
		}
	})
}

func TestUndoLeavesWhatWasChangedSince(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(`{"kind": "VIDEO", "title": "a", "tags": ["t", "keep"], "userData": {"n": 1}}`, `{"kind": "VIDEO", "title": "b", "tags": ["t"]}`)
		set := d.callFor("assetsUpdate", "id", `{"items": [{"id": %q, "title": "A", "description": "x", "userData": {"merge": {"n": 2}},
			"tags": {"remove": ["t"], "add": ["u", "v"]}}, {"id": %q, "title": "B"}]}`, ids[0], ids[1]).ChangeSet.id()
		d.call("assetsUpdate", `{"items": [{"id": %q, "title": "AA", "tags": {"remove": ["v"], "add": ["w"]}}]}`, ids[0])
		undone := d.finish(d.begin("changeSetUndo", `{"id": %q}`, set))
		if undone.counts() != "DONE 2 2 2 1" || undone.at("failures", "nodes", 0, "errors", 0, "code") != "CHANGED_SINCE" {
			t.Errorf("undone: %v", undone)
		}
		got := d.read(ids[0], "title description userData tags { name }")
		want := record{"title": "AA", "description": nil, "userData": map[string]any{"n": 1.0},
			"tags": []any{map[string]any{"name": "keep"}, map[string]any{"name": "t"}, map[string]any{"name": "w"}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the first (-want +got):\n%s", diff)
		}
		if got := d.read(ids[1], "title"); got["title"] != "b" {
			t.Errorf("the second: %v", got)
		}
		again := d.finish(d.begin("changeSetUndo", `{"id": %q}`, undone.at("changeSet", "id")))
		if again.counts() != "DONE 2 2 2 0" {
			t.Errorf("the undoing undone: %v", again)
		}
		if got := d.read(ids[1], "title"); got["title"] != "B" {
			t.Errorf("the second: %v", got)
		}
	})
}
