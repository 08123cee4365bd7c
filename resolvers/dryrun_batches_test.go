package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/dbtest"
)

// batched are calls whose undo changes tags, categories, or what assets hand to each other.
var batched = slices.Concat(filingVerbs, []filingVerb{
	{"assetsUpdate", `{"items": [{"id": "$a", "tags": {"add": ["made", "two"]}}, {"id": "$b", "tags": {"add": ["made"]}}, {"id": "$c", "tags": {"add": ["made"]}}]}`, 3},
	{"assetsUpdate", `{"items": [{"id": "$a", "newReferenceId": "r2"}, {"id": "$b", "newReferenceId": "r3"}, {"id": "$c", "newReferenceId": "r1"}]}`, 3},
	{"assetsCreate", `{"items": [{"kind": "VIDEO", "title": "n", "tags": ["made"]}, {"kind": "AUDIO", "title": "n", "tags": ["made"]}]}`, 2},
})

// A dry run of several batches shows what the operation then changes, all of it once: each of its
// batches is taken back before the next.
func TestDryRunsOfSeveralBatches(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db, func(o *change.Options) { o.Now = func() time.Time { return epoch } })
		names := filed(d)
		d.done("assetsUpdate", "id", names.Replace(`{"items": [{"id": "$a", "newReferenceId": "r1"}, {"id": "$b", "newReferenceId": "r2"}, {"id": "$c", "newReferenceId": "r3"}]}`))
		for _, verb := range batched {
			set := d.done(verb.name, "id", names.Replace(verb.args)).ChangeSet.id()
			for _, size := range []int{1, 1, bulk.MaxBatch, bulk.MaxBatch, 2} { // undone, undone again, and so on
				set = d.likeItsDryRun(size, "changeSetUndo", fmt.Sprintf(`{"id": %q`, set))
			}
		}
		for _, size := range []int{1, 2, bulk.MaxBatch} {
			d.likeItsDryRun(size, "assetsUpdateWhere", fmt.Sprintf(`{"filter": {"ids": [%s]}, "change": {"tags": {"add": ["fresh %d", "other %[2]d", "x"]}}`, names.Replace(`"$a", "$b", "$c"`), size))
		}
		// A batch before may have failed to give up what the set made.
		v := d.make(`{"kind": "VIDEO", "title": "v", "tags": ["made"]}`, `{"kind": "VIDEO", "title": "w"}`, `{"kind": "VIDEO", "title": "x"}`)
		slices.Sort(v)
		set := d.done("assetsUpdate", "id", `{"items": [{"id": %q, "tags": {"set": ["kept", "alone"]}}, {"id": %q, "tags": {"add": ["kept"]}}, {"id": %q, "tags": {"add": ["alone"]}}]}`, v[0], v[1], v[2]).ChangeSet.id()
		d.done("tagsMerge", "id", `{"from": ["made"], "into": "z"}`)
		d.likeItsDryRun(1, "changeSetUndo", fmt.Sprintf(`{"id": %q`, set))
	})
}

// A purge deletes those that use others before or after what they use, and shows who loses something
// only where it is there still.
func TestDryRunsOfPurgesInBatches(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		for _, size := range []int{1, 2, 3, bulk.MaxBatch} {
			ids := d.make(`{"kind": "IMAGE", "title": "i"}`, `{"kind": "ATTACHMENT", "title": "a", "attachmentType": "WATERMARK"}`, `{"kind": "IMAGE", "title": "kept"}`)
			image, attachment, kept := ids[0], ids[1], ids[2]
			one := fmt.Sprintf(`"cover": {"image": {"id": %q}}`, image)
			all := fmt.Sprintf(`%s, "attachments": [{"attachment": {"id": %q}}], "playInfos": [{"jobId": "j", "streamType": "VIDEO", "format": "MP4", "definition": "HD", "watermark": {"id": %[2]q}}]`, one, attachment)
			users := d.make(`{"kind": "AUDIO", "title": "s", `+one+`}`, `{"kind": "VIDEO", "title": "v", `+all+`}`, `{"kind": "VIDEO", "title": "w", `+all+`}`)
			d.make(fmt.Sprintf(`{"kind": "VIDEO", "title": "stays", "cover": {"image": {"id": %q}}}`, kept))
			d.done("assetsTrash", "id", `{"assets": [{"id": "%s"}]}`, strings.Join(slices.Concat(ids, users), `"}, {"id": "`))
			d.likeItsDryRun(size, "trashPurge", `{"all": true`)
		}
	})
}

// likeItsDryRun makes a dry run of an operation in batches of a size, then the operation, wants both to come to
// the same, and returns the change set.
func (d *mutations) likeItsDryRun(size int, name, args string) string {
	d.Helper()
	most := func(int) int { return size }
	before := d.library()
	id := d.begin(name, args+`, "options": {"dryRun": true}}`)
	dry := d.finishIn(id, most)
	planned := d.comes(id, dry)
	if now := d.library(); now != before {
		d.Errorf("a dry run makes of\n%s\nthis:\n%s", before, now)
	}
	id = d.begin(name, args+`}`)
	done := d.finishIn(id, most)
	if real := d.comes(id, done); real != planned {
		d.Errorf("%s %s in batches of %d comes to\n%s, not as its dry run says to\n%s", name, args, size, real, planned)
	}
	if done["changeSet"] == nil {
		return ""
	}
	return done.at("changeSet", "id").(string)
}

// comes is what an operation comes to: its counts, its changes without the ids of what it makes, and its failures.
func (d *mutations) comes(id string, operation record) string {
	d.Helper()
	var answer struct{ BulkOperation record }
	d.ask(`query($id: ID!) { bulkOperation(id: $id) { changeCounts { field outcome count } changes(first: 100) { nodes { subjectId field before after } }
		failures(first: 100) { nodes { subjectId errors { code field } } } } }`, map[string]any{"id": id}, &answer)
	lines := []string{operation.counts(), jsonOf(answer.BulkOperation["changeCounts"]), jsonOf(answer.BulkOperation.at("failures", "nodes"))}
	var changes, made []string
	for _, node := range answer.BulkOperation.at("changes", "nodes").([]any) {
		n := node.(map[string]any)
		if n["field"] == "created" && n["subjectId"] != nil {
			made = append(made, jsonOf(n["subjectId"]))
		}
		changes = append(changes, jsonOf(n))
	}
	for i := range changes {
		for _, one := range made {
			changes[i] = strings.ReplaceAll(changes[i], one, none)
		}
	}
	slices.Sort(changes)
	return strings.Join(slices.Concat(lines, changes), "\n")
}
