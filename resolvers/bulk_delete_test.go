package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/dbtest"
)

// usedBy makes an image and an attachment, and n videos that use both.
func (d *mutations) usedBy(n int) (image, attachment string, videos []string) {
	d.Helper()
	used := d.make(`{"kind": "IMAGE", "title": "i"}`, `{"kind": "ATTACHMENT", "title": "a", "attachmentType": "WATERMARK"}`)
	items := make([]string, n)
	for i := range items {
		items[i] = fmt.Sprintf(`{"kind": "VIDEO", "title": "v", "cover": {"image": {"id": %q}}, "attachments": [{"attachment": {"id": %q}}],
			"playInfos": [{"jobId": "j", "streamType": "VIDEO", "format": "MP4", "definition": "HD", "watermark": {"id": %[2]q}}]}`, used[0], used[1])
	}
	return used[0], used[1], d.make(items...)
}

// What others use is not deleted, unless these go as well or it is forced; those that
// lose it are notified, and are found anew.
func TestBulkDeletionsMindWhoUsesWhat(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		image, attachment, videos := d.usedBy(5)
		p := d.refuses([]string{"IN_USE assets.0", "IN_USE assets.1"}, "assetsDelete", `{"assets": [{"id": %q}, {"id": %q}]}`, image, attachment)
		for _, item := range p.Results {
			for i, id := range videos {
				if named := strings.Contains(item.Errors[0].Message, id); named != (i < 3) {
					t.Errorf("%q names %s: %v", item.Errors[0].Message, id, named)
				}
			}
			if m := item.Errors[0].Message; !strings.Contains(m, "5") || !strings.Contains(m, "force") {
				t.Errorf("it says %q", m)
			}
		}
		d.refuses([]string{"IN_USE assets.0", "ROLLED_BACK assets.1"}, "assetsDelete", `{"assets": [{"id": %q}, {"id": %q}], "options": {"errorPolicy": "ATOMIC"}}`, image, videos[0])
		// With a user that stays, for it is not there or was named twice, it stays too.
		some := append(slices.Clone(videos[:4]), image)
		d.refuses([]string{"ROLLED_BACK assets.0", "ROLLED_BACK assets.1", "ROLLED_BACK assets.2", "ROLLED_BACK assets.3", "IN_USE assets.4"},
			"assetsDelete", `{"assets": [{"id": "%s"}], "options": {"errorPolicy": "ATOMIC"}}`, strings.Join(some, `"}, {"id": "`))
		db.Client.StaleMark.Delete().ExecX(t.Context())
		tried := d.call("assetsDelete", `{"assets": [{"id": %q}, {"id": %q}, {"id": %q}], "force": true, "options": {"dryRun": true}}`, videos[0], image, attachment)
		p = d.done("assetsDelete", "id", `{"assets": [{"id": %q}, {"id": %q}, {"id": %q}], "force": true}`, videos[0], image, attachment)
		if got := p.outcomes(); !slices.Equal(got, []string{"DELETED", "DELETED", "DELETED"}) || !slices.Equal(tried.outcomes(), got) || p.ChangedCount != 3 {
			t.Errorf("deleted are %v, tried %v", got, tried.outcomes())
		}
		for i, item := range p.Results {
			if item.ID == "" || item.Asset != nil || d.read(item.ID, "id") != nil {
				t.Errorf("item %d is %+v", i, item)
			}
		}
		marked := map[string]bool{}
		for _, mark := range db.Client.StaleMark.Query().AllX(t.Context()) {
			marked[mark.AssetID] = mark.Revision == d.revision()
		}
		for _, id := range append(videos, image, attachment) {
			if !marked[id] {
				t.Errorf("%s is not to be found anew", id)
			}
		}
		for _, id := range videos[1:] {
			d.same(d.read(id, "revision ... on Video { cover { ... on Image { id } } attachments { language } playInfos { jobId watermark { id } } }"),
				fmt.Sprintf(`{"revision": %d, "cover": null, "attachments": [], "playInfos": [{"jobId": "j", "watermark": null}]}`, d.revision()), "a user")
			d.same(d.read(id, "history { nodes { field before after } }")["history"], fmt.Sprintf(`{"nodes": [
				{"field": "playInfos", "before": null, "after": null}, {"field": "cover", "before": {"image": %q}, "after": null},
				{"field": "attachments", "before": [{"attachment": {"id": %q}}], "after": []}, {"field": "created", "before": null, "after": null}]}`, image, attachment), "its history")
		}
		// Deleted with all that uses it, it needs no force.
		p = d.done("assetsDelete", "id", `{"assets": [{"id": "%s"}]}`, strings.Join(d.usedByOne(), `"}, {"id": "`))
		if p.ChangedCount != 3 {
			t.Errorf("deleted are %v", p.outcomes())
		}
	})
}

// usedByOne are an image, an attachment and the one video that uses them.
func (d *mutations) usedByOne() []string {
	image, attachment, videos := d.usedBy(1)
	return append(videos, image, attachment)
}

// What is used by an asset of the trash alone goes with it, however many batches lie
// between them; what another uses stays.
func TestBulkPurgesTakeTheTrashTogether(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		image, attachment, videos := d.usedBy(2)
		const item = `{"kind": "ATTACHMENT", "title": "x", "attachmentType": "SUBTITLE"}`
		d.make(strings.Repeat(item+", ", 599) + item)
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "cover": null}]}`, videos[0])
		d.finish(d.begin("assetsTrashWhere", `{"filter": {"kinds": ["ATTACHMENT", "IMAGE"]}}`))
		d.done("assetsTrash", "id", `{"assets": [{"id": %q}]}`, videos[1])
		tried := d.finish(d.begin("trashPurge", `{"all": true, "options": {"dryRun": true}}`))
		done := d.finish(d.begin("trashPurge", `{"all": true}`))
		// The attachment is used by the first video, the image by the second alone.
		if done.counts() != "DONE 603 603 602 1" || tried.counts() != done.counts() || done.at("failures", "nodes", 0, "assetId") != attachment {
			t.Errorf("purged: %v, tried: %v", done, tried)
		}
		if d.read(image, "id") != nil || d.read(videos[1], "id") != nil || d.read(attachment, "id") == nil {
			t.Errorf("another is purged than what is in the trash alone")
		}
		d.done("assetsDelete", "id", `{"assets": [{"id": %q}]}`, videos[0])
		if done := d.finish(d.begin("trashPurge", `{"all": false}`)); done.counts() != "DONE 1 1 1 0" {
			t.Errorf("purged: %v", done)
		}
	})
}

// Each call that changes assets leaves a set with who made it and what they said.
func TestBulkCallsLeaveASet(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		actor := "ann"
		d := write(t, db)
		d.by(func() string { return actor })
		id := d.make(`{"kind": "VIDEO", "title": "a", "referenceId": "r"}`)[0]
		want := []string{"ann <nil> 1"}
		expect := func(n int) { want = slices.Insert(want, 0, fmt.Sprint(actor, " note ", n, " 1")) }
		for i, call := range [][2]string{
			{"assetsUpdate", `{"items": [{"id": %q, "title": "b"}, {"id": "x"}], "options": {"note": "note 0"}}`},
			{"assetsSetStatus", `{"items": [{"id": %q, "to": "CHECKING"}], "options": {"note": "note 1"}}`},
			{"assetsTrash", `{"assets": [{"id": %q}], "options": {"note": "note 2"}}`},
			{"assetsRestore", `{"assets": [{"id": %q}], "options": {"note": "note 3"}}`},
		} {
			actor = []string{"bob", "ann"}[i%2]
			d.call(call[0], call[1], id)
			expect(i)
			if p := d.call(call[0], call[1], id); p.ChangeSet != nil {
				t.Errorf("%s, which changed nothing, has a set", call[0])
			}
		}
		actor = "eve"
		operation := d.begin("assetsTrashWhere", `{"filter": {"ids": [%q]}, "options": {"note": "note 4"}}`, id)
		expect(4)
		actor = "server"
		if done := d.finish(operation); done["actor"] != "eve" || done.at("changeSet", "actor") != "eve" || done["note"] != "note 4" {
			t.Errorf("the operation of eve is %v", done)
		}
		// What is in the trash takes changes, and keeps its reference id.
		p := d.call("assetsCreate", `{"items": [{"kind": "VIDEO", "title": "x", "referenceId": "r"}]}`)
		if e := p.Results[0].Errors; len(e) != 1 || e[0].Code != "TRASHED" || !strings.Contains(e[0].Message, id) || !strings.Contains(e[0].Message, "restore it instead") {
			t.Errorf("another with its reference id is refused with %+v", e)
		}
		actor = "ann"
		d.call("assetsUpdate", `{"items": [{"referenceId": "r", "title": "c"}], "options": {"note": "note 5"}}`)
		expect(5)
		d.call("assetsDelete", `{"assets": [{"id": %q}], "options": {"note": "note 6"}}`, id)
		expect(6)
		var answer struct{ ChangeSets struct{ Nodes []record } }
		d.ask(`{ changeSets { nodes { actor note assetCount } } }`, nil, &answer)
		var got []string
		for _, set := range answer.ChangeSets.Nodes {
			got = append(got, fmt.Sprint(set["actor"], " ", set["note"], " ", set["assetCount"]))
		}
		if !slices.Equal(got, want) {
			t.Errorf("the sets are %q, not %q", got, want)
		}
		for _, name := range []string{"assetsTrash", "assetsTrashWhere"} {
			args := `"assets": [{"id": "x"}]`
			if name == "assetsTrashWhere" {
				args = `"filter": {"kinds": []}`
			}
			d.refuses([]string{"INVALID options.note"}, name, `{`+args+`, "options": {"note": %q}}`, strings.Repeat("n", 1001))
			d.call(name, `{`+args+`, "options": {"note": %q}}`, strings.Repeat("é", 1000))
		}
	})
}
