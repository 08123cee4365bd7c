package resolvers_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// What the model has of a library: assets, tags and categories, and how two states of it
// differ in the history.

// library is all assets, tags and categories.
type library struct {
	things map[string]*thing // by id
	filing
}

// filing is the tags and categories of a library.
type filing struct {
	tags    map[string]string  // names by id
	folders map[string]section // categories by id
}

// section is a category: its name, the id of the one above, empty for a root, and when it was made.
type section struct{ name, above, made string }

// link is what an asset has of others: a tag with its name, a category with its path, or an
// attachment with its language and label.
type link struct{ id, name string }

func (l library) copy() library {
	return library{maps.Clone(l.things), filing{maps.Clone(l.tags), maps.Clone(l.folders)}}
}

// tagOf is the id of a tag by its name; empty for none.
func (f filing) tagOf(name string) string {
	for id, one := range f.tags {
		if one == name {
			return id
		}
	}
	return ""
}

// path is the names of a category from the root.
func (f filing) path(id string) (names []string) {
	for ; id != ""; id = f.folders[id].above {
		names = append(names, f.folders[id].name)
	}
	slices.Reverse(names)
	return names
}

// folderIn is the id of the category of a name right below another; empty for none.
func (f filing) folderIn(above, name string) string {
	for id, s := range f.folders {
		if s.above == above && s.name == name {
			return id
		}
	}
	return ""
}

// folderAt is the id of the category with a path; empty for none.
func (f filing) folderAt(path []string) (id string) {
	for _, name := range path {
		if id = f.folderIn(id, keptText(name)); id == "" {
			return ""
		}
	}
	return id
}

// right are the categories right below another, or the roots.
func (f filing) right(above string) (ids []string) {
	for _, id := range slices.Sorted(maps.Keys(f.folders)) {
		if f.folders[id].above == above {
			ids = append(ids, id)
		}
	}
	return ids
}

// within reports whether a category is another, or stands below it.
func (f filing) within(id, above string) bool {
	for ; id != ""; id = f.folders[id].above {
		if id == above {
			return true
		}
	}
	return false
}

// height is how many levels a category has with those below it.
func (f filing) height(id string) int {
	height := 0
	for _, below := range f.right(id) {
		height = max(height, f.height(below))
	}
	return height + 1
}

// bulkEntry is a change of one field of an asset, a tag or a category.
type bulkEntry struct {
	subject, field string
	before, after  string // of values
	gone, added    []link // of lists
	revision       int64
	set            string
}

// filed reports whether the entry is about a tag or a category.
func (e bulkEntry) filed() bool {
	return strings.HasPrefix(e.subject, "tag_") || strings.HasPrefix(e.subject, "cat_") || strings.HasPrefix(e.subject, newTag) || e.subject == newFolder
}

// listed reports whether the entry is about a list of links.
func (e bulkEntry) listed() bool {
	return e.field == "tags" || e.field == "categories" || e.field == "attachments"
}

// The ids of what a call makes, until those of the server are known: of tags with the name
// behind it, of source files with the id of the asset.
const (
	newTag    = "new tag "
	newFolder = "new category"
	newSource = "new source "
)

// differences are the entries between two states of a library. A call on tags or categories
// has one for each link that an asset loses or gains, others have one for each list.
func differences(old, next library, merged map[string]string, single bool) (all []bulkEntry) {
	all = slices.Concat(tagDifferences(old, next, merged), folderDifferences(old, next))
	for _, id := range bothKeys(old.things, next.things) {
		for _, e := range thingDifferences(id, old.things[id], next.things[id]) {
			e.gone, e.added = named(e, e.gone, old, next), named(e, e.added, old, next)
			if !single || len(e.gone)+len(e.added) == 0 {
				all = append(all, e)
				continue
			}
			for _, one := range e.gone {
				all = append(all, bulkEntry{subject: id, field: e.field, gone: []link{one}})
			}
			for _, one := range e.added {
				all = append(all, bulkEntry{subject: id, field: e.field, added: []link{one}})
			}
		}
	}
	return all
}

func bothKeys[T any](old, next map[string]T) []string {
	return inOrder(slices.Concat(slices.Collect(maps.Keys(old)), slices.Collect(maps.Keys(next))))
}

// named are links of an entry with the names of their moment.
func named(e bulkEntry, list []link, old, next library) []link {
	list = slices.Clone(list)
	for i, one := range list {
		at := next
		switch e.field {
		case "tags":
			if at.tags[one.id] == "" {
				at = old
			}
			list[i].name = at.tags[one.id]
		case "categories":
			if at.folders[one.id].name == "" {
				at = old
			}
			list[i].name = strings.Join(at.path(one.id), "/")
		}
	}
	return list
}

func tagDifferences(old, next library, merged map[string]string) (all []bulkEntry) {
	for _, id := range bothKeys(old.tags, next.tags) {
		before, was := old.tags[id]
		after, is := next.tags[id]
		switch into := merged[id]; {
		case !was:
			all = append(all, bulkEntry{subject: id, field: "created", before: none, after: jsonOf(args{"name": after})})
		case into != "":
			all = append(all, bulkEntry{subject: id, field: "merged", before: jsonOf(args{"name": before}), after: jsonOf(args{"id": into, "name": next.tags[into]})})
		case !is:
			all = append(all, bulkEntry{subject: id, field: "deleted", before: jsonOf(args{"name": before}), after: none})
		case before != after:
			all = append(all, bulkEntry{subject: id, field: "name", before: jsonOf(before), after: jsonOf(after)})
		}
	}
	return all
}

func folderDifferences(old, next library) (all []bulkEntry) {
	for _, id := range bothKeys(old.folders, next.folders) {
		before, was := old.folders[id]
		after, is := next.folders[id]
		switch {
		case !was:
			all = append(all, bulkEntry{subject: id, field: "created", before: none, after: next.keptFolder(id)})
			continue
		case !is:
			all = append(all, bulkEntry{subject: id, field: "deleted", before: old.keptFolder(id), after: none})
			continue
		}
		if before.name != after.name {
			all = append(all, bulkEntry{subject: id, field: "name", before: jsonOf(before.name), after: jsonOf(after.name)})
		}
		if before.above != after.above {
			all = append(all, bulkEntry{subject: id, field: "parent", before: old.keptParent(before.above), after: next.keptParent(after.above)})
		}
	}
	return all
}

// keptFolder is a category as the history keeps it.
func (f filing) keptFolder(id string) string {
	s, parent := f.folders[id], any(nil)
	if s.above != "" {
		parent = s.above
	}
	return jsonOf(args{"name": s.name, "parentId": parent, "path": f.path(id), "createdAt": s.made})
}

// keptParent is the category above another as the history keeps it; null for none.
func (f filing) keptParent(id string) string {
	if id == "" {
		return none
	}
	return jsonOf(args{"id": id, "path": f.path(id)})
}

// thingDifferences are the entries between two states of an asset; nil is none.
func thingDifferences(id string, old, next *thing) (all []bulkEntry) {
	switch {
	case old == nil && next == nil:
		return nil
	case old == nil:
		return []bulkEntry{{subject: id, field: "created", before: none, after: none}}
	case next == nil:
		return []bulkEntry{{subject: id, field: "deleted", before: none, after: none}}
	}
	for _, field := range valueFields {
		if old.values[field] != next.values[field] {
			all = append(all, bulkEntry{subject: id, field: field, before: old.values[field], after: next.values[field]})
		}
	}
	for field, lists := range map[string][2][]link{"tags": {linksOf(old.tags), linksOf(next.tags)}, "categories": {linksOf(old.categories), linksOf(next.categories)},
		"attachments": {old.attachments, next.attachments}} {
		if !slices.Equal(lists[0], lists[1]) {
			all = append(all, bulkEntry{subject: id, field: field, gone: less(lists[0], lists[1]), added: less(lists[1], lists[0])})
		}
	}
	return all
}

// linksOf are links without names.
func linksOf(ids []string) (list []link) {
	for _, id := range ids {
		list = append(list, link{id: id})
	}
	return list
}

// less is a list without what another has.
func less[T comparable](list, other []T) (left []T) {
	for _, one := range list {
		if !slices.Contains(other, one) {
			left = append(left, one)
		}
	}
	return left
}

// rename gives what a call has made the ids that it has.
func (t *thing) rename(ids map[string]string) {
	if id := ids[t.image()]; id != "" {
		t.values["cover"] = jsonOf(args{"image": id})
	}
	t.values["mezzanine"] = renamed(t.values["mezzanine"], ids)
	t.tags = renamedAll(t.tags, ids)
	t.attachments = renamedLinks(t.attachments, ids)
}

func (e *bulkEntry) rename(ids map[string]string) {
	e.subject = cmp.Or(ids[e.subject], e.subject)
	e.before, e.after = renamed(e.before, ids), renamed(e.after, ids)
	e.gone, e.added = renamedLinks(e.gone, ids), renamedLinks(e.added, ids)
}

// renamed is JSON with other ids.
func renamed(text string, ids map[string]string) string {
	for from, to := range ids {
		text = strings.ReplaceAll(text, jsonOf(from), jsonOf(to))
	}
	return text
}

func renamedAll(list []string, ids map[string]string) []string {
	list = slices.Clone(list)
	for i, id := range list {
		list[i] = cmp.Or(ids[id], id)
	}
	slices.Sort(list)
	return list
}

func renamedLinks(list []link, ids map[string]string) []link {
	list = slices.Clone(list)
	for i, l := range list {
		list[i].id = cmp.Or(ids[l.id], l.id)
	}
	slices.SortFunc(list, byLink)
	return list
}
