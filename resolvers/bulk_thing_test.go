package resolvers_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// thing is an asset as the model has it. It is never changed: a change makes
// another.
type thing struct {
	id, kind string
	// values are JSON by the names of the history.
	values           map[string]string
	tags, categories []string // ids, in order
	attachments      []link   // by id
	revision         int64
}

// valueFields are the fields of a thing that are one value.
var valueFields = slices.Concat([]string{"alternativeTitles", "cover", "description", "downloadEnabled", "referenceId", "title", "trashedAt", "userData"}, factFields)

const none = "null"

// fresh is a thing of which nothing was said.
func fresh(id, kind string) *thing {
	t := &thing{id: id, kind: kind, values: map[string]string{}}
	for _, field := range valueFields {
		t.values[field] = none
	}
	t.values["alternativeTitles"], t.values["downloadEnabled"] = "[]", "true"
	t.values["storageLocation"], t.values["storageClass"], t.values["mediaSource"] = `"default"`, `"STANDARD"`, `"GENERAL"`
	if kind == "IMAGE" {
		t.values["imageType"] = `"DEFAULT"`
	}
	return t
}

func (t *thing) copy() *thing {
	next := *t
	next.values = maps.Clone(t.values)
	return &next
}

func (t *thing) played() bool  { return t.kind == "VIDEO" || t.kind == "AUDIO" }
func (t *thing) trashed() bool { return t.values["trashedAt"] != none }

// text is a value that is a text; empty where it is none.
func (t *thing) text(field string) (s string) {
	decodeAs(t.values[field], &s)
	return s
}

// image is the cover; empty where it is none.
func (t *thing) image() string {
	var c struct{ Image string }
	decodeAs(t.values["cover"], &c)
	return c.Image
}

func decodeAs(text string, into any) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		panic(fmt.Sprintf("%v in %s", err, text))
	}
}

// jsonOf is a value as JSON in one form.
func jsonOf(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSpace(b.String())
}

// timeOf is a time as the API reports it.
func timeOf(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// inOrder is a list in order, each once.
func inOrder(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// kept is a text as it is kept: in its composed form, without space around it.
func keptText(s string) string { return strings.TrimSpace(norm.NFC.String(s)) }

// ruling is what is decided about one item: what it makes of a thing, and the
// refusals, each "CODE place".
type ruling struct {
	*bulkModel
	things map[string]*thing // as they are at that item
	next   *thing
	errors []string
	// wants is the reference id that is to be handed on, when all items are judged.
	wants string
}

func (r *ruling) refuse(code string, at ...string) {
	r.errors = append(r.errors, strings.TrimSpace(code+" "+strings.Join(at, ".")))
}

// place is a place of the arguments; steps that are empty are none.
func place(steps ...any) string {
	var texts []string
	for _, step := range steps {
		if text := fmt.Sprint(step); text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, ".")
}

// find is the thing that a reference of an input names; else it refuses.
func (r *ruling) find(ref map[string]any, at string) *thing {
	id, byID := ref["id"].(string)
	key, byKey := ref["referenceId"].(string)
	switch {
	case byID == byKey:
		r.refuse("INVALID", at)
	case byID && r.things[id] == nil:
		r.refuse("NOT_FOUND", place(at, "id"))
	case byID:
		return r.things[id]
	default:
		if t := holder(r.things, key); t != nil {
			return t
		}
		r.refuse("NOT_FOUND", place(at, "referenceId"))
	}
	return nil
}

// holder is the thing with a reference id.
func holder(things map[string]*thing, key string) *thing {
	for _, t := range things {
		if t.values["referenceId"] == jsonOf(key) {
			return t
		}
	}
	return nil
}

// taken refuses a reference id that another thing has.
func (r *ruling) taken(other *thing, reference string) {
	switch {
	case other == nil || other.id == r.next.id:
	case other.values["trashedAt"] != none:
		r.refuse("TRASHED", reference)
	default:
		r.refuse("REFERENCE_ID_TAKEN", reference)
	}
}

// say takes over what an input gives of the members that say one thing; reference
// is the name of that which is the reference id.
func (r *ruling) say(in map[string]any, reference string) {
	t := r.next
	if v, given := in[reference]; given {
		if key, ok := v.(string); ok {
			if key == "" || strings.ContainsRune(key, '\t') {
				r.refuse("REFERENCE_ID_MALFORMED", reference)
			}
			if reference == "referenceId" { // of a new asset
				r.taken(holder(r.things, key), reference)
			} else {
				r.wants = key
			}
		}
		t.values["referenceId"] = jsonOf(v)
	}
	if v, given := in["title"]; given {
		title, _ := v.(string)
		t.values["title"] = jsonOf(r.title(title, "title"))
	}
	if v, given := in["alternativeTitles"]; given {
		list, titles := texts(v), []string{}
		for i, one := range list {
			if one = r.title(one, place("alternativeTitles", i)); !slices.Contains(titles, one) {
				titles = append(titles, one)
			}
		}
		if len(titles) > r.limits.AlternativeTitles {
			r.refuse("TOO_MANY_TITLES", "alternativeTitles")
		}
		t.values["alternativeTitles"] = jsonOf(titles)
	}
	if v, given := in["description"]; given {
		if text, ok := v.(string); ok {
			if v = norm.NFC.String(text); len([]rune(v.(string))) > r.limits.Description {
				r.refuse("DESCRIPTION_TOO_LONG", "description")
			}
		}
		t.values["description"] = jsonOf(v)
	}
	if v, given := in["downloadEnabled"]; given {
		switch {
		case !t.played():
			r.refuse("WRONG_KIND", "downloadEnabled")
		case v == nil:
			r.refuse("REQUIRED", "downloadEnabled")
		default:
			t.values["downloadEnabled"] = jsonOf(v)
		}
	}
	if v, given := in["cover"]; given {
		r.cover(v)
	}
}

func (r *ruling) title(title, at string) string {
	title = keptText(title)
	switch n := len([]rune(title)); {
	case n == 0:
		r.refuse("REQUIRED", at)
	case n > r.limits.Title:
		r.refuse("TITLE_TOO_LONG", at)
	}
	return title
}

func (r *ruling) cover(v any) {
	ref, given := v.(map[string]any)
	switch image, ok := ref["image"].(map[string]any); {
	case given && !r.next.played():
		r.refuse("WRONG_KIND", "cover")
	case !given:
		r.next.values["cover"] = none
	case !ok:
		r.refuse("INVALID", "cover")
	default:
		t := r.find(image, "cover.image")
		if t != nil && t.kind != "IMAGE" {
			r.refuse("WRONG_KIND", "cover.image")
		}
		if t != nil {
			r.next.values["cover"] = jsonOf(map[string]any{"image": t.id})
		}
	}
}

// texts are those of a list of an input.
func texts(v any) (list []string) {
	all, _ := v.([]any)
	for _, one := range all {
		list = append(list, one.(string))
	}
	return list
}
