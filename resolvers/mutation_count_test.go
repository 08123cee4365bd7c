package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/dbtest"
)

// countedSelection is asked of every asset of a payload.
const countedSelection = `id title tags { name assetCount } categories { path { name } assetCount }
	... on Video { cover { ... on Image { title } ... on Snapshot { index } } mezzanine { id } playInfos { watermark { title } } snapshots(first: 2) { nodes { index } totalCount }
		attachments { attachment { title } } aiData { labels { nodes { name } } duplicates { nodes { asset { title } } } } }`

// counted are calls for items 0 to n-1, in the order that they are made.
var counted = []struct{ name, list, item string }{
	{"assetsCreate", "items", `{"kind": "ATTACHMENT", "title": "a #", "referenceId": "att #", "attachmentType": "WATERMARK"}`},
	{"assetsCreate", "items", `{"kind": "IMAGE", "title": "i #", "referenceId": "img #", "location": "x"}`},
	{"assetsCreate", "items", `{"kind": "VIDEO", "title": "v #", "referenceId": "vid #", "tags": ["tag #", "all"], "categories": [{"path": ["c"]}],
		"cover": {"image": {"referenceId": "img #"}}, "mezzanine": {"size": 1}, "attachments": [{"attachment": {"referenceId": "att #"}}],
		"playInfos": [{"jobId": "j", "streamType": "VIDEO", "format": "MP4", "definition": "HD", "watermark": {"referenceId": "att #"}}],
		"snapshots": [{"type": "NORMAL", "jobId": "j", "items": [{"index": 0}, {"index": 1}, {"index": 2}]}],
		"aiData": [{"source": "s", "labels": [{"name": "l", "category": "OBJECT"}], "speech": [{"start": 0, "end": 0.001, "text": "t"}],
			"duplicates": [{"asset": {"referenceId": "img #"}, "similarity": 1}], "coverCandidates": [{"location": "l", "format": "gif"}]}]}`},
	{"assetsUpdate", "items", `{"referenceId": "vid #", "title": "V #", "newReferenceId": "video #", "tags": {"add": ["new #"], "remove": ["tag #"]}, "categories": null,
		"userData": {"merge": {"a": 1}}, "cover": {"snapshot": {"type": "NORMAL", "index": 2}}}`},
	{"assetsUpdate", "items", `{"referenceId": "video #", "cover": {"image": {"referenceId": "img #"}}, "categories": {"add": [{"path": ["c"]}]}}`},
	{"assetsSetStatus", "items", `{"referenceId": "video #", "to": "CHECKING"}`},
	{"assetsSetStatus", "items", `{"referenceId": "video #", "to": "UPLOADED"}`},
	{"playInfosPut", "items", `{"asset": {"referenceId": "video #"}, "jobId": "j", "streamType": "VIDEO", "format": "MP4", "definition": "HD", "watermark": {"referenceId": "att #"}}`},
	{"playInfosPut", "items", `{"asset": {"referenceId": "the one"}, "jobId": "#", "streamType": "VIDEO", "format": "MP4", "definition": "HD"}`},
	{"playInfosDelete", "jobIds", `"#"`},
	{"snapshotsPut", "items", `{"asset": {"referenceId": "video #"}, "type": "NORMAL", "jobId": "k", "items": [{"index": 0}, {"index": 7}]}`},
	{"aiDataPut", "items", `{"asset": {"referenceId": "video #"}, "source": "s", "labels": [{"name": "l #", "category": "OBJECT"}],
		"duplicates": [{"asset": {"referenceId": "img #"}, "similarity": 0.5}], "coverCandidates": [{"location": "x", "format": "gif"}]}`},
	{"aiDataPut", "items", `{"asset": {"referenceId": "the one"}, "source": "#", "review": {"suggestion": "PASS"}}`},
	{"tagsMerge", "from", `"new #"`},
}

// Ten items and a hundred take the same number of statements, with all that is
// selected of them: what is written is written table by table. A statement takes
// 30,000 arguments, so that of assets, which have 31 columns, 967 go into one.
func TestMutationsOfAnyLengthTakeTheSameStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.grow("c", "")
		video := d.make(`{"kind": "VIDEO", "title": "v", "referenceId": "the one", "aiData": [{"source": "x"}]}`)[0]
		took := map[int][]string{}
		for _, n := range []int{10, 100} {
			for _, call := range counted {
				// Names differ between the runs: each makes its own.
				items := make([]string, n)
				for i := range items {
					items[i] = strings.ReplaceAll(call.item, "#", fmt.Sprint(n, "-", i))
				}
				args := fmt.Sprintf(`{%q: [%s]`, call.list, strings.Join(items, ", "))
				selection := countedSelection
				switch call.name {
				case "playInfosDelete":
					args += fmt.Sprintf(`, "asset": {"id": %q}`, video)
				case "tagsMerge":
					args, selection = args+fmt.Sprintf(`, "into": "merged %d"`, n), "name assetCount"
				}
				var p payload
				statements := db.Statements(func() { p = d.callFor(call.name, selection, args+"}") })
				if refused := call.name == "assetsSetStatus" && strings.Contains(call.item, "UPLOADED"); refused != (len(p.errors()) > 0) {
					t.Fatalf("%s of %d items: %v", call.name, n, p.errors())
				}
				took[n] = append(took[n], fmt.Sprintf("%s %d", call.name, len(statements)))
			}
		}
		if !slices.Equal(took[10], took[100]) {
			t.Errorf("for 10 items they take %v, for 100 %v", took[10], took[100])
		}
		t.Log(took[100])
	})
}
