package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/dbtest"
)

func TestMutationMezzanine(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		const selection = `revision ... on Video { mezzanine { id status fileName size createdAt videoStreams { index } } }`
		id := d.make(`{"kind": "VIDEO", "title": "x"}`)[0]
		d.refuses([]string{"NOT_FOUND asset"}, "mezzanineDelete", `{"asset": {"id": %q}, "force": true}`, id)
		d.refuses([]string{"NOT_FOUND asset.id"}, "mezzaninePut", `{"asset": {"id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA1"}, "input": {}}`)
		put := d.done("mezzaninePut", selection, `{"asset": {"id": %q}, "input": {"fileName": "a", "size": 1, "videoStreams": [{"index": 1}]}}`, id)
		again := d.done("mezzaninePut", selection, `{"asset": {"id": %q}, "input": {"fileName": "a", "size": 1, "videoStreams": [{"index": 1}], "status": null}}`, id)
		if fmt.Sprint(again.Asset) != fmt.Sprint(put.Asset) || again.Revision != nil || put.Asset["revision"] != 2.0 {
			t.Errorf("%+v came to %+v", put, again)
		}
		// All of it is reported anew, but for what the row is known by.
		next := d.done("mezzaninePut", selection, `{"asset": {"id": %q}, "input": {"status": "UPLOADING"}}`, id)
		d.same(next.Asset, fmt.Sprintf(`{"revision": 3, "mezzanine": {"id": %q, "createdAt": %q, "status": "UPLOADING", "fileName": null, "size": null, "videoStreams": []}}`,
			put.Asset.at("mezzanine", "id"), put.Asset.at("mezzanine", "createdAt")), "put again")
		d.refuses([]string{"INVALID input.size", "INVALID input.bitrate", "INVALID input.duration", "INVALID input.fps", "INVALID input.width", "INVALID input.videoStreams.1.index"}, "mezzaninePut",
			`{"asset": {"id": %q}, "input": {"size": -1, "bitrate": -1, "duration": -1, "fps": -1, "width": -1, "videoStreams": [{"index": 2}, {"index": 2}]}}`, id)

		// What is there to play decides whether the source may go.
		const stream = `{"items": [{"asset": {"id": %q}, "jobId": "j", "streamType": "VIDEO", "format": "MP4", "definition": "HD"}]}`
		d.done("mezzaninePut", "id", `{"asset": {"id": %q}, "input": {"fileName": "b"}}`, id)
		for _, force := range []string{"", `, "force": false`, `, "force": null`} {
			d.refuses([]string{"IN_USE force"}, "mezzanineDelete", `{"asset": {"id": %q}%s}`, id, force)
		}
		d.done("playInfosPut", "id", stream, id)
		gone := d.done("mezzanineDelete", selection, `{"asset": {"id": %q}}`, id)
		if gone.Asset.at("mezzanine", "status") != "DELETED" || gone.Asset.at("mezzanine", "fileName") != "b" {
			t.Errorf("%v", gone.Asset)
		}
		if p := d.done("mezzanineDelete", selection, `{"asset": {"id": %q}}`, id); p.Revision != nil {
			t.Errorf("deleted again it is revision %d", *p.Revision)
		}
		d.done("mezzaninePut", "id", `{"asset": {"id": %q}, "input": {}}`, id)
		d.done("playInfosDelete", "id", `{"asset": {"id": %q}, "jobIds": ["j"]}`, id)
		d.refuses([]string{"IN_USE force"}, "mezzanineDelete", `{"asset": {"id": %q}}`, id)
		p := d.done("mezzanineDelete", selection, `{"asset": {"id": %q}, "force": true}`, id)
		if p.Asset.at("mezzanine", "status") != "DELETED" {
			t.Errorf("%v", p.Asset)
		}
		for _, kind := range []string{`"IMAGE"`, `"ATTACHMENT", "attachmentType": "SUBTITLE"`} {
			other := d.make(`{"kind": ` + kind + `, "title": "x"}`)[0]
			d.refuses([]string{"WRONG_KIND asset"}, "mezzaninePut", `{"asset": {"id": %q}, "input": {}}`, other)
			d.refuses([]string{"WRONG_KIND items.0.asset"}, "playInfosPut", stream, other)
			d.refuses([]string{"NOT_FOUND asset"}, "mezzanineDelete", `{"asset": {"id": %q}}`, other)
		}
	})
}

const streamSelection = `revision ... on Video { playInfos(includeSuperseded: true) { id jobId definition format status createdAt updatedAt width } }`

// streams are those of an asset by their jobs.
func streams(asset record) map[string]record {
	byJob := map[string]record{}
	for _, p := range asset["playInfos"].([]any) {
		row := record(p.(map[string]any))
		byJob[row["jobId"].(string)] = row
	}
	return byJob
}

// statuses of streams, as "job STATUS".
func statuses(asset record) string {
	var all []string
	for job, row := range streams(asset) {
		all = append(all, fmt.Sprint(job, " ", row["status"]))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// ofAsset is an item of JSON with its asset.
func ofAsset(id, item string) string {
	return `{"asset": {"id": "` + id + `"}, ` + strings.TrimPrefix(item, "{")
}

func TestMutationPlayInfos(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		id := d.make(`{"kind": "VIDEO", "title": "x"}`)[0]
		put := func(want string, items ...string) record {
			t.Helper()
			for i, item := range items {
				items[i] = ofAsset(id, item)
			}
			p := d.done("playInfosPut", streamSelection, `{"items": [%s]}`, strings.Join(items, ", "))
			if got := statuses(p.only()); got != want {
				t.Errorf("after %v: %s, not %s", items, got, want)
			}
			return p.only()
		}
		const hd, sd = `"streamType": "VIDEO", "format": "MP4", "definition": "HD"}`, `"streamType": "VIDEO", "format": "MP4", "definition": "SD"}`
		put("a NORMAL", `{"jobId": "a", `+hd)
		put("a INVISIBLE, b NORMAL", `{"jobId": "b", `+hd)
		// Another definition or format stands beside them.
		put("a INVISIBLE, b NORMAL, c NORMAL, d NORMAL", `{"jobId": "c", `+sd, `{"jobId": "d", "streamType": "VIDEO", "format": "M3U8", "definition": "HD"}`)
		// The newest counts by its time, not by when it was given.
		before := streams(put("a INVISIBLE, b NORMAL, c NORMAL, d NORMAL, e INVISIBLE", `{"jobId": "e", "createdAt": "2001-01-01T00:00:00Z", `+hd))
		// A job that is reported again keeps its id and its time, and what does not differ its updatedAt.
		after := streams(put("a INVISIBLE, b NORMAL, c NORMAL, d NORMAL, e INVISIBLE", `{"jobId": "b", "width": 9, `+hd, `{"jobId": "a", `+hd))
		if after["b"]["id"] != before["b"]["id"] || after["b"]["createdAt"] != before["b"]["createdAt"] || after["b"]["updatedAt"] == before["b"]["updatedAt"] || after["b"]["width"] != 9.0 {
			t.Errorf("%v came to %v", before["b"], after["b"])
		}
		if fmt.Sprint(after["a"]) != fmt.Sprint(before["a"]) {
			t.Errorf("%v came to %v", before["a"], after["a"])
		}
		if p := d.done("playInfosPut", "id", `{"items": [{"asset": {"id": %q}, "jobId": "b", "width": 9, %s]}`, id, hd); p.Revision != nil {
			t.Errorf("the same again is revision %d", *p.Revision)
		}
		// Of two of one call and time the later is newer.
		put("a INVISIBLE, b NORMAL, c INVISIBLE, d NORMAL, e INVISIBLE, f INVISIBLE, g NORMAL", `{"jobId": "f", `+sd, `{"jobId": "g", `+sd)
		d.refuses([]string{"NOT_FOUND jobIds.1"}, "playInfosDelete", `{"asset": {"id": %q}, "jobIds": ["g", "none"]}`, id)
		deleted := d.done("playInfosDelete", streamSelection, `{"asset": {"id": %q}, "jobIds": ["g", "b", "f", "b"]}`, id)
		if got, want := statuses(deleted.Asset), "a NORMAL, c NORMAL, d NORMAL, e INVISIBLE"; got != want {
			t.Errorf("%s, not %s", got, want)
		}
		if row := streams(deleted.Asset)["a"]; row["updatedAt"] == before["a"]["updatedAt"] || row["createdAt"] != before["a"]["createdAt"] {
			t.Errorf("%v came to %v", before["a"], row)
		}
		// A job that changes its definition makes room where it was.
		put("a NORMAL, c INVISIBLE, d NORMAL, e INVISIBLE, h NORMAL", `{"jobId": "h", `+sd)
		put("a NORMAL, c NORMAL, d NORMAL, e INVISIBLE, h NORMAL", `{"jobId": "h", "streamType": "VIDEO", "format": "MP4", "definition": "FD"}`)
		var data struct{ Node record }
		d.ask(`query($id: ID!) { node(id: $id) { ... on Video { playInfos { jobId } } } }`, map[string]any{"id": id}, &data)
		if got := len(data.Node["playInfos"].([]any)); got != 4 {
			t.Errorf("%d streams are reported, with the superseded one", got)
		}
		d.refuses([]string{"ROLLED_BACK items.0", "REQUIRED items.1.definition", "INVALID items.2.encryptType", "NOT_FOUND items.3.watermark.id", "WRONG_KIND items.4.watermark", "DUPLICATE_ITEM items.5"}, "playInfosPut",
			`{"items": [%s], "options": {"errorPolicy": "ATOMIC"}}`, strings.Join([]string{ofAsset(id, `{"jobId": "x", `+hd), ofAsset(id, `{"jobId": "v", "streamType": "VIDEO", "format": "MP4"}`),
				ofAsset(id, `{"jobId": "y", "encrypted": true, "encryptType": "NONE", `+hd), ofAsset(id, `{"jobId": "z", "watermark": {"id": "att_1"}, `+hd),
				ofAsset(id, `{"jobId": "w", "watermark": {"id": "`+id+`"}, `+hd), ofAsset(id, `{"jobId": "x", `+hd)}, ", "))
		d.refuses([]string{"NOT_FOUND items.0.asset.id"}, "playInfosPut", `{"items": [%s]}`, ofAsset("vid_1", `{"jobId": "x", `+hd))
		d.refuses([]string{"NOT_FOUND asset.id"}, "playInfosDelete", `{"asset": {"id": "vid_1"}, "jobIds": ["x"]}`)
	})
}

func TestMutationPlayInfosAreEncryptedInSomeWay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		id := d.make(`{"kind": "AUDIO", "title": "x"}`)[0]
		for given, want := range map[string]string{
			``: `{"encrypted": false, "encryptType": "NONE"}`, `"encrypted": false,`: `{"encrypted": false, "encryptType": "NONE"}`,
			`"encrypted": true,`: `{"encrypted": true, "encryptType": "PRIVATE"}`, `"encryptType": "HLS",`: `{"encrypted": true, "encryptType": "HLS"}`,
			`"encryptType": "NONE",`: `{"encrypted": false, "encryptType": "NONE"}`, `"encrypted": true, "encryptType": "HLS",`: `{"encrypted": true, "encryptType": "HLS"}`,
		} {
			p := d.done("playInfosPut", `... on Audio { playInfos { encrypted encryptType } }`,
				`{"items": [{"asset": {"id": %q}, "jobId": "j", %s "streamType": "AUDIO", "format": "MP3", "definition": "HQ"}]}`, id, given)
			d.same(p.only().at("playInfos", 0), want, given)
		}
		for _, given := range []string{`"encrypted": false, "encryptType": "HLS",`, `"encrypted": true, "encryptType": "NONE",`} {
			d.refuses([]string{"INVALID items.0.encryptType"}, "playInfosPut",
				`{"items": [{"asset": {"id": %q}, "jobId": "j", %s "streamType": "AUDIO", "format": "MP3", "definition": "HQ"}]}`, id, given)
		}
	})
}

// The definition that is derived from a size, long side by short side, "" where
// it must be reported.
func TestMutationPlayInfosDefinition(t *testing.T) {
	t.Parallel()
	d := write(t, dbtest.SQLite(t))
	id := d.make(`{"kind": "VIDEO", "title": "x"}`)[0]
	for size, want := range map[[2]int]string{
		{128, 128}: "FD", {127, 128}: "", {640, 127}: "", {640, 128}: "FD", {640, 480}: "FD", {641, 480}: "LD", {640, 481}: "LD", {720, 540}: "LD",
		{721, 540}: "SD", {720, 541}: "SD", {1280, 720}: "SD", {1281, 720}: "HD", {1280, 721}: "HD", {1920, 1080}: "HD", {1921, 1080}: "UHD_2K",
		{1920, 1081}: "UHD_2K", {2560, 1440}: "UHD_2K", {2561, 1440}: "UHD_4K", {2560, 1441}: "UHD_4K", {3840, 2160}: "UHD_4K", {3841, 2160}: "", {3840, 2161}: "",
		{2160, 2160}: "UHD_4K", {481, 481}: "LD", {0, 0}: "",
	} {
		for _, stands := range []bool{false, true} {
			if stands {
				size[0], size[1] = size[1], size[0]
			}
			item := fmt.Sprintf(`{"jobId": "j", "streamType": "VIDEO", "format": "MP4", "width": %d, "height": %d}`, size[0], size[1])
			if want == "" {
				d.refuses([]string{"REQUIRED items.0.definition"}, "playInfosPut", `{"items": [%s]}`, ofAsset(id, item))
				continue
			}
			p := d.done("playInfosPut", streamSelection, `{"items": [%s]}`, ofAsset(id, item))
			if got := streams(p.only())["j"]["definition"]; got != want {
				t.Errorf("%v is %v, not %s", size, got, want)
			}
		}
	}
	for _, item := range []string{`"streamType": "VIDEO", "width": 640`, `"streamType": "VIDEO", "height": 480`, `"streamType": "VIDEO"`, `"streamType": "AUDIO", "width": 640, "height": 480`} {
		d.refuses([]string{"REQUIRED items.0.definition"}, "playInfosPut", `{"items": [{"asset": {"id": %q}, "jobId": "j", "format": "MP4", %s}]}`, id, item)
	}
	p := d.done("playInfosPut", streamSelection, `{"items": [{"asset": {"id": %q}, "jobId": "j", "format": "MP4", "streamType": "VIDEO", "width": 640, "height": 480, "definition": "OD"}]}`, id)
	if got := streams(p.only())["j"]["definition"]; got != "OD" {
		t.Errorf("reported to be OD it is %v", got)
	}
}

func TestMutationAttachments(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(`{"kind": "VIDEO", "title": "v"}`, `{"kind": "ATTACHMENT", "title": "a", "attachmentType": "SUBTITLE"}`, `{"kind": "IMAGE", "title": "i"}`)
		const selection = `revision ... on Video { attachments { attachment { id } language label } }`
		link := func(more string) payload {
			return d.done("attachmentLink", selection, `{"asset": {"id": %q}, "attachment": {"id": %q}%s}`, ids[0], ids[1], more)
		}
		for i, one := range []struct{ given, want string }{
			{``, `"language": null, "label": null`},
			{`, "language": "pt-BR", "label": "Português"`, `"language": "pt-BR", "label": "Português"`},
			{`, "label": "x"`, `"language": null, "label": "x"`},
			{`, "language": "zh-cmn-Hans-CN"`, `"language": "zh-cmn-Hans-CN", "label": null`},
		} {
			p := link(one.given)
			d.same(p.Asset, fmt.Sprintf(`{"revision": %d, "attachments": [{"attachment": {"id": %q}, %s}]}`, i+2, ids[1], one.want), one.given)
			if again := link(one.given); again.Revision != nil {
				t.Errorf("linked so again it is revision %d", *again.Revision)
			}
		}
		for _, good := range []string{"en", "ja", "yue", "zh-Hans", "zh-Hant-TW", "de-CH-1901", "sl-rozaj-biske", "es-419", "en-a-bbb-x-a-ccc", "x-private", "i-klingon", "qaa", "EN-gb", "ast"} {
			if p := link(`, "language": "` + good + `"`); p.Asset.at("attachments", 0, "language") != good {
				t.Errorf("%s is kept as %v", good, p.Asset["attachments"])
			}
		}
		for _, bad := range []string{"", " ", "en ", "e", "english language", "en_GB", "en-", "-en", "a-DE", "en-a", "日本語", "en--GB", "abcdefghi", "en-GB-abcdefghi"} {
			d.refuses([]string{"INVALID language"}, "attachmentLink", `{"asset": {"id": %q}, "attachment": {"id": %q}, "language": %q}`, ids[0], ids[1], bad)
		}
		d.refuses([]string{"NOT_FOUND attachment.id"}, "attachmentLink", `{"asset": {"id": %q}, "attachment": {"id": "att_1"}}`, ids[0])
		d.refuses([]string{"NOT_FOUND asset.id"}, "attachmentLink", `{"asset": {"id": "vid_1"}, "attachment": {"id": %q}}`, ids[1])
		d.refuses([]string{"WRONG_KIND attachment"}, "attachmentLink", `{"asset": {"id": %q}, "attachment": {"id": %q}}`, ids[0], ids[2])
		d.refuses([]string{"WRONG_KIND asset"}, "attachmentLink", `{"asset": {"id": %q}, "attachment": {"id": %q}}`, ids[2], ids[1])
		var data struct{ Node record }
		d.ask(`query($id: ID!) { node(id: $id) { ... on Attachment { usedBy { nodes { id } } } } }`, map[string]any{"id": ids[1]}, &data)
		d.same(data.Node, fmt.Sprintf(`{"usedBy": {"nodes": [{"id": %q}]}}`, ids[0]), "used by")
		d.refuses([]string{"NOT_FOUND attachment"}, "attachmentUnlink", `{"asset": {"id": %q}, "attachment": {"id": %q}}`, ids[0], ids[2])
		p := d.done("attachmentUnlink", selection, `{"asset": {"id": %q}, "attachment": {"id": %q}}`, ids[0], ids[1])
		if len(p.Asset["attachments"].([]any)) != 0 || p.Asset["revision"] != float64(*p.Revision) {
			t.Errorf("%v", p.Asset)
		}
		d.refuses([]string{"NOT_FOUND attachment"}, "attachmentUnlink", `{"asset": {"id": %q}, "attachment": {"id": %q}}`, ids[0], ids[1])
	})
}
