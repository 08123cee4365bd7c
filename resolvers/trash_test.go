package resolvers_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vodgraph/dbtest"
	"vodgraph/ent/asset"
	"vodgraph/fault"
)

// trashed is whether an asset goes to the trash in these tests.
func trashed(id string) bool { return strings.ContainsAny(id[len(id)-1:], "345") }

// throw puts some of a world into the trash.
func throw(t *testing.T, db *dbtest.DB) {
	t.Helper()
	ids := slices.DeleteFunc(db.Client.Asset.Query().IDsX(t.Context()), func(id string) bool { return !trashed(id) })
	db.Client.Asset.Update().Where(asset.IDIn(ids...)).SetTrashedAt(epoch.Add(time.Hour)).ExecX(t.Context())
}

// page is a list with its length, wherever it stands in an answer.
type page struct {
	Nodes []struct {
		ID        string
		TrashedAt *time.Time
	}
	TotalCount int
}

// list asks for the one list of a request.
func (s *server) list(query string) (p page) {
	s.Helper()
	var data any
	s.ask(query, nil, &data)
	for {
		object, ok := data.(map[string]any)
		if !ok {
			s.Fatalf("%s has no list: %v", query, data)
		}
		if _, ok := object["nodes"]; ok {
			text, err := json.Marshal(object)
			if err != nil {
				s.Fatal(err)
			}
			if err := json.Unmarshal(text, &p); err != nil {
				s.Fatal(err)
			}
			return p
		}
		for _, below := range object {
			data = below
		}
	}
}

func (p page) ids() []string {
	ids := make([]string, len(p.Nodes))
	for i, n := range p.Nodes {
		ids[i] = n.ID
	}
	return ids
}

// Every list of assets and every count leaves out what is in the trash, unless
// its filter asks for it.
func TestListsLeaveOutTheTrash(t *testing.T) {
	t.Parallel()
	const selected = ") { nodes { id trashedAt } totalCount } }"
	lists := []string{"{ assets(first: 100", "{ videos(first: 100", "{ audios(last: 100", "{ images(first: 100", "{ attachments(first: 100", "{ search(first: 100"}
	var below []string
	for i := range 3 {
		below = append(below,
			fmt.Sprintf("{ category(id: %q) { assets(first: 100", id("cat", i)),
			fmt.Sprintf("{ category(id: %q) { assets(includeDescendants: false, first: 100", id("cat", 10+i)),
			fmt.Sprintf(`{ tag(name: "tag %c") { assets(first: 100`, 'd'+i))
	}
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		build(t, db, 8)
		s := seekers(t, db, nil)
		check := func(query, end string) {
			before := s.list(query + selected + end)
			throw(t, db)
			var want, thrown []string
			for _, id := range before.ids() {
				if trashed(id) {
					thrown = append(thrown, id)
				} else {
					want = append(want, id)
				}
			}
			for filter, want := range map[string][]string{
				"": want, ", filter: {}": want, ", filter: {trashed: false}": want, ", filter: {trashed: true}": thrown, ", filter: {trashed: null}": before.ids(),
			} {
				got := s.list(query + filter + selected + end)
				if !slices.Equal(got.ids(), want) || got.TotalCount != len(want) {
					t.Errorf("%s%s: %d: %v, want %v", query, filter, got.TotalCount, got.ids(), want)
				}
				for _, n := range got.Nodes {
					if (n.TrashedAt != nil) != trashed(n.ID) {
						t.Errorf("%s is in the trash since %v", n.ID, n.TrashedAt)
					}
				}
			}
			if len(thrown) == 0 {
				t.Errorf("%s has nothing in the trash", query)
			}
			db.Client.Asset.Update().ClearTrashedAt().ExecX(t.Context())
		}
		for _, query := range lists {
			check(query, "")
		}
		for _, query := range below {
			check(query, "}")
		}
	})
}

// What lists of no filter say of the trash, and what is shown of an asset in it.
func TestTheTrashIsShownOnlyWhereItIsNamed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		build(t, db, 8)
		s := seekers(t, db, nil)
		throw(t, db)
		s.answers(`{ many: node(id: "img_00000000000000000000000004") { ... on Image { coverOf { nodes { id } totalCount } } }
			kept: node(id: "img_00000000000000000000000006") { ... on Image { coverOf { nodes { id } totalCount } } }
			used: node(id: "att_00000000000000000000000003") { ... on Attachment { usedBy { nodes { id } totalCount } } }
			category(id: "cat_00000000000000000000000001") { assetCount none: assetCount(includeDescendants: false) children { assetCount } }
			tag(name: "tag b") { assetCount }
			tags(orderBy: {field: ASSET_COUNT}) { nodes { name assetCount } totalCount } }`,
			`{"many":{"coverOf":{"nodes":[],"totalCount":0}},"kept":{"coverOf":{"nodes":[{"id":"vid_00000000000000000000000006"}],"totalCount":1}},
			"used":{"usedBy":{"nodes":[],"totalCount":0}},
			"category":{"assetCount":8,"none":0,"children":[{"assetCount":8},{"assetCount":8}]},
			"tag":{"assetCount":16},
			"tags":{"nodes":[{"name":"tag e","assetCount":0},{"name":"tag f","assetCount":0},{"name":"tag d","assetCount":4},{"name":"tag a","assetCount":8},{"name":"tag c","assetCount":12},{"name":"tag b","assetCount":16}],"totalCount":6}}`)
		s.answers(`{ asset(referenceId: "vid-3") { id trashedAt ... on Video { attachments { attachment { id trashedAt } } aiData { duplicates { nodes { asset { id trashedAt } } } } } }
			nodes(ids: ["aud_00000000000000000000000004", "vid_00000000000000000000000004"]) { ... on Asset { id trashedAt } ... on Video { cover { ... on Image { id trashedAt } } } } }`,
			`{"asset":{"id":"vid_00000000000000000000000003","trashedAt":"2026-01-02T04:04:05.678Z",
			  "attachments":[{"attachment":{"id":"att_00000000000000000000000003","trashedAt":"2026-01-02T04:04:05.678Z"}}],
			  "aiData":{"duplicates":{"nodes":[{"asset":{"id":"vid_00000000000000000000000004","trashedAt":"2026-01-02T04:04:05.678Z"}},{"asset":{"id":"vid_00000000000000000000000002","trashedAt":null}}]}}},
			"nodes":[{"id":"aud_00000000000000000000000004","trashedAt":"2026-01-02T04:04:05.678Z"},
			  {"id":"vid_00000000000000000000000004","trashedAt":"2026-01-02T04:04:05.678Z","cover":{"id":"img_00000000000000000000000004","trashedAt":"2026-01-02T04:04:05.678Z"}}]}`)
	})
}

// answers wants a request to be answered so.
func (s *server) answers(query, want string) {
	s.Helper()
	var got, wanted any
	s.ask(query, nil, &got)
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		s.Fatal(err)
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		s.Errorf("%s: -want +got\n%s", query, diff)
	}
}

// A search finds and counts nothing of the trash unless it is asked to, whoever
// answers: an engine, one that was not synced yet, and the database.
func TestSearchLeavesOutTheTrash(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		diverse(t, db, 8)
		stale := seekers(t, db, inBleve(t, db))
		throw(t, db)
		engine, database := seekers(t, db, inBleve(t, db)), seekers(t, db, nil)
		for _, filter := range []string{``, `filter: {}, `, `filter: {trashed: false}, `, `filter: {trashed: true}, `, `filter: {trashed: null}, `, `filter: {trashed: true, kinds: [VIDEO]}, `} {
			const facets = `facets: [{field: KIND}, {field: CATEGORY}, {field: TAG}, {field: DEFINITION}, {field: STORAGE_LOCATION}], first: 100`
			want := engine.seek(`text: "other", ` + filter + facets)
			if n := len(want.ids()); n == 0 || n != want.Search.TotalCount {
				t.Errorf("%s: %d are found, %d in all", filter, n, want.Search.TotalCount)
			}
			for _, id := range want.ids() {
				if strings.Contains(filter, "true") != trashed(id) && !strings.Contains(filter, "null") {
					t.Errorf("%s finds %s", filter, id)
				}
			}
			for _, text := range []string{`text: "other", `, ``} {
				got := database.seek(text + filter + facets)
				if diff := cmp.Diff(want.Search.Facets, got.Search.Facets); diff != "" || got.Search.TotalCount != want.Search.TotalCount {
					t.Errorf("%s%s: %d, want %d; -engine +database: %s", text, filter, got.Search.TotalCount, want.Search.TotalCount, diff)
				}
				if !slices.Equal(slices.Sorted(slices.Values(got.ids())), slices.Sorted(slices.Values(want.ids()))) {
					t.Errorf("%s%s finds %v, not %v", text, filter, got.ids(), want.ids())
				}
			}
			if !strings.Contains(filter, "true") {
				if got := stale.seek(`text: "other", ` + filter + `first: 100`); !slices.Equal(slices.Sorted(slices.Values(got.ids())), slices.Sorted(slices.Values(want.ids()))) {
					t.Errorf("%s, before the engine is synced: %v, not %v", filter, got.ids(), want.ids())
				}
			}
		}
	})
}

func TestTheTrashIsAskedForOutside(t *testing.T) {
	t.Parallel()
	s := seekers(t, dbtest.SQLite(t), nil)
	for place, filter := range map[string]string{
		"filter.not.trashed": "{not: {trashed: true}}", "filter.and.1.trashed": "{and: [{}, {trashed: null}]}", "filter.or.0.trashed": "{or: {trashed: false}}",
	} {
		s.refusedAt(fault.Invalid, place, "{ assets(filter: "+filter+") { totalCount } }", nil)
		s.refusedAt(fault.Invalid, place, `{ search(text: "a", filter: `+filter+") { totalCount } }", nil)
	}
}

func TestOnlyImportsSetSinceWhenAnAssetIsInTheTrash(t *testing.T) {
	t.Parallel()
	d := write(t, dbtest.SQLite(t))
	d.answers(`mutation { assetsCreate(items: [{kind: IMAGE, title: "a", trashedAt: "2026-01-01T00:00:00Z"}, {kind: IMAGE, title: "b", trashedAt: null}]) {
		results { outcome errors { code field } asset { title trashedAt } } } }`,
		`{"assetsCreate":{"results":[{"outcome":"FAILED","errors":[{"code":"INVALID","field":["items","0","trashedAt"]}],"asset":null},
		{"outcome":"CREATED","errors":[],"asset":{"title":"b","trashedAt":null}}]}}`)
}

// The trash is found by its index in any order, also where SQLite has no statistics
// to let it know that there is little in it.
func TestTheTrashIsFoundByItsIndex(t *testing.T) {
	t.Parallel()
	s := serve(t, dbtest.SQLite(t))
	for _, order := range orders() {
		var data any
		statements := s.db.Statements(func() {
			s.ask("{ assets(filter: {trashed: true}, orderBy: "+order+") { nodes { title } } }", nil, &data)
		})
		if p := plan(t, s.db, statements[0], nil); !strings.Contains(p, "SEARCH assets USING INDEX asset_trashed_at_id") {
			t.Errorf("%s\nis planned as\n%s", statements[0], p)
		}
	}
}
