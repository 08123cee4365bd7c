package resolvers_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/limits"
)

// planned is a page of changes.
type planned struct {
	TotalCount int
	PageInfo   struct {
		HasNextPage bool
		EndCursor   string
	}
	Nodes []struct {
		SubjectID, Revision, At *json.RawMessage
		Subject, ChangeSet      record
		Field                   string
		Before, After           json.RawMessage
	}
}

const plannedFields = `totalCount pageInfo { hasNextPage endCursor } nodes { subjectId subject { id } field before after revision at changeSet { id } }`

// anyMadeID is an id of what a call makes, which a dry run shows as null.
var anyMadeID = regexp.MustCompile(`"(vid|aud|img|att|tag|cat)_[0-9A-Z]{26}"`)

// anyTime is a time, which is not the same in a dry run and in the call after it.
var anyTime = regexp.MustCompile(`"2026-[0-9T:.Z-]+"`)

// lines are the changes as texts, with null for the ids that are not among the known, in order.
func (p planned) lines(known ...string) (all []string) {
	for _, n := range p.Nodes {
		subject := "null"
		if n.SubjectID != nil {
			subject = string(*n.SubjectID)
		}
		line := fmt.Sprintf("%s %s %s -> %s", subject, n.Field, n.Before, n.After)
		line = anyTime.ReplaceAllString(line, "a time")
		all = append(all, anyMadeID.ReplaceAllStringFunc(line, func(id string) string {
			if slices.Contains(known, strings.Trim(id, `"`)) {
				return id
			}
			return "null"
		}))
	}
	slices.Sort(all)
	return all
}

// bare wants changes of a dry run to be in no set, of no revision and of no time.
func (p planned) bare(t *testing.T) {
	t.Helper()
	for _, n := range p.Nodes {
		if n.Revision != nil || n.At != nil || n.ChangeSet != nil {
			t.Errorf("the change of %s in a dry run has %v %v %v", n.Field, n.Revision, n.At, n.ChangeSet)
		}
		if (n.SubjectID == nil) != (n.Subject == nil) {
			t.Errorf("the change of %s in a dry run has the subject %v, and the id %v", n.Field, n.Subject, n.SubjectID)
		}
	}
}

// changes runs a mutation of many assets with options, and returns what it changes.
func (d *mutations) changes(name, args, options string) planned {
	d.Helper()
	var variables map[string]any
	text := fmt.Sprintf(`{%s, "options": %s}`, args, options)
	if err := json.Unmarshal([]byte(text), &variables); err != nil {
		d.Fatalf("%v in %s", err, text)
	}
	document := d.document(name, variables, "id")
	document = strings.Replace(document, "userErrors", "changes(first: 100) { "+plannedFields+" } userErrors", 1)
	var answer map[string]struct {
		Changes    planned
		UserErrors []refusal
	}
	d.ask(document, variables, &answer)
	if refused := answer[name].UserErrors; len(refused) > 0 {
		d.Fatalf("%s is refused: %v", name, refused)
	}
	return answer[name].Changes
}

// A dry run of each call returns the changes that the call then makes, and writes none of them.
func TestDryRunsShowWhatCallsChange(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		films := d.grow("Films", "")
		ids := d.make(`{"kind": "VIDEO", "referenceId": "v", "title": "a", "tags": ["x"]}`, `{"kind": "IMAGE", "referenceId": "i", "title": "b"}`,
			`{"kind": "AUDIO", "referenceId": "s", "title": "c", "status": "NORMAL"}`)
		known := append(ids, films)
		for _, call := range []struct{ name, args string }{
			{"assetsUpdate", `"items": [{"referenceId": "v", "title": "A", "description": "d", "userData": {"set": {"k": [1, null]}},
				"tags": {"add": ["y", "z"], "remove": ["x"]}, "categories": {"add": [{"path": ["Films"]}]}, "cover": {"image": {"referenceId": "i"}}},
				{"referenceId": "i", "title": "b"}, {"referenceId": "none", "title": "t"}]`},
			{"assetsCreate", `"items": [{"kind": "VIDEO", "title": "new", "tags": ["n"], "cover": {"image": {"referenceId": "i"}}}]`},
			{"assetsSetStatus", `"items": [{"referenceId": "s", "to": "BLOCKED", "reason": "r"}]`},
			{"assetsTrash", `"assets": [{"referenceId": "v"}, {"referenceId": "s"}]`},
			{"assetsRestore", `"assets": [{"referenceId": "v"}]`},
			{"assetsDelete", `"force": true, "assets": [{"referenceId": "i"}, {"referenceId": "s"}]`},
		} {
			revision, history := d.revision(), d.rows()["changes"]
			dry := d.changes(call.name, call.args, `{"dryRun": true}`)
			dry.bare(t)
			if d.revision() != revision || d.rows()["changes"] != history {
				t.Errorf("a dry run of %s has written something", call.name)
			}
			real := d.changes(call.name, call.args, `{}`)
			if want := real.lines(known...); len(want) == 0 || !slices.Equal(dry.lines(known...), want) {
				t.Errorf("a dry run of %s shows\n%s\nand the call changes\n%s", call.name, strings.Join(dry.lines(known...), "\n"), strings.Join(want, "\n"))
			}
			if dry.TotalCount != len(dry.Nodes) || real.TotalCount != len(real.Nodes) {
				t.Errorf("%s counts %d and %d changes", call.name, dry.TotalCount, real.TotalCount)
			}
		}
	})
}

// The changes of a dry run are paged through by making it again.
func TestDryRunsArePagedThrough(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(`{"kind": "VIDEO", "title": "a"}`, `{"kind": "VIDEO", "title": "b"}`, `{"kind": "VIDEO", "title": "c"}`)
		items := make([]string, len(ids))
		for i, id := range ids {
			items[i] = fmt.Sprintf(`{id: %q, title: "T", description: "D"}`, id)
		}
		var seen []string
		after := "null"
		for {
			var answer struct{ AssetsUpdate struct{ Changes planned } }
			d.ask(fmt.Sprintf(`mutation { assetsUpdate(items: [%s], options: {dryRun: true}) { changes(first: 4, after: %s) { %s } } }`,
				strings.Join(items, ", "), after, plannedFields), nil, &answer)
			page := answer.AssetsUpdate.Changes
			seen = append(seen, page.lines(ids...)...)
			if page.TotalCount != 6 {
				t.Errorf("there are %d changes", page.TotalCount)
			}
			if !page.PageInfo.HasNextPage {
				break
			}
			after = fmt.Sprintf("%q", page.PageInfo.EndCursor)
		}
		if slices.Sort(seen); len(slices.Compact(seen)) != 6 {
			t.Errorf("the pages have %q", seen)
		}
	})
}

// operation asks an operation for what it has changed.
func (d *mutations) operationChanges(id string) (p planned, counts string, about record) {
	d.Helper()
	var answer struct {
		BulkOperation struct {
			Changes      planned
			ChangeCounts []struct {
				Field   *string
				Outcome string
				Count   int
			}
			Verb, FileName *string
			Filter, Change json.RawMessage
			Undoes         record
		}
	}
	d.ask(`query($id: ID!) { bulkOperation(id: $id) { changes(first: 100) { `+plannedFields+` }
		changeCounts { field outcome count } verb fileName filter change undoes { id } } }`, map[string]any{"id": id}, &answer)
	o := answer.BulkOperation
	var all []string
	for _, c := range o.ChangeCounts {
		field := "-"
		if c.Field != nil {
			field = *c.Field
		}
		all = append(all, fmt.Sprintf("%s %s %d", field, c.Outcome, c.Count))
	}
	about = record{"verb": *o.Verb, "filter": string(o.Filter), "change": string(o.Change), "undoes": o.Undoes}
	return o.Changes, strings.Join(all, ", "), about
}

// A dry run of an operation keeps its first changes, and counts all of them by field and outcome; an
// operation shows its own, and what it is.
func TestDryRunsOfOperations(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.crowded(limits.Previews + 200)
		if _, err := db.Client.Asset.Update().SetDescription("same").Save(t.Context()); err != nil {
			t.Fatal(err)
		}
		image := d.make(`{"kind": "IMAGE", "title": "i"}`)[0]
		const args = `{"filter": {"kinds": ["VIDEO", "IMAGE"]}, "change": {"title": "T", "description": "same", "downloadEnabled": false}, "all": true, "options": %s}`
		dry := d.begin("assetsUpdateWhere", args, `{"dryRun": true}`)
		d.finish(dry)
		changes, counts, about := d.operationChanges(dry)
		changes.bare(t)
		total := len(ids)
		want := fmt.Sprintf("downloadEnabled CHANGED %d, downloadEnabled FAILED 1, title CHANGED %[1]d", total)
		if counts != want {
			t.Errorf("a dry run counts %s, not %s", counts, want)
		}
		if changes.TotalCount != limits.Previews {
			t.Errorf("a dry run keeps %d changes", changes.TotalCount)
		}
		if about["verb"] != "UPDATE" || !strings.Contains(fmt.Sprint(about["filter"]), `"kinds"`) || !strings.Contains(fmt.Sprint(about["change"]), `"downloadEnabled"`) {
			t.Errorf("the operation says %v", about)
		}
		real := d.begin("assetsUpdateWhere", args, `{}`)
		set := d.finish(real).at("changeSet", "id").(string)
		made, counts, _ := d.operationChanges(real)
		if counts != want || made.TotalCount != 2*total {
			t.Errorf("the operation counts %s, and has %d changes", counts, made.TotalCount)
		}
		if !slices.Equal(changes.lines(ids...)[:5], made.lines(ids...)[:5]) {
			t.Errorf("a dry run shows %q, and the operation has %q", changes.lines(ids...)[:5], made.lines(ids...)[:5])
		}
		undo := d.begin("changeSetUndo", `{"id": %q, "options": {"dryRun": true}}`, set)
		d.finish(undo)
		back, counts, about := d.operationChanges(undo)
		back.bare(t)
		if about["verb"] != "UNDO" || about["undoes"].(record)["id"] != set || counts != fmt.Sprintf("downloadEnabled CHANGED %d, title CHANGED %[1]d", total) {
			t.Errorf("the dry run of the undoing says %v and %s", about, counts)
		}
		if got := d.read(image, "title")["title"]; got != "i" {
			t.Errorf("the image is called %v", got)
		}
	})
}
