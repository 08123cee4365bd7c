package resolvers_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// What the model makes of the items of calls. It goes by what the schema says.

// create makes a thing of an item of assetsCreate.
func (r *ruling) create(in map[string]any, unnamed string) {
	kind := in["kind"].(string)
	id, named := in["id"].(string)
	if !named {
		id = unnamed
	}
	r.next = fresh(id, kind)
	if named {
		ulid, ok := strings.CutPrefix(id, prefixOfKind[kind])
		switch {
		case !ok || len(ulid) != 26:
			r.refuse("INVALID", "id")
		case r.things[id] != nil:
			r.refuse("ID_TAKEN", "id")
		}
	}
	if _, reported := in["attachmentType"]; kind == "ATTACHMENT" && !reported {
		r.refuse("REQUIRED", "attachmentType")
	}
	r.say(in, "referenceId")
	if v, given := in["tags"]; given {
		r.next.tags = r.tags(texts(v), "tags")
	}
	if v, given := in["categories"]; given {
		list, _ := v.([]any)
		r.next.categories = r.categories(list, "categories")
		r.fewCategories(len(r.next.categories), "categories")
	}
	if v, given := in["userData"]; given {
		r.next.values["userData"] = r.data(v, "userData")
	}
	if v, given := in["attachments"]; given {
		r.attach(v.([]any))
	}
	r.facts(in)
}

var prefixOfKind = map[string]string{"VIDEO": "vid_", "AUDIO": "aud_", "IMAGE": "img_", "ATTACHMENT": "att_"}

func (r *ruling) attach(list []any) {
	if len(list) > 0 && !r.next.played() {
		r.refuse("WRONG_KIND", "attachments")
		return
	}
	for i, one := range list {
		at := place("attachments", i, "attachment")
		t := r.find(one.(map[string]any)["attachment"].(map[string]any), at)
		if t == nil {
			continue
		}
		if slices.ContainsFunc(r.next.attachments, func(l link) bool { return l.id == t.id }) {
			r.refuse("INVALID", at)
		}
		if t.kind != "ATTACHMENT" {
			r.refuse("WRONG_KIND", at)
		}
		r.next.attachments = append(r.next.attachments, link{t.id, called(nil)})
	}
	slices.SortFunc(r.next.attachments, byLink)
}

// update changes a thing by an item of assetsUpdate, or by the change of
// assetsUpdateWhere.
func (r *ruling) update(in map[string]any) {
	r.sameNames(in)
	r.say(in, "newReferenceId")
	r.facts(in)
	if v, given := in["userData"]; given {
		r.changeData(v)
	}
	if v, given := in["tags"]; given {
		r.changeTags(v)
	}
	if v, given := in["categories"]; given {
		r.changeCategories(v)
	}
}

// sameNames refuses a change of tags where one that the thing has was renamed since the
// revision that the item names, and one with paths of categories where one that it is in, or
// one above, was renamed or moved.
func (r *ruling) sameNames(in map[string]any) {
	since, given := in["ifRevision"].(json.Number)
	revision, err := since.Int64()
	if !given || err != nil {
		return
	}
	renamed := func(ids ...string) {
		for _, id := range ids {
			if slices.ContainsFunc(r.history[id], func(e bulkEntry) bool {
				return (e.field == "name" || e.field == "parent") && e.revision > revision
			}) {
				r.refuse("STALE_REVISION", "ifRevision")
				return
			}
		}
	}
	if _, given := in["tags"]; given {
		for _, id := range r.next.tags {
			renamed(id)
		}
	}
	change := object(in["categories"])
	list := func(name string) []any { all, _ := change[name].([]any); return all }
	if slices.ContainsFunc(slices.Concat(list("set"), list("add"), list("remove")), func(ref any) bool { return object(ref)["path"] != nil }) {
		for _, id := range r.next.categories {
			var above []string
			for ; id != ""; id = r.folders[id].above {
				above = append(above, id)
			}
			renamed(above...)
		}
	}
}

func (r *ruling) changeData(v any) {
	t, change, old := r.next, object(v), r.next.values["userData"]
	set, sets := change["set"]
	patch, merges := change["merge"]
	switch {
	case v == nil:
		t.values["userData"] = none
	case sets == merges:
		r.refuse("INVALID", "userData")
	case sets:
		t.values["userData"] = r.data(set, "userData.set")
	default:
		if _, ok := patch.(map[string]any); !ok {
			r.refuse("INVALID", "userData.merge")
			return
		}
		var now, plain any
		decodeAs(old, &now)
		decodeAs(jsonOf(patch), &plain)
		t.values["userData"] = r.data(mergedBy(now, plain), "userData.merge")
	}
}

// data is user data of an input as it is kept.
func (r *ruling) data(v any, at string) string {
	text := jsonOf(v)
	if text != none && len(text) > r.limits.UserData {
		r.refuse("USER_DATA_TOO_LARGE", at)
	}
	return text
}

// mergedBy is a value after a patch of RFC 7396.
func mergedBy(now, patch any) any {
	members, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	next := map[string]any{}
	for name, v := range object(now) {
		next[name] = v
	}
	for name, v := range members {
		if v == nil {
			delete(next, name)
		} else {
			next[name] = mergedBy(next[name], v)
		}
	}
	return next
}

func object(v any) map[string]any {
	members, _ := v.(map[string]any)
	return members
}

// lists are the members of a change of a list; it refuses another form than set
// alone, or add and remove.
func (r *ruling) lists(v any, field string) (set, add, remove []any, alone, ok bool) {
	change := object(v)
	set, alone = change["set"].([]any)
	add, adds := change["add"].([]any)
	remove, removes := change["remove"].([]any)
	if alone == (adds || removes) {
		r.refuse("INVALID", field)
		return nil, nil, nil, false, false
	}
	return set, add, remove, alone, true
}

// name is the name of a tag as it is kept.
func (r *ruling) name(name, at string) string {
	name = keptText(name)
	switch n := len([]rune(name)); {
	case n == 0:
		r.refuse("INVALID", at)
	case n > r.limits.Tag:
		r.refuse("TAG_TOO_LONG", at)
	}
	return name
}

// tag is the id of a tag by its name, which may have to be made.
func (r *ruling) tag(name, at string) string {
	name = r.name(name, at)
	if id := r.tagOf(name); id != "" {
		return id
	}
	return newTag + name
}

// tags are those of a whole list.
func (r *ruling) tags(names []string, at string) (all []string) {
	for i, name := range names {
		all = append(all, r.tag(name, place(at, i)))
	}
	if all = inOrder(all); len(all) > r.limits.Tags {
		r.refuse("TOO_MANY_TAGS", at)
	}
	return all
}

func (r *ruling) changeTags(v any) {
	t := r.next
	if v == nil {
		t.tags = nil
		return
	}
	set, add, remove, alone, ok := r.lists(v, "tags")
	if !ok {
		return
	}
	if alone {
		t.tags = r.tags(texts(set), "tags.set")
		return
	}
	var removed []string
	for _, name := range texts(remove) {
		removed = append(removed, cmp.Or(r.tagOf(keptText(name)), newTag+keptText(name)))
	}
	next := slices.Clone(t.tags)
	for i, name := range texts(add) {
		name = r.tag(name, place("tags.add", i))
		if slices.Contains(removed, name) {
			r.refuse("INVALID", place("tags.add", i))
		}
		next = append(next, name)
	}
	next = inOrder(less(next, removed))
	if len(next) > len(t.tags) && len(next) > r.limits.Tags {
		r.refuse("TOO_MANY_TAGS", "tags.add")
	}
	t.tags = next
}

// categories are the ids of those that are named.
func (r *ruling) categories(refs []any, at string) (ids []string) {
	for i, one := range refs {
		ref := one.(map[string]any)
		id, byID := ref["id"].(string)
		path, byPath := ref["path"].([]any)
		switch {
		case byID == byPath:
			r.refuse("INVALID", place(at, i))
		case byPath && r.folderAt(texts(path)) == "":
			r.refuse("NOT_FOUND", place(at, i, "path"))
		case byPath:
			ids = append(ids, r.folderAt(texts(path)))
		default:
			if r.folders[id].name == "" {
				r.refuse("NOT_FOUND", place(at, i, "id"))
				continue
			}
			ids = append(ids, id)
		}
	}
	return inOrder(ids)
}

func (r *ruling) fewCategories(n int, at string) {
	if n > r.limits.Categories[r.next.kind] {
		r.refuse("TOO_MANY_CATEGORIES", at)
	}
}

func (r *ruling) changeCategories(v any) {
	t := r.next
	if v == nil {
		t.categories = nil
		return
	}
	set, add, remove, alone, ok := r.lists(v, "categories")
	if !ok {
		return
	}
	if alone {
		t.categories = r.categories(set, "categories.set")
		r.fewCategories(len(t.categories), "categories.set")
		return
	}
	added, removed := r.categories(add, "categories.add"), r.categories(remove, "categories.remove")
	for range less(added, less(added, removed)) { // those that are in both
		r.refuse("INVALID", "categories.add")
	}
	next := inOrder(less(slices.Concat(t.categories, added), removed))
	if len(next) > len(t.categories) {
		r.fewCategories(len(next), "categories.add")
	}
	t.categories = next
}

// plainly is a value as it is after it was sent.
func plainly(v any) (plain any) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	decodeAs(string(text), &plain)
	return plain
}
