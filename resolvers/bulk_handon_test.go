package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/dbtest"
)

// handings are changes of reference ids: "Ab" gives A, which has a, the b. The letters of
// the assets that fail stand behind the slash.
var handings = []string{
	"Ab Ba", "Ba Ab", // swapped
	"Ab Bx", "Bx Ab", "Ab Bc Cx", "Cx Bc Ab", "Bc Ab Cx", // chained
	"Ab Bc Ca", "Ca Bc Ab", "Ba Cb Ac", // round
	"Ab B-", "B- Ab", "Ab Bb/A", "Ab B/A", "Bb Ab/A", // cleared and kept
	"Ab/A", "Ab Bd/AB", "Ab Bc Cd/ABC", "Cd Bc Ab/ABC", "Ax Bx/B", "Bx Ax/A", "Ab Cb/AC", "Ab Cb Bx/C", "Cb Ab Bx/A",
	"Ab B!/AB", "Ab Bc Ca!/ABC", "Ab Bc Ca! Dx/ABC", // what fails for another reason gives nothing up
	"Ab Ba Cd Dx", "Ab Ba Cd/C", "Aa", "Aa Ba/B",
}

// TestReferenceIDsChangeHands judges reference ids when all items of a call are judged.
func TestReferenceIDsChangeHands(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := map[byte]string{}
		for i, id := range d.make(`{"kind": "VIDEO", "title": "A"}`, `{"kind": "AUDIO", "title": "B"}`, `{"kind": "IMAGE", "title": "C"}`, `{"kind": "VIDEO", "title": "D"}`) {
			ids["ABCD"[i]] = id
		}
		for _, text := range handings {
			for _, policy := range []string{"SKIP_FAILED", "ATOMIC"} {
				d.handOn(ids, text, policy)
			}
		}
	})
}

// handOn makes the changes of a text, from each asset having its own letter, and looks at
// what the assets have then.
func (d *mutations) handOn(ids map[byte]string, text, policy string) {
	d.Helper()
	var reset []string
	for letter, id := range ids {
		reset = append(reset, fmt.Sprintf(`{"id": %q, "newReferenceId": %q}`, id, strings.ToLower(string(letter))))
	}
	d.done("assetsUpdate", "id", `{"items": [`+strings.Join(reset, ", ")+`]}`)
	changes, failing, _ := strings.Cut(text, "/")
	want := map[byte]string{'A': `"a"`, 'B': `"b"`, 'C': `"c"`, 'D': `"d"`}
	var items []string
	for change := range strings.FieldsSeq(changes) {
		letter, to := change[0], `"`+strings.TrimSuffix(change[1:], "!")+`"`
		item := fmt.Sprintf(`{"id": %q`, ids[letter])
		switch to {
		case `"-"`:
			to = "null"
			item += `, "newReferenceId": null`
		case `""`:
			to = want[letter]
		default:
			item += `, "newReferenceId": ` + to
		}
		if strings.HasSuffix(change, "!") {
			item += `, "title": ""`
		}
		items = append(items, item+"}")
		if !strings.ContainsRune(failing, rune(letter)) && (policy != "ATOMIC" || failing == "") {
			want[letter] = to
		}
	}
	p := d.call("assetsUpdate", `{"items": [%s], "options": {"errorPolicy": %q}}`, strings.Join(items, ", "), policy)
	if policy == "SKIP_FAILED" {
		if p.FailedCount != len(failing) {
			d.Errorf("%s: %d items fail, not %d: %q", text, p.FailedCount, len(failing), p.errors())
		}
		for _, e := range p.errors() {
			if !strings.HasSuffix(e, ".title") && (!strings.HasPrefix(e, "REFERENCE_ID_TAKEN items.") || !strings.HasSuffix(e, ".newReferenceId")) {
				d.Errorf("%s is refused with %s", text, e)
			}
		}
	}
	for letter, id := range ids {
		d.same(d.read(id, "referenceId"), `{"referenceId": `+want[letter]+`}`, fmt.Sprintf("%s by %s: what %c has", text, policy, letter))
	}
	if set := p.ChangeSet; set != nil && failing == "" && !slices.Contains(items, "null") { // and back
		d.finish(d.begin("changeSetUndo", `{"id": %q}`, set.id()))
		for letter, id := range ids {
			d.same(d.read(id, "referenceId"), fmt.Sprintf(`{"referenceId": %q}`, strings.ToLower(string(letter))), fmt.Sprintf("%s undone: what %c has", text, letter))
		}
	}
}

// What another asset that is not in the call has is taken, and in the trash, too.
func TestReferenceIDsOfOthersAreTaken(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(`{"kind": "VIDEO", "title": "A", "referenceId": "a"}`, `{"kind": "VIDEO", "title": "B", "referenceId": "b"}`, `{"kind": "VIDEO", "title": "C", "referenceId": "c"}`)
		d.done("assetsTrash", "id", `{"assets": [{"id": %q}]}`, ids[2])
		d.refuses([]string{"REFERENCE_ID_TAKEN items.0.newReferenceId", "TRASHED items.1.newReferenceId"}, "assetsUpdate",
			`{"items": [{"id": %q, "newReferenceId": "b"}, {"id": %q, "newReferenceId": "c"}]}`, ids[0], ids[1])
		// It is named by what it was called when the call came.
		p := d.done("assetsUpdate", "id title referenceId", `{"items": [{"referenceId": "a", "newReferenceId": "b", "title": "A2"}, {"referenceId": "b", "newReferenceId": "a", "title": "B2"}]}`)
		d.same(p.Results[0].Asset, fmt.Sprintf(`{"id": %q, "title": "A2", "referenceId": "b"}`, ids[0]), "the first")
		d.same(p.Results[1].Asset, fmt.Sprintf(`{"id": %q, "title": "B2", "referenceId": "a"}`, ids[1]), "the second")
	})
}
