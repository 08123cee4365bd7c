package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
)

// What the model makes of the facts of files, and of the attachments that assets use.

// factFields are the values of a thing that are facts of its file.
var factFields = []string{"duration", "fileName", "height", "imageType", "location", "mediaSource", "mezzanine", "size", "storageClass", "storageLocation", "width"}

// lasting are the facts that cannot be cleared.
var lasting = []string{"storageLocation", "storageClass", "mediaSource", "imageType"}

// facts takes over what an input gives of the facts of files.
func (r *ruling) facts(in args) {
	for _, name := range lasting {
		if v, given := in[name]; given {
			r.lasts(name, v, name)
		}
	}
	if v, given := in["mezzanine"]; given {
		r.source(v)
	}
	if v, given := in["file"]; given {
		r.file(in, v)
	}
	r.next.follow()
}

// lasts sets a fact that cannot be cleared.
func (r *ruling) lasts(name string, v any, at string) {
	switch v {
	case nil:
		r.refuse("REQUIRED", at)
		return
	case "":
		r.refuse("INVALID", at)
	}
	r.next.values[name] = jsonOf(v)
}

// source sets the source file of a video or an audio, all of it.
func (r *ruling) source(v any) {
	t := r.next
	switch {
	case v != nil && !t.played():
		r.refuse("WRONG_KIND", "mezzanine")
		return
	case !t.played():
		return
	case v == nil:
		t.values["mezzanine"] = none
		return
	}
	kept := args{"id": newSource + t.id, "status": "NORMAL", "createdAt": timeOf(r.now)}
	var was args
	if decodeAs(t.values["mezzanine"], &was); was != nil {
		kept["id"], kept["createdAt"] = was["id"], was["createdAt"]
	}
	for name, one := range object(v) {
		if one == nil {
			continue
		}
		switch text := fmt.Sprint(one); {
		case name == "fileName" && text == "", strings.HasPrefix(text, "-"), name == "md5" && len(text) != 32:
			r.refuse("INVALID", place("mezzanine", name))
		case name == "md5":
			one = strings.ToLower(text)
		}
		kept[name] = one
	}
	t.values["mezzanine"] = jsonOf(kept)
}

// file sets what is given of the file of an image or an attachment.
func (r *ruling) file(in args, v any) {
	t, file := r.next, object(v)
	switch {
	case t.played() && v != nil:
		r.refuse("WRONG_KIND", "file")
	case t.played():
	case v == nil:
		for _, name := range []string{"size", "fileName", "location", "width", "height"} {
			t.values[name] = none
		}
	default:
		for name, one := range file {
			r.fileFact(name, one)
			if _, twice := in[name]; twice {
				r.refuse("INVALID", place("file", name))
			}
		}
	}
}

func (r *ruling) fileFact(name string, v any) {
	at := place("file", name)
	ofImages := name == "width" || name == "height" || name == "imageType"
	switch {
	case ofImages && r.next.kind != "IMAGE":
		if v != nil || name == "imageType" {
			r.refuse("WRONG_KIND", at)
		}
	case slices.Contains(lasting, name):
		r.lasts(name, v, at)
	default:
		if text := jsonOf(v); text == `""` && name == "fileName" || strings.HasPrefix(text, "-") {
			r.refuse("INVALID", at)
		}
		r.next.values[name] = jsonOf(v)
	}
}

// follow copies what the source file states of size and duration, and returns what differed.
func (t *thing) follow() (differed []string) {
	var source args
	decodeAs(t.values["mezzanine"], &source)
	for _, name := range []string{"size", "duration"} {
		if stated := source[name]; stated != nil && t.values[name] != jsonOf(stated) {
			t.values[name] = jsonOf(stated)
			differed = append(differed, name)
		}
	}
	return differed
}

// facts are drawn members of a source file, of a file, and of both kinds of assets.
func (d *drawing) mezzanine() any {
	if d.in(8) {
		return nil
	}
	in := args{}
	for range d.IntN(4) {
		switch d.IntN(5) {
		case 0:
			in["size"] = oneOf[any](d, 0, 7, 8, nil)
		case 1:
			in["duration"] = oneOf[any](d, 1.5, 2, nil)
		case 2:
			in["fileName"] = oneOf[any](d, "a.mp4", "b.mp4", nil)
		case 3:
			in["createdAt"] = "2020-01-01T00:00:00.000Z"
		default:
			in["md5"] = strings.Repeat("aB", 16)
		}
	}
	if d.in(25) {
		in[oneOf(d, "size", "duration", "width")] = -1
	}
	if d.in(25) {
		in[oneOf(d, "fileName", "md5")] = ""
	}
	return in
}

func (d *drawing) file() any {
	if d.in(6) {
		return nil
	}
	in := args{}
	for range 1 + d.IntN(3) {
		switch d.IntN(6) {
		case 0:
			in["size"] = oneOf[any](d, 0, 7, nil)
		case 1:
			in[oneOf(d, "width", "height")] = oneOf[any](d, 10, 20, nil)
		case 2:
			in[oneOf(d, "fileName", "location")] = oneOf[any](d, "a.png", "b.png", nil)
		case 3:
			in["imageType"] = oneOf[any](d, "COVER", "DEFAULT")
		default:
			d.storage(in)
		}
	}
	if d.in(25) {
		in[oneOf(d, "fileName", "storageLocation")] = ""
	}
	if d.in(25) {
		in[oneOf(d, "size", "width")] = -1
	}
	if d.in(25) {
		in[oneOf(d, lasting...)] = nil
	}
	return in
}

// storage draws a fact that assets of every kind have.
func (d *drawing) storage(in args) {
	switch d.IntN(3) {
	case 0:
		in["storageLocation"] = oneOf[any](d, "here", "there")
	case 1:
		in["storageClass"] = oneOf[any](d, "STANDARD", "IA")
	default:
		in["mediaSource"] = oneOf[any](d, "GENERAL", "LIVE")
	}
}

// linking links an attachment to an asset, or takes the link away.
func (m *bulkModel) linking(w *wish, name string, in args) {
	r := &ruling{bulkModel: m, things: m.things}
	w.single = true
	old := r.find(object(in["asset"]), "asset")
	if old == nil {
		w.refused = r.errors
		return
	}
	r.next = old.copy()
	if name == "attachmentLink" && !old.played() {
		r.refuse("WRONG_KIND", "asset")
	}
	used := r.find(object(in["attachment"]), "attachment")
	if used != nil {
		kept := slices.DeleteFunc(slices.Clone(old.attachments), func(l link) bool { return l.id == used.id })
		if name == "attachmentLink" {
			if used.kind != "ATTACHMENT" {
				r.refuse("WRONG_KIND", "attachment")
			}
			if in["language"] == "no_language" {
				r.refuse("INVALID", "language")
			}
			kept = append(kept, link{used.id, called(in)})
		} else if len(kept) == len(old.attachments) {
			r.refuse("NOT_FOUND", "attachment")
		}
		slices.SortFunc(kept, byLink)
		r.next.attachments = kept
	}
	if w.refused = inOrder(r.errors); len(w.refused) == 0 {
		w.things[old.id], w.shown = r.next, old.id
		w.conclude(m)
	}
}

// called is the language and the label that an input or an answer has of an attachment.
func called(of args) string { return jsonOf([]any{of["language"], of["label"]}) }

func byLink(a, b link) int { return strings.Compare(a.id, b.id) }

// putLinks takes a change of the attachments of a thing back.
func (r *ruling) putLinks(e bulkEntry) {
	t, before, after := r.next, map[string]string{}, map[string]string{}
	for _, l := range e.gone {
		before[l.id] = l.name
	}
	for _, l := range e.added {
		after[l.id] = l.name
	}
	var kept []link
	now := map[string]bool{}
	for _, l := range t.attachments {
		now[l.id] = true
		name, came := after[l.id]
		if _, went := before[l.id]; came && name != l.name || !came && went {
			r.refuse("CHANGED_SINCE", e.field)
			return
		}
		if !came {
			kept = append(kept, l)
		}
	}
	for _, l := range e.gone {
		_, came := after[l.id]
		switch {
		case r.things[l.id] == nil:
			r.refuse("NOT_UNDOABLE", e.field)
			return
		case came && !now[l.id]:
			r.refuse("CHANGED_SINCE", e.field)
			return
		}
		kept = append(kept, l)
	}
	slices.SortFunc(kept, byLink)
	t.attachments = kept
}
