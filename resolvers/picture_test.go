package resolvers_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"vodgraph/dbtest"
)

// mixed is what a list of assets of all kinds asks without fragments.
const mixed = `title duration width height cover { id location width height }`

// pictured makes assets of each kind, with and without what mixed asks for, and returns by
// title what mixed has of them.
func (d *mutations) pictured() map[string]string {
	d.Helper()
	none := `{"title": %q, "duration": null, "width": null, "height": null, "cover": null}`
	poster := d.make(`{"kind": "IMAGE", "title": "poster", "location": "o/p.png", "width": 10, "height": 20}`, `{"kind": "IMAGE", "title": "bare image"}`)[0]
	video := d.make(
		`{"kind": "VIDEO", "title": "film", "mezzanine": {"duration": 60.5, "width": 1920, "height": 1080}, "cover": {"snapshot": {"type": "COVER", "index": 0}},
			"snapshots": [{"type": "COVER", "jobId": "s", "items": [{"index": 0, "width": 1, "height": 2, "location": "o/c.jpg"}]}]}`,
		`{"kind": "VIDEO", "title": "bare video"}`, `{"kind": "VIDEO", "title": "flat video", "mezzanine": {"height": 5}}`,
		`{"kind": "VIDEO", "title": "posted video", "duration": 3, "cover": {"image": {"id": "`+poster+`"}}}`,
		`{"kind": "AUDIO", "title": "song", "duration": 1.25, "cover": {"image": {"id": "`+poster+`"}}, "mezzanine": {"width": 7, "height": 8}}`,
		`{"kind": "AUDIO", "title": "bare audio"}`, `{"kind": "ATTACHMENT", "title": "file", "attachmentType": "SUBTITLE", "size": 5}`)[0]
	shot := d.read(video, `... on Video { snapshots { nodes { id } } }`).at("snapshots", "nodes", 0, "id")
	image := fmt.Sprintf(`{"id": %q, "location": "o/p.png", "width": 10, "height": 20}`, poster)
	want := map[string]string{
		"poster":       `{"title": "poster", "duration": null, "width": 10, "height": 20, "cover": null}`,
		"film":         fmt.Sprintf(`{"title": "film", "duration": 60.5, "width": 1920, "height": 1080, "cover": {"id": %q, "location": "o/c.jpg", "width": 1, "height": 2}}`, shot),
		"flat video":   `{"title": "flat video", "duration": null, "width": null, "height": 5, "cover": null}`,
		"posted video": `{"title": "posted video", "duration": 3, "width": null, "height": null, "cover": ` + image + `}`,
		"song":         `{"title": "song", "duration": 1.25, "width": null, "height": null, "cover": ` + image + `}`,
	}
	for _, title := range []string{"bare image", "bare video", "bare audio", "file"} {
		want[title] = fmt.Sprintf(none, title)
	}
	return want
}

// A list of assets of all kinds has durations, sizes of pictures and covers without
// fragments, and each of the kinds has the same by itself.
func TestMixedLists(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		want := d.pictured()
		var data struct{ Assets struct{ Nodes []record } }
		d.ask(`{ assets { nodes { __typename id `+mixed+` } } }`, nil, &data)
		types := map[string]bool{}
		for _, row := range data.Assets.Nodes {
			name, id := row["__typename"].(string), row.id()
			types[name] = true
			delete(row, "__typename")
			delete(row, "id")
			title := row["title"].(string)
			d.same(row, want[title], title)
			var one struct{ Node record }
			d.ask(`query($id: ID!) { node(id: $id) { ... on `+name+` { `+mixed+` } } }`, map[string]any{"id": id}, &one)
			if !reflect.DeepEqual(one.Node, row) {
				t.Errorf("%s is %v by itself, and %v in a list", title, one.Node, row)
			}
			delete(want, title)
		}
		if len(want) > 0 {
			t.Errorf("not listed are %v", slices.Collect(maps.Keys(want)))
		}
		for _, kind := range d.schema.GetPossibleTypes(d.schema.Types["Asset"]) {
			if !types[kind.Name] {
				t.Errorf("no %s is in the list", kind.Name)
			}
		}
	})
}

// Each type that is a Picture can be asked for as one, by its id.
func TestPicturesById(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.pictured()
		var data struct{ Assets struct{ Nodes []record } }
		d.ask(`{ assets { nodes { cover { __typename id location width height } } } }`, nil, &data)
		types := map[string]bool{}
		for _, row := range data.Assets.Nodes {
			cover, _ := row["cover"].(map[string]any)
			if cover == nil {
				continue
			}
			types[cover["__typename"].(string)] = true
			var one struct{ Node record }
			d.ask(`query($id: ID!) { node(id: $id) { ... on Picture { __typename id location width height } } }`, map[string]any{"id": cover["id"]}, &one)
			if !reflect.DeepEqual(map[string]any(one.Node), cover) {
				t.Errorf("%v, not %v", one.Node, cover)
			}
		}
		for _, kind := range d.schema.GetPossibleTypes(d.schema.Types["Picture"]) {
			if !types[kind.Name] {
				t.Errorf("no %s is a cover", kind.Name)
			}
		}
	})
}

// Widths and heights of videos take one statement, however many there are and however often
// they are asked for; those of images, and covers that nothing has, take none.
func TestStatementsOfMixedLists(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.pictured()
		for query, want := range map[string]int{
			`{ assets { nodes { title duration } } }`: 1,
			`{ assets { nodes { width } } }`:          2,
			`{ assets { nodes { width height w: width ... on Video { h: height } } edges { node { height } } } }`: 2,
			`{ assets { nodes { ` + mixed + ` } } }`:      4,
			`{ images { nodes { ` + mixed + ` } } }`:      1,
			`{ attachments { nodes { ` + mixed + ` } } }`: 1,
			`{ audios { nodes { ` + mixed + ` } } }`:      2,
		} {
			took, reported := d.statements(query, nil), foretold(t, query, nil)
			if took != want || reported < took || reported > took+1 {
				t.Errorf("%s takes %d statements, not %d; %d are foretold", query, took, want, reported)
			}
		}
	})
}
