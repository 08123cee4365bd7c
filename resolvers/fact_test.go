package resolvers_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/exchange"
)

// A status and its reason are one field: they go and come together, whatever changed them.
func TestStatusGoesBackWithItsReason(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db, func(o *change.Options) { o.ReviewAutoBlock = true })
		for name, change := range map[string]func(id string){
			"assetsSetStatus": func(id string) {
				d.done("assetsSetStatus", "id", `{"items": [{"id": %q, "to": "BLOCKED", "reason": "nudity"}]}`, id)
			},
			"assetsSetStatus without a reason": func(id string) {
				d.done("assetsSetStatus", "id", `{"items": [{"id": %q, "to": "BLOCKED"}]}`, id)
			},
			"a review": func(id string) {
				d.done("aiDataPut", "id", `{"items": [{"asset": {"id": %q}, "source": "s", "review": {"suggestion": "BLOCK"}}]}`, id)
			},
			"an import":             func(id string) { d.imports(d.catalog, fmt.Sprintf(`{"id": %q, "status": "BLOCKED"}`, id)) },
			"an import of a reason": func(id string) { d.imports(d.catalog, fmt.Sprintf(`{"id": %q, "statusReason": "b"}`, id)) },
		} {
			for _, reason := range []string{`null`, `"was fine"`} {
				id := d.make(`{"kind": "VIDEO", "title": "x", "statusReason": ` + reason + `}`)[0]
				before := d.read(id, "status statusReason")
				change(id)
				after := d.read(id, "status statusReason")
				entry := d.read(id, "history(first: 2) { nodes { field before after } }")["history"]
				if text := jsonOf(entry); !strings.Contains(text, `"field":"status"`) || !strings.Contains(text, `{"reason":`+reason+`,"status":"NORMAL"}`) {
					t.Errorf("%s: the history is %s", name, text)
				}
				undone := d.finish(d.begin("changeSetUndo", `{"id": %q}`, d.lastSet()))
				d.same(d.read(id, "status statusReason"), jsonOf(before), name+", undone")
				d.finish(d.begin("changeSetUndo", `{"id": %q}`, undone.at("changeSet", "id")))
				d.same(d.read(id, "status statusReason"), jsonOf(after), name+", undone twice")
			}
		}
	})
}

// The size and the duration are those that the source file states, in answers, filters and
// orders.
func TestFactsFollowTheSourceFile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		const selection = `size ... on Video { duration mezzanine { size duration bitrate } }`
		ids := d.make(`{"kind": "VIDEO", "title": "a"}`, `{"kind": "VIDEO", "title": "b", "size": 7, "mezzanine": {"duration": 61}}`)
		d.same(d.read(ids[1], selection), `{"size": 7, "duration": 61, "mezzanine": {"size": null, "duration": 61, "bitrate": null}}`, "created")
		for name, put := range map[string]string{
			"mezzaninePut": `{"asset": {"id": %q}, "input": {%s}}`, "assetsUpdate": `{"items": [{"id": %q, "mezzanine": {%s}}]}`,
		} {
			d.done(name, "id", put, ids[0], `"size": 1000, "duration": 61.5, "width": 1920`)
			d.same(d.read(ids[0], selection), `{"size": 1000, "duration": 61.5, "mezzanine": {"size": 1000, "duration": 61.5, "bitrate": null}}`, name)
			d.done(name, "id", put, ids[0], `"bitrate": 9`)
			d.same(d.read(ids[0], selection), `{"size": 1000, "duration": 61.5, "mezzanine": {"size": null, "duration": null, "bitrate": 9}}`, name+" of what is not stated")
			d.done(name, "id", put, ids[0], `"size": 5, "duration": 2`)
		}
		var answer struct{ Videos struct{ Nodes []record } }
		d.ask(`{ videos(filter: {duration: {gte: 2}, size: {gte: 5}}, orderBy: [{field: DURATION, direction: ASC}]) { nodes { title } } }`, nil, &answer)
		if got := fmt.Sprint(answer.Videos.Nodes); got != "[map[title:a] map[title:b]]" {
			t.Errorf("found by duration: %s", got)
		}
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "mezzanine": null}]}`, ids[0])
		d.same(d.read(ids[0], selection), `{"size": 5, "duration": 2, "mezzanine": null}`, "without a source file")
		d.refuses([]string{"INVALID items.0.size", "INVALID items.0.duration"}, "assetsCreate",
			`{"items": [{"kind": "VIDEO", "title": "x", "size": 1, "duration": 2, "mezzanine": {"size": 2, "duration": 3}}]}`)
		d.done("assetsCreate", "id", `{"items": [{"kind": "VIDEO", "title": "same", "size": 2, "duration": 3.0001, "mezzanine": {"size": 2, "duration": 3}}]}`)
		report := d.warnings(`{"referenceId": "w", "kind": "VIDEO", "title": "x", "size": 1, "duration": 2, "mezzanine": {"size": 2, "duration": 3}}`)
		if len(report) != 2 || !strings.Contains(report[0], "size") || !strings.Contains(report[1], "duration") {
			t.Errorf("the import reports %q", report)
		}
		if _, lines := d.exported(d.catalog); true {
			for _, line := range lines {
				if string(line["referenceId"]) == `"w"` && (string(line["size"]) != "2" || string(line["duration"]) != "3") {
					t.Errorf("imported is %s", jsonOf(line))
				}
			}
		}
	})
}

// warnings imports a text of which nothing is refused, and returns the lines of the report.
func (d *mutations) warnings(text string) []string {
	d.Helper()
	var report strings.Builder
	s, err := exchange.Import(d.Context(), d.catalog, []exchange.Source{{Name: "test", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}}, exchange.Options{Report: &report})
	if err != nil || s.Refused > 0 {
		d.Fatalf("imported: %v, %v\n%s", s, err, report.String())
	}
	return strings.Split(strings.TrimSpace(report.String()), "\n")
}

// What is known of the file of an image or an attachment can be set and cleared.
func TestFileOfImagesAndAttachments(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(`{"kind": "IMAGE", "title": "i"}`, `{"kind": "ATTACHMENT", "title": "t", "attachmentType": "SUBTITLE"}`, `{"kind": "VIDEO", "title": "v"}`)
		const selection = `status size storageLocation ... on Image { location fileName width height imageType }`
		d.same(d.read(ids[0], selection), `{"status": "NORMAL", "size": null, "storageLocation": "default", "location": null, "fileName": null,
			"width": null, "height": null, "imageType": "DEFAULT"}`, "made")
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "file": {"location": "images/a.png", "fileName": "a.png", "width": 640, "height": 480, "size": 1234,
			"imageType": "COVER", "storageLocation": "here"}}]}`, ids[0])
		whole := d.read(ids[0], selection)
		d.same(whole, `{"status": "NORMAL", "size": 1234, "storageLocation": "here", "location": "images/a.png", "fileName": "a.png",
			"width": 640, "height": 480, "imageType": "COVER"}`, "set")
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "file": {"width": null}}]}`, ids[0])
		d.same(d.read(ids[0], `... on Image { width height }`), `{"width": null, "height": 480}`, "one cleared")
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "file": null}]}`, ids[0])
		d.same(d.read(ids[0], selection), `{"status": "NORMAL", "size": null, "storageLocation": "here", "location": null, "fileName": null,
			"width": null, "height": null, "imageType": "COVER"}`, "all cleared")
		d.undo(d.lastSet(), "1 1 1 0")
		d.same(d.read(ids[0], `size ... on Image { location fileName height }`), `{"size": 1234, "location": "images/a.png", "fileName": "a.png", "height": 480}`, "undone")
		for change, want := range map[string][]string{
			fmt.Sprintf(`{"id": %q, "file": {"location": "x"}}`, ids[2]):                                                   {"WRONG_KIND items.0.file"},
			fmt.Sprintf(`{"id": %q, "file": {"width": 1, "height": 2, "imageType": "COVER"}}`, ids[1]):                     {"WRONG_KIND items.0.file.imageType", "WRONG_KIND items.0.file.width", "WRONG_KIND items.0.file.height"},
			fmt.Sprintf(`{"id": %q, "mezzanine": {"size": 1}}`, ids[0]):                                                    {"WRONG_KIND items.0.mezzanine"},
			fmt.Sprintf(`{"id": %q, "file": {"size": -1, "width": -1, "height": -1}}`, ids[0]):                             {"INVALID items.0.file.size", "INVALID items.0.file.width", "INVALID items.0.file.height"},
			fmt.Sprintf(`{"id": %q, "file": {"storageLocation": null, "imageType": null}}`, ids[0]):                        {"REQUIRED items.0.file.storageLocation", "REQUIRED items.0.file.imageType"},
			fmt.Sprintf(`{"id": %q, "storageLocation": null, "storageClass": null, "mediaSource": null}`, ids[2]):          {"REQUIRED items.0.storageLocation", "REQUIRED items.0.storageClass", "REQUIRED items.0.mediaSource"},
			fmt.Sprintf(`{"id": %q, "storageClass": "IA", "file": {"storageClass": "IA", "storageLocation": ""}}`, ids[0]): {"INVALID items.0.file.storageLocation", "INVALID items.0.file.storageClass"},
		} {
			d.refuses(want, "assetsUpdate", `{"items": [%s]}`, change)
		}
		if p := d.done("assetsUpdate", "id", `{"items": [{"id": %q, "file": null, "mezzanine": null}]}`, ids[2]); p.ChangedCount != 0 {
			t.Errorf("to clear what there is not changed %d", p.ChangedCount)
		}
	})
}

// Names of files, sums and languages are checked, and an import keeps what was taken before.
func TestFactsAreChecked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db, func(o *change.Options) { o.Limits.FileTypes = true })
		long := strings.Repeat("é", 1021) + ".mp4"
		for item, want := range map[string]string{
			`"kind": "VIDEO", "mezzanine": {"fileName": "virus.exe"}`:                                                                "FILE_TYPE_REFUSED mezzanine.fileName",
			`"kind": "VIDEO", "mezzanine": {"fileName": "noextension"}`:                                                              "FILE_TYPE_REFUSED mezzanine.fileName",
			`"kind": "AUDIO", "mezzanine": {"fileName": "a.mp4"}`:                                                                    "FILE_TYPE_REFUSED mezzanine.fileName",
			`"kind": "ATTACHMENT", "attachmentType": "WATERMARK", "fileName": "x.srt"`:                                               "FILE_TYPE_REFUSED fileName",
			`"kind": "ATTACHMENT", "attachmentType": "SUBTITLE", "fileName": "x.png"`:                                                "FILE_TYPE_REFUSED fileName",
			`"kind": "IMAGE", "fileName": "x.webp"`:                                                                                  "FILE_TYPE_REFUSED fileName",
			`"kind": "VIDEO", "mezzanine": {"fileName": "` + long + `"}`:                                                             "INVALID mezzanine.fileName",
			`"kind": "VIDEO", "mezzanine": {"md5": "zz"}`:                                                                            "INVALID mezzanine.md5",
			`"kind": "VIDEO", "mezzanine": {"md5": "d41d8cd98f00b204e9800998ecf8427"}`:                                               "INVALID mezzanine.md5",
			`"kind": "VIDEO", "mezzanine": {"md5": ""}`:                                                                              "INVALID mezzanine.md5",
			`"kind": "VIDEO", "aiData": [{"source": "s", "speech": [{"start": 0, "end": 0.001, "text": "x", "language": "en_US"}]}]`: "INVALID aiData.0.speech.0.language",
		} {
			d.refuses([]string{strings.Replace(want, " ", " items.0.", 1)}, "assetsCreate", `{"items": [{"title": "x", %s}]}`, item)
			if report := d.warnings(`{"title": "x", ` + item + `}`); len(report) != 1 || !strings.HasPrefix(report[0], "warning: test:1: ") {
				t.Errorf("%s is imported with %q", item, report)
			}
		}
		id := d.make(`{"kind": "VIDEO", "title": "x", "mezzanine": {"fileName": "e\u0301.MP4", "md5": "D41D8CD98F00B204E9800998ECF8427E"}}`)[0]
		d.same(d.read(id, "... on Video { mezzanine { fileName md5 } }"), `{"mezzanine": {"fileName": "e\u0301.MP4", "md5": "d41d8cd98f00b204e9800998ecf8427e"}}`, "kept")
		d.make(`{"kind": "ATTACHMENT", "title": "x", "attachmentType": "WATERMARK", "fileName": "x.PNG"}`, `{"kind": "AUDIO", "title": "x", "mezzanine": {"fileName": "x.flac"}}`)
	})
}

// A new asset stands where its input says, or is NORMAL unless a file is to come.
func TestStatusOfNewAssets(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		for item, want := range map[string]string{
			`"kind": "VIDEO"`: "NORMAL", `"kind": "IMAGE"`: "NORMAL", `"kind": "ATTACHMENT", "attachmentType": "SUBTITLE"`: "NORMAL",
			`"kind": "VIDEO", "mezzanine": {"status": "UPLOADING"}`:                       "UPLOADING",
			`"kind": "AUDIO", "mezzanine": {"fileName": "a.mp3"}`:                         "NORMAL",
			`"kind": "AUDIO", "mezzanine": null`:                                          "NORMAL",
			`"kind": "VIDEO", "status": "CHECKING", "mezzanine": {"status": "UPLOADING"}`: "CHECKING",
		} {
			if got := d.read(d.make(`{"title": "x", ` + item + `}`)[0], "status")["status"]; got != want {
				t.Errorf("%s is %s, not %s", item, got, want)
			}
		}
	})
}

// The greatest numbers come before none, going up, and none comes last, going down.
func TestOrderOfGreatestFacts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		facts := [][2]string{{"null", "null"}, {"9223372036854775807", "1.7976931348623157e308"}, {"9223372036854775806", "1.7976931348623155e308"}, {"0", "0"}, {"1", "0.001"}}
		for i, f := range facts {
			d.make(fmt.Sprintf(`{"kind": "VIDEO", "title": "%d", "size": %s, "duration": %s}`, i, f[0], f[1]))
		}
		for _, field := range []string{"SIZE", "DURATION"} {
			for direction, want := range map[string]string{"ASC": "[3 4 2 1 0]", "DESC": "[1 2 4 3 0]"} {
				got := d.walked(`query { videos(%s, orderBy: [{field: `+field+`, direction: `+direction+`}]) { nodes { title } pageInfo { hasNextPage endCursor } } }`,
					"", 2, func(r record) string { return r["title"].(string) })
				if fmt.Sprint(got) != want {
					t.Errorf("by %s %s: %v, not %s", field, direction, got, want)
				}
			}
		}
	})
}

// There is one zero: a zero with a sign is the same number, wherever it is kept.
func TestZeroHasNoSign(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		id := d.make(`{"kind": "VIDEO", "title": "x"}`)[0]
		const source = `{"asset": {"id": %q}, "input": {"duration": -0.0, "fps": -0.0, "videoStreams": [{"index": 1, "startTime": -0.0, "fps": -0.0, "averageFps": -0.0, "duration": -0.0}],
			"audioStreams": [{"index": 2, "startTime": -0.0, "duration": -0.0}]}}`
		d.done("mezzaninePut", "id", source, id)
		if p := d.done("mezzaninePut", "id", source, id); p.Revision != nil {
			t.Errorf("put again it is another")
		}
		if _, lines := d.exported(d.catalog); strings.Contains(string(lines[id]["mezzanine"]), ":-0") {
			t.Errorf("exported is %s", jsonOf(lines[id]))
		}
		text, _ := d.exported(d.catalog)
		d.imports(d.catalog, text)
		if again, _ := d.exported(d.catalog); again != text {
			t.Errorf("after an import of itself the export is\n%s, not\n%s", again, text)
		}
	})
}
