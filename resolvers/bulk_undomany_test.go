package resolvers_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"vodgraph/dbtest"
)

// manyUndone is a library of many videos that one caller has changed in four fields,
// and another then some of them in one of these.
type manyUndone struct {
	*mutations
	ids    []string       // of all, as operations meet them
	edited map[string]int // of the other caller, and where in the list
}

// The values of a video of manyUndone: from the first, and as the operation has them.
// The title stands in front of them.
const (
	asMade    = `, "description": null, "userData": {"n": 1}, "tags": [{"name": "t"}]}`
	asChanged = `, "description": "d", "userData": {"n": 1, "m": 2}, "tags": [{"name": "t"}, {"name": "u"}]}`
)

// Of a change of many assets all goes back but what another caller has changed since:
// those assets are reported, page by page and with the reason, and get back their other
// fields. The undoing is undone in turn. It is 1,000 assets and 25 of them, and 20,000
// and 500 with SOAK.
func TestBulkUndoOfMany(t *testing.T) {
	t.Parallel()
	assets, edited := 1000, 25
	if os.Getenv("SOAK") != "" {
		assets, edited = 20_000, 500
	}
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		actor := "ann"
		d := write(t, db)
		d.by(func() string { return actor })
		m := &manyUndone{mutations: d, edited: map[string]int{}}
		for len(m.ids) < assets {
			item := `{"kind": "VIDEO", "title": "a", "tags": ["t"], "userData": {"n": 1}}`
			m.ids = append(m.ids, d.make(slices.Repeat([]string{item}, min(1000, assets-len(m.ids)))...)...)
		}
		slices.Sort(m.ids)
		set := m.over("assetsUpdateWhere", fmt.Sprint("DONE ", assets, assets, assets, 0), assets, `{"filter": {"tags": {"any": ["t"]}},
			"change": {"title": "b", "description": "d", "tags": {"add": ["u"]}, "userData": {"merge": {"m": 2}}}, "all": true}`)
		m.compare("b", asChanged)
		actor = "bob"
		m.edit(edited)
		m.compare("b", asChanged)

		actor = "ann"
		undone := m.over("changeSetUndo", fmt.Sprint("DONE ", assets, assets, assets, edited), assets, `{"id": %q}`, set)
		m.compare("a", asMade)
		again := m.over("changeSetUndo", fmt.Sprint("DONE ", assets, assets, assets, 0), assets, `{"id": %q}`, undone)
		m.compare("b", asChanged)
		// And once more, as at first.
		m.over("changeSetUndo", fmt.Sprint("DONE ", assets, assets, assets, 0), assets, `{"id": %q}`, again)
		m.compare("a", asMade)
	})
}

// over does an operation to its end, wants these counts of it and so many assets in
// its set, in as many mutations as there are batches, and returns the set. Where it is to
// fail of some, these must be those that another caller has edited.
func (m *manyUndone) over(name, counts string, assets int, args string, more ...any) string {
	m.Helper()
	began, before := time.Now(), m.revision()
	id := m.begin(name, args, more...)
	done := m.finish(id)
	if done.counts() != counts || done.at("changeSet", "assetCount") != float64(assets) || done.at("changeSet", "actor") != "ann" {
		m.Errorf("%s is %s with %v, not %s", name, done.counts(), done["changeSet"], counts)
	}
	want := int64(0)
	for left := assets; left > 0; want++ {
		left -= assetsIn(int(want))
	}
	if mutations := m.revision() - before; mutations != want {
		m.Errorf("%s took %d mutations, not %d", name, mutations, want)
	}
	failed := m.failures(id)
	m.Logf("%s: %s in %.1f s", name, counts, time.Since(began).Seconds())
	if strings.HasSuffix(counts, " 0") != (len(failed) == 0) {
		m.Errorf("%s is %s, and failed of %d", name, counts, len(failed))
	}
	return done.at("changeSet", "id").(string)
}

// edit has another caller give some videos, all over the library, titles of their own.
func (m *manyUndone) edit(count int) {
	m.Helper()
	var items []string
	for i := 0; i < len(m.ids); i += len(m.ids) / count {
		m.edited[m.ids[i]] = i
		items = append(items, fmt.Sprintf(`{"id": %q, "title": "c %d"}`, m.ids[i], i))
	}
	p := m.done("assetsUpdate", "id", `{"items": [`+strings.Join(items, ", ")+`]}`)
	if p.ChangedCount != count {
		m.Fatalf("%d were edited", p.ChangedCount)
	}
}

// failures pages through what an operation has failed of, where it has. It wants
// these to be all that were edited, in the order in which they are met.
func (m *manyUndone) failures(id string) (failed []string) {
	m.Helper()
	const page = 20
	for after, more := any(nil), true; more; {
		var data struct{ BulkOperation record }
		m.ask(`query($id: ID!, $first: Int, $after: Cursor) { bulkOperation(id: $id) { failures(first: $first, after: $after) { totalCount
			nodes { assetId line asset { title } errors { code message field } } pageInfo { hasNextPage endCursor } } } }`,
			map[string]any{"id": id, "first": page, "after": after}, &data)
		list := record(data.BulkOperation.at("failures").(map[string]any))
		nodes := list["nodes"].([]any)
		if more = list.at("pageInfo", "hasNextPage").(bool); more && len(nodes) != page {
			m.Errorf("a page has %d failures, and more follow", len(nodes))
		}
		if after = list.at("pageInfo", "endCursor"); len(nodes) > 0 && list["totalCount"] != float64(len(m.edited)) {
			m.Errorf("there are %v failures", list["totalCount"])
		}
		for _, node := range nodes {
			asset := record(node.(map[string]any))["assetId"].(string)
			m.same(node, fmt.Sprintf(`{"assetId": %q, "line": null, "asset": {"title": "c %d"}, "errors": [{"code": "CHANGED_SINCE",
				"message": "The field was changed since.", "field": ["title"]}]}`, asset, m.edited[asset]), "a failure")
			failed = append(failed, asset)
		}
	}
	var want []string
	for _, asset := range m.ids {
		if _, edited := m.edited[asset]; edited {
			want = append(want, asset)
		}
	}
	if len(failed) > 0 && !slices.Equal(failed, want) {
		m.Errorf("it failed of %v, not of %v", failed, want)
	}
	return failed
}

// compare wants all videos to have a title, but for those that were edited, and these
// values.
func (m *manyUndone) compare(title, values string) {
	m.Helper()
	met := map[string]bool{}
	for after, more := any(nil), true; more; {
		var data struct{ Assets record }
		m.ask(`query($after: Cursor) { assets(first: 100, after: $after) { nodes { id title description userData tags { name } }
			pageInfo { hasNextPage endCursor } } }`, map[string]any{"after": after}, &data)
		for _, node := range data.Assets["nodes"].([]any) {
			got, want := record(node.(map[string]any)), title
			id := got.id()
			if i, edited := m.edited[id]; edited {
				want = fmt.Sprint("c ", i)
			}
			m.same(got, fmt.Sprintf(`{"id": %q, "title": %q`, id, want)+values, "a video")
			if met[id] = true; m.Failed() {
				m.FailNow()
			}
		}
		more, after = data.Assets.at("pageInfo", "hasNextPage").(bool), data.Assets.at("pageInfo", "endCursor")
	}
	if len(met) != len(m.ids) {
		m.Errorf("there are %d videos, not %d", len(met), len(m.ids))
	}
}
