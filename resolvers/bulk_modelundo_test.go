package resolvers_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// What the model makes of the undo of a change set. It runs as finish runs it: tags,
// categories and one asset in a first transaction, and the other assets in a second.

// turned is what a set made of a tag or a category.
type turned struct {
	id             string
	was, is        *keptState // nil is not there
	renamed, moved bool
}

// keptState is a tag or a category as the history keeps it.
type keptState struct {
	Name, ParentID, CreatedAt string
	Path                      []string
}

// undoRun is an undo by the model.
type undoRun struct {
	*bulkModel
	*wish
	set    *bulkSet
	all    []*turned
	stands map[string]string // ids of tags, by those that do not come back
	free   map[string]bool   // assets whose reference ids can go back
}

// undo is what the undo of a change set comes to.
func (m *bulkModel) undo(w *wish, in args) {
	set := m.sets[in["id"].(string)]
	w.refused = badOptions(object(in["options"]), true)
	switch {
	case w.refused != nil:
		return
	case set == nil:
		w.refused = []string{"NOT_FOUND id"}
		return
	case slices.ContainsFunc(set.entries, func(e bulkEntry) bool { return e.field == "deleted" && !e.filed() }):
		w.refused = []string{"NOT_UNDOABLE id"}
		return
	}
	w.operation, w.undoes, w.matched = true, set.id, set.count
	u := &undoRun{bulkModel: m, wish: w, set: set, stands: map[string]string{}, free: m.freeAgain(set)}
	changed := map[string][]bulkEntry{}
	for _, e := range set.entries {
		if e.filed() {
			u.turn(e)
		} else {
			changed[e.subject] = append(changed[e.subject], e)
		}
	}
	u.backFolders()
	u.backTags()
	ids := inOrder(slices.Collect(maps.Keys(changed)))
	for batch, n := ids, min(1, len(ids)); ; n = len(batch) {
		begin := len(w.items)
		for _, id := range batch[:n] {
			u.judge(id, changed[id])
		}
		if len(ids) == len(batch) && n == 1 && w.things[ids[0]] != nil {
			m.handBack(w, ids[0])
		}
		if batch = batch[n:]; len(batch) == 0 {
			end := len(w.items)
			u.unmakeTags()
			u.unmakeFolders()
			w.items = slices.Concat(w.items[:begin], w.items[end:], w.items[begin:end])
		}
		if w.conclude(m); len(batch) == 0 {
			return
		}
	}
}

// turn takes an entry about a tag or a category in.
func (u *undoRun) turn(e bulkEntry) {
	i := slices.IndexFunc(u.all, func(t *turned) bool { return t.id == e.subject })
	if i < 0 {
		t := &turned{id: e.subject}
		if i = len(u.all); e.field != "created" {
			t.was, t.is = &keptState{}, &keptState{}
		}
		u.all = append(u.all, t)
	}
	switch t := u.all[i]; e.field {
	case "created":
		t.is = &keptState{}
		decodeAs(e.after, t.is)
	case "deleted", "merged":
		decodeAs(e.before, t.was)
		t.is = nil
	case "name":
		decodeAs(e.before, &t.was.Name)
		decodeAs(e.after, &t.is.Name)
		t.renamed = true
	case "parent":
		var before, after struct{ ID string }
		decodeAs(e.before, &before)
		decodeAs(e.after, &after)
		t.was.ParentID, t.is.ParentID, t.moved = before.ID, after.ID, true
	}
}

// of are the tags or the categories of the set that were there before or not, and are there after
// or not; of those that are gone the ones above first.
func (u *undoRun) of(prefix string, was, is bool) (list []*turned) {
	for _, t := range u.all {
		if strings.HasPrefix(t.id, prefix) && (t.was != nil) == was && (t.is != nil) == is {
			list = append(list, t)
		}
	}
	slices.SortStableFunc(list, func(a, b *turned) int {
		if was && !is {
			return cmp.Or(cmp.Compare(len(a.was.Path), len(b.was.Path)), slices.Compare(a.was.Path, b.was.Path), cmp.Compare(a.id, b.id))
		}
		return cmp.Compare(a.id, b.id)
	})
	return list
}

// refuse lists a tag or a category that does not go back, with all that is refused of it.
func (u *undoRun) refuse(id, refusal string) {
	outcome := "FAILED"
	if refusal == "IN_USE" {
		outcome = "LISTED"
	}
	for i := range u.items {
		if u.items[i].id == id {
			u.items[i].errors = inOrder(append(u.items[i].errors, refusal))
			return
		}
	}
	u.items = append(u.items, reported{id: id, outcome: outcome, errors: []string{refusal}})
}

// backFolders brings categories back, and gives names and places back.
func (u *undoRun) backFolders() {
	for _, t := range u.of("cat_", true, false) {
		s := section{t.was.Name, t.was.ParentID, t.was.CreatedAt}
		switch {
		case u.folderThere(t.id):
		case s.above != "" && !u.folderThere(s.above), u.noRoom(u.wish.filing, "", s, 1) != "":
			u.refuse(t.id, "NOT_UNDOABLE")
		default:
			u.wish.folders[t.id] = s
		}
	}
	for _, t := range u.of("cat_", true, true) {
		u.backPlace(t)
	}
}

func (u *undoRun) folderThere(id string) bool { return u.wish.folders[id].name != "" }

// backPlace gives a category its name and its place again, each by itself.
func (u *undoRun) backPlace(t *turned) {
	now := u.wish.folders[t.id]
	if !u.folderThere(t.id) {
		u.refuse(t.id, "NOT_FOUND")
		return
	}
	next := now
	switch {
	case t.renamed && now.name != t.is.Name:
		u.refuse(t.id, "CHANGED_SINCE name")
	case t.renamed:
		next.name = t.was.Name
	}
	switch {
	case !t.moved:
	case now.above != t.is.ParentID:
		u.refuse(t.id, "CHANGED_SINCE parent")
	case t.was.ParentID != "" && !u.folderThere(t.was.ParentID):
		u.refuse(t.id, "NOT_UNDOABLE parent")
	default:
		next.above = t.was.ParentID
	}
	if next != now && u.noRoom(u.wish.filing, t.id, next, u.wish.height(t.id)) != "" {
		u.refuse(t.id, "NOT_UNDOABLE")
		return
	}
	u.wish.folders[t.id] = next
}

// backTags brings tags back, finds those that stand for others, and gives names back.
func (u *undoRun) backTags() {
	f := u.wish.filing
	for _, t := range u.of("tag_", true, false) {
		switch other := f.tagOf(t.was.Name); {
		case f.tags[t.id] != "":
		case other != "":
			u.stands[t.id] = other
			u.refuse(t.id, "TAG_EXISTS")
		default:
			f.tags[t.id] = t.was.Name
		}
	}
	for _, t := range u.of("tag_", true, true) {
		switch now := f.tags[t.id]; {
		case now == "":
			u.refuse(t.id, "NOT_FOUND")
		case now != t.is.Name:
			u.refuse(t.id, "CHANGED_SINCE name")
		case f.tagOf(t.was.Name) != "":
			u.refuse(t.id, "TAG_EXISTS name")
		default:
			f.tags[t.id] = t.was.Name
		}
	}
}

// judge puts an asset back field by field.
func (u *undoRun) judge(id string, entries []bulkEntry) {
	old := u.bulkModel.things[id]
	r := &ruling{bulkModel: u.bulkModel, things: u.bulkModel.things}
	if old == nil {
		r.refuse("NOT_FOUND")
		u.reported(nil, r, id, "")
		return
	}
	r.next = old.copy()
	lists := map[string]bulkEntry{}
	for _, e := range entries {
		switch e.field {
		case "tags", "categories", "attachments":
			lists[e.field] = joined(lists[e.field], e)
		default:
			r.putBack(e, u.free)
		}
	}
	u.putTags(r, lists["tags"])
	u.putFolders(r, lists["categories"])
	if e, changed := lists["attachments"]; changed {
		r.putLinks(e)
	}
	for _, field := range r.next.follow() {
		if slices.ContainsFunc(entries, func(e bulkEntry) bool { return e.field == field }) {
			r.refuse("CHANGED_SINCE", field) // it went back, and its source file did not
		}
	}
	u.reported(old, r, id, "")
	u.wish.things[id] = r.next // what could go back has, whatever could not
}

// joined is what two changes of a list of an asset make together.
func joined(first, next bulkEntry) bulkEntry {
	next.gone, next.added = slices.Concat(less(first.gone, next.added), less(next.gone, first.added)),
		slices.Concat(less(first.added, next.gone), less(next.added, first.gone))
	return next
}

// putTags takes a change of the tags of an asset back, all of it or nothing.
func (u *undoRun) putTags(r *ruling, e bulkEntry) {
	now := func(id string) string {
		if u.wish.tags[id] != "" {
			return id
		}
		return u.stands[id]
	}
	var back, away []string
	for _, l := range e.gone {
		if back = append(back, now(l.id)); now(l.id) == "" {
			r.refuse("NOT_UNDOABLE", "tags")
			return
		}
	}
	for _, l := range e.added {
		if away = append(away, now(l.id)); now(l.id) == "" && !u.wasDeleted(l.id) {
			r.refuse("NOT_UNDOABLE", "tags")
			return
		}
	}
	next := inOrder(less(slices.Concat(r.next.tags, back), away))
	if len(next) > len(r.next.tags) && len(next) > u.limits.Tags {
		r.refuse("TOO_MANY_TAGS", "tags")
		return
	}
	r.next.tags = next
}

// wasDeleted reports whether a tag that is gone was deleted in the end, and not merged into another.
func (u *undoRun) wasDeleted(id string) (deleted bool) {
	for _, e := range u.history[id] {
		deleted = e.field == "deleted" || e.field != "merged" && deleted
	}
	return deleted
}

// putFolders takes a change of the categories of an asset back, all of it or nothing.
func (u *undoRun) putFolders(r *ruling, e bulkEntry) {
	var back, away []string
	for _, l := range e.gone {
		if back = append(back, l.id); !u.folderThere(l.id) {
			r.refuse("NOT_UNDOABLE", "categories")
			return
		}
	}
	for _, l := range e.added {
		away = append(away, l.id)
	}
	next, refused := inOrder(less(slices.Concat(r.next.categories, back), away)), len(r.errors)
	if len(next) > len(r.next.categories) {
		r.fewCategories(len(next), "categories")
	}
	if len(r.errors) == refused {
		r.next.categories = next
	}
}

// users reports whether assets have a tag or a category, and whether some do to which the set did not give it.
func (u *undoRun) users(id string) (used, others bool) {
	for of, t := range u.wish.things {
		if !slices.Contains(t.tags, id) && !slices.Contains(t.categories, id) {
			continue
		}
		used = true
		given := slices.ContainsFunc(u.set.entries, func(e bulkEntry) bool {
			return e.subject == of && (e.field == "created" || slices.ContainsFunc(e.added, func(l link) bool { return l.id == id }))
		})
		others = others || !given
	}
	return used, others
}

// unmakeTags deletes the tags that the set made and nothing has.
func (u *undoRun) unmakeTags() {
	for _, t := range u.of("tag_", false, true) {
		used, others := u.users(t.id)
		switch now := u.wish.tags[t.id]; {
		case now == "":
		case now != t.is.Name:
			u.refuse(t.id, "CHANGED_SINCE name")
		case others:
			u.refuse(t.id, "IN_USE")
		case !used:
			delete(u.wish.tags, t.id)
		}
	}
}

// unmakeFolders deletes the categories that the set made, nothing is in and nothing stands below,
// the deepest first.
func (u *undoRun) unmakeFolders() {
	made, f := u.of("cat_", false, true), u.wish.filing
	slices.SortStableFunc(made, func(a, b *turned) int { return cmp.Compare(len(f.path(b.id)), len(f.path(a.id))) })
	before := u.wish.copy()
	for _, t := range made {
		used, others := u.users(t.id)
		stranger := slices.ContainsFunc(before.right(t.id), func(id string) bool {
			return !slices.ContainsFunc(made, func(t *turned) bool { return t.id == id })
		})
		switch now := f.folders[t.id]; {
		case !u.folderThere(t.id):
		case now.name != t.is.Name:
			u.refuse(t.id, "CHANGED_SINCE name")
		case now.above != t.is.ParentID:
			u.refuse(t.id, "CHANGED_SINCE parent")
		case stranger || others:
			u.refuse(t.id, "IN_USE")
		case !used && len(f.right(t.id)) == 0:
			delete(f.folders, t.id)
		}
	}
}
