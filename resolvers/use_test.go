package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/auth"
	"vodgraph/dbtest"
	"vodgraph/ent/migrate"
)

// usesOf are the uses that refuse the items of a call, as "asset field".
func usesOf(p payload) (all []string) {
	for _, item := range p.Results {
		for _, e := range item.Errors {
			for _, u := range e.Users {
				all = append(all, u.AssetID+" "+u.Field)
			}
		}
	}
	return all
}

// uses are all ways in which an asset can use another one: the column that refers to it, the
// item that uses an asset of a kind, and the field that the use is shown by.
var uses = map[string]struct{ used, item, field string }{
	"attachment_links.attachment_id": {`{"kind": "ATTACHMENT", "title": "u", "attachmentType": "SUBTITLE"%s}`,
		`{"kind": "VIDEO", "title": "x", "attachments": [{"attachment": {"id": %q}}]%s}`, "attachments"},
	"assets.cover_image_id": {`{"kind": "IMAGE", "title": "u"%s}`, `{"kind": "AUDIO", "title": "x", "cover": {"image": {"id": %q}}%s}`, "cover"},
	"play_infos.watermark_id": {`{"kind": "ATTACHMENT", "title": "u", "attachmentType": "WATERMARK"%s}`,
		`{"kind": "VIDEO", "title": "x", "playInfos": [{"jobId": "j", "streamType": "VIDEO", "format": "MP4", "definition": "HD", "watermark": {"id": %q}}]%s}`, "playInfos"},
}

// noUses are columns that refer to assets of which nothing is used, but a row is a part.
var noUses = map[string]string{"duplicates.other_id": "found by an analysis, and gone with either of both"}

// Each column that refers to an asset is a use, a part of its asset, or listed.
func TestUsesAreAllColumnsThatReferToAssets(t *testing.T) {
	t.Parallel()
	known := 0
	for _, table := range migrate.Tables {
		for _, key := range table.ForeignKeys {
			column := table.Name + "." + key.Columns[0].Name
			if key.RefTable.Name != "assets" || key.Columns[0].Name == "asset_id" {
				continue
			}
			known++
			if uses[column].field == "" && noUses[column] == "" {
				t.Errorf("%s refers to assets, and is not among their uses", column)
			}
		}
	}
	if known != len(uses)+len(noUses) {
		t.Errorf("%d columns refer to assets, and %d are listed", known, len(uses)+len(noUses))
	}
}

// Whatever uses an asset is in the data of the refusal to delete it, in the field that uses
// it: in calls, in files, and in the failures of a purge. A caller who does not see all of the
// users is shown none.
func TestUsersOfWhatIsInUse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := divide(t, db)
		own := fmt.Sprintf(`, "categories": [{"id": %q}]`, d.films)
		for column, use := range uses {
			used := d.make(fmt.Sprintf(use.used, own))[0]
			user := d.make(fmt.Sprintf(use.item, used, own))[0]
			want := []string{user + " " + use.field}
			for _, role := range []auth.Role{"", auth.Admin} { // who sees all, and who is limited
				if d.caller = nil; role != "" {
					d.limited(role)
				}
				p := d.refuses([]string{"IN_USE assets.0"}, "assetsDelete", `{"assets": [{"id": %q}]}`, used)
				if got := usesOf(p); !slices.Equal(got, want) || !strings.Contains(p.Results[0].Errors[0].Message, user) {
					t.Errorf("%s: the uses are %q, not %q: %s", column, got, want, p.Results[0].Errors[0].Message)
				}
			}
			d.caller = nil
			d.same(d.usersInFailures(used), fmt.Sprintf(`[{"code": "IN_USE", "users": [{"assetId": %q, "field": %q}]}]`, user, use.field), column)
			d.done("assetsRestore", "id", `{"assets": [{"id": %q}]}`, used)
			hidden := d.make(fmt.Sprintf(use.item, used, ""))[0]
			d.limited(auth.Admin)
			p := d.refuses([]string{"IN_USE assets.0"}, "assetsDelete", `{"assets": [{"id": %q}], "force": true}`, used)
			if got := usesOf(p); len(got) > 0 || strings.Contains(fmt.Sprint(p), hidden) || strings.Contains(fmt.Sprint(p), user) {
				t.Errorf("%s: a caller who does not see all users is shown %q in %+v", column, got, p)
			}
			d.same(d.usersInFailures(used), `[{"code": "IN_USE", "users": []}]`, column+" as a limited caller sees it")
			d.caller = nil
			p = d.refuses([]string{"IN_USE assets.0"}, "assetsDelete", `{"assets": [{"id": %q}]}`, used)
			want = append(want, hidden+" "+use.field)
			if got := usesOf(p); !slices.Equal(got, want) {
				t.Errorf("%s: the uses are %q, not %q", column, got, want)
			}
			d.done("assetsDelete", "id", `{"assets": [{"id": %q}, {"id": %q}, {"id": %q}]}`, used, user, hidden)
		}
	})
}

// usersInFailures moves an asset to the trash, purges that, and returns what is refused.
func (d *divided) usersInFailures(id string) any {
	d.Helper()
	d.done("assetsTrash", "id", `{"assets": [{"id": %q}]}`, id)
	purge := d.begin("trashPurge", `{"all": true}`)
	d.finish(purge)
	var data struct{ Node record }
	d.ask(`query($id: ID!) { node(id: $id) { ... on BulkOperation { failures { nodes { errors { code users { assetId field } } } } } } }`, map[string]any{"id": purge}, &data)
	return data.Node.at("failures", "nodes", 0, "errors")
}

// Of many uses the first ten are shown, by asset and field, and the sentence has how many
// assets they are of.
func TestManyUsers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		_, attachment, videos := d.usedBy(12)
		var want []string
		for _, id := range videos[:5] {
			want = append(want, id+" attachments", id+" playInfos")
		}
		p := d.refuses([]string{"IN_USE assets.0"}, "assetsDelete", `{"assets": [{"id": %q}]}`, attachment)
		if got := usesOf(p); !slices.Equal(got, want) || !strings.Contains(p.Results[0].Errors[0].Message, "12") {
			t.Errorf("the uses are %q, not %q: %s", got, want, p.Results[0].Errors[0].Message)
		}
	})
}

// A watermark is an attachment of the type WATERMARK, wherever a stream is given, however it
// is named, and if the same call makes it.
func TestWatermarksAreOfTheirType(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		const stream = `{"jobId": %q, "streamType": "VIDEO", "format": "MP4", "definition": "HD", "watermark": {%q: %q}}`
		video := d.make(`{"kind": "VIDEO", "title": "v"}`)[0]
		of := d.schema.Types["AttachmentType"].EnumValues
		if len(of) < 3 {
			t.Fatalf("there are %d types of attachments", len(of))
		}
		for _, value := range of {
			one := fmt.Sprintf(`{"kind": "ATTACHMENT", "title": "o", "referenceId": "%%s%s", "attachmentType": %[1]q}`, value.Name)
			names := map[string]string{"id": d.make(fmt.Sprintf(one, ""))[0], "referenceId": value.Name}
			wanted := func(place ...string) []string {
				if value.Name == "WATERMARK" {
					return nil
				}
				return place
			}
			for by, name := range names {
				put := fmt.Sprintf(stream, "j"+by, by, name)
				if p, want := d.call("playInfosPut", `{"items": [%s]}`, ofAsset(video, put)), wanted("INVALID items.0.watermark"); !slices.Equal(p.errors(), want) {
					t.Errorf("a put of a %s, by %s, is refused with %q, not %q", value.Name, by, p.errors(), want)
				}
				p, want := d.call("assetsCreate", `{"items": [{"kind": "VIDEO", "title": "x", "playInfos": [%s]}]}`, put), wanted("INVALID items.0.playInfos.0.watermark")
				if !slices.Equal(p.errors(), want) {
					t.Errorf("a creation with a %s, by %s, is refused with %q, not %q", value.Name, by, p.errors(), want)
				}
			}
			p := d.call("assetsCreate", `{"items": [%s, {"kind": "VIDEO", "title": "x", "playInfos": [%s]}], "options": {"errorPolicy": "ATOMIC"}}`,
				fmt.Sprintf(one, "new "), fmt.Sprintf(stream, "j", "referenceId", "new "+value.Name))
			if want := wanted("ROLLED_BACK items.0", "INVALID items.1.playInfos.0.watermark"); !slices.Equal(p.errors(), want) {
				t.Errorf("a call that makes a %s is refused with %q, not %q", value.Name, p.errors(), want)
			}
		}
	})
}

// Watermarks have the streams that they were laid over, newest first and page by page, those
// of assets in the trash too; snapshots have the assets that they are the cover of.
func TestWhatWatermarksAndSnapshotsAreUsedBy(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		mark := d.make(`{"kind": "ATTACHMENT", "title": "m", "attachmentType": "WATERMARK"}`, `{"kind": "ATTACHMENT", "title": "other", "attachmentType": "WATERMARK"}`)
		stream := `{"jobId": %q, "streamType": "VIDEO", "format": "MP4", "definition": %q, "watermark": {"id": %q}}`
		id := d.make(`{"kind": "VIDEO", "title": "v", "playInfos": [` + fmt.Sprintf(stream, "a", "HD", mark[0]) + `, ` + fmt.Sprintf(stream, "b", "HD", mark[0]) + `, ` + fmt.Sprintf(stream, "c", "SD", mark[1]) + `],
			"snapshots": [{"type": "NORMAL", "jobId": "s", "items": [{"index": 0}, {"index": 1}]}], "cover": {"snapshot": {"type": "NORMAL", "index": 1}}}`)[0]
		d.done("assetsTrash", "id", `{"assets": [{"id": %q}]}`, id)
		var data struct{ Attachments, Node record }
		d.ask(`{ attachments { nodes { title usedBy { totalCount } watermarkOf(first: 1) { nodes { jobId status asset { id } } totalCount } } } }`, nil, &data)
		d.same(data.Attachments, fmt.Sprintf(`{"nodes": [
			{"title": "other", "usedBy": {"totalCount": 0}, "watermarkOf": {"nodes": [{"jobId": "c", "status": "NORMAL", "asset": {"id": %[1]q}}], "totalCount": 1}},
			{"title": "m", "usedBy": {"totalCount": 0}, "watermarkOf": {"nodes": [{"jobId": "b", "status": "NORMAL", "asset": {"id": %[1]q}}], "totalCount": 2}}]}`, id), "watermarks")
		const page = `query($id: ID!, $after: Cursor, $before: Cursor, $first: Int, $last: Int) { node(id: $id) { ... on Attachment {
			watermarkOf(first: $first, after: $after, last: $last, before: $before) { nodes { jobId status } pageInfo { hasNextPage startCursor endCursor } } } } }`
		d.ask(page, map[string]any{"id": mark[0], "first": 1}, &data)
		d.ask(page, map[string]any{"id": mark[0], "first": 1, "after": data.Node.at("watermarkOf", "pageInfo", "endCursor")}, &data)
		d.same(data.Node.at("watermarkOf", "nodes"), `[{"jobId": "a", "status": "INVISIBLE"}]`, "the next page")
		d.ask(page, map[string]any{"id": mark[0], "last": 1, "before": data.Node.at("watermarkOf", "pageInfo", "startCursor")}, &data)
		d.same(data.Node.at("watermarkOf", "nodes"), `[{"jobId": "b", "status": "NORMAL"}]`, "the page before")
		const covers = `... on Video { snapshots { nodes { index coverOf { nodes { id } totalCount } } } }`
		d.same(d.read(id, covers), `{"snapshots": {"nodes": [{"index": 0, "coverOf": {"nodes": [], "totalCount": 0}}, {"index": 1, "coverOf": {"nodes": [], "totalCount": 0}}]}}`, "in the trash")
		d.done("assetsRestore", "id", `{"assets": [{"id": %q}]}`, id)
		d.same(d.read(id, covers), fmt.Sprintf(`{"snapshots": {"nodes": [{"index": 0, "coverOf": {"nodes": [], "totalCount": 0}}, {"index": 1, "coverOf": {"nodes": [{"id": %q}], "totalCount": 1}}]}}`, id), "the covers")
	})
}

// A caller who is limited to categories sees of the streams of a watermark, and of their
// number, those of assets that they see.
func TestVisibilityOfWatermarks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := divide(t, db)
		own, use := fmt.Sprintf(`, "categories": [{"id": %q}]`, d.films), uses["play_infos.watermark_id"]
		mark := d.make(fmt.Sprintf(use.used, own))[0]
		seen := d.make(fmt.Sprintf(use.item, mark, own))[0]
		hidden := d.make(fmt.Sprintf(use.item, mark, ""))[0]
		const asked = `... on Attachment { watermarkOf { nodes { asset { id } } totalCount } }`
		d.same(d.read(mark, asked), fmt.Sprintf(`{"watermarkOf": {"nodes": [{"asset": {"id": %q}}, {"asset": {"id": %q}}], "totalCount": 2}}`, hidden, seen), "all of them")
		d.limited(auth.Viewer)
		d.same(d.read(mark, asked), fmt.Sprintf(`{"watermarkOf": {"nodes": [{"asset": {"id": %q}}], "totalCount": 1}}`, seen), "those that are seen")
	})
}
