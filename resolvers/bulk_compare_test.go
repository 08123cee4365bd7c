package resolvers_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const (
	playedSelection = ` { downloadEnabled duration cover { ... on Image { id } } attachments { attachment { id } language label }
		mezzanine { id status fileName location md5 size duration bitrate fps width height createdAt } }
	`
	thingSelection = `id kind title alternativeTitles description referenceId userData trashedAt revision tags { id } categories { id }
	size storageLocation storageClass mediaSource ... on Image { imageType fileName location width height } ... on Attachment { fileName location }
	... on Video` + playedSelection + `... on Audio` + playedSelection
)

// singleSelection is what is asked of one asset, tag or category.
var singleSelection = map[string]string{"AssetPayload": thingSelection, "TagPayload": "id name", "CategoryPayload": "id name createdAt level path { name } parent { id }"}

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
	t.values["mezzanine"] = keptSource(r["mezzanine"])
	list := func(field string, one func(map[string]any) link) (all []link) {
		several, _ := r[field].([]any)
		for _, o := range several {
			all = append(all, one(o.(map[string]any)))
		}
		slices.SortFunc(all, byLink)
		return all
	}
	byID := func(o map[string]any) link { return link{id: o["id"].(string)} }
	t.tags, t.categories = idsOf(list("tags", byID)), idsOf(list("categories", byID))
	t.attachments = list("attachments", func(o map[string]any) link { return link{object(o["attachment"])["id"].(string), called(o)} })
	t.revision = int64(r["revision"].(float64))
	return t
}

func idsOf(list []link) (ids []string) {
	for _, l := range list {
		ids = append(ids, l.id)
	}
	return ids
}

// keptSource is a source file without what is not known of it.
func keptSource(v any) string {
	members, there := v.(map[string]any)
	if !there {
		return none
	}
	maps.DeleteFunc(members, func(_ string, v any) bool { list, ok := v.([]any); return v == nil || ok && len(list) == 0 })
	return jsonOf(members)
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
		if slices.ContainsFunc(w.entries, func(e bulkEntry) bool { return e.subject == id }) {
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
	want := fmt.Sprint("DONE ", w.matched, " ", w.matched, " ", w.changed(), " ", w.count("FAILED"))
	if got.counts() != want || got["actor"] != actor || got["dryRun"] != dry {
		b.fail("the operation is %v, not %s; it is to undo %+v", got, want, b.sets[w.undoes])
	}
	b.compareFailures(p.Operation.id(), w)
	if changes := w.revision > 0 && !dry; changes != (got["changeSet"] != nil) {
		b.fail("the operation has the set %v", got["changeSet"])
	} else if changes {
		set = got.at("changeSet", "id").(string)
	}
	if undone := b.sets[w.undoes]; undone != nil {
		b.happened["undone"]++
		if undone.files() {
			b.happened["filing undone"]++
		}
		if undone.undoes != "" {
			b.happened["undo undone"]++
		}
	}
	if dry {
		b.comparePlanned(p.Operation.id(), w)
	}
	b.happened["partly"] += w.partly()
	return set
}

// compareFailures wants the failures of an operation to be those of the model, in their order.
func (b *bulkTrial) compareFailures(operation string, w *wish) {
	b.Helper()
	var answer struct {
		BulkOperation struct {
			Failures struct {
				Nodes []struct {
					SubjectID, AssetID string
					Errors             []refusal
				}
			}
		}
	}
	b.ask(`query($id: ID!) { bulkOperation(id: $id) { failures(first: 100) { nodes { subjectId assetId errors { code field } } } } }`, map[string]any{"id": operation}, &answer)
	var got, want []string
	for _, f := range answer.BulkOperation.Failures.Nodes {
		if (f.AssetID != "") == (bulkEntry{subject: f.SubjectID}).filed() {
			b.fail("the failure of %s is of the asset %q", f.SubjectID, f.AssetID)
		}
		got = append(got, fmt.Sprint(f.SubjectID, sorted(f.Errors)))
	}
	for _, item := range w.items {
		b.happened[item.outcome]++
		b.count(item.errors)
		if item.outcome == "FAILED" || item.outcome == "LISTED" {
			want = append(want, fmt.Sprint(item.id, item.errors))
		}
	}
	if !slices.Equal(got, want) {
		b.fail("the failures are %q, not %q", got, want)
	}
}

// changed is how many assets an operation has changed.
func (w *wish) changed() (n int) {
	for _, item := range w.items {
		if !(bulkEntry{subject: item.id}).filed() && (item.outcome == "CHANGED" || item.outcome == "DELETED") {
			n++
		}
	}
	return n + w.partly()
}

// compareSingle wants a call on one asset, tag or category to come to what the model says.
func (b *bulkTrial) compareSingle(p payload, w *wish) {
	b.Helper()
	changes := w.revision > 0
	if len(p.UserErrors) > 0 || changes != (p.ChangeSet != nil) || changes != (p.Revision != nil) || changes && *p.Revision != w.revision {
		b.fail("it comes to %+v, not to revision %d", p, w.revision)
	}
	if p.Asset != nil {
		b.compareItem(p.Asset, w, w.shown, false, w.things)
	}
	if name := w.tags[w.shown]; p.Tag != nil && (p.Tag.id() != w.shown || p.Tag["name"] != name) || name != "" && p.Tag == nil {
		b.fail("it shows the tag %v, not %s %q", p.Tag, w.shown, name)
	}
	if s, there := w.folders[w.shown]; there || p.Category != nil {
		above, _ := p.Category["parent"].(map[string]any)
		got := section{fmt.Sprint(p.Category["name"]), "", fmt.Sprint(p.Category["createdAt"])}
		if above != nil {
			got.above = record(above).id()
		}
		if got != s || p.Category.id() != w.shown || p.Category["level"] != float64(len(w.path(w.shown))) {
			b.fail("it shows the category %v, not %s %v", p.Category, w.shown, s)
		}
	}
	deleted := p.DeletedIds
	if p.DeletedID != "" {
		deleted = []string{p.DeletedID}
	}
	if len(deleted) != len(w.deleted) || len(deleted) > 0 && deleted[0] != w.deleted[0] || !slices.Equal(inOrder(deleted), inOrder(w.deleted)) {
		b.fail("it deletes %v, not %v", deleted, w.deleted)
	}
}

// filed are the tags and categories that there are.
func (b *bulkTrial) filed() filing {
	b.Helper()
	var answer struct {
		Tags struct {
			TotalCount int
			Nodes      []record
		}
		Categories []record
	}
	const folders = `id name createdAt level`
	b.ask(`{ tags(first: 100) { totalCount nodes { id name } } categories { `+folders+` children { `+folders+` children { `+folders+` children { id } } } } }`, nil, &answer)
	f := filing{map[string]string{}, map[string]section{}}
	for _, tag := range answer.Tags.Nodes {
		f.tags[tag.id()] = fmt.Sprint(tag["name"])
	}
	var add func(above string, level int, list []record)
	add = func(above string, level int, list []record) {
		for _, s := range list {
			f.folders[s.id()] = section{fmt.Sprint(s["name"]), above, fmt.Sprint(s["createdAt"])}
			var below []record
			decodeAs(jsonOf(s["children"]), &below)
			if add(s.id(), level+1, below); fmt.Sprint(s["level"]) != fmt.Sprint(level) {
				b.fail("the category %v stands at level %d", s, level)
			}
		}
	}
	add("", 1, answer.Categories)
	if len(f.tags) != answer.Tags.TotalCount {
		b.fail("%d tags of %d are shown", len(f.tags), answer.Tags.TotalCount)
	}
	return f
}

// partly is how many items have failed and were changed all the same.
func (w *wish) partly() (n int) {
	for _, item := range w.items {
		if item.outcome == "FAILED" && !(bulkEntry{subject: item.id}).filed() && slices.ContainsFunc(w.entries, func(e bulkEntry) bool { return e.subject == item.id }) {
			n++
		}
	}
	return n
}
