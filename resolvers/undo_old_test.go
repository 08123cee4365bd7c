package resolvers_test

import (
	"fmt"
	"testing"

	"vodgraph/auth"
	"vodgraph/dbtest"
)

// Sets that earlier versions wrote have no values of source files and attachments, the ids alone of
// what was taken from lists, and nothing of tags and categories themselves: what they lack stays.
func TestUndoOfSetsOfEarlierVersions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		folder := d.grow("Folder", "")
		ids := d.make(fmt.Sprintf(`{"kind": "VIDEO", "title": "v", "tags": ["x"], "categories": [{"id": %q}]}`, folder), `{"kind": "ATTACHMENT", "title": "t", "attachmentType": "SUBTITLE"}`)
		exec := func(query string, more ...any) {
			t.Helper()
			if _, err := db.SQL.ExecContext(t.Context(), fmt.Sprintf(query, more...)); err != nil {
				t.Fatal(err)
			}
		}
		tag := d.done("tagRename", "id", `{"name": "x", "to": "y"}`).Tag.id()
		for field, call := range map[string][2]string{
			"tags":        {"tagDelete", `{"name": "y"}`},
			"categories":  {"categoryDelete", fmt.Sprintf(`{"id": %q}`, folder)},
			"mezzanine":   {"assetsUpdate", fmt.Sprintf(`{"items": [{"id": %q, "mezzanine": {"fileName": "a.mp4"}}]}`, ids[0])},
			"attachments": {"attachmentLink", fmt.Sprintf(`{"asset": {"id": %q}, "attachment": {"id": %q}}`, ids[0], ids[1])},
		} {
			set := d.changed(call[0], call[1])
			before := map[string]string{"tags": `'["` + tag + `"]'`, "categories": `'["` + folder + `"]'`}[field]
			if before == "" {
				before = "NULL"
			}
			exec(`UPDATE changes SET before = %s, after = NULL WHERE change_set_id = '%s' AND field = '%s'`, before, set, field)
			exec(`DELETE FROM changes WHERE change_set_id = '%s' AND field = 'deleted'`, set)
			library := d.library()
			d.undo(set, "1 1 0 1", "NOT_UNDOABLE "+field)
			if now := d.library(); now != library {
				t.Errorf("the undo of %s makes of\n%s\nthis:\n%s", field, library, now)
			}
		}
	})
}

// A limited caller takes back neither a cover nor an attachment that they do not see, and the rest goes back.
func TestUndoLeavesWhatIsHidden(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := divide(t, db)
		hidden := d.make(fmt.Sprintf(`{"kind": "ATTACHMENT", "title": "secret", "attachmentType": "SUBTITLE", "categories": [{"id": %q}]}`, d.songs))[0]
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "cover": null}]}`, seenVideo)
		covered := d.changed("assetsUpdate", `{"items": [{"id": %q, "title": "T", "cover": {"image": {"id": %q}}}]}`, seenVideo, hiddenImage)
		linked := d.changed("attachmentLink", `{"asset": {"id": %q}, "attachment": {"id": %q}}`, seenVideo, hidden)
		const selection = `title ... on Video { cover { ... on Image { id } } attachments { attachment { id } } }`
		d.limited(auth.Admin)
		d.undo(covered, "1 1 1 1", "FORBIDDEN cover")
		d.undo(linked, "1 1 0 1", "FORBIDDEN attachments")
		d.by(func() string { return "root" })
		got := d.read(seenVideo, selection)
		links := jsonOf(got["attachments"])
		if got["title"] == "T" || got.at("cover", "id") != hiddenImage || links == "[]" {
			t.Errorf("it is %v", got)
		}
	})
}
