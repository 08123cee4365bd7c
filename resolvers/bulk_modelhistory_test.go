package resolvers_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// compareState wants the whole library to be as the model has it, and the history
// of some assets and of some sets.
func (b *bulkTrial) compareState() {
	b.Helper()
	left := maps.Clone(b.things)
	var cursor any
	for more := true; more; {
		var answer struct {
			Assets struct {
				Nodes    []record
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
			}
		}
		b.ask(`query($c: Cursor) { assets(filter: {trashed: null}, first: 100, after: $c) { nodes { `+thingSelection+` } pageInfo { hasNextPage endCursor } } }`,
			map[string]any{"c": cursor}, &answer)
		for _, r := range answer.Assets.Nodes {
			if got, want := seen(r), left[r.id()]; got.String() != want.String() {
				b.fail("there is\n%v, not\n%v", got, want)
			}
			delete(left, r.id())
		}
		cursor, more = answer.Assets.PageInfo.EndCursor, answer.Assets.PageInfo.HasNextPage
	}
	if len(left) > 0 {
		b.fail("there are no %v", left)
	}
	for _, id := range someOf(b.drawing, 8, b.things) {
		b.compareHistory(`node(id: $id) { ... on Asset { list: history(first: 100) {`, id, b.history[id])
	}
	for _, id := range someOf(b.drawing, 4, b.tags) {
		b.compareHistory(`node(id: $id) { ... on Tag { list: history(first: 100) {`, id, b.history[id])
	}
	for _, id := range someOf(b.drawing, 4, b.folders) {
		b.compareHistory(`node(id: $id) { ... on Category { list: history(first: 100) {`, id, b.history[id])
	}
	for _, id := range someOf(b.drawing, 8, b.sets) {
		b.compareHistory(`node(id: $id) { ... on ChangeSet { actor note createdAt assetCount undoes { id } list: changes(first: 100) {`, id, b.sets[id].entries)
	}
}

// compareHistory wants a list of changes to be that of the model.
func (b *bulkTrial) compareHistory(list, id string, want []bulkEntry) {
	b.Helper()
	var answer struct {
		Node struct {
			Actor, CreatedAt string
			Note             any
			AssetCount       int
			Undoes           record
			List             struct {
				TotalCount int
				Nodes      []struct {
					SubjectID, Field string
					Before, After    json.RawMessage
					Revision         int64
					ChangeSet        record
				}
			}
		}
	}
	b.ask(`query($id: ID!) { `+list+` totalCount nodes { subjectId field before after revision changeSet { id } } } } } }`, map[string]any{"id": id}, &answer)
	got, n := answer.Node, len(want)
	if s := b.sets[id]; s != nil {
		undone, _ := got.Undoes["id"].(string)
		if got.Actor != s.actor || got.Note != s.note || got.CreatedAt != timeOf(s.at) || got.AssetCount != s.count || undone != s.undoes {
			b.fail("the set is %+v, not %+v", got, s)
		}
	}
	if got.List.TotalCount != n || len(got.List.Nodes) != min(n, 100) {
		b.fail("%s has a history of %d, not %d", id, got.List.TotalCount, n)
	}
	var lines, wanted []string
	whole := int64(0) // of earlier transactions not all is shown
	if n > 100 {
		whole = got.List.Nodes[99].Revision
	}
	for _, e := range want {
		if e.revision <= whole {
			continue
		}
		before, after := e.before, e.after
		if e.listed() {
			slices.SortFunc(e.gone, byLink)
			slices.SortFunc(e.added, byLink)
			before, after = fmt.Sprint(e.gone), fmt.Sprint(e.added)
		}
		wanted = append(wanted, fmt.Sprint(e.revision, " ", e.set, " ", e.subject, " ", e.field, ": ", before, " to ", after))
	}
	for _, e := range got.List.Nodes {
		if e.Revision <= whole {
			continue
		}
		lines = append(lines, fmt.Sprint(e.Revision, " ", e.ChangeSet.id(), " ", e.SubjectID, " ", e.Field, ": ", remembered(e.Field, e.Before), " to ", remembered(e.Field, e.After)))
	}
	slices.Sort(lines)
	slices.Sort(wanted)
	if !slices.Equal(lines, wanted) {
		b.fail("the history of %s is\n%s, not\n%s", id, strings.Join(lines, "\n"), strings.Join(wanted, "\n"))
	}
}

// comparePlanned wants the changes that the dry run of an operation shows to be those of the model,
// without the ids of what would be made.
func (b *bulkTrial) comparePlanned(operation string, w *wish) {
	b.Helper()
	var answer struct {
		BulkOperation struct {
			Changes struct {
				TotalCount int
				Nodes      []struct {
					SubjectID     *string
					Field         string
					Before, After json.RawMessage
				}
			}
		}
	}
	b.ask(`query($id: ID!) { bulkOperation(id: $id) { changes(first: 100) { totalCount nodes { subjectId field before after } } } }`, map[string]any{"id": operation}, &answer)
	unnamed := map[string]string{}
	for _, e := range w.entries {
		if e.field == "created" {
			unnamed[e.subject] = fmt.Sprint(nil)
		}
	}
	links := func(list []link) string {
		list = renamedLinks(list, unnamed)
		slices.SortFunc(list, func(a, b link) int { return strings.Compare(a.id+a.name, b.id+b.name) })
		return fmt.Sprint(list)
	}
	var got, want []string
	for _, e := range answer.BulkOperation.Changes.Nodes {
		subject := fmt.Sprint(nil)
		if e.SubjectID != nil {
			subject = *e.SubjectID
		}
		got = append(got, fmt.Sprint(subject, " ", e.Field, ": ", remembered(e.Field, e.Before), " to ", remembered(e.Field, e.After)))
	}
	for _, e := range w.entries {
		before, after := e.before, e.after
		for id := range unnamed {
			before, after = strings.ReplaceAll(before, jsonOf(id), none), strings.ReplaceAll(after, jsonOf(id), none)
		}
		if e.listed() {
			before, after = links(e.gone), links(e.added)
		}
		want = append(want, fmt.Sprint(cmp.Or(unnamed[e.subject], e.subject), " ", e.field, ": ", before, " to ", after))
	}
	slices.Sort(got)
	if slices.Sort(want); len(want) <= 100 && !slices.Equal(got, want) || answer.BulkOperation.Changes.TotalCount != len(want) {
		b.fail("a dry run shows\n%s, not\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// remembered is a value of the history as the model has it.
func remembered(field string, value json.RawMessage) string {
	var list []struct {
		ID, Name, Language, Label any
		Path                      []string
		Attachment                struct{ ID string }
	}
	switch field {
	case "attachments", "tags", "categories":
		decodeAs(string(value), &list)
	case "mezzanine":
		var source any
		decodeAs(string(value), &source)
		return keptSource(source)
	default:
		var v any
		decodeAs(string(value), &v)
		return jsonOf(v)
	}
	links := []link{}
	for _, one := range list {
		switch field {
		case "attachments":
			links = append(links, link{one.Attachment.ID, called(args{"language": one.Language, "label": one.Label})})
		case "tags":
			links = append(links, link{fmt.Sprint(one.ID), fmt.Sprint(one.Name)})
		default:
			links = append(links, link{fmt.Sprint(one.ID), strings.Join(one.Path, "/")})
		}
	}
	slices.SortFunc(links, func(a, b link) int { return strings.Compare(a.id+a.name, b.id+b.name) })
	return fmt.Sprint(links)
}
