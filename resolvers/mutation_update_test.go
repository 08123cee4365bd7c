package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/dbtest"
)

const updateSelection = `referenceId title alternativeTitles description userData tags { name } categories { name }
	... on Video { downloadEnabled cover { ... on Image { title } ... on Snapshot { type index } } }`

// What an update makes of one asset, each on what the one before left.
var updates = []struct{ change, want string }{
	{`"title": " New "`, `"title": "New"`},
	{`"title": "E\u0301"`, `"title": "É"`},
	{`"alternativeTitles": ["b", "a", " b"]`, `"alternativeTitles": ["b", "a"]`},
	{`"alternativeTitles": null`, `"alternativeTitles": []`},
	{`"description": " kept \n as it is"`, `"description": " kept \n as it is"`},
	{`"description": null`, `"description": null`},
	{`"downloadEnabled": false`, `"downloadEnabled": false`},
	{`"newReferenceId": "new"`, `"referenceId": "new"`},
	{`"newReferenceId": null`, `"referenceId": null`},
	{`"tags": {"set": ["b", "a"]}`, `"tags": [{"name": "a"}, {"name": "b"}]`},
	{`"tags": {"add": ["c", " a"], "remove": ["b", "none"]}`, `"tags": [{"name": "a"}, {"name": "c"}]`},
	{`"tags": {"remove": ["a\u0020"]}`, `"tags": [{"name": "c"}]`},
	{`"tags": {"add": ["d"]}`, `"tags": [{"name": "c"}, {"name": "d"}]`},
	{`"tags": {"set": []}`, `"tags": []`},
	{`"tags": {"add": ["d"]}`, `"tags": [{"name": "d"}]`},
	{`"tags": null`, `"tags": []`},
	{`"categories": {"set": [{"path": ["Songs"]}, {"path": ["Films", "New"]}]}`, `"categories": [{"name": "New"}, {"name": "Songs"}]`},
	{`"categories": {"add": [{"path": ["Films"]}], "remove": [{"path": ["Songs"]}]}`, `"categories": [{"name": "Films"}, {"name": "New"}]`},
	{`"categories": {"remove": [{"path": ["Songs"]}, {"path": ["Films"]}]}`, `"categories": [{"name": "New"}]`},
	{`"categories": null`, `"categories": []`},
	{`"userData": {"set": {"a": {"b": 1}}}`, `"userData": {"a": {"b": 1}}`},
	{`"userData": {"merge": {"a": {"b": null, "c": 2}, "d": 1.50}}`, `"userData": {"a": {"c": 2}, "d": 1.50}`},
	{`"userData": {"set": null}`, `"userData": null`},
	{`"userData": {"merge": {"a": {"b": null}}}`, `"userData": {"a": {}}`},
	{`"userData": {"set": [1]}`, `"userData": [1]`},
	{`"userData": {"merge": {}}`, `"userData": {}`},
	{`"userData": null`, `"userData": null`},
	{`"cover": {"snapshot": {"type": "NORMAL", "index": 7}}`, `"cover": {"type": "NORMAL", "index": 7}`},
	{`"cover": {"image": {"referenceId": "poster"}}`, `"cover": {"title": "Poster"}`},
	{`"cover": null`, `"cover": null`},
	{`"title": "All", "tags": {"set": ["x"]}, "userData": {"set": false}, "description": "d"`,
		`"title": "All", "tags": [{"name": "x"}], "userData": false, "description": "d"`},
}

func TestMutationUpdate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.done("assetsCreate", "id", `{"items": [`+everythingIn(folders(d))+`]}`)
		id := d.make(`{"kind": "VIDEO", "title": "x", "referenceId": "r", "tags": ["t"], "categories": [{"path": ["Films"]}], "userData": 1, "description": "d",
			"snapshots": [{"type": "NORMAL", "jobId": "j", "items": [{"index": 7}]}]}`)[0]
		for _, u := range updates {
			before := d.read(id, updateSelection+" revision updatedAt createdAt")
			p := d.done("assetsUpdate", updateSelection+" revision updatedAt createdAt", `{"items": [{"id": %q, %s}]}`, id, u.change)
			after := p.Results[0].Asset
			if !slices.Equal(p.outcomes(), []string{"CHANGED"}) || p.Revision == nil || after["revision"] != float64(*p.Revision) ||
				after["updatedAt"] == before["updatedAt"] || after["createdAt"] != before["createdAt"] {
				t.Errorf("%s: %+v", u.change, p)
			}
			// What is not named is as it was.
			var named = record{}
			for member, value := range after {
				if strings.Contains(u.want, fmt.Sprintf("%q: ", member)) && !strings.Contains(u.want, `"title": "Poster"`) || member == "cover" && strings.Contains(u.want, `"cover"`) {
					named[member] = value
				} else if member != "revision" && member != "updatedAt" && fmt.Sprint(value) != fmt.Sprint(before[member]) {
					t.Errorf("%s: %s was %v and is %v", u.change, member, before[member], value)
				}
			}
			d.same(named, `{`+u.want+`}`, u.change)
			d.unchanged(id, u.change)
		}
	})
}

// unchanged wants a change that was made to change nothing when made again,
// whatever merges leave out.
func (d *mutations) unchanged(id, change string) {
	d.Helper()
	before, at := d.read(id, "revision updatedAt"), d.revision()
	p := d.done("assetsUpdate", "revision updatedAt", `{"items": [{"id": %q, "ifRevision": %v, %s}]}`, id, before["revision"], change)
	if !slices.Equal(p.outcomes(), []string{"UNCHANGED"}) || p.Revision != nil || p.ChangedCount != 0 || d.revision() != at ||
		fmt.Sprint(p.Results[0].Asset) != fmt.Sprint(before) {
		d.Errorf("%s again: %+v", change, p)
	}
}

func TestMutationUpdateRefuses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.done("assetsCreate", "id", `{"items": [`+everythingIn(folders(d))+`]}`)
		for change, want := range map[string]string{
			`"title": null`:                                            "REQUIRED title",
			`"title": " "`:                                             "REQUIRED title",
			`"alternativeTitles": ["\t"]`:                              "REQUIRED alternativeTitles.0",
			`"downloadEnabled": null`:                                  "REQUIRED downloadEnabled",
			`"newReferenceId": "song"`:                                 "REFERENCE_ID_TAKEN newReferenceId",
			`"newReferenceId": ""`:                                     "REFERENCE_ID_MALFORMED newReferenceId",
			`"ifRevision": 3, "title": null`:                           "STALE_REVISION ifRevision",
			`"tags": {}`:                                               "INVALID tags",
			`"tags": {"set": [], "add": ["a"]}`:                        "INVALID tags",
			`"tags": {"set": ["a"], "remove": []}`:                     "INVALID tags",
			`"tags": {"add": ["a"], "remove": ["a"]}`:                  "INVALID tags.add.0",
			`"tags": {"add": ["a", "e\u0301"], "remove": ["\u00e9 "]}`: "INVALID tags.add.1",
			`"tags": {"add": [""]}`:                                    "INVALID tags.add.0",
			`"categories": {}`:                                         "INVALID categories",
			`"categories": {"set": [], "add": []}`:                     "INVALID categories",
			`"categories": {"add": [{"path": ["Songs"]}], "remove": [{"path": ["Songs"]}]}`: "INVALID categories.add",
			`"categories": {"set": [{"path": ["Songs", "New"]}]}`:                           "NOT_FOUND categories.set.0.path",
			`"categories": {"add": [{"id": "cat_1"}]}`:                                      "NOT_FOUND categories.add.0.id",
			`"categories": {"remove": [{}]}`:                                                "INVALID categories.remove.0",
			`"userData": {}`:                                                                "INVALID userData",
			`"userData": {"set": 1, "merge": {}}`:                                           "INVALID userData",
			`"userData": {"merge": [1]}`:                                                    "INVALID userData.merge",
			`"userData": {"merge": null}`:                                                   "INVALID userData.merge",
			`"cover": {}`:                                                                   "INVALID cover",
			`"cover": {"candidate": "c", "image": {"referenceId": "poster"}}`:               "INVALID cover",
			`"cover": {"image": {"referenceId": "film"}}`:                                   "WRONG_KIND cover.image",
			`"cover": {"snapshot": {"type": "NORMAL", "index": 0}}`:                         "NOT_FOUND cover.snapshot",
			`"cover": {"candidate": "c"}`:                                                   "NOT_FOUND cover.candidate",
			`"title": "", "tags": {"set": [""]}, "newReferenceId": "song"`:                  "REFERENCE_ID_TAKEN newReferenceId, REQUIRED title, INVALID tags.set.0",
		} {
			wants := strings.Split("items.0."+strings.ReplaceAll(want, ", ", ", items.0."), ", ")
			for i, one := range wants {
				place, code, _ := strings.Cut(strings.TrimPrefix(one, "items.0."), " ")
				wants[i] = place + " items.0." + code
			}
			d.refuses(wants, "assetsUpdate", `{"items": [{"referenceId": "film", %s}]}`, change)
		}
		for kind, reference := range map[string]string{"IMAGE": "poster", "ATTACHMENT": "subs"} {
			d.refuses([]string{"WRONG_KIND items.0.downloadEnabled", "WRONG_KIND items.0.cover"}, "assetsUpdate",
				`{"items": [{"referenceId": %q, "downloadEnabled": true, "cover": {"image": {"referenceId": "poster"}}}]}`, reference)
			p := d.done("assetsUpdate", "kind", `{"items": [{"referenceId": %q, "cover": null}]}`, reference)
			if p.Results[0].Asset["kind"] != kind || p.Results[0].Outcome != "UNCHANGED" {
				t.Errorf("%s: %+v", reference, p.Results)
			}
		}
		d.refuses([]string{"INVALID items.0", "INVALID items.1", "NOT_FOUND items.2.id", "NOT_FOUND items.3.referenceId"}, "assetsUpdate",
			`{"items": [{"title": "x"}, {"title": "x", "id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4", "referenceId": "film"}, {"id": "vid_1"}, {"referenceId": "none"}]}`)
		d.refuses([]string{"REQUIRED items"}, "assetsUpdate", `{"items": []}`)
	})
}

// Reference ids are given and freed by all items together; of one asset there is one
// item, however it is named.
func TestMutationUpdateItemsTogether(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(`{"kind": "VIDEO", "title": "1", "referenceId": "a"}`, `{"kind": "VIDEO", "title": "2", "referenceId": "b"}`, `{"kind": "VIDEO", "title": "3"}`)
		p := d.call("assetsUpdate", `{"items": [{"id": %q, "title": "x"}, {"referenceId": "a", "title": "y"}, {"id": %[1]q, "title": "z"}]}`, ids[0])
		if got, want := p.errors(), []string{"DUPLICATE_ITEM items.1", "DUPLICATE_ITEM items.2"}; !slices.Equal(got, want) || d.read(ids[0], "title")["title"] != "x" {
			t.Errorf("%q, not %q", got, want)
		}
		// Both want the other's, and have it; and once more.
		const swap = `{"items": [{"referenceId": "a", "newReferenceId": "b"}, {"referenceId": "b", "newReferenceId": "a"}]}`
		for range 2 {
			d.done("assetsUpdate", "id", swap)
		}
		// The first frees what the second takes, and the third takes what the second had.
		p = d.done("assetsUpdate", "referenceId", `{"items": [{"referenceId": "a", "newReferenceId": null}, {"referenceId": "b", "newReferenceId": "a"},
			{"id": %q, "newReferenceId": "b"}]}`, ids[2])
		for i, want := range []any{nil, "a", "b"} {
			if got := p.Results[i].Asset["referenceId"]; got != want || p.Results[i].ID != ids[i] {
				t.Errorf("item %d, %s, is %v, not %v", i, p.Results[i].ID, got, want)
			}
		}
		// What an item could not free is taken; what another took is.
		p = d.call("assetsUpdate", `{"items": [{"id": %q, "newReferenceId": null, "title": ""}, {"id": %q, "newReferenceId": "a"}, {"id": %q, "newReferenceId": "a"}]}`, ids[1], ids[0], ids[2])
		if got, want := p.errors(), []string{"REQUIRED items.0.title", "REFERENCE_ID_TAKEN items.1.newReferenceId", "REFERENCE_ID_TAKEN items.2.newReferenceId"}; !slices.Equal(got, want) {
			t.Errorf("%q, not %q", got, want)
		}
		// An asset is found by the reference id that it had when the call came.
		p = d.done("assetsUpdate", "title", `{"items": [{"id": %q, "newReferenceId": "c"}, {"referenceId": "b", "title": "third"}]}`, ids[1])
		if p.Results[1].ID != ids[2] {
			t.Errorf("b is %s, not %s", p.Results[1].ID, ids[2])
		}
	})
}
