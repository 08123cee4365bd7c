package resolvers_test

import (
	"maps"
	"slices"
	"strings"

	"vodgraph/media"
)

// What the model makes of calls on tags and categories.

// filed is what a call on tags or categories comes to.
func (m *bulkModel) filed(w *wish, name string, in args) {
	w.single = true
	switch name {
	case "tagRename":
		m.tagRename(w, in)
	case "tagsMerge":
		m.tagsMerge(w, in)
	case "tagDelete":
		m.tagDelete(w, in)
	case "categoryCreate":
		m.categoryCreate(w, object(in["input"]))
	case "categoryUpdate":
		m.categoryUpdate(w, object(in["input"]))
	default:
		m.categoryDelete(w, in["id"].(string))
	}
	if slices.Sort(w.refused); len(w.refused) == 0 {
		w.conclude(m)
	}
}

// filingVerbs and their weights.
func (d *drawing) filingVerb() (string, args) {
	switch d.IntN(12) {
	case 0, 1:
		return "tagRename", args{"name": d.knownTag(), "to": d.tag()}
	case 2, 3:
		from := listOf(d, 2, d.knownTag)
		if len(from) == 0 && !d.in(8) {
			from = []any{d.knownTag()}
		}
		if d.in(30) {
			from = listOf(d, 2*d.limits.Items, d.knownTag)
		}
		return "tagsMerge", args{"from": from, "into": oneOf(d, d.knownTag(), d.tag())}
	case 4:
		return "tagDelete", args{"name": d.knownTag()}
	case 5, 6, 7:
		in := args{"name": d.folderName()}
		if !d.in(5) {
			in["parentId"] = d.folder()
		}
		return "categoryCreate", args{"input": in}
	case 8, 9, 10:
		in := args{"id": d.folder()}
		if d.in(2) {
			in["name"] = oneOf[any](d, d.folderName(), d.folderName(), d.folderName(), d.folderName(), nil)
		}
		if d.in(2) {
			in["parentId"] = oneOf[any](d, d.folder(), d.folder(), d.folder(), nil)
		}
		return "categoryUpdate", args{"input": in}
	}
	return "categoryDelete", args{"id": d.folder()}
}

// knownTag is the name of a tag, now and then of none.
func (d *drawing) knownTag() string {
	if len(d.tags) == 0 || d.in(12) {
		return d.tag()
	}
	return d.tags[oneOf(d, slices.Sorted(maps.Keys(d.tags))...)]
}

func (d *drawing) folderName() string {
	if d.in(25) {
		return oneOf(d, "", " ", strings.Repeat("x", d.limits.CategoryName+1))
	}
	return oneOf(d, "A", "B", "C", " A", "1", "2", "e\u0301", "\u00e9")
}

// folder is the id of a category, now and then of none.
func (d *drawing) folder() string {
	if len(d.folders) == 0 || d.in(15) {
		return oneOf(d, append([]string{"cat_1", ""}, d.goneFolders...)...)
	}
	return oneOf(d, slices.Sorted(maps.Keys(d.folders))...)
}

// folderNamed names a category for a filter, which takes no id of another form.
func (d *drawing) folderNamed() args {
	id := d.folder()
	if path := d.path(id); len(path) > 0 && d.in(2) {
		return args{"path": path}
	}
	if !media.WellFormed(id, media.CategoryPrefix) {
		return args{"path": []string{id}}
	}
	return args{"id": id}
}

// linkCall links or unlinks an attachment.
func (d *drawing) linkCall() (string, args) {
	in := args{"asset": d.refOf(oneOf(d, "VIDEO", "AUDIO")), "attachment": d.refOf("ATTACHMENT")}
	if users := d.ids(func(t *thing) bool { return len(t.attachments) > 0 }); len(users) > 0 && d.in(2) {
		user := d.things[oneOf(d, users...)]
		in = args{"asset": args{"id": user.id}, "attachment": args{"id": user.attachments[0].id}}
	}
	if d.in(2) {
		return "attachmentUnlink", in
	}
	if d.in(2) {
		in["language"] = oneOf(d, "pt", "de", "pt", "de", "no_language")
	}
	if d.in(3) {
		in["label"] = oneOf(d, "one", "two")
	}
	return "attachmentLink", in
}

// tagName is a name of an input as it is kept, with why it is refused.
func (m *bulkModel) tagName(v any, at string) (string, []string) {
	r := &ruling{bulkModel: m}
	name := r.name(v.(string), at)
	return name, r.errors
}

func (m *bulkModel) tagRename(w *wish, in args) {
	id := m.tagOf(keptText(in["name"].(string)))
	if id == "" {
		w.refused = []string{"NOT_FOUND name"}
		return
	}
	to, refused := m.tagName(in["to"], "to")
	other := m.tagOf(to)
	switch w.shown = id; {
	case refused != nil:
		w.refused = refused
	case other != "" && other != id:
		w.refused = []string{"TAG_EXISTS to"}
	default:
		w.tags[id] = to
	}
}

func (m *bulkModel) tagsMerge(w *wish, in args) {
	from := in["from"].([]any)
	switch {
	case len(from) == 0:
		w.refused = []string{"REQUIRED from"}
		return
	case len(from) > m.limits.Items:
		w.refused = []string{"TOO_MANY_ITEMS from"}
		return
	}
	into, refused := m.tagName(in["into"], "into")
	w.merged = map[string]string{}
	target := m.tagOf(into)
	if target == "" {
		target = newTag + into
	}
	for i, name := range texts(in["from"]) {
		switch id := m.tagOf(keptText(name)); id {
		case "":
			refused = append(refused, "NOT_FOUND "+place("from", i))
		case target:
		default:
			w.merged[id] = target
		}
	}
	if w.refused, w.shown = refused, target; refused != nil {
		return
	}
	if w.perLink = true; len(w.merged) > 0 {
		w.tags[target] = into
	}
	for id := range w.merged {
		delete(w.tags, id)
		w.unlink(id, target)
	}
}

// unlink takes a tag or a category from all things, which have another for it, if one is given.
func (w *wish) unlink(id, instead string) {
	for of, t := range w.things {
		if !slices.Contains(t.tags, id) && !slices.Contains(t.categories, id) {
			continue
		}
		next := t.copy()
		next.tags, next.categories = less(t.tags, []string{id}), less(t.categories, []string{id})
		if instead != "" {
			next.tags = inOrder(append(next.tags, instead))
		}
		w.things[of] = next
	}
}

func (m *bulkModel) tagDelete(w *wish, in args) {
	id := m.tagOf(keptText(in["name"].(string)))
	if id == "" {
		w.refused = []string{"NOT_FOUND name"}
		return
	}
	delete(w.tags, id)
	w.deleted, w.perLink = []string{id}, true
	w.unlink(id, "")
}

// noFolderName is why a category is not called so; empty where it may be.
func (m *bulkModel) noFolderName(name string) string {
	switch n := len([]rune(name)); {
	case n == 0:
		return "REQUIRED input.name"
	case n > m.limits.CategoryName:
		return "CATEGORY_NAME_TOO_LONG input.name"
	}
	return ""
}

// noRoom is why a category of so many levels cannot have a name below another; empty where it can.
func (m *bulkModel) noRoom(f filing, self string, s section, height int) string {
	level := 1
	if s.above != "" {
		level = len(f.path(s.above)) + 1
	}
	beside := less(f.right(s.above), []string{self})
	switch other := f.folderIn(s.above, s.name); {
	case self != "" && f.within(s.above, self):
		return "CATEGORY_CYCLE input.parentId"
	case level+height-1 > m.limits.CategoryDepth:
		return "CATEGORY_TOO_DEEP input.parentId"
	case other != "" && other != self:
		return "CATEGORY_NAME_TAKEN input.name"
	case len(beside) >= m.limits.CategoryChildren:
		return "CATEGORY_FULL input.parentId"
	}
	return ""
}

func (w *wish) refuses(code string) bool {
	if code != "" {
		w.refused = append(w.refused, code)
	}
	return code != ""
}

// noParent is why a category cannot stand below what an input names.
func (m *bulkModel) noParent(v any) (id, refused string) {
	if v == nil {
		return "", ""
	}
	if id = v.(string); m.folders[id].name == "" {
		return "", "NOT_FOUND input.parentId"
	}
	return id, ""
}

func (m *bulkModel) categoryCreate(w *wish, in args) {
	s := section{name: keptText(in["name"].(string)), made: timeOf(m.now)}
	above, refused := m.noParent(in["parentId"])
	if s.above = above; w.refuses(refused) || w.refuses(m.noFolderName(s.name)) || w.refuses(m.noRoom(m.filing, "", s, 1)) {
		return
	}
	w.folders[newFolder], w.shown = s, newFolder
}

func (m *bulkModel) categoryUpdate(w *wish, in args) {
	id := in["id"].(string)
	s, known := m.folders[id]
	if !known {
		w.refused = []string{"NOT_FOUND input.id"}
		return
	}
	if v, given := in["name"]; given {
		name, _ := v.(string)
		if s.name = keptText(name); w.refuses(m.noFolderName(s.name)) {
			return
		}
	}
	if v, given := in["parentId"]; given {
		above, refused := m.noParent(v)
		if s.above = above; w.refuses(refused) {
			return
		}
	}
	if w.refuses(m.noRoom(m.filing, id, s, m.height(id))) {
		return
	}
	w.folders[id], w.shown = s, id
}

func (m *bulkModel) categoryDelete(w *wish, id string) {
	if m.folders[id].name == "" {
		w.refused = []string{"NOT_FOUND id"}
		return
	}
	w.deleted, w.perLink = []string{id}, true
	for _, other := range slices.Sorted(maps.Keys(m.folders)) {
		if other != id && m.within(other, id) {
			w.deleted = append(w.deleted, other)
		}
	}
	for _, gone := range w.deleted {
		delete(w.folders, gone)
		w.unlink(gone, "")
	}
}
