package app

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// samples is what a library has that queries can name, by the prefix of ids and by the name
// of an argument.
type samples map[string][]string

// drawing draws one query at random that is likely to be valid: it may still have fields
// that cannot be merged, which a schema finds out.
type drawing struct {
	*rand.Rand
	schema    *ast.Schema
	has       samples
	fragments []string
	variables map[string]any
	declared  []string
	names     int
	// drawn are the fields that were selected, by type and name.
	drawn map[string]bool
}

// drawn is a query with its variables.
type drawnQuery struct {
	text      string
	variables map[string]any
}

// query draws a query of a few fields.
func (d *drawing) query() drawnQuery {
	d.fragments, d.declared, d.variables = nil, nil, map[string]any{}
	set := d.level(d.schema.Query, 0, map[string]string{})
	text := "query"
	if len(d.declared) > 0 {
		text += "(" + strings.Join(d.declared, ", ") + ")"
	}
	return drawnQuery{text + " " + set + " " + strings.Join(d.fragments, " "), d.variables}
}

// one reports whether something happens that does so once in n times.
func (d *drawing) one(n int) bool { return d.IntN(n) == 0 }

// name makes a name that no other has.
func (d *drawing) name(of string) string {
	d.names++
	return fmt.Sprintf("%s_%d", of, d.names)
}

// deepestDrawn is how deep fields are drawn: a page below a page, with what hangs on it.
const deepestDrawn = 7

// level draws the selections of objects of a type. Used is what stands beside them: names
// of the answer, with the arguments of their fields.
func (d *drawing) level(on *ast.Definition, deep int, used map[string]string) string {
	parts := []string{"__typename"}
	wanted := 1 + d.IntN(3)
	if on == d.schema.Query {
		wanted = 1 + d.IntN(2)
	}
	for range wanted {
		parts = append(parts, d.field(on, deep, used))
	}
	if on.IsAbstractType() {
		for range 1 + d.IntN(2) {
			parts = append(parts, d.fragment(d.kind(on), deep, used))
		}
	}
	if on != d.schema.Query && d.one(6) {
		parts = append(parts, d.fragment(on, deep, used))
	}
	return "{ " + strings.Join(parts, " ") + " }"
}

// kind draws a type that objects of a type may have.
func (d *drawing) kind(on *ast.Definition) *ast.Definition {
	possible := d.schema.GetPossibleTypes(on)
	if on.Name == "Node" && d.one(2) {
		return d.schema.Types["Asset"]
	}
	return possible[d.IntN(len(possible))]
}

// fragment draws a fragment, in its place or by its name.
func (d *drawing) fragment(on *ast.Definition, deep int, used map[string]string) string {
	directive := ""
	if d.one(8) {
		directive = " " + d.directive()
	}
	if !d.one(3) {
		return "... on " + on.Name + directive + " " + d.level(on, deep, used)
	}
	name := d.name("F")
	d.fragments = append(d.fragments, "fragment "+name+" on "+on.Name+" "+d.level(on, deep, used))
	spread := "..." + name + directive
	if d.one(4) {
		spread += " ..." + name
	}
	return spread
}

// directive draws whether something is executed.
func (d *drawing) directive() string {
	return fmt.Sprintf("@%s(if: %s)", pick(d, []string{"include", "skip"}), d.passed(ast.NonNullNamedType("Boolean", nil), d.one(2)))
}

// field draws a field of a type, with its arguments and what stands below. Deep down it is
// one that has nothing below.
func (d *drawing) field(on *ast.Definition, deep int, used map[string]string) string {
	var leaves, others []*ast.FieldDefinition
	for _, f := range on.Fields {
		switch {
		case strings.HasPrefix(f.Name, "__"):
		case d.schema.Types[f.Type.Name()].IsLeafType():
			leaves = append(leaves, f)
		case deep < deepestDrawn:
			others = append(others, f)
		}
	}
	if len(leaves) == 0 || len(others) > 0 && d.one(2) {
		leaves = others
	}
	if len(leaves) == 0 {
		return ""
	}
	f := pick(d, leaves)
	d.drawn[on.Name+"."+f.Name] = true
	args := d.arguments(f)
	text := f.Name
	if given, known := used[text]; d.one(5) || known && given != args {
		text = d.name(f.Name) + ": " + f.Name
	} else {
		used[text] = args
	}
	text += args
	if d.one(15) {
		text += " " + d.directive()
	}
	if below := d.schema.Types[f.Type.Name()]; !below.IsLeafType() {
		text += " " + d.level(below, deep+1, map[string]string{})
	}
	return text
}

// arguments draws those of a field: what it needs, and some of the others.
func (d *drawing) arguments(f *ast.FieldDefinition) string {
	given := map[string]any{}
	for _, a := range f.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil || d.one(3) {
			given[a.Name] = d.value(a.Name, a.Type, 0)
		}
	}
	d.settle(f, given)
	var parts []string
	for _, a := range f.Arguments {
		if v, is := given[a.Name]; is {
			parts = append(parts, a.Name+": "+d.passed(a.Type, v))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// settle makes arguments fit each other, mostly.
func (d *drawing) settle(f *ast.FieldDefinition, given map[string]any) {
	if d.one(60) {
		return
	}
	delete(given, "after")
	delete(given, "before")
	delete(given, "atLeastRevision")
	switch first := f.Arguments.ForName("first"); {
	case given["first"] != nil:
		delete(given, "last")
		given["first"] = d.IntN(3) + 1
	case first != nil && given["last"] == nil && !d.one(12): // or a page is long, and below others too much
		given["first"] = d.IntN(3) + 1
	}
	for _, pair := range [][2]string{{"id", "referenceId"}, {"id", "path"}} {
		one, other := f.Arguments.ForName(pair[0]), f.Arguments.ForName(pair[1])
		if one == nil || other == nil {
			continue
		}
		delete(given, pair[0])
		delete(given, pair[1])
		if d.one(2) {
			one = other
		}
		given[one.Name] = d.value(one.Name, one.Type, 0)
	}
	if f.Name == "search" && given["text"] == nil {
		delete(given, "orderBy")
	}
}

// passed writes a value into the text, or passes it by a variable.
func (d *drawing) passed(t *ast.Type, v any) string {
	if !d.one(3) {
		return literal(v)
	}
	name := d.name("v")
	declared := "$" + name + ": " + t.String()
	if d.one(4) && v != nil {
		declared += " = " + literal(v)
	} else {
		d.variables[name] = plain(v)
	}
	d.declared = append(d.declared, declared)
	return "$" + name
}

// word is the name of a value of an enum.
type word string

// literal writes a value as a document has it.
func literal(v any) string {
	switch v := v.(type) {
	case word:
		return string(v)
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			parts[i] = literal(one)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for name, one := range v {
			parts = append(parts, name+": "+literal(one))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ", ") + "}"
	default:
		text, _ := json.Marshal(v) // cannot fail: texts and numbers
		return string(text)
	}
}

// plain is a value as JSON has it.
func plain(v any) any {
	switch v := v.(type) {
	case word:
		return string(v)
	case []any:
		list := make([]any, len(v))
		for i, one := range v {
			list[i] = plain(one)
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for name, one := range v {
			object[name] = plain(one)
		}
		return object
	default:
		return v
	}
}

func pick[T any](d *drawing, from []T) T { return from[d.IntN(len(from))] }

// value draws a value of a type for an argument or a member.
func (d *drawing) value(name string, t *ast.Type, deep int) any {
	if t.Elem != nil {
		list := make([]any, d.IntN(3)+1)
		for i := range list {
			list[i] = d.value(name, t.Elem, deep)
		}
		return distinct(list)
	}
	def := d.schema.Types[t.Name()]
	switch {
	case def.Name == "CategoryRef" && d.one(2): // which takes one of its members
		return map[string]any{"id": d.text("in")}
	case def.Name == "CategoryRef":
		return map[string]any{"path": []any{d.text("path")}}
	}
	switch def.Kind {
	case ast.Enum:
		return word(pick(d, def.EnumValues).Name)
	case ast.InputObject:
		return d.object(def, deep)
	}
	switch t.Name() {
	case "Boolean":
		return d.one(2)
	case "Int", "Int64":
		return d.IntN(6) + 1
	case "Float":
		return float64(d.IntN(80)) / 8
	case "Time":
		return fmt.Sprintf("20%02d-06-01T00:00:00Z", 12+d.IntN(14))
	case "JSON":
		return map[string]any{"n": d.IntN(9)}
	default:
		return d.text(name)
	}
}

// distinct leaves each value once: lists name each key once.
func distinct(list []any) []any {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(v any) bool {
		key := literal(v)
		if of, is := v.(map[string]any); is && of["field"] != nil {
			key = literal(of["field"])
		}
		again := seen[key]
		seen[key] = true
		return again
	})
}

// object draws an input with some of its members.
func (d *drawing) object(def *ast.Definition, deep int) map[string]any {
	v := map[string]any{}
	for range 1 + d.IntN(2) {
		f := pick(d, def.Fields)
		if deep < 2 || d.schema.Types[f.Type.Name()] != def {
			v[f.Name] = d.value(f.Name, f.Type, deep+1)
		}
	}
	for _, f := range def.Fields {
		if f.Type.NonNull && f.DefaultValue == nil {
			v[f.Name] = d.value(f.Name, f.Type, deep+1)
		}
	}
	return v
}

// text draws a text for an argument: of what the library has, mostly.
func (d *drawing) text(name string) string {
	known := d.has[name]
	if len(known) == 0 {
		known = d.has["id"]
	}
	if d.one(12) {
		return "nothing"
	}
	return pick(d, known)
}
