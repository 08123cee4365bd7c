package resolvers_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/ent/indexentry"
)

// Every deed marks the assets that are found by something else from then on, and
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
		v := fmt.Sprintf(`"assetId": %q`, ids[0])
		done := map[string]bool{"assetsCreate": true}
		for _, deed := range []struct {
			name, args string
			own        bool // whether the assets' own revisions move too
			stale      []string
		}{
			{"assetsUpdate", fmt.Sprintf(`{"items": [{"id": %q, "title": "A"}, {"id": %q, "title": "b"}]}`, ids[0], ids[1]), true, ids[:1]},
			{"assetsSetStatus", fmt.Sprintf(`{"items": [{"id": %q, "to": "NORMAL"}, {"id": %q, "to": "BLOCKED"}]}`, ids[0], ids[1]), true, ids[:1]},
			{"mezzaninePut", `{` + v + `, "input": {"fileName": "x.mp4"}}`, true, ids[:1]},
			{"mezzanineDelete", `{` + v + `, "force": true}`, true, ids[:1]},
			{"playInfosPut", `{` + v + `, "items": [{"jobId": "j", "streamType": "VIDEO", "format": "MP4", "definition": "HD"}]}`, true, ids[:1]},
			{"playInfosDelete", `{` + v + `, "jobIds": ["j"]}`, true, ids[:1]},
			{"snapshotsPut", `{` + v + `, "set": {"type": "COVER", "jobId": "j", "items": [{"index": 0}]}}`, true, ids[:1]},
			{"snapshotsDelete", `{` + v + `, "type": "COVER"}`, true, ids[:1]},
			{"attachmentLink", `{` + v + `, "attachmentId": "` + ids[1] + `"}`, true, ids[:1]},
			{"attachmentUnlink", `{` + v + `, "attachmentId": "` + ids[1] + `"}`, true, ids[:1]},
			{"aiDataPut", `{` + v + `, "input": {"source": "s", "speech": [{"from": 1, "to": 2, "text": "hello"}]}}`, true, ids[:1]},
			{"aiDataDelete", `{` + v + `, "source": "s"}`, true, ids[:1]},
			{"categoryCreate", `{"input": {"name": "x"}}`, false, nil},
			{"categoryUpdate", fmt.Sprintf(`{"input": {"id": %q, "name": "Root"}}`, root), false, []string{ids[0], ids[2]}},
			{"categoryUpdate", fmt.Sprintf(`{"input": {"id": %q, "parentId": null}}`, leaf), false, ids[:1]},
			{"categoryDelete", fmt.Sprintf(`{"id": %q}`, root), true, ids[2:]},
			{"tagRename", `{"name": "t", "to": "T"}`, false, []string{ids[0], ids[2]}},
			{"tagsMerge", `{"from": ["u"], "into": "T"}`, true, ids[:1]},
			{"tagDelete", `{"name": "T"}`, true, []string{ids[0], ids[2]}},
		} {
			done[deed.name] = true
			if p := d.call(deed.name, deed.args); len(p.UserErrors) > 0 {
				t.Fatalf("%s: %v", deed.name, p.errors())
			}
			d.wantStale(deed.name, deed.own, deed.stale...)
		}
		for _, field := range d.schema.Mutation.Fields {
			if !done[field.Name] {
				t.Errorf("%s is not tried here", field.Name)
			}
		}
	})
}

// wantStale wants just these assets marked by the last deed, and forgets the marks.
func (d *deeds) wantStale(deed string, own bool, ids ...string) {
	d.Helper()
	marked := map[string]bool{}
	for _, mark := range d.db.Client.StaleMark.Query().AllX(d.Context()) {
		marked[mark.AssetID] = true
		if mark.Revision > d.revision() || mark.Revision < 1 {
			d.Errorf("%s: a mark of %d, the library is at %d", deed, mark.Revision, d.revision())
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(ids)), slices.Sorted(maps.Keys(marked))); diff != "" {
		d.Errorf("%s marks (-want +got):\n%s", deed, diff)
	}
	for _, id := range ids {
		entry := d.db.Client.IndexEntry.Query().Where(indexentry.AssetID(id)).OnlyX(d.Context())
		asset := d.db.Client.Asset.GetX(d.Context(), id)
		if entry.Revision != d.revision() || own != (asset.Revision == entry.Revision) {
			d.Errorf("%s: %s is at %d, and its entry at %d, after %d", deed, id, asset.Revision, entry.Revision, d.revision())
		}
		if want := words(asset); entry.Words == nil || *entry.Words != want {
			d.Errorf("%s: the words of %s are %v, want %q", deed, id, entry.Words, want)
		}
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
