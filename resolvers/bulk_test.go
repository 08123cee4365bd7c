package resolvers_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/dbtest"
)

// rows are how many rows each table has, and what is given by the library's own.
func (d *mutations) rows() map[string]int {
	d.Helper()
	list := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if strings.HasSuffix(d.Name(), "postgres") {
		list = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
	}
	found, err := d.db.SQL.QueryContext(d.Context(), list)
	if err != nil {
		d.Fatal(err)
	}
	defer found.Close()
	var tables []string
	for found.Next() {
		var name string
		if err := found.Scan(&name); err != nil {
			d.Fatal(err)
		}
		tables = append(tables, name)
	}
	counts := map[string]int{"revision": int(d.revision())}
	for _, table := range tables {
		var n int
		if err := d.db.SQL.QueryRowContext(d.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
			d.Fatal(err)
		}
		counts[table] = n
	}
	if len(tables) < 20 {
		d.Fatalf("there are the tables %v", tables)
	}
	return counts
}

// A dry run writes nothing, whatever it reports; one of an operation writes down what
// it came to, and nothing else.
func TestBulkDryRunsWriteNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(`{"kind": "IMAGE", "title": "i"}`, `{"kind": "VIDEO", "title": "a", "tags": ["t"]}`)
		d.call("assetsUpdate", `{"items": [{"id": %q, "cover": {"image": {"id": %q}}}]}`, ids[1], ids[0])
		set := d.callFor("assetsUpdate", "id", `{"items": [{"id": %q, "title": "b", "tags": {"set": ["u"]}}]}`, ids[1]).ChangeSet.id()
		d.call("assetsTrash", `{"assets": [{"id": %q}]}`, ids[0])
		before := d.rows()
		const options = `"options": {"dryRun": true, "idempotencyKey": "k", "note": "n"}`
		for _, call := range [][2]string{
			{"assetsCreate", `{"items": [{"kind": "VIDEO", "title": "x", "tags": ["new"]}], ` + options + `}`},
			{"assetsUpdate", fmt.Sprintf(`{"items": [{"id": %q, "title": "x", "tags": {"add": ["new"]}, "cover": null}], %s}`, ids[1], options)},
			{"assetsSetStatus", fmt.Sprintf(`{"items": [{"id": %q, "to": "CHECKING"}], %s}`, ids[1], options)},
			{"assetsTrash", fmt.Sprintf(`{"assets": [{"id": %q}], %s}`, ids[1], options)},
			{"assetsRestore", fmt.Sprintf(`{"assets": [{"id": %q}], %s}`, ids[0], options)},
			{"assetsDelete", fmt.Sprintf(`{"assets": [{"id": %q}], "force": true, %s}`, ids[0], options)},
		} {
			p := d.callFor(call[0], "id title trashedAt", call[1])
			if p.ChangedCount != 1 || p.FailedCount != 0 || p.Revision != nil || p.ChangeSet != nil || len(p.UserErrors) > 0 {
				t.Errorf("%s has the dry run %+v", call[0], p)
			}
			if made := p.Results[0].Outcome == "CREATED"; made != (p.Results[0].ID == "") || made != (p.Results[0].Asset == nil) {
				t.Errorf("%s has the dry run %+v", call[0], p.Results[0])
			}
			if diff := cmp.Diff(before, d.rows()); diff != "" {
				t.Errorf("%s, as a dry run, wrote: %s", call[0], diff)
			}
		}
		for _, call := range [][2]string{
			{"assetsUpdateWhere", `{"filter": {"kinds": ["VIDEO"]}, "change": {"tags": {"add": ["new"]}}, ` + options + `}`},
			{"assetsTrashWhere", `{"filter": {"kinds": ["VIDEO"]}, ` + options + `}`},
			{"assetsRestoreWhere", `{"filter": {"kinds": ["IMAGE"]}, ` + options + `}`},
			{"changeSetUndo", fmt.Sprintf(`{"id": %q, %s}`, set, options)},
		} {
			if done := d.finish(d.begin(call[0], call[1])); done.counts() != "DONE 1 1 1 0" || done["dryRun"] != true || done["note"] != "n" || done["changeSet"] != nil {
				t.Errorf("%s has the dry run %v", call[0], done)
			}
			before["bulk_operations"]++
			before["previews"] = d.rows()["previews"] // which are nothing of the library
			if diff := cmp.Diff(before, d.rows()); diff != "" {
				t.Errorf("%s, as a dry run, wrote: %s", call[0], diff)
			}
		}
		d.same(d.read(ids[1], "title trashedAt tags { name } ... on Video { cover { ... on Image { id } } }"),
			fmt.Sprintf(`{"title": "b", "trashedAt": null, "tags": [{"name": "u"}], "cover": {"id": %q}}`, ids[0]), "the video")
	})
}

// Fifty who change one asset at the revision that they saw: none undoes what another
// did, and the history reports it in order.
func TestBulkWritersLoseNoUpdate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		const writers = 50
		d := write(t, db)
		id := d.make(`{"kind": "VIDEO", "title": "0", "userData": {"n": 0}}`)[0]
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for !d.oneMore(id) && !t.Failed() {
				}
			})
		}
		wg.Wait()
		d.same(d.read(id, "userData title"), fmt.Sprintf(`{"userData": {"n": %d}, "title": "%[1]d"}`, writers), "the asset")
		reported := d.retitlings(id)
		if len(reported) != writers {
			t.Errorf("the history has %d changes, not %d", len(reported), writers)
		}
		var before string
		for i, e := range reported {
			if want := fmt.Sprint(writers-i, " of ", writers-i+1); e.title != want || i > 0 && e.after != before {
				t.Errorf("change %d from the end is %+v, not %s, and the next found %s", i, e, want, before)
			}
			before = e.before
		}
	})
}

// retitled is a change of a title in a history.
type retitled struct{ title, before, after string }

// retitlings are the changes of an asset's title, the last first, as "title of revision".
func (d *mutations) retitlings(id string) (all []retitled) {
	d.Helper()
	changes := d.read(id, "history(first: 100) { nodes { field before after revision } }").at("history", "nodes").([]any)
	for _, one := range changes {
		if c := record(one.(map[string]any)); c["field"] == "title" {
			all = append(all, retitled{fmt.Sprint(c["after"], " of ", c["revision"]), fmt.Sprint(c["before"]), fmt.Sprint(c["after"])})
		}
	}
	return all
}

// oneMore adds one to what an asset counts, unless another was faster.
func (d *mutations) oneMore(id string) bool {
	d.Helper()
	var data struct {
		Node struct {
			Revision int64
			UserData struct{ N int }
		}
		AssetsUpdate payload
	}
	a := d.send(`query($id: ID!) { node(id: $id) { ... on Asset { revision userData } } }`, map[string]any{"id": id})
	if err := json.Unmarshal(a.Data, &data); err != nil || len(a.Errors) > 0 {
		d.Errorf("%v %v", err, a.Errors)
		return true
	}
	n := data.Node.UserData.N + 1
	args := map[string]any{"items": []any{map[string]any{"id": id, "ifRevision": data.Node.Revision,
		"title": fmt.Sprint(n), "userData": map[string]any{"set": map[string]any{"n": n}}}}}
	a = d.send(d.document("assetsUpdate", args, "id"), args)
	if err := json.Unmarshal(a.Data, &data); err != nil || len(a.Errors) > 0 {
		d.Errorf("%v %v", err, a.Errors)
		return true
	}
	errors := data.AssetsUpdate.errors()
	if len(errors) > 0 && !slices.Equal(errors, []string{"STALE_REVISION items.0.ifRevision"}) {
		d.Errorf("refused with %v", errors)
	}
	return len(errors) == 0
}
