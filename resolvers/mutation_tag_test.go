package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/dbtest"
)

// tagCounts are all tags with how many assets they have.
func (d *mutations) tagCounts() string {
	d.Helper()
	var data struct{ Tags struct{ Nodes []record } }
	d.ask(`{ tags(first: 100) { nodes { name assetCount } } }`, nil, &data)
	all := make([]string, len(data.Tags.Nodes))
	for i, t := range data.Tags.Nodes {
		all[i] = fmt.Sprint(t["name"], " ", t["assetCount"])
	}
	return strings.Join(all, ", ")
}

func tagged(tags ...string) string {
	quoted := make([]string, len(tags))
	for i, tag := range tags {
		quoted[i] = fmt.Sprintf("%q", tag)
	}
	return `{"kind": "VIDEO", "title": "x", "tags": [` + strings.Join(quoted, ", ") + `]}`
}

func TestMutationTagRename(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		// Names are one that are equal after NFC and trimming.
		ids := d.make(tagged("cafe\u0301", " café\u3000", "Café"), tagged("caf\u00e9", "b"))
		if got, want := d.tagCounts(), "Café 1, b 1, café 2"; got != want {
			t.Fatalf("%s, not %s", got, want)
		}
		before := d.read(ids[0], "revision updatedAt")
		p := d.done("tagRename", "id name assetCount", `{"name": " cafe\u0301", "to": " Kaffee "}`)
		d.same(p.Tag, fmt.Sprintf(`{"id": %q, "name": "Kaffee", "assetCount": 2}`, p.Tag.id()), "renamed")
		if p.Revision == nil || *p.Revision != 2 || fmt.Sprint(d.read(ids[0], "revision updatedAt")) != fmt.Sprint(before) {
			t.Errorf("%v came to %v at %v", before, d.read(ids[0], "revision updatedAt"), p.Revision)
		}
		d.same(d.read(ids[0], "tags { name }"), `{"tags": [{"name": "Café"}, {"name": "Kaffee"}]}`, "the asset")
		for _, to := range []string{"Kaffee", " Kaffee\t"} {
			if p := d.done("tagRename", "name", `{"name": "Kaffee", "to": %q}`, to); p.Revision != nil || p.Tag["name"] != "Kaffee" {
				t.Errorf("renamed to itself: %+v", p)
			}
		}
		d.done("tagRename", "name", `{"name": "Kaffee", "to": "kaffee"}`)
		d.refuses([]string{"TAG_EXISTS to"}, "tagRename", `{"name": "kaffee", "to": "Cafe\u0301"}`)
		d.refuses([]string{"NOT_FOUND name"}, "tagRename", `{"name": "Kaffee", "to": "x"}`)
		d.refuses([]string{"INVALID to"}, "tagRename", `{"name": "b", "to": " "}`)
		d.refuses([]string{"TAG_TOO_LONG to"}, "tagRename", `{"name": "b", "to": %s}`, quoted(strings.Repeat(decomposed, 65)))
		d.done("tagRename", "name", `{"name": "b", "to": %s}`, quoted(strings.Repeat(decomposed, 64)))
	})
}

func TestMutationTagsMerge(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(tagged("a"), tagged("b"), tagged("a", "b", "c"), tagged("c"), tagged("d"), tagged("a", "d"))
		p := d.done("tagsMerge", "name assetCount", `{"from": ["a", "b", " a", "c"], "into": "c "}`)
		d.same(p.Tag, `{"name": "c", "assetCount": 5}`, "merged")
		if got, want := d.tagCounts(), "c 5, d 2"; got != want {
			t.Errorf("%s, not %s", got, want)
		}
		for i, revision := range []float64{2, 2, 2, 1, 1, 2} {
			if got := d.read(ids[i], "revision")["revision"]; got != revision {
				t.Errorf("asset %d is at %v, not %v", i, got, revision)
			}
		}
		d.same(d.read(ids[2], "tags { name }"), `{"tags": [{"name": "c"}]}`, "an asset that had all")
		d.same(d.read(ids[5], "tags { name }"), `{"tags": [{"name": "c"}, {"name": "d"}]}`, "an asset that had another")
		if p := d.done("tagsMerge", "name", `{"from": ["c", "c"], "into": "c"}`); p.Revision != nil || p.Tag["name"] != "c" {
			t.Errorf("merged with itself: %+v", p)
		}
		d.refuses([]string{"NOT_FOUND from.0", "NOT_FOUND from.2"}, "tagsMerge", `{"from": ["a", "d", "none"], "into": "new"}`)
		d.refuses([]string{"REQUIRED from"}, "tagsMerge", `{"from": [], "into": "c"}`)
		d.refuses([]string{"TOO_MANY_ITEMS from"}, "tagsMerge", `{"from": %s, "into": "c"}`, times(1001, `"#"`))
		d.refuses([]string{"INVALID into"}, "tagsMerge", `{"from": ["c"], "into": ""}`)
		d.refuses([]string{"TAG_TOO_LONG into"}, "tagsMerge", `{"from": ["c"], "into": %q}`, strings.Repeat("x", 65))
		p = d.done("tagsMerge", "name assetCount", `{"from": ["c", "d"], "into": "e\u0301"}`)
		d.same(p.Tag, `{"name": "é", "assetCount": 6}`, "merged into a new one")
		if got, want := d.tagCounts(), "é 6"; got != want {
			t.Errorf("%s, not %s", got, want)
		}
	})
}

func TestMutationTagDelete(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(tagged("é", "b"), tagged("b"))
		var data struct{ Tag record }
		d.ask(`{ tag(name: "é") { id } }`, nil, &data)
		before := d.read(ids[0], "updatedAt")
		p := d.done("tagDelete", "", `{"name": "e\u0301 "}`)
		if p.DeletedID != data.Tag.id() || p.Revision == nil || *p.Revision != 2 {
			t.Errorf("%+v, and not %s", p, data.Tag.id())
		}
		after := d.read(ids[0], "revision updatedAt tags { name }")
		if after["updatedAt"] == before["updatedAt"] {
			t.Errorf("its asset was not touched: %v", after)
		}
		delete(after, "updatedAt")
		d.same(after, `{"revision": 2, "tags": [{"name": "b"}]}`, "its asset")
		d.same(d.read(ids[1], "revision tags { name }"), `{"revision": 1, "tags": [{"name": "b"}]}`, "another asset")
		p = d.refuses([]string{"NOT_FOUND name"}, "tagDelete", `{"name": "é"}`)
		if p.DeletedID != "" || !slices.Equal(p.DeletedIds, nil) {
			t.Errorf("%+v", p)
		}
		if got, want := d.tagCounts(), "b 2"; got != want {
			t.Errorf("%s, not %s", got, want)
		}
	})
}
