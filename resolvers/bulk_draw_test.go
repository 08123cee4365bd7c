package resolvers_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// drawing draws calls, of which most do something and many are refused.
type drawing struct {
	*rand.Rand
	*bulkModel
}

// args are arguments or members of an input.
type args = map[string]any

func oneOf[T any](d *drawing, list ...T) T { return list[d.IntN(len(list))] }

// in is true once in n times.
func (d *drawing) in(n int) bool { return d.IntN(n) == 0 }

// list is a list of up to n.
func listOf[T any](d *drawing, n int, one func() T) []any {
	list := []any{}
	for range d.IntN(n + 1) {
		list = append(list, one())
	}
	return list
}

func (d *drawing) ids(which func(*thing) bool) (ids []string) {
	for _, id := range slices.Sorted(maps.Keys(d.things)) {
		if which(d.things[id]) {
			ids = append(ids, id)
		}
	}
	return ids
}

// id is one of the library, or now and then none.
func (d *drawing) id() string {
	ids := d.ids(func(*thing) bool { return true })
	switch {
	case d.in(25) && len(d.gone) > 0:
		return oneOf(d, d.gone...)
	case d.in(40) || len(ids) == 0:
		return oneOf(d, "vid_1", "", id("img", 99))
	}
	return oneOf(d, ids...)
}

// ref names one by its id or its reference id.
func (d *drawing) ref() args {
	switch {
	case d.in(60):
		return args{}
	case d.in(60):
		return args{"id": d.id(), "referenceId": "r1"}
	case d.in(4):
		return args{"referenceId": d.reference()}
	}
	return args{"id": d.id()}
}

// refOf is ref, mostly to one of a kind.
func (d *drawing) refOf(kind string) args {
	ids := d.ids(func(t *thing) bool { return t.kind == kind })
	if len(ids) == 0 || d.in(12) {
		return d.ref()
	}
	t := d.things[oneOf(d, ids...)]
	if key := t.text("referenceId"); key != "" && d.in(2) {
		return args{"referenceId": key}
	}
	return args{"id": t.id}
}

func (d *drawing) reference() string { return fmt.Sprint("r", d.IntN(80)) }

func (d *drawing) newReference() any {
	if d.in(12) {
		return oneOf[any](d, nil, "", "a\tb")
	}
	return d.reference()
}

func (d *drawing) title() string {
	if d.in(30) {
		return oneOf(d, "", "  ", strings.Repeat("x", d.limits.Title+1))
	}
	return oneOf(d, "One", "two", " Three ", "vier", "e\u0301t\u00e9", "\u00e9t\u00e9", "a <b>", "x")
}

func (d *drawing) tag() string {
	if d.in(50) {
		return oneOf(d, "", "toolong")
	}
	return oneOf(d, "a", "b", "c", "d", " e", "e", "e\u0301", "\u00e9", "<f>", "g", "h", "i", "j", "k")
}

// category is a reference to one by its id or its path, now and then to none.
func (d *drawing) category() args {
	id := d.folder()
	if d.in(30) {
		return oneOf(d, args{}, args{"id": "cat_1"}, args{"path": []any{"A", "D"}}, args{"path": []any{"A"}, "id": "cat_1"})
	}
	if d.in(2) || d.folders[id].name == "" {
		return args{"id": id}
	}
	path := []any{}
	for _, name := range d.path(id) {
		path = append(path, name)
	}
	return args{"path": path}
}

func (d *drawing) data() any {
	if d.in(25) {
		return oneOf[any](d, nil, args{"x": strings.Repeat("y", d.limits.UserData)}, []any{1, "<"}, "text", 7)
	}
	return d.members(2)
}

// members are an object with objects in it.
func (d *drawing) members(deep int) args {
	all := args{}
	for range d.IntN(3) {
		name := oneOf(d, "a", "b", "c")
		if deep > 0 && d.in(3) {
			all[name] = d.members(deep - 1)
			continue
		}
		all[name] = oneOf[any](d, 1, 2, "v", true, nil)
	}
	return all
}

// words is a change of a list: in one of its forms, or in none.
func (d *drawing) words(one func() any) any {
	list := func() []any { return listOf(d, 2, one) }
	switch d.IntN(14) {
	case 0:
		return nil
	case 1:
		return oneOf[any](d, args{}, args{"set": list(), "add": list()}, args{"set": nil})
	case 2, 3:
		return args{"set": listOf(d, 4, one)}
	case 4, 5:
		return args{"remove": list()}
	case 6, 7, 8:
		return args{"add": list(), "remove": list()}
	}
	return args{"add": list()}
}

// change is of the members that both AssetUpdateInput and AssetChangeInput have.
func (d *drawing) change() args {
	in := args{}
	for range 1 + d.IntN(3) {
		switch d.IntN(10) {
		case 9:
			d.storage(in)
		case 0:
			in["title"] = oneOf[any](d, d.title(), d.title(), d.title(), d.title(), d.title(), nil)
		case 1:
			in["alternativeTitles"] = oneOf[any](d, listOf(d, 3, d.title), listOf(d, 2, d.title), listOf(d, 2, d.title), nil)
		case 2:
			in["description"] = oneOf[any](d, nil, "", "short", "other", strings.Repeat("z", d.limits.Description+d.IntN(2)))
		case 3:
			in["downloadEnabled"] = oneOf[any](d, true, false, true, false, true, false, nil)
		case 4:
			in["cover"] = oneOf[any](d, nil, args{}, args{"image": d.ref()}, args{"image": d.refOf("IMAGE")}, args{"image": d.refOf("IMAGE")}, args{"image": d.refOf("IMAGE")})
		case 5, 6:
			in["userData"] = oneOf[any](d, nil, args{"set": d.data()}, args{"set": d.data()}, args{"merge": d.members(2)}, args{"merge": d.members(2)},
				args{"merge": d.data()}, oneOf[any](d, args{}, args{"set": 1, "merge": args{}}))
		case 7:
			in["tags"] = d.words(func() any { return d.tag() })
		default:
			in["categories"] = d.words(func() any { return d.category() })
		}
	}
	return in
}

// lately is a change of late; it helps sets to find that others came after them.
func (d *drawing) lately() (e bulkEntry) {
	if n := len(d.order); n > 0 {
		entries := d.sets[d.order[n-1-d.IntN(min(n, 10))]].entries
		e = entries[d.IntN(len(entries))]
	}
	return e
}

func (d *drawing) updateItem() args {
	in := d.change()
	maps.Copy(in, d.ref())
	if e := d.lately(); d.in(3) && d.things[e.subject] != nil {
		in = args{"id": e.subject}
		switch e.field {
		case "title", "description":
			in[e.field] = d.title()
		case "userData":
			in[e.field] = args{"set": d.data()}
		default:
			maps.Copy(in, d.change())
		}
	}
	if d.in(3) {
		in["newReferenceId"] = d.newReference()
	}
	if d.in(5) {
		in["mezzanine"] = d.mezzanine()
	}
	if d.in(5) {
		in["file"] = d.file()
	}
	t := d.things[fmt.Sprint(in["id"])]
	if t != nil && d.in(5) {
		in["ifRevision"] = oneOf(d, t.revision, t.revision, t.revision-1, d.number+1)
	}
	if t != nil && !t.played() && !d.in(5) {
		delete(in, "cover")
		delete(in, "downloadEnabled")
		delete(in, "mezzanine")
	} else if t != nil && t.played() && !d.in(5) {
		delete(in, "file")
	}
	return in
}

// handOver are items of which each takes the reference id that the one before had.
func (d *drawing) handOver() []any {
	free := any(d.newReference())
	var items []any
	for _, id := range someOf(d, 2+d.IntN(3), d.things) {
		items = append(items, args{"id": id, "newReferenceId": free})
		if key := d.things[id].text("referenceId"); key != "" {
			free = key
		}
	}
	return items
}

func (d *drawing) createItem() args {
	kind := oneOf(d, "VIDEO", "VIDEO", "VIDEO", "AUDIO", "IMAGE", "IMAGE", "ATTACHMENT")
	in := args{"kind": kind, "title": d.title()}
	played := kind == "VIDEO" || kind == "AUDIO"
	if kind == "ATTACHMENT" && !d.in(30) {
		in["attachmentType"] = "SUBTITLE"
	}
	if d.in(8) {
		in["id"] = oneOf(d, id(prefixOfKind[kind][:3], d.IntN(20)), id(prefixOfKind[kind][:3], d.IntN(20)), d.id())
	}
	if d.in(2) {
		in["referenceId"] = d.newReference()
	}
	if d.in(2) {
		in["tags"] = listOf(d, 3, d.tag)
	}
	if d.in(3) {
		in["categories"] = listOf(d, 2, d.category)
	}
	if d.in(3) {
		in["userData"] = d.data()
	}
	if d.in(3) {
		in["alternativeTitles"] = listOf(d, 2, d.title)
	}
	if played && d.in(2) || d.in(30) {
		in["cover"] = oneOf[any](d, nil, args{"image": d.refOf("IMAGE")}, args{"image": d.refOf("IMAGE")}, args{"image": d.refOf("IMAGE")})
	}
	if played && d.in(2) || d.in(30) {
		in["attachments"] = listOf(d, 2, func() args { return args{"attachment": d.refOf("ATTACHMENT")} })
	}
	if played && d.in(4) || d.in(30) {
		in["downloadEnabled"] = d.in(2)
	}
	if played && d.in(4) || d.in(30) {
		in["mezzanine"] = d.mezzanine()
	}
	return in
}
