package resolvers_test

import (
	"slices"
	"testing"

	"vodgraph/dbtest"
)

const coverSelection = `... on Video { cover { ... on Image { id kind title imageType status location width height revision storageLocation mediaSource }
	... on Snapshot { id type index } } aiData { coverCandidates { id location } } } revision`

// A candidate that is chosen becomes an Image, in the mutation that chooses it, and
// not where that is refused.
func TestMutationCoverOfCandidate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		images := func() int {
			var data struct{ Images struct{ TotalCount int } }
			d.ask(`{ images { totalCount } }`, nil, &data)
			return data.Images.TotalCount
		}
		const item = `{"kind": "VIDEO", "title": "Film", "storageLocation": "far", "mediaSource": "LIVE",
			"aiData": [{"source": "eye", "coverCandidates": [{"location": "o/k.gif", "format": "gif", "width": 3, "height": 4}]}]}`
		ids := d.make(item, item)
		candidates := make([]any, len(ids))
		for i, id := range ids {
			candidates[i] = d.read(id, coverSelection).at("aiData", "coverCandidates", 0, "id")
		}
		// Another asset's candidate, a refused item, and a call that is rolled back.
		d.refuses([]string{"NOT_FOUND items.0.cover.candidate"}, "assetsUpdate", `{"items": [{"id": %q, "cover": {"candidate": %q}}]}`, ids[0], candidates[1])
		d.refuses([]string{"INVALID items.0.tags"}, "assetsUpdate", `{"items": [{"id": %q, "cover": {"candidate": %q}, "tags": {}}]}`, ids[0], candidates[0])
		d.refuses([]string{"ROLLED_BACK items.0", "NOT_FOUND items.1.id"}, "assetsUpdate",
			`{"items": [{"id": %q, "cover": {"candidate": %q}}, {"id": "x"}], "options": {"errorPolicy": "ATOMIC"}}`, ids[0], candidates[0])
		d.callFor("assetsUpdate", "id", `{"items": [{"id": %q, "cover": {"candidate": %q}, "tags": {}}, {"id": %q, "title": "Other"}]}`, ids[0], candidates[0], ids[1])
		if n := images(); n != 0 || d.revision() != 2 {
			t.Errorf("refused mutations made %d images by revision %d", n, d.revision())
		}
		p := d.callFor("assetsUpdate", coverSelection, `{"items": [{"id": %q, "cover": {"candidate": %q}, "title": "Renamed"},
			{"id": %q, "cover": {"candidate": %[2]q}}]}`, ids[0], candidates[0], ids[1])
		if want := []string{"CHANGED", "FAILED"}; !slices.Equal(p.outcomes(), want) || p.ChangedCount != 1 {
			t.Errorf("%+v", p)
		}
		cover := record(p.Results[0].Asset.at("cover").(map[string]any))
		image := cover.id()
		delete(cover, "id")
		d.same(cover, `{"kind": "IMAGE", "title": "Renamed", "imageType": "COVER", "status": "NORMAL", "location": "o/k.gif", "width": 3, "height": 4,
			"storageLocation": "far", "mediaSource": "LIVE", "revision": 3}`, "the image")
		if n := images(); n != 1 || *p.Revision != 3 || p.Results[0].Asset["revision"] != 3.0 {
			t.Errorf("%d images at revision %d", n, *p.Revision)
		}
		var data struct{ Node record }
		d.ask(`query($id: ID!) { node(id: $id) { ... on Image { coverOf { nodes { id } } } } }`, map[string]any{"id": image}, &data)
		d.same(data.Node, `{"coverOf": {"nodes": [{"id": "`+ids[0]+`"}]}}`, "what the image is the cover of")
		// It is an image as any other: another asset may have it too.
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "cover": {"image": {"id": %q}}}]}`, ids[1], image)
		p = d.done("assetsUpdate", coverSelection, `{"items": [{"id": %q, "cover": null}]}`, ids[0])
		if p.Results[0].Asset["cover"] != nil || images() != 1 {
			t.Errorf("the cover was taken away: %v, %d images", p.Results[0].Asset, images())
		}
	})
}

// snapshotsOf are those of a type.
func snapshotsOf(kind string, asset record) (nodes []record) {
	for _, n := range asset.at("snapshots", "nodes").([]any) {
		if node := record(n.(map[string]any)); node["type"] == kind {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

func TestMutationSnapshots(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		id := d.make(`{"kind": "VIDEO", "title": "x"}`)[0]
		const selection = `revision ... on Video { cover { ... on Snapshot { id } } snapshots { nodes { id type jobId index at sprite { cells } createdAt } } }`
		sprite := `"sprite": {"columns": 1, "rows": 1, "cellWidth": 1, "cellHeight": 1, "cells": 1, "every": 0}, `
		for i, of := range []string{"COVER", "NORMAL", "SPRITE", "SPRITE_ORIGIN", "WEB_VTT"} {
			p := d.done("snapshotsPut", selection, `{"items": [{"asset": {"id": %q}, "type": %q, "jobId": "j", %s "items": [{"index": 5, "at": 0.009}, {"index": 0}]}]}`,
				id, of, map[bool]string{true: sprite}[i > 1])
			if n := len(p.only().at("snapshots", "nodes").([]any)); n != 2*(i+1) || p.only()["revision"] != float64(i+2) {
				t.Errorf("after %s there are %d snapshots at %v", of, n, p.only()["revision"])
			}
		}
		before := snapshotsOf("NORMAL", d.read(id, selection))
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "cover": {"snapshot": {"type": "NORMAL", "index": 5}}}]}`, id)

		// The same set again is no change; its job done again keeps its time, another does not.
		p := d.done("snapshotsPut", selection, `{"items": [{"asset": {"id": %q}, "type": "NORMAL", "jobId": "j", "items": [{"index": 0}, {"index": 5, "at": 0.009}]}]}`, id)
		if p.Revision != nil {
			t.Errorf("the same set again is revision %d", *p.Revision)
		}
		p = d.done("snapshotsPut", selection, `{"items": [{"asset": {"id": %q}, "type": "NORMAL", "jobId": "k", "items": [{"index": 5, "at": 0.001}, {"index": 7}]}]}`, id)
		after := snapshotsOf("NORMAL", p.only())
		if len(after) != 2 || after[0].id() != before[1].id() || after[0]["at"] != 0.001 || after[1]["index"] != 7.0 || after[0]["jobId"] != "k" ||
			after[0]["createdAt"] == before[1]["createdAt"] || p.only().at("cover", "id") != after[0].id() {
			t.Errorf("%v came to %v with the cover %v", before, after, p.only()["cover"])
		}
		if n := len(snapshotsOf("SPRITE", p.only())); n != 2 {
			t.Errorf("of another type %d are left", n)
		}
		// A cover that is no longer among them is gone.
		p = d.done("snapshotsPut", selection, `{"items": [{"asset": {"id": %q}, "type": "NORMAL", "jobId": "k", "items": [{"index": 7}]}]}`, id)
		if p.only()["cover"] != nil || snapshotsOf("NORMAL", p.only())[0].id() != after[1].id() {
			t.Errorf("the cover is %v", p.only()["cover"])
		}
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "cover": {"snapshot": {"type": "COVER", "index": 0}}}]}`, id)
		p = d.done("snapshotsDelete", selection, `{"asset": {"id": %q}, "type": "NORMAL"}`, id)
		if len(snapshotsOf("NORMAL", p.Asset)) != 0 || p.Asset["cover"] == nil {
			t.Errorf("%v", p.Asset)
		}
		d.refuses([]string{"NOT_FOUND indexes.1"}, "snapshotsDelete", `{"asset": {"id": %q}, "type": "COVER", "indexes": [0, 7]}`, id)
		d.refuses([]string{"REQUIRED indexes"}, "snapshotsDelete", `{"asset": {"id": %q}, "type": "COVER", "indexes": []}`, id)
		d.refuses([]string{"TOO_MANY_ITEMS indexes"}, "snapshotsDelete", `{"asset": {"id": %q}, "type": "COVER", "indexes": %s}`, id, times(1001, "5"))
		p = d.done("snapshotsDelete", selection, `{"asset": {"id": %q}, "type": "COVER", "indexes": [5, 5]}`, id)
		if left := snapshotsOf("COVER", p.Asset); len(left) != 1 || left[0]["index"] != 0.0 || p.Asset["cover"] == nil || p.ChangeSet == nil {
			t.Errorf("of two covers %v are left, in %v", left, p)
		}
		p = d.done("snapshotsDelete", selection, `{"asset": {"id": %q}, "type": "SPRITE", "indexes": [0, 5]}`, id)
		if len(snapshotsOf("SPRITE", p.Asset)) != 0 || p.Asset["cover"] == nil {
			t.Errorf("%v", p.Asset)
		}
		p = d.done("snapshotsDelete", selection, `{"asset": {"id": %q}, "type": "COVER", "indexes": null}`, id)
		if p.Asset["cover"] != nil || len(p.Asset.at("snapshots", "nodes").([]any)) != 4 {
			t.Errorf("%v", p.Asset)
		}
	})
}

func TestMutationSnapshotsRefuse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		id := d.make(`{"kind": "VIDEO", "title": "x", "snapshots": [{"type": "NORMAL", "jobId": "j", "items": [{"index": 0}]}]}`)[0]
		d.refuses([]string{"NOT_FOUND type"}, "snapshotsDelete", `{"asset": {"id": %q}, "type": "COVER"}`, id)
		d.refuses([]string{"NOT_FOUND asset.id"}, "snapshotsDelete", `{"asset": {"id": "vid_1"}, "type": "COVER"}`)
		for set, want := range map[string][]string{
			`"jobId": "", "items": []`:                             {"REQUIRED items.0.items", "INVALID items.0.jobId"},
			`"jobId": "j", "items": [{"index": 0}, {"index": 0}]`:  {"INVALID items.0.items.1.index"},
			`"jobId": "j", "items": [{"index": -1, "at": -0.001}]`: {"INVALID items.0.items.0.index", "INVALID items.0.items.0.at"},
			`"jobId": "j", "items": [{"index": 0, "width": -1}], "sprite": {"columns": 0, "rows": 1, "cellWidth": 1, "cellHeight": 1, "cells": 1, "every": 0.001}`: {"INVALID items.0.sprite", "INVALID items.0.items.0.width"},
		} {
			d.refuses(want, "snapshotsPut", `{"items": [{"asset": {"id": %q}, "type": "SPRITE", %s}]}`, id, set)
		}
		for _, kind := range []string{`"AUDIO"`, `"IMAGE"`, `"ATTACHMENT", "attachmentType": "SUBTITLE"`} {
			other := d.make(`{"kind": ` + kind + `, "title": "x"}`)[0]
			d.refuses([]string{"WRONG_KIND items.0.asset"}, "snapshotsPut", `{"items": [{"asset": {"id": %q}, "type": "COVER", "jobId": "j", "items": [{"index": 0}]}]}`, other)
		}
	})
}
