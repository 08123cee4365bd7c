package resolvers_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"entgo.io/ent/dialect/sql"
	"github.com/google/go-cmp/cmp"

	"vodgraph/bulk"
	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
	"vodgraph/ent/indexentry"
	"vodgraph/ent/key"
)

// Every mutation marks the assets that are found by something else from then on, and
// no others, with its number; their entries of the index take it, and their own
// revisions only where they were changed themselves.
func TestMutationMarksWhatIsStale(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		root := d.grow("root", "")
		leaf := d.grow("leaf", root)
		ids := d.make(
			`{"kind": "VIDEO", "title": "a", "tags": ["t", "u"], "categories": [{"path": ["root", "leaf"]}]}`,
			`{"kind": "ATTACHMENT", "title": "b", "attachmentType": "SUBTITLE"}`,
			`{"kind": "IMAGE", "title": "c", "tags": ["t"], "categories": [{"path": ["root"]}]}`)
		d.wantStale("assetsCreate", true, ids...)
		done := map[string]bool{"assetsCreate": true}
		for _, mutation := range staleMutations(ids, root, leaf) {
			done[mutation.name] = true
			p := d.callWithLast(mutation.name, mutation.args)
			if len(p.UserErrors) > 0 {
				t.Fatalf("%s: %v", mutation.name, p.errors())
			}
			if p.Operation != nil {
				d.finishIn(p.Operation.id(), func(int) int { return bulk.MaxBatch }) // in one mutation
			}
			d.wantStale(mutation.name, mutation.own, mutation.stale...)
		}
		// What is no more has no entry: two are deleted, the third is in the trash.
		d.done("assetsDelete", "id", `{"assets": [{"id": %q}, {"id": %q}]}`, ids[0], ids[1])
		d.wantMarks("assetsDelete", ids[:2]...)
		d.finish(d.begin("trashPurge", `{"all": false}`))
		d.wantMarks("trashPurge", ids[2])
		done["assetsDelete"], done["trashPurge"] = true, true
		for _, field := range d.schema.Mutation.Fields {
			if !done[field.Name] {
				t.Errorf("%s is not tried here", field.Name)
			}
		}
	})
}

// staleMutation is a mutation, and the assets that are stale after it.
type staleMutation struct {
	name, args string
	own        bool // whether the assets' own revisions move too
	stale      []string
}

// staleMutations are mutations on a video, an attachment and an image, one after the other.
func staleMutations(ids []string, root, leaf string) []staleMutation {
	v := fmt.Sprintf(`"asset": {"id": %q}`, ids[0])
	return []staleMutation{
		{"assetUpdate", fmt.Sprintf(`{"input": {"id": %q, "title": "B"}}`, ids[0]), true, ids[:1]},
		{"assetsUpdate", fmt.Sprintf(`{"items": [{"id": %q, "title": "A"}, {"id": %q, "title": "b"}]}`, ids[0], ids[1]), true, ids[:1]},
		{"assetsSetStatus", fmt.Sprintf(`{"items": [{"id": %q, "to": "CHECKING"}, {"id": %q, "to": "UPLOADED"}]}`, ids[0], ids[1]), true, ids[:1]},
		{"mezzaninePut", `{` + v + `, "input": {"fileName": "x.mp4"}}`, true, ids[:1]},
		{"mezzanineDelete", `{` + v + `, "force": true}`, true, ids[:1]},
		{"playInfosPut", `{"items": [{` + v + `, "jobId": "j", "streamType": "VIDEO", "format": "MP4", "definition": "HD"}]}`, true, ids[:1]},
		{"playInfosDelete", `{` + v + `, "jobIds": ["j"]}`, true, ids[:1]},
		{"snapshotsPut", `{"items": [{` + v + `, "type": "COVER", "jobId": "j", "items": [{"index": 0}]}]}`, true, ids[:1]},
		{"snapshotsDelete", `{` + v + `, "type": "COVER"}`, true, ids[:1]},
		{"attachmentLink", `{` + v + `, "attachment": {"id": "` + ids[1] + `"}}`, true, ids[:1]},
		{"attachmentUnlink", `{` + v + `, "attachment": {"id": "` + ids[1] + `"}}`, true, ids[:1]},
		{"aiDataPut", `{"items": [{` + v + `, "source": "s", "speech": [{"start": 0.001, "end": 0.002, "text": "hello"}]}]}`, true, ids[:1]},
		{"aiDataDelete", `{` + v + `, "source": "s"}`, true, ids[:1]},
		{"categoryCreate", `{"input": {"name": "x"}}`, false, nil},
		{"categoryUpdate", fmt.Sprintf(`{"input": {"id": %q, "name": "Root"}}`, root), false, []string{ids[0], ids[2]}},
		{"categoryUpdate", fmt.Sprintf(`{"input": {"id": %q, "parentId": null}}`, leaf), false, ids[:1]},
		{"categoryDelete", fmt.Sprintf(`{"id": %q}`, root), true, ids[2:]},
		{"tagRename", `{"name": "t", "to": "T"}`, false, []string{ids[0], ids[2]}},
		{"tagsMerge", `{"from": ["u"], "into": "T"}`, true, ids[:1]},
		{"tagDelete", `{"name": "T"}`, true, []string{ids[0], ids[2]}},
		{"assetsTrash", fmt.Sprintf(`{"assets": [{"id": %q}]}`, ids[0]), true, ids[:1]},
		{"assetsUpdateWhere", `{"filter": {"kinds": ["VIDEO", "ATTACHMENT"]}, "change": {"title": "A"}}`, true, ids[1:2]},
		{"assetsRestore", fmt.Sprintf(`{"assets": [{"id": %q}, {"id": %q}]}`, ids[0], ids[1]), true, ids[:1]},
		{"assetsTrashWhere", `{"filter": {"kinds": ["VIDEO", "IMAGE"]}}`, true, []string{ids[0], ids[2]}},
		{"assetsRestoreWhere", `{"filter": {"kinds": ["VIDEO"]}}`, true, ids[:1]},
		{"changeSetUndo", `{"id": "$set"}`, true, ids[:1]},
		{"bulkOperationCancel", `{"id": "$operation"}`, false, nil},
		{"keyCreate", `{"input": {"name": "k", "role": "VIEWER"}}`, false, nil},
		{"keyRevoke", `{"id": "$key"}`, false, nil},
	}
}

// callWithLast is call, with $set, $operation and $key for the newest of each.
func (d *mutations) callWithLast(name, args string) payload {
	d.Helper()
	if strings.Contains(args, "$") {
		set, operation := d.lastSet(), d.db.Client.BulkOperation.Query().Order(bulkoperation.ByID(sql.OrderDesc())).FirstIDX(d.Context())
		key, _ := d.db.Client.Key.Query().Order(key.ByID(sql.OrderDesc())).FirstID(d.Context()) // or there is none yet
		args = strings.NewReplacer("$set", set, "$operation", operation, "$key", key).Replace(args)
	}
	return d.call(name, args)
}

// wantStale wants just these assets marked by the last mutation, and forgets the marks.
func (d *mutations) wantStale(mutation string, own bool, ids ...string) {
	d.Helper()
	d.wantMarks(mutation, ids...)
	for _, id := range ids {
		entry := d.db.Client.IndexEntry.Query().Where(indexentry.AssetID(id)).OnlyX(d.Context())
		asset := d.db.Client.Asset.GetX(d.Context(), id)
		if entry.Revision != d.revision() || own != (asset.Revision == entry.Revision) {
			d.Errorf("%s: %s is at %d, and its entry at %d, after %d", mutation, id, asset.Revision, entry.Revision, d.revision())
		}
		if want := words(asset); entry.Words == nil || *entry.Words != want {
			d.Errorf("%s: the words of %s are %v, want %q", mutation, id, entry.Words, want)
		}
	}
}

// wantMarks wants just these assets marked by the last mutation, and forgets the marks.
func (d *mutations) wantMarks(mutation string, ids ...string) {
	d.Helper()
	marked := map[string]bool{}
	for _, mark := range d.db.Client.StaleMark.Query().AllX(d.Context()) {
		marked[mark.AssetID] = true
		if mark.Revision > d.revision() || mark.Revision < 1 {
			d.Errorf("%s: a mark of %d, the library is at %d", mutation, mark.Revision, d.revision())
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(ids)), slices.Sorted(maps.Keys(marked))); diff != "" {
		d.Errorf("%s marks (-want +got):\n%s", mutation, diff)
	}
	d.db.Client.StaleMark.Delete().ExecX(d.Context())
}

// words are those of an asset of this test, whose titles are single letters.
func words(a *ent.Asset) string { return string(a.Title[0]|0x20) + "\n" }

// Assets keep the order in which they were made, however they change, and of one
// call that of its items.
func TestMutationOrdersWhatIsMade(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(`{"kind": "VIDEO", "title": "a"}`, `{"kind": "AUDIO", "title": "b"}`)
		d.call("assetsUpdate", `{"items": [{"id": %q, "title": "A"}]}`, ids[0])
		ids = append(ids, d.make(`{"kind": "IMAGE", "title": "c"}`)...)
		d.call("assetsUpdate", `{"items": [{"id": %q, "title": "B"}, {"id": %q, "title": "AA"}]}`, ids[1], ids[0])
		var got []string
		for _, entry := range db.Client.IndexEntry.Query().Order(indexentry.ByID()).AllX(t.Context()) {
			got = append(got, entry.AssetID)
		}
		if diff := cmp.Diff(ids, got); diff != "" {
			t.Errorf("the order of the assets (-want +got):\n%s", diff)
		}
	})
}
