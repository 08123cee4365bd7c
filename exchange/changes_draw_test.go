package exchange_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"vodgraph/bulk"
	"vodgraph/ent/bulkoperation"
)

// lineDraw draws lines of files of changes over few names, so that they meet.
type lineDraw struct{ *rand.Rand }

// one is true once in so many times.
func (d *lineDraw) one(in int) bool { return d.IntN(in) == 0 }

// The names in use. What is new takes the higher ones.
const (
	drawnVideos, drawnImages, drawnAttachments = 10, 4, 3
	drawnNew                                   = 6
	drawnReferences                            = 16
)

func drawnID(prefix string, n int) string {
	return fmt.Sprintf("%s_01HZZZZZZZZZZZZZZZZZZZZZ%02d", prefix, n)
}

func drawnReference(n int) string { return fmt.Sprintf("reference-%02d", n) }

// base is the library before: some assets in the trash, some used by others.
func (d *lineDraw) base() string {
	r := rand.New(rand.NewPCG(1, 1)) // the same for both libraries, without a draw
	var text strings.Builder
	put := func(members map[string]any) {
		line, err := json.Marshal(members)
		if err != nil {
			panic(err)
		}
		text.Write(append(line, '\n'))
	}
	text.WriteString(`{"category": {"path": ["Films", "Old"]}}` + "\n")
	reference := 0
	all := func(prefix, kind string, count int, more func(members map[string]any)) {
		for n := range count {
			members := map[string]any{"id": drawnID(prefix, n), "kind": kind, "title": fmt.Sprint(kind, n), "createdAt": "2026-01-01T00:00:00Z"}
			if r.IntN(3) > 0 {
				members["referenceId"] = drawnReference(reference)
				reference++
			}
			if r.IntN(3) == 0 {
				members["trashedAt"] = "2026-01-01T12:00:00Z"
			}
			more(members)
			put(members)
		}
	}
	all("img", "IMAGE", drawnImages, func(map[string]any) {})
	all("att", "ATTACHMENT", drawnAttachments, func(members map[string]any) { members["attachmentType"] = "SUBTITLE" })
	all("vid", "VIDEO", drawnVideos, func(members map[string]any) {
		members["tags"] = []string{"a", "b"}[:r.IntN(3)]
		if r.IntN(2) == 0 {
			members["cover"] = map[string]any{"image": map[string]any{"id": drawnID("img", r.IntN(drawnImages))}}
		}
		if r.IntN(2) == 0 {
			members["attachments"] = []any{map[string]any{"attachment": map[string]any{"id": drawnID("att", r.IntN(drawnAttachments))}}}
		}
	})
	return text.String()
}

// id is one that there is, may be, or never is.
func (d *lineDraw) id() string {
	switch d.IntN(8) {
	case 0:
		return d.image()
	case 1:
		return drawnID("att", d.IntN(drawnAttachments+1))
	}
	return drawnID("vid", d.IntN(drawnVideos+1))
}

func (d *lineDraw) image() string { return drawnID("img", d.IntN(drawnImages+1)) }

func (d *lineDraw) reference() string { return drawnReference(d.IntN(drawnReferences)) }

// ref names an asset.
func (d *lineDraw) ref() map[string]any {
	if d.one(2) {
		return map[string]any{"referenceId": d.reference()}
	}
	return map[string]any{"id": d.id()}
}

// cover names an image, or what may be one.
func (d *lineDraw) cover() any {
	if d.one(3) {
		return map[string]any{"image": map[string]any{"referenceId": d.reference()}}
	}
	return map[string]any{"image": map[string]any{"id": drawnID("img", d.IntN(drawnImages+drawnNew))}}
}

// line draws a line of a file.
func (d *lineDraw) line(verb bulkoperation.Verb, number int64) bulk.FileLine {
	var members map[string]any
	switch verb {
	case bulkoperation.VerbCREATE:
		members = d.creation()
	case bulkoperation.VerbUPDATE:
		members = d.update()
	default:
		members = d.ref()
	}
	item, err := json.Marshal(members)
	if err != nil {
		panic(err)
	}
	return bulk.FileLine{Number: number, Item: item}
}

func (d *lineDraw) creation() map[string]any {
	members := map[string]any{"title": fmt.Sprint("new ", d.IntN(100))}
	if members["kind"] = "IMAGE"; d.one(2) {
		members["id"] = drawnID("img", d.IntN(drawnImages+drawnNew))
	} else {
		members["kind"], members["id"] = "VIDEO", drawnID("vid", d.IntN(drawnVideos+30))
		if d.one(2) {
			members["cover"] = d.cover()
		}
		if d.one(3) {
			members["attachments"] = []any{map[string]any{"attachment": d.ref()}}
		}
	}
	if d.one(2) {
		members["referenceId"] = drawnReference(d.IntN(40))
	}
	if d.one(3) {
		members["tags"] = []string{"c", "d"}
	}
	return members
}

func (d *lineDraw) update() map[string]any {
	members := d.ref()
	for range 1 + d.IntN(2) {
		switch d.IntN(7) {
		case 0:
			members["title"] = []any{"x", "y", "", nil}[d.IntN(4)]
		case 1:
			members["tags"] = map[string]any{"add": []string{fmt.Sprint("t", d.IntN(3))}, "remove": []string{"a"}}
		case 2, 3:
			members["newReferenceId"] = d.reference()
		case 4:
			members["userData"] = map[string]any{"merge": map[string]any{"n": d.IntN(3)}}
		case 5:
			members["categories"] = map[string]any{"add": []any{map[string]any{"path": []string{"Films", []string{"Old", "New"}[d.IntN(2)]}}}}
		case 6:
			members["cover"] = d.cover()
		}
	}
	if d.one(6) {
		members["ifRevision"] = d.IntN(3)
	}
	return members
}

// cut cuts lines into parts anywhere.
func (d *lineDraw) cut(lines []bulk.FileLine) (parts []bulk.FilePart) {
	for first := int64(1); len(lines) > 0; {
		n := min(len(lines), 1+d.IntN(25))
		last := lines[n-1].Number
		parts = append(parts, bulk.FilePart{First: first, Last: last, Lines: lines[:n], Digest: fmt.Sprint(last)})
		lines, first = lines[n:], last+1
	}
	return parts
}
