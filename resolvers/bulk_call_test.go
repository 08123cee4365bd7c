package resolvers_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// draw draws a call that was not made before: its name, and its arguments as they
// come to a server.
func (d *drawing) draw() (string, args) {
	switch {
	case d.in(4):
		name, in := d.filingVerb()
		return name, object(plainly(in))
	case d.in(30):
		name, in := d.linkCall()
		return name, object(plainly(in))
	}
	name, in := d.verb()
	if d.in(10) {
		name, in = "changeSetUndo", args{"id": d.set()}
	}
	options := args{}
	if d.in(3) && !strings.HasSuffix(name, "Where") && name != "changeSetUndo" && name != "trashPurge" || d.in(40) {
		options["errorPolicy"] = "ATOMIC"
	}
	switch {
	case d.in(60):
		options["note"] = strings.Repeat("n", 1001)
	case d.in(4):
		options["note"] = fmt.Sprint("note ", d.IntN(9))
	}
	switch {
	case d.in(100):
		options["idempotencyKey"] = ""
	case d.in(5):
		options["idempotencyKey"] = fmt.Sprint("key ", d.IntN(40))
	}
	if len(options) > 0 {
		in["options"] = options
	}
	return name, object(plainly(in))
}

// verb draws what is called; the library neither dies out nor grows for ever.
func (d *drawing) verb() (string, args) {
	n := d.IntN(100)
	if len(d.things) < 20 && d.in(2) {
		n = 0
	} else if len(d.things) > 60 && d.in(3) {
		n = 70
	}
	switch {
	case n < 15:
		return "assetsCreate", args{"items": listOf(d, d.limits.Items, d.createItem)}
	case n < 18 && len(d.things) > 0:
		return "assetsUpdate", args{"items": d.handOver()}
	case n < 50:
		return "assetsUpdate", args{"items": d.few(func() any { return d.updateItem() })}
	case n < 58:
		return "assetsTrash", args{"assets": d.few(func() any { return d.ref() })}
	case n < 67:
		return "assetsRestore", args{"assets": d.few(func() any { return d.ref() })}
	case n < 76:
		in := oneOf(d, args{}, args{"force": false}, args{"force": true})
		in["assets"] = d.few(func() any { return d.ref() })
		return "assetsDelete", in
	case n < 83:
		return "assetsUpdateWhere", d.all(args{"filter": d.filter(0), "change": d.change()})
	case n < 85:
		return "assetsTrashWhere", d.all(args{"filter": d.filter(0)})
	case n < 88:
		return "assetsRestoreWhere", d.all(args{"filter": d.filter(0)})
	}
	if d.in(10) {
		return "trashPurge", args{"all": d.in(2)}
	}
	return "changeSetUndo", args{"id": d.set()}
}

// few is a list of items, mostly some, now and then none or too many.
func (d *drawing) few(one func() any) []any {
	n := 1 + d.IntN(d.limits.Items)
	switch {
	case d.in(60):
		n = 0
	case d.in(60):
		n = d.limits.Items + 1
	}
	list := make([]any, n)
	for i := range list {
		list[i] = one()
	}
	return list
}

func (d *drawing) all(in args) args {
	if d.in(3) {
		in["all"] = d.in(2)
	}
	return in
}

// set is the id of a change set, mostly of a recent one.
func (d *drawing) set() string {
	switch n := len(d.order); {
	case n == 0 || d.in(30):
		return "chs_1"
	case d.in(5):
		return d.order[d.IntN(n)]
	case d.in(3):
		return d.filingSet()
	default:
		return d.order[n-1-d.IntN(min(n, 20))]
	}
}

// filingSet is a recent change set of tags or categories.
func (d *drawing) filingSet() (set string) {
	n := 1 + d.IntN(8)
	for _, id := range slices.Backward(d.order) {
		if d.sets[id].files() {
			set, n = id, n-1
		}
		if n == 0 {
			break
		}
	}
	return set
}

// files reports whether the set has changed tags or categories.
func (s *bulkSet) files() bool { return slices.ContainsFunc(s.entries, bulkEntry.filed) }

// filter draws a filter; within and, or and not the trash is not asked for.
func (d *drawing) filter(level int) args {
	f := args{}
	for range d.IntN(3) {
		switch d.IntN(9) {
		case 0:
			f["kinds"] = listOf(d, 2, func() string { return oneOf(d, "VIDEO", "AUDIO", "IMAGE", "ATTACHMENT") })
		case 1, 2:
			name := oneOf(d, "any", "all", "none")
			f["tags"] = args{name: listOf(d, 2, d.tag)}
		case 3:
			f["tags"] = args{"empty": d.in(2)}
		case 4:
			f["category"] = args{"in": listOf(d, 2, d.folderNamed)}
			if d.in(2) {
				object(f["category"])["includeDescendants"] = d.in(2)
			}
		case 5:
			f["ids"] = listOf(d, 6, d.id)
		case 6:
			f["referenceIds"] = listOf(d, 6, d.reference)
		case 7:
			f["hasCover"] = d.in(2)
		default:
			if level < 2 {
				f["not"] = d.filter(level + 1)
				f[oneOf(d, "and", "or")] = listOf(d, 2, func() args { return d.filter(level + 1) })
			}
		}
	}
	if level == 0 && d.in(3) {
		f["trashed"] = oneOf[any](d, true, false, nil)
	}
	return f
}

// withOption are arguments with another option.
func withOption(in args, name string, value any) args {
	next, options := maps.Clone(in), maps.Clone(object(in["options"]))
	if options == nil {
		options = args{}
	}
	options[name] = value
	next["options"] = options
	return next
}

// content is what distinguishes calls of one mutation.
func content(in args) string {
	return jsonOf(withOption(in, "idempotencyKey", nil))
}
