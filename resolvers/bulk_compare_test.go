package resolvers_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const thingSelection = `id kind title alternativeTitles description referenceId userData trashedAt revision tags { name } categories { id }
	... on Video { downloadEnabled cover { ... on Image { id } } attachments { attachment { id } } }
	... on Audio { downloadEnabled cover { ... on Image { id } } attachments { attachment { id } } }`

// seen is an asset of an answer as a thing.
func seen(r record) *thing {
	t := fresh(r.id(), r["kind"].(string))
	for _, field := range valueFields {
		if v, there := r[field]; there {
			t.values[field] = jsonOf(v)
		}
	}
	if c, ok := r["cover"].(map[string]any); ok {
		t.values["cover"] = jsonOf(args{"image": c["id"]})
	}
	list := func(field string, id func(map[string]any) any) (all []string) {
		several, _ := r[field].([]any)
		for _, one := range several {
			all = append(all, id(one.(map[string]any)).(string))
		}
		return all
	}
	t.tags = list("tags", func(o map[string]any) any { return o["name"] })
	t.categories = inOrder(list("categories", func(o map[string]any) any { return o["id"] }))
	t.attachments = inOrder(list("attachments", func(o map[string]any) any { return object(o["attachment"])["id"] }))
	t.revision = int64(r["revision"].(float64))
	return t
}

func (t *thing) String() string {
	if t == nil {
		return "nothing"
	}
	return fmt.Sprint(t.kind, " ", t.id, " at ", t.revision, " ", t.values, t.tags, t.categories, t.attachments)
}

// sorted are refusals, each "CODE place", in order.
func sorted(errors []refusal) (all []string) {
	for _, e := range errors {
		all = append(all, e.String())
	}
	slices.Sort(all)
	return all
}

// refusedWith wants a call to be refused as a whole.
func (b *bulkTrial) refusedWith(p payload, want []string) {
	b.Helper()
	if got := sorted(p.UserErrors); !slices.Equal(got, want) || len(p.Results) > 0 || p.Operation != nil || p.ChangeSet != nil {
		b.fail("refused with %q, not %q: %+v", got, want, p)
	}
	b.count(want)
}

func (b *bulkTrial) count(errors []string) {
	for _, e := range errors {
		code, _, _ := strings.Cut(e, " ")
		b.happened[code]++
	}
}

// compareItems wants a call with items to come to what the model says. The assets
// are as they are in things; nil is as they are by now.
func (b *bulkTrial) compareItems(p payload, w *wish, dry bool, things map[string]*thing) {
	b.Helper()
	if len(p.UserErrors) > 0 || len(p.Results) != len(w.items) {
		b.fail("%d results, not %d: %v", len(p.Results), len(w.items), p.UserErrors)
	}
	for i, item := range p.Results {
		want := w.items[i]
		if dry && want.outcome == "CREATED" {
			want.id = ""
		}
		if errors := sorted(item.Errors); item.ID != want.id || item.Outcome != want.outcome || !slices.Equal(errors, want.errors) {
			b.fail("item %d is %q %s %q, not %+v", i, item.ID, item.Outcome, errors, want)
		}
		b.happened[want.outcome]++
		b.count(want.errors)
		b.compareItem(item.Asset, w, want.id, dry, things)
	}
	if n := w.count("CREATED", "CHANGED", "DELETED"); p.ChangedCount != n || p.FailedCount != w.count("FAILED") {
		b.fail("%d were changed and %d failed, not %d and %d", p.ChangedCount, p.FailedCount, n, w.count("FAILED"))
	}
	revision := int64(0)
	if p.Revision != nil {
		revision = *p.Revision
	}
	if changes := w.revision > 0 && !dry; changes != (p.ChangeSet != nil) || changes && revision != w.revision || !changes && p.Revision != nil {
		b.fail("it is at %d with %v, not at %d", revision, p.ChangeSet, w.revision)
	}
	if things == nil && w.set != "" && p.ChangeSet.id() != w.set {
		b.fail("it is answered again with %v, not %s", p.ChangeSet, w.set)
	}
}

// compareItem wants the asset of an item to be shown as it is.
func (b *bulkTrial) compareItem(asset record, w *wish, id string, dry bool, things map[string]*thing) {
	b.Helper()
	var want *thing
	switch {
	case things == nil || dry:
		want = b.things[id]
	case things[id] != nil:
		want = things[id].copy()
		if slices.ContainsFunc(w.entries, func(e bulkEntry) bool { return e.asset == id }) {
			want.revision = w.revision
		}
	}
	var got *thing
	if asset != nil {
		got = seen(asset)
	}
	if got.String() != want.String() {
		b.fail("it shows\n%v, not\n%v", got, want)
	}
}

// compareOperation does an operation, and wants it to come to what the model says.
// It returns the id of its set.
func (b *bulkTrial) compareOperation(p payload, w *wish, dry bool) (set string) {
	b.Helper()
	if len(p.UserErrors) > 0 || p.Operation == nil {
		b.fail("no operation, but %v", p.UserErrors)
	}
	actor := b.actor
	b.actor = "server"
	got := b.finish(p.Operation.id())
	b.actor = actor
	want := fmt.Sprint("DONE ", w.matched, " ", w.matched, " ", w.count("CHANGED", "DELETED")+w.partly(), " ", w.count("FAILED"))
	if got.counts() != want || got["actor"] != actor || got["dryRun"] != dry {
		b.fail("the operation is %v, not %s", got, want)
	}
	nodes := got.at("failures", "nodes").([]any)
	for _, item := range w.items {
		b.happened[item.outcome]++
		b.count(item.errors)
		if item.outcome != "FAILED" {
			continue
		}
		if len(nodes) == 0 {
			b.fail("%v is not among the failures", item)
		}
		var failure struct {
			AssetID string
			Errors  []refusal
		}
		decodeAs(jsonOf(nodes[0]), &failure)
		if errors := sorted(failure.Errors); failure.AssetID != item.id || !slices.Equal(errors, item.errors) {
			b.fail("%s has failed with %q, not %+v", failure.AssetID, errors, item)
		}
		nodes = nodes[1:]
	}
	if len(nodes) > 0 {
		b.fail("%v are among the failures", nodes)
	}
	if changes := w.revision > 0 && !dry; changes != (got["changeSet"] != nil) {
		b.fail("the operation has the set %v", got["changeSet"])
	} else if changes {
		set = got.at("changeSet", "id").(string)
	}
	if w.undoes != "" {
		b.happened["undone"]++
	}
	b.happened["partly"] += w.partly()
	return set
}

// partly is how many items have failed and were changed all the same.
func (w *wish) partly() (n int) {
	for _, item := range w.items {
		if item.outcome == "FAILED" && slices.ContainsFunc(w.entries, func(e bulkEntry) bool { return e.asset == item.id }) {
			n++
		}
	}
	return n
}

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
	whole := int64(0) // of earlier deeds not all is told
	if n > 100 {
		whole = got.List.Nodes[99].Revision
	}
	for _, e := range want {
		if e.revision <= whole {
			continue
		}
		before, after := e.before, e.after
		if e.field == "tags" || e.field == "categories" || e.field == "attachments" {
			before, after = fmt.Sprint(e.gone), fmt.Sprint(e.added)
		}
		wanted = append(wanted, fmt.Sprint(e.revision, " ", e.set, " ", e.asset, " ", e.field, ": ", before, " to ", after))
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

// remembered is a value of the history as the model has it.
func remembered(field string, value json.RawMessage) string {
	switch field {
	case "created", "deleted":
		return strings.TrimPrefix(string(value), none)
	case "attachments":
		var list []struct{ Attachment struct{ ID string } }
		decodeAs(string(value), &list)
		all := []string{}
		for _, one := range list {
			all = append(all, one.Attachment.ID)
		}
		slices.Sort(all)
		return fmt.Sprint(all)
	case "tags", "categories":
		var list []struct{ ID, Name string }
		decodeAs(string(value), &list)
		all := []string{}
		for _, one := range list {
			if field == "categories" {
				one.Name = one.ID
			}
			all = append(all, one.Name)
		}
		slices.Sort(all)
		return fmt.Sprint(all)
	}
	var v any
	decodeAs(string(value), &v)
	return jsonOf(v)
}
