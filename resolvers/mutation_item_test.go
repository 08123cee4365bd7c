package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/change"
	"vodgraph/dbtest"
)

// What an asset is that is made with what it must have.
func TestMutationCreateDefaults(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		const common = `"referenceId": null, "title": "x", "alternativeTitles": [], "description": null, "status": "NORMAL",
			"statusReason": null, "size": null, "storageLocation": "default", "storageClass": "STANDARD", "mediaSource": "GENERAL",
			"categories": [], "tags": [], "userData": null`
		for members, want := range map[string]string{
			`"kind": "VIDEO"`: `"kind": "VIDEO", "duration": null, "downloadEnabled": true, "cover": null, "mezzanine": null, "playInfos": [],
				"snapshots": {"nodes": []}, "attachments": [], "aiData": {"sources": [], "review": null}`,
			`"kind": "AUDIO"`: `"kind": "AUDIO", "duration": null, "downloadEnabled": true, "cover": null, "mezzanine": null, "playInfos": [],
				"attachments": [], "aiData": {"sources": [], "review": null}`,
			`"kind": "IMAGE"`: `"kind": "IMAGE", "imageType": "DEFAULT", "fileName": null, "location": null, "width": null, "height": null,
				"aiData": {"sources": [], "review": null}`,
			`"kind": "ATTACHMENT", "attachmentType": "MATERIAL"`: `"kind": "ATTACHMENT", "attachmentType": "MATERIAL", "fileName": null, "location": null`,
		} {
			const nulls = `, "referenceId": null, "description": null, "status": null, "size": null, "storageLocation": null, "storageClass": null,
				"mediaSource": null, "categories": null, "tags": null, "userData": null, "cover": null, "mezzanine": null, "playInfos": null,
				"snapshots": [], "attachments": [], "aiData": null, "duration": null, "fileName": null, "id": null, "createdAt": null`
			p := d.done("assetsCreate", `kind referenceId title alternativeTitles description status statusReason size storageLocation
				storageClass mediaSource categories { id } tags { id } userData createdAt updatedAt
				... on Video { duration downloadEnabled cover { __typename } mezzanine { id } playInfos { id } snapshots { nodes { id } }
					attachments { label } aiData { sources review { suggestion } } }
				... on Audio { duration downloadEnabled cover { __typename } mezzanine { id } playInfos { id } attachments { label } aiData { sources review { suggestion } } }
				... on Image { imageType fileName location width height aiData { sources review { suggestion } } }
				... on Attachment { attachmentType fileName location }`,
				`{"items": [{"title": "x", %s}, {"title": " x\u3000", %[1]s %s}]}`, members, nulls)
			for _, item := range p.Results {
				at := item.Asset["updatedAt"]
				d.same(item.Asset, fmt.Sprintf(`{%s, %s, "createdAt": %q, "updatedAt": %[3]q}`, common, want, at), members)
			}
		}
	})
}

// Items that are refused as they are, by the refusals they get.
var badItems = map[string]string{
	`"kind": "VIDEO", "title": ""`:                                                  "REQUIRED title",
	`"kind": "VIDEO", "title": " \n"`:                                               "REQUIRED title",
	`"kind": "ATTACHMENT", "title": "x"`:                                            "REQUIRED attachmentType",
	`"kind": "VIDEO", "title": "x", "alternativeTitles": ["y", " "]`:                "REQUIRED alternativeTitles.1",
	`"kind": "VIDEO", "title": "x", "tags": ["y", " "]`:                             "INVALID tags.1",
	`"kind": "VIDEO", "title": "x", "updatedAt": "2020-01-01T00:00:00Z"`:            "INVALID updatedAt",
	`"kind": "VIDEO", "title": "x", "size": -1`:                                     "INVALID size",
	`"kind": "VIDEO", "title": "x", "duration": -0.5`:                               "INVALID duration",
	`"kind": "VIDEO", "title": "x", "duration": -0.0001`:                            "INVALID duration",
	`"kind": "VIDEO", "title": "x", "storageLocation": ""`:                          "INVALID storageLocation",
	`"kind": "VIDEO", "title": "x", "categories": [{}]`:                             "INVALID categories.0",
	`"kind": "VIDEO", "title": "x", "categories": [{"id": "cat_1"}]`:                "NOT_FOUND categories.0.id",
	`"kind": "VIDEO", "title": "x", "categories": [{"path": ["a", "b"]}]`:           "NOT_FOUND categories.0.path",
	`"kind": "VIDEO", "title": "x", "categories": [{"path": []}]`:                   "NOT_FOUND categories.0.path",
	`"kind": "VIDEO", "title": "x", "categories": [{"path": ["a"], "id": "cat_1"}]`: "INVALID categories.0",
	// No name holds the separator of paths, so this is not the path of Films and New.
	`"kind": "VIDEO", "title": "x", "categories": [{"path": ["Films\u001fNew"]}]`:                                                                           "NOT_FOUND categories.0.path",
	`"kind": "VIDEO", "title": "x", "id": "vid_1"`:                                                                                                          "INVALID id",
	`"kind": "VIDEO", "title": "x", "id": "aud_01ARZ3NDEKTSV4RRFFQ69G5FA1"`:                                                                                 "INVALID id",
	`"kind": "VIDEO", "title": "x", "id": "vid_01arz3ndektsv4rrffq69g5fa1"`:                                                                                 "INVALID id",
	`"kind": "VIDEO", "title": "x", "id": "vid_81ARZ3NDEKTSV4RRFFQ69G5FA1"`:                                                                                 "INVALID id",
	`"kind": "VIDEO", "title": "x", "id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FAU"`:                                                                                 "INVALID id",
	`"kind": "VIDEO", "title": "x", "id": ""`:                                                                                                               "INVALID id",
	`"kind": "IMAGE", "title": "x", "id": "img_01ARZ3NDEKTSV4RRFFQ69G5FA1"`:                                                                                 "ID_TAKEN id",
	`"kind": "IMAGE", "title": "x", "referenceId": "film"`:                                                                                                  "REFERENCE_ID_TAKEN referenceId",
	`"kind": "IMAGE", "title": "x", "referenceId": ""`:                                                                                                      "REFERENCE_ID_MALFORMED referenceId",
	`"kind": "IMAGE", "title": "x", "referenceId": "a\tb"`:                                                                                                  "REFERENCE_ID_MALFORMED referenceId",
	`"kind": "IMAGE", "title": "x", "referenceId": "a\u200eb"`:                                                                                              "REFERENCE_ID_MALFORMED referenceId",
	`"kind": "IMAGE", "title": "x", "referenceId": "\ud800"`:                                                                                                "REFERENCE_ID_MALFORMED referenceId",
	`"kind": "IMAGE", "title": "x", "width": -1`:                                                                                                            "INVALID width",
	`"kind": "AUDIO", "title": "x", "cover": {}`:                                                                                                            "INVALID cover",
	`"kind": "AUDIO", "title": "x", "cover": {"image": {}}`:                                                                                                 "INVALID cover.image",
	`"kind": "AUDIO", "title": "x", "cover": {"image": {"id": "a", "referenceId": "b"}}`:                                                                    "INVALID cover.image",
	`"kind": "AUDIO", "title": "x", "cover": {"image": {"id": "img_1"}}`:                                                                                    "NOT_FOUND cover.image.id",
	`"kind": "AUDIO", "title": "x", "cover": {"image": {"referenceId": "none"}}`:                                                                            "NOT_FOUND cover.image.referenceId",
	`"kind": "AUDIO", "title": "x", "cover": {"image": {"referenceId": "film"}}`:                                                                            "WRONG_KIND cover.image",
	`"kind": "VIDEO", "title": "x", "cover": {"snapshot": {"type": "COVER", "index": 0}}`:                                                                   "NOT_FOUND cover.snapshot",
	`"kind": "VIDEO", "title": "x", "cover": {"candidate": "cov_1"}`:                                                                                        "NOT_FOUND cover.candidate",
	`"kind": "VIDEO", "title": "x", "attachments": [{"attachment": {"referenceId": "poster"}}]`:                                                             "WRONG_KIND attachments.0.attachment",
	`"kind": "VIDEO", "title": "x", "attachments": [{"attachment": {"referenceId": "subs"}}, {"attachment": {"id": "att_01ARZ3NDEKTSV4RRFFQ69G5FA2"}}]`:     "INVALID attachments.1.attachment",
	`"kind": "VIDEO", "title": "x", "snapshots": [{"type": "COVER", "jobId": "j", "items": [{"index": 0}]}, {"type": "COVER", "jobId": "j", "items": []}]`:  "INVALID snapshots.1.type, REQUIRED snapshots.1.items",
	`"kind": "VIDEO", "title": "x", "aiData": [{"source": "a"}, {"source": "a"}, {"source": ""}]`:                                                           "INVALID aiData.1.source, INVALID aiData.2.source",
	`"kind": "AUDIO", "title": "x", "playInfos": [{"jobId": "a", "streamType": "VIDEO", "format": "MP4", "definition": "HD"}]`:                              "WRONG_KIND playInfos.0.streamType",
	`"kind": "AUDIO", "title": "x", "playInfos": [{"jobId": "", "streamType": "AUDIO", "format": "MP3"}]`:                                                   "INVALID playInfos.0.jobId, REQUIRED playInfos.0.definition",
	`"kind": "IMAGE", "title": "x", "status": "BLOCKED"`:                                                                                                    "WRONG_KIND status",
	`"kind": "ATTACHMENT", "title": "x", "attachmentType": "SUBTITLE", "status": "TRANSCODING"`:                                                             "WRONG_KIND status",
	`"kind": "IMAGE", "title": "x", "duration": 1, "downloadEnabled": true, "attachmentType": "SUBTITLE", "cover": {"candidate": "c"}, "mezzanine": {}`:     "WRONG_KIND downloadEnabled, WRONG_KIND mezzanine, WRONG_KIND duration, WRONG_KIND attachmentType, WRONG_KIND cover",
	`"kind": "IMAGE", "title": "x", "playInfos": [{"jobId": "a", "streamType": "AUDIO", "format": "MP3"}], "attachments": [{"attachment": {}}]`:             "WRONG_KIND playInfos, WRONG_KIND attachments",
	`"kind": "ATTACHMENT", "title": "x", "attachmentType": "SUBTITLE", "width": 1, "height": 1, "imageType": "COVER", "aiData": [{"source": "a"}]`:          "WRONG_KIND imageType, WRONG_KIND width, WRONG_KIND height, WRONG_KIND aiData",
	`"kind": "AUDIO", "title": "x", "snapshots": [{"type": "COVER", "jobId": "j", "items": [{"index": 0}]}], "width": 1, "fileName": "a", "location": "b"`:  "WRONG_KIND fileName, WRONG_KIND location, WRONG_KIND width, WRONG_KIND snapshots",
	`"kind": "VIDEO", "title": "x", "height": 2, "fileName": "a", "location": "b", "imageType": "DEFAULT", "attachmentType": "WATERMARK"`:                   "WRONG_KIND imageType, WRONG_KIND attachmentType, WRONG_KIND fileName, WRONG_KIND location, WRONG_KIND height",
	`"kind": "VIDEO", "title": "x", "mezzanine": {"videoStreams": [{"index": 0}], "audioStreams": [{"index": 0}, {"index": -1}], "size": -1, "height": -1}`: "INVALID mezzanine.size, INVALID mezzanine.height, INVALID mezzanine.audioStreams.0.index, INVALID mezzanine.audioStreams.1.index",
}

func TestMutationCreateRefuses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.done("assetsCreate", "id", `{"items": [`+everythingIn(folders(d))+`]}`)
		for item, want := range badItems {
			d.refuses(amongThree("items.1", want), "assetsCreate",
				`{"items": [{"kind": "VIDEO", "title": ""}, {%s}, {"kind": "AUDIO", "title": "y"}], "options": {"errorPolicy": "ATOMIC"}}`, item)
		}
	})
}

// amongThree are the refusals of one item of three under ATOMIC: of the first its empty
// title, then those of the second, and what the third suffers from them.
func amongThree(item, wants string) []string {
	all := []string{"REQUIRED items.0.title"}
	for want := range strings.SplitSeq(wants, ", ") {
		code, place, _ := strings.Cut(want, " ")
		all = append(all, code+" "+item+"."+place)
	}
	return append(all, "ROLLED_BACK items.2")
}

func TestMutationCreatePolicies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db, func(o *change.Options) { o.Limits.Items = 4 })
		const items = `"items": [{"kind": "VIDEO", "title": "a", "tags": ["t"]}, {"kind": "VIDEO", "title": ""},
			{"kind": "IMAGE", "title": "b", "referenceId": "r"}, {"kind": "IMAGE", "title": "c", "referenceId": "r"}]`
		p := d.refuses([]string{"ROLLED_BACK items.0", "REQUIRED items.1.title", "ROLLED_BACK items.2", "REFERENCE_ID_TAKEN items.3.referenceId"},
			"assetsCreate", `{`+items+`, "options": {"errorPolicy": "ATOMIC"}}`)
		if p.FailedCount != 4 || len(slices.DeleteFunc(p.outcomes(), func(o string) bool { return o == "FAILED" })) > 0 {
			t.Errorf("of a call that was rolled back %d failed: %v", p.FailedCount, p.outcomes())
		}
		for i, item := range p.Results {
			if item.ID != "" || item.Asset != nil {
				t.Errorf("item %d was never made, and is reported to be %q", i, item.ID)
			}
		}
		if n, err := db.Client.Tag.Query().Count(t.Context()); n != 0 || err != nil {
			t.Errorf("a call that was rolled back left %d tags: %v", n, err)
		}
		for _, options := range []string{"", `, "options": {}`, `, "options": {"errorPolicy": null}`, `, "options": null`, `, "options": {"errorPolicy": "SKIP_FAILED"}`} {
			if _, err := db.Client.Asset.Delete().Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
			p = d.call("assetsCreate", `{`+items+options+`}`)
			if want := []string{"CREATED", "FAILED", "CREATED", "FAILED"}; !slices.Equal(p.outcomes(), want) || p.ChangedCount != 2 || p.FailedCount != 2 {
				t.Errorf("with %q the outcomes are %v, with %d and %d", options, p.outcomes(), p.ChangedCount, p.FailedCount)
			}
			if n, err := db.Client.Asset.Query().Count(t.Context()); n != 2 || err != nil || p.Revision == nil || *p.Revision != d.revision() {
				t.Errorf("with %q there are %d assets: %v, %v", options, n, err, p.Revision)
			}
		}
		p = d.refuses([]string{"REQUIRED items"}, "assetsCreate", `{"items": []}`)
		p2 := d.refuses([]string{"TOO_MANY_ITEMS items"}, "assetsCreate", `{"items": [%s{"kind": "VIDEO", "title": "x"}]}`,
			strings.Repeat(`{"kind": "VIDEO", "title": "x"},`, 4))
		if len(p.Results)+len(p2.Results) > 0 {
			t.Errorf("calls that were refused as a whole have results %v %v", p.Results, p2.Results)
		}
	})
}

// Numbers and times at their ends are kept.
func TestMutationCreateExtremes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		for members, want := range map[string]string{
			`"duration": 1e306`:                             `{"duration": 1e306}`,
			`"duration": 8796093022207.9994`:                `{"duration": 8796093022207.999}`,
			`"duration": 0.0004`:                            `{"duration": 0}`,
			`"duration": 0.0005`:                            `{"duration": 0.001}`,
			`"size": 0`:                                     `{"size": 0}`,
			`"createdAt": "0001-01-01T00:00:00Z"`:           `{"createdAt": "0001-01-01T00:00:00.000Z"}`,
			`"createdAt": "9999-12-31T23:59:59.9999Z"`:      `{"createdAt": "9999-12-31T23:59:59.999Z"}`,
			`"createdAt": "2020-02-29T23:00:00.0005-02:00"`: `{"createdAt": "2020-03-01T01:00:00.000Z"}`,
			`"userData": ` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000): `{"size": null}`,
		} {
			member, _, _ := strings.Cut(strings.TrimPrefix(want, `{"`), `"`)
			if member == "duration" {
				member = "... on Video { duration }"
			}
			p := d.done("assetsCreate", member, `{"items": [{"kind": "VIDEO", "title": "x", %s}]}`, members)
			d.same(p.Results[0].Asset, want, members[:min(len(members), 60)])
		}
	})
}

// An item may name what earlier items make, and what failed was not made.
func TestMutationCreateNamesEarlierItems(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		const image = `{"kind": "IMAGE", "title": "i", "id": "img_01ARZ3NDEKTSV4RRFFQ69G5FA1", "referenceId": "r"}`
		p := d.callFor("assetsCreate", `id ... on Video { cover { ... on Image { referenceId } } aiData { duplicates { nodes { similarity } } } }`, `{"items": [
			{"kind": "VIDEO", "title": "too early", "cover": {"image": {"referenceId": "r"}}},
			{"kind": "IMAGE", "title": "", "referenceId": "r", "id": "img_01ARZ3NDEKTSV4RRFFQ69G5FA1"}, %s, %[1]s,
			{"kind": "VIDEO", "title": "v", "cover": {"image": {"referenceId": "r"}},
				"aiData": [{"source": "s", "duplicates": [{"asset": {"id": "img_01ARZ3NDEKTSV4RRFFQ69G5FA1"}, "similarity": 1}]}]},
			{"kind": "VIDEO", "title": "w", "id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA1",
				"aiData": [{"source": "s", "duplicates": [{"asset": {"id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA1"}, "similarity": 1}]}]}]}`, image)
		want := []string{"NOT_FOUND items.0.cover.image.referenceId", "REQUIRED items.1.title", "ID_TAKEN items.3.id",
			"NOT_FOUND items.5.aiData.0.duplicates.0.asset.id"}
		if got := p.errors(); !slices.Equal(got, want) {
			t.Errorf("refused are %q, not %q", got, want)
		}
		d.same(p.Results[4].Asset, fmt.Sprintf(`{"id": %q, "cover": {"referenceId": "r"}, "aiData": {"duplicates": {"nodes": [{"similarity": 1}]}}}`, p.Results[4].ID), "the video")
	})
}

// Arguments may stand in the document itself.
func TestMutationCreateFromLiterals(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		var data struct{ AssetsCreate payload }
		d.ask(`mutation { assetsCreate(items: [{kind: AUDIO, title: """ "Two" \""" """, description: "\u00e9\n", duration: 1, size: 9007199254740993,
			userData: {a: [1, 1.50, -2e3, "x", true, null], b: {c: ENUM}}, playInfos: {jobId: "j", streamType: AUDIO, format: MP3, definition: SQ}}],
			options: {errorPolicy: ATOMIC}) { results { asset { title description size userData ... on Audio { duration playInfos { jobId } } } } userErrors { code } } }`, nil, &data)
		asset := data.AssetsCreate.Results[0].Asset
		d.same(asset, `{"title": "\"Two\" \"\"\"", "description": "é\n", "size": 9007199254740993, "duration": 1, "playInfos": [{"jobId": "j"}],
			"userData": {"a": [1, 1.5, -2000, "x", true, null], "b": {"c": "ENUM"}}}`, "the asset")
		d.ask(`mutation { assetsCreate(items: {kind: AUDIO, title: "a\u0000"}) { results { errors { code message field } } } }`, nil, &data)
		if got := data.AssetsCreate.errors(); !slices.Equal(got, []string{"INVALID items.0.title"}) {
			t.Errorf("%q", got)
		}
	})
}
