package resolvers_test

import (
	"maps"
	"slices"
)

// What the model makes of operations with a filter, and of reference ids that go back. They run
// as finish runs them: one asset in a first transaction, and the others in a second.

// where is what an operation on all that a filter means comes to.
func (m *bulkModel) where(w *wish, name string, args map[string]any) {
	filter := object(args["filter"])
	if trashed, given := filter["trashed"]; given && trashed == nil {
		w.refused = []string{"INVALID filter.trashed"}
		return
	}
	if args["all"] != true && object(args["options"])["dryRun"] != true && meansAll(filter) {
		w.refused = []string{"ALL_REQUIRED all"}
		return
	}
	if w.refused = badOptions(object(args["options"]), true); w.refused != nil {
		return
	}
	w.operation = true
	if name == "assetsRestoreWhere" {
		filter = maps.Clone(filter)
		filter["trashed"] = true
	}
	for _, id := range slices.Sorted(maps.Keys(m.things)) {
		old := m.things[id]
		if !m.finds(filter, old, true) {
			continue
		}
		w.matched++
		r := &ruling{bulkModel: m, things: m.things, next: old.copy()}
		switch name {
		case "assetsUpdateWhere":
			r.update(object(args["change"]))
		case "assetsTrashWhere":
			r.next = m.putInTrash(old, true)
		default:
			r.next = m.putInTrash(old, false)
		}
		if w.reported(old, r, id, "change"); w.matched == 1 {
			w.conclude(m)
		}
	}
	w.conclude(m)
}

// meansAll reports the drawn filters which do not choose.
func meansAll(filter map[string]any) bool {
	for name, v := range filter {
		switch name {
		case "trashed":
		case "and":
			if slices.ContainsFunc(v.([]any), func(f any) bool { return !meansAll(object(f)) }) {
				return false
			}
		case "or":
			if !slices.ContainsFunc(v.([]any), func(f any) bool { return meansAll(object(f)) }) {
				return false
			}
		case "tags":
			for of, list := range object(v) {
				if names, ok := list.([]any); of == "any" || !ok || len(names) > 0 {
					return false
				}
			}
		case "not":
			if !meansNone(object(v)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// meansNone reports the drawn filters which ask for one of none.
func meansNone(filter map[string]any) bool {
	for name, v := range filter {
		list, _ := v.([]any)
		none := list != nil && len(list) == 0
		switch name {
		case "and":
			none = slices.ContainsFunc(list, func(f any) bool { return meansNone(object(f)) })
		case "or":
			none = !slices.ContainsFunc(list, func(f any) bool { return !meansNone(object(f)) })
		case "not":
			none = meansAll(object(v))
		case "tags":
			names, given := object(v)["any"].([]any)
			none = given && len(names) == 0
		case "category":
			refs, given := object(v)["in"].([]any)
			none = given && len(refs) == 0
		}
		if none {
			return true
		}
	}
	return false
}

// finds reports whether a filter finds a thing.
func (m *bulkModel) finds(filter map[string]any, t *thing, outermost bool) bool {
	if trashed, given := filter["trashed"]; outermost && (!given || trashed != nil) {
		if t.trashed() != (trashed == true) {
			return false
		}
	}
	for name, v := range filter {
		if !m.holds(name, v, t) {
			return false
		}
	}
	return true
}

// holds reports whether one member of a filter holds of a thing.
func (m *bulkModel) holds(name string, v any, t *thing) bool {
	within := func(f any) bool { return m.finds(object(f), t, false) }
	switch name {
	case "kinds":
		return slices.Contains(texts(v), t.kind)
	case "ids":
		return slices.Contains(texts(v), t.id)
	case "referenceIds":
		return t.values["referenceId"] != none && slices.Contains(texts(v), t.text("referenceId"))
	case "hasCover":
		return (t.values["cover"] != none) == v.(bool)
	case "tags":
		return m.tagsHold(object(v), t)
	case "category":
		in, _ := object(v)["in"].([]any)
		return slices.ContainsFunc(in, func(ref any) bool {
			named, _ := object(ref)["id"].(string)
			if path := texts(object(ref)["path"]); path != nil {
				named = m.folderAt(path)
			}
			return slices.ContainsFunc(t.categories, func(id string) bool {
				return id == named || object(v)["includeDescendants"] != false && m.within(id, named)
			})
		})
	case "and":
		return !slices.ContainsFunc(v.([]any), func(f any) bool { return !within(f) })
	case "or":
		return slices.ContainsFunc(v.([]any), within)
	case "not":
		return !within(v)
	}
	return true
}

func (m *bulkModel) tagsHold(filter map[string]any, t *thing) bool {
	for name, v := range filter {
		has := func(tag string) bool { return slices.Contains(t.tags, m.tagOf(keptText(tag))) }
		hasNot := func(tag string) bool { return !has(tag) }
		holds := true
		switch name {
		case "any":
			holds = slices.ContainsFunc(texts(v), has)
		case "all":
			holds = !slices.ContainsFunc(texts(v), hasNot)
		case "none":
			holds = !slices.ContainsFunc(texts(v), has)
		case "empty":
			holds = (len(t.tags) == 0) == v.(bool)
		}
		if !holds {
			return false
		}
	}
	return true
}

// purge is what the purge of the trash comes to.
func (m *bulkModel) purge(w *wish, in args) {
	if w.refused = badOptions(object(in["options"]), true); w.refused != nil {
		return
	}
	var refs []any
	for _, id := range slices.Sorted(maps.Keys(m.things)) {
		if m.things[id].trashed() {
			refs = append(refs, args{"id": id})
		}
	}
	w.operation, w.matched = true, len(refs)
	stays := func(t *thing) bool { return !t.trashed() }
	m.delete(w, refs[:min(1, len(refs))], stays)
	w.conclude(m)
	m.delete(w, refs[min(1, len(refs)):], stays)
	for i, item := range w.items {
		if item.outcome == "FAILED" {
			w.items[i].errors = []string{"IN_USE"}
		}
	}
	w.conclude(m)
}

// handBack has those who have the reference id that the first asset of an undoing gets
// back give it up in its mutation, and take back what they had, and so on.
func (m *bulkModel) handBack(w *wish, first string) {
	before := map[string]string{}
	for _, e := range m.sets[w.undoes].entries {
		if e.field == "referenceId" {
			before[e.subject] = e.before
		}
	}
	last := w.things[first].values["referenceId"]
	for last != m.things[first].values["referenceId"] && last != none {
		other := ""
		for id, t := range m.things {
			if t.values["referenceId"] == last {
				other = id
			}
		}
		if other == "" || other == first {
			return
		}
		next := w.things[other].copy()
		next.values["referenceId"] = before[other]
		w.things[other], last = next, before[other]
	}
}

// freeAgain are the reference ids that can go back, by the assets: those that no
// asset has which keeps it.
func (m *bulkModel) freeAgain(set *bulkSet) map[string]bool {
	back := map[string]string{}
	for _, e := range set.entries {
		if t := m.things[e.subject]; e.field == "referenceId" && t != nil && t.values["referenceId"] == e.after {
			back[e.subject] = e.before
		}
	}
	for again := true; again; {
		again = false
		has := map[string]string{} // who would have which
		for _, id := range slices.Sorted(maps.Keys(m.things)) {
			if _, goes := back[id]; !goes {
				has[m.things[id].values["referenceId"]] = id
			}
		}
		for _, id := range slices.Sorted(maps.Keys(back)) {
			if other := has[back[id]]; other != "" && back[id] != none {
				delete(back, id)
				again = true
				break
			}
			has[back[id]] = id
		}
	}
	free := map[string]bool{}
	for id := range back {
		free[id] = true
	}
	return free
}

// putBack takes a change of a value of a thing back.
func (r *ruling) putBack(e bulkEntry, free map[string]bool) {
	t := r.next
	switch e.field {
	case "created":
		r.next = r.putInTrash(t, true)
	default:
		switch {
		case t.values[e.field] != e.after:
			r.refuse("CHANGED_SINCE", e.field)
		case e.field == "referenceId" && !free[t.id]:
			r.refuse("REFERENCE_ID_TAKEN", e.field)
		case e.field == "cover" && e.before != none && r.things[coverOfEntry(e)] == nil:
			r.refuse("NOT_UNDOABLE", e.field)
		default:
			t.values[e.field] = e.before
		}
	}
}

func coverOfEntry(e bulkEntry) string {
	var c struct{ Image string }
	decodeAs(e.before, &c)
	return c.Image
}
