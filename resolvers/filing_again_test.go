package resolvers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vodgraph/change"
	"vodgraph/dbtest"
)

// A set that is undone again brings back what is gone by then, below where the ones above stand now.
func TestUndoAgainBelowWhatMoved(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		root := d.grow("Root", "")
		middle := d.grow("Middle", root)
		d.grow("Leaf", middle)
		gone := d.changed("categoryDelete", `{"id": %q}`, root)
		d.undo(gone, "0 0 0 0")
		d.changed("categoryDelete", `{"id": %q}`, middle)
		d.changed("categoryUpdate", `{"input": {"id": %q, "name": "Z"}}`, root)
		taken := d.grow("Middle", root)
		d.undo(gone, "0 0 0 2", "NOT_UNDOABLE", "NOT_UNDOABLE")
		d.changed("categoryUpdate", `{"input": {"id": %q, "name": "Other"}}`, taken)
		d.undo(gone, "0 0 0 0")
		if got := d.forest(); got != "Z(Middle(Leaf), Other)" {
			t.Errorf("the categories are %s", got)
		}
	})
}

// A category of which neither the name nor the place goes back is one failure with both reasons,
// and where only the one above is gone its name goes back.
func TestUndoOfNameAndPlace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		a, b := d.grow("A", ""), d.grow("B", "")
		c := d.grow("C", a)
		moved := d.changed("categoryUpdate", `{"input": {"id": %q, "name": "D", "parentId": %q}}`, c, b)
		d.changed("categoryUpdate", `{"input": {"id": %q, "name": "E", "parentId": null}}`, c)
		d.undo(moved, "0 0 0 1", "CHANGED_SINCE name", "CHANGED_SINCE parent")
		d.changed("categoryUpdate", `{"input": {"id": %q, "name": "D", "parentId": %q}}`, c, b)
		d.changed("categoryDelete", `{"id": %q}`, a)
		d.undo(moved, "0 0 0 1", "NOT_UNDOABLE parent")
		if got := d.forest(); got != "B(C)" {
			t.Errorf("the categories are %s", got)
		}
	})
}

// What became last of a tag that is gone decides whether the lists go back to which a set added it.
func TestUndoOfATagThatCameBackAndWasMerged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		v := d.make(`{"kind": "VIDEO", "title": "v"}`)[0]
		added := d.changed("assetsUpdate", `{"items": [{"id": %q, "tags": {"add": ["x"]}}]}`, v)
		gone := d.changed("tagDelete", `{"name": "x"}`)
		d.undo(gone, "1 1 1 0")
		merged := d.changed("tagsMerge", `{"from": ["x"], "into": "y"}`)
		d.undo(added, "1 1 0 1", "NOT_UNDOABLE tags")
		if got := d.tagsOf(v); got != "y" {
			t.Errorf("it has the tags %s", got)
		}
		d.undo(merged, "1 1 1 0")
		d.changed("tagDelete", `{"name": "x"}`)
		d.undo(added, "1 1 0 0")
	})
}

// Times in the history are written as times of the API.
func TestTimesOfCategoriesInHistory(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db, func(o *change.Options) { o.Now = func() time.Time { return epoch.Truncate(time.Second) } })
		id := d.grow("A", "")
		var answer struct {
			Category struct {
				CreatedAt string
				History   struct{ Nodes []struct{ After record } }
			}
		}
		d.ask(`query($id: ID!) { category(id: $id) { createdAt history { nodes { after } } } }`, map[string]any{"id": id}, &answer)
		if got := answer.Category.History.Nodes[0].After["createdAt"]; got != answer.Category.CreatedAt || !strings.HasSuffix(fmt.Sprint(got), ".000Z") {
			t.Errorf("it was made at %v by its history, and at %s", got, answer.Category.CreatedAt)
		}
	})
}
