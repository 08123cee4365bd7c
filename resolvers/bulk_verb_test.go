package resolvers_test

import (
	"maps"
	"slices"
	"strings"
	"time"
	"vodgraph/limits"
)

// bulkModel is a library in memory, as the schema says that it must be.
type bulkModel struct {
	limits limits.Library
	now    time.Time
	actor  string
	number int64 // of the last transaction
	library
	gone    []string            // ids of assets that were deleted
	sets    map[string]*bulkSet // by id
	order   []string            // the ids of the sets
	history map[string][]bulkEntry
	keys    map[string]*keyed // by actor, mutation and key
	recent  []*keyed
	// goneFolders are ids of categories that were deleted.
	goneFolders []string
}

// bulkSet is a change set.
type bulkSet struct {
	id, actor, undoes string
	note              any
	at                time.Time
	entries           []bulkEntry
	count             int
}

// keyed is a call with a key, and what it came to.
type keyed struct {
	name, actor, content string
	args                 map[string]any
	at                   time.Time
	items                *wish
	operation            string
}

// reported is what an item must come to. The id is empty for none.
type reported struct {
	id, outcome string
	errors      []string // in order
}

// wish is what a call must come to.
type wish struct {
	refused   []string   // the call as a whole
	items     []reported // of an operation those that were met
	operation bool
	matched   int
	undoes    string
	// library is what there is then, and entries are how it came there.
	library
	entries  []bulkEntry
	revision int64 // of the last mutation, 0 for none
	set      string
	ended    *library // as the transaction before left it; nil before the first
	// single says that the call is on one asset, tag or category: shown is its id, and deleted are
	// those of what it deleted, its own first.
	single  bool
	shown   string
	deleted []string
	// merged are tags by what they were merged into, and perLink has the history keep each link
	// of an asset by itself.
	merged  map[string]string
	perLink bool
}

func (w *wish) count(outcomes ...string) (n int) {
	for _, item := range w.items {
		if slices.Contains(outcomes, item.outcome) {
			n++
		}
	}
	return n
}

// reported notes what an item came to.
func (w *wish) reported(old *thing, r *ruling, id, list string) {
	item := reported{id: id, outcome: "UNCHANGED"}
	var next *thing
	if r != nil {
		next = r.next
		for _, e := range r.errors {
			code, at, _ := strings.Cut(e, " ")
			item.errors = append(item.errors, strings.TrimSpace(code+" "+place(list, at)))
		}
		slices.Sort(item.errors)
	}
	switch {
	case item.errors != nil:
		item.outcome = "FAILED"
	case old == nil && next != nil:
		item.outcome = "CREATED"
	case len(thingDifferences(id, old, next)) > 0:
		item.outcome = "CHANGED"
	}
	if item.errors == nil && next != nil {
		w.things[id] = next
	}
	w.items = append(w.items, item)
}

// of is what the model holds a call to come to.
func (m *bulkModel) of(name string, args map[string]any) *wish {
	w := &wish{library: m.library.copy()}
	refs, _ := args["assets"].([]any)
	items, _ := args["items"].([]any)
	switch name {
	case "assetsUpdateWhere", "assetsTrashWhere", "assetsRestoreWhere":
		m.where(w, name, args)
		return w
	case "changeSetUndo":
		m.undo(w, args)
		return w
	case "trashPurge":
		m.purge(w, args)
		return w
	case "attachmentLink", "attachmentUnlink":
		m.linking(w, name, args)
		return w
	case "tagRename", "tagsMerge", "tagDelete", "categoryCreate", "categoryUpdate", "categoryDelete":
		m.filed(w, name, args)
		return w
	}
	list, n := "assets", len(refs)
	if refs == nil {
		list, n = "items", len(items)
	}
	switch {
	case n == 0:
		w.refused = []string{"REQUIRED " + list}
		return w
	case n > m.limits.Items:
		w.refused = []string{"TOO_MANY_ITEMS " + list}
		return w
	}
	options := object(args["options"])
	if w.refused = badOptions(options, false); w.refused != nil {
		return w
	}
	switch name {
	case "assetsCreate":
		m.create(w, items)
	case "assetsUpdate":
		m.update(w, items)
	case "assetsDelete":
		m.delete(w, refs, func(*thing) bool { return args["force"] != true })
	default:
		m.trash(w, refs, name == "assetsTrash")
	}
	if options["errorPolicy"] == "ATOMIC" && w.count("FAILED") > 0 {
		w.rollBack(m, list)
	}
	w.conclude(m)
	return w
}

// badOptions refuses options that no call takes, or no operation.
func badOptions(options map[string]any, operation bool) []string {
	note, _ := options["note"].(string)
	switch {
	case options["idempotencyKey"] == "":
		return []string{"INVALID options.idempotencyKey"}
	case len(note) > 1000:
		return []string{"INVALID options.note"}
	case operation && options["errorPolicy"] == "ATOMIC":
		return []string{"INVALID options.errorPolicy"}
	}
	return nil
}

// rollBack has all items fail with those that did.
func (w *wish) rollBack(m *bulkModel, list string) {
	w.library = m.library.copy()
	for i, item := range w.items {
		if item.outcome == "CREATED" {
			w.items[i].id = ""
		}
		if item.errors == nil {
			w.items[i].errors = []string{"ROLLED_BACK " + place(list, i)}
		}
		w.items[i].outcome = "FAILED"
	}
}

// conclude ends a transaction of the call: it makes the tags that assets have by now, and adds
// what was changed to the entries.
func (w *wish) conclude(m *bulkModel) {
	if w.ended == nil {
		before := m.library
		w.ended = &before
	}
	for _, t := range w.things {
		for _, id := range t.tags {
			if name, fresh := strings.CutPrefix(id, newTag); fresh {
				w.tags[id] = name
			}
		}
	}
	revision := max(w.revision, m.number) + 1
	for _, e := range differences(*w.ended, w.library, w.merged, w.perLink) {
		e.revision, w.revision = revision, revision
		w.entries = append(w.entries, e)
	}
	now := w.library.copy()
	w.ended = &now
}

func (m *bulkModel) create(w *wish, items []any) {
	for i, item := range items {
		r := &ruling{bulkModel: m, things: w.things}
		r.create(item.(map[string]any), place("new", i))
		id := r.next.id
		if r.errors != nil {
			id = ""
		}
		w.reported(nil, r, id, place("items", i))
	}
}

// aimed is the thing that an item means, as the call found it, with the refusal of
// what it does not mean or of a second mention.
func (m *bulkModel) aimed(ref map[string]any, seen map[string]bool) (*thing, *ruling) {
	r := &ruling{bulkModel: m, things: m.things}
	t := r.find(ref, "")
	if t == nil {
		return nil, r
	}
	if seen[t.id] {
		r.refuse("DUPLICATE_ITEM")
	}
	seen[t.id] = true
	return t, r
}

func (m *bulkModel) update(w *wish, items []any) {
	seen, rulings, olds := map[string]bool{}, make([]*ruling, len(items)), make([]*thing, len(items))
	for i, item := range items {
		in := item.(map[string]any)
		old, r := m.aimed(in, seen)
		if rulings[i], olds[i] = r, old; old == nil {
			continue
		}
		if r.errors == nil {
			r.next = old.copy()
			if v, given := in["ifRevision"]; given && place(v) != place(old.revision) {
				r.refuse("STALE_REVISION", "ifRevision")
			} else {
				r.update(in)
			}
		}
	}
	m.handOn(rulings)
	for i, r := range rulings {
		id := ""
		if olds[i] != nil {
			id = olds[i].id
		}
		w.reported(olds[i], r, id, place("items", i))
	}
}

// handOn refuses the items that want a reference id which another asset has, with those
// that are not refused as they are to be.
func (m *bulkModel) handOn(rulings []*ruling) {
	late := map[*ruling]bool{}
	var then map[string]*thing
	for again := true; again; {
		again, then = false, maps.Clone(m.things)
		for _, r := range rulings {
			if r.errors == nil && !late[r] {
				then[r.next.id] = r.next
				if r.wants != "" && jsonOf(r.wants) != m.things[r.next.id].values["referenceId"] {
					delete(then, r.next.id)
				}
			}
		}
		for _, r := range rulings {
			if r.errors != nil || late[r] {
				continue
			}
			if other := holder(then, r.wants); r.wants != "" && other != nil && other.id != r.next.id {
				late[r], again = true, true
				continue
			}
			then[r.next.id] = r.next
		}
	}
	meant := map[string]*thing{}
	for _, r := range rulings {
		if r.next != nil && !slices.Contains(r.errors, "DUPLICATE_ITEM") {
			meant[r.next.id] = r.next
		}
	}
	for _, r := range rulings {
		other := holder(m.things, r.wants)
		switch {
		case r.wants == "":
		case late[r]:
			r.taken(holder(then, r.wants), "newReferenceId")
		case r.errors != nil && other != nil && (meant[other.id] == nil || meant[other.id].values["referenceId"] == other.values["referenceId"]):
			r.taken(other, "newReferenceId")
		}
	}
}

// putInTrash is a thing in the trash, or out of it.
func (m *bulkModel) putInTrash(t *thing, in bool) *thing {
	next := t.copy()
	switch {
	case !in:
		next.values["trashedAt"] = none
	case !t.trashed():
		next.values["trashedAt"] = jsonOf(timeOf(m.now))
	}
	return next
}

func (m *bulkModel) trash(w *wish, refs []any, in bool) {
	seen := map[string]bool{}
	for i, ref := range refs {
		old, r := m.aimed(object(ref), seen)
		if old == nil {
			w.reported(nil, r, "", place("assets", i))
			continue
		}
		r.next = m.putInTrash(old, in)
		w.reported(old, r, old.id, place("assets", i))
	}
}

// uses reports whether a thing uses another, and which it is without it.
func (t *thing) without(id string) (next *thing, uses bool) {
	next = t.copy()
	if t.image() == id {
		next.values["cover"] = none
	}
	next.attachments = slices.DeleteFunc(slices.Clone(t.attachments), func(l link) bool { return l.id == id })
	return next, t.image() == id || len(next.attachments) < len(t.attachments)
}

// delete deletes what is not used by others that stay; stays reports those that are
// not deleted with it whether they do.
func (m *bulkModel) delete(w *wish, refs []any, stays func(*thing) bool) {
	seen, leaving := map[string]bool{}, map[string]int{}
	rulings, ids := make([]*ruling, len(refs)), make([]string, len(refs))
	for i, ref := range refs {
		var old *thing
		if old, rulings[i] = m.aimed(object(ref), seen); old == nil {
			continue
		}
		if ids[i] = old.id; rulings[i].errors == nil {
			leaving[old.id] = i
		}
	}
	// What is used by what stays must stay as well, and so what that uses.
	for again := true; again; {
		again = false
		for id, i := range leaving {
			for user, t := range m.things {
				_, leaves := leaving[user]
				if _, uses := t.without(id); uses && !leaves && stays(t) {
					rulings[i].refuse("IN_USE")
					delete(leaving, id)
					again = true
					break
				}
			}
		}
	}
	for i, id := range ids {
		w.reported(nil, rulings[i], id, place("assets", i))
		if j, dies := leaving[id]; dies && i == j {
			w.items[len(w.items)-1].outcome = "DELETED"
		}
	}
	for id := range leaving {
		delete(w.things, id)
		for user, t := range w.things {
			if next, uses := t.without(id); uses {
				w.things[user] = next
			}
		}
	}
}
