package exchange

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/fault"
	"vodgraph/jsonwalk"
)

// Format is the format of exports: 1 had no line that says so, and other names and units.
const Format = 2

// formatLine is the first line of an export, {"vodgraph": "export", "format": 2}.
type formatLine struct {
	Vodgraph string `json:"vodgraph"`
	Format   int    `json:"format"`
}

// formatMember is the member that makes a line a format line.
const formatMember = "vodgraph"

const exported = "export"

// format reads a format line. It refuses a format that a newer version writes, since
// its names may mean something else here.
func format(raw []byte) (int, *fault.Fault) {
	var line formatLine
	switch err := json.Unmarshal(raw, &line); {
	case err != nil || line.Vodgraph != exported || line.Format < 1:
		return 0, fault.New(fault.Invalid, `A format line is {"vodgraph": "export", "format": %d}.`, Format)
	case line.Format > Format:
		return 0, fault.New(fault.Invalid, "The file is of format %d, which a newer version of vodgraph writes; this one reads formats up to %d.", line.Format, Format)
	}
	return line.Format, nil
}

// renames are the members of inputs that format 1 has under other names, all of which count
// milliseconds there and seconds now, by the members of today.
var renames = map[string]string{
	"start": "from", "end": "to", "otherStart": "otherFrom", "otherEnd": "otherTo", "at": "offset", "every": "interval",
}

var oldNames = [][]byte{[]byte(`"from"`), []byte(`"to"`), []byte(`"offset"`), []byte(`"interval"`)}

func mayBeOld(raw []byte) bool {
	for _, name := range oldNames {
		if bytes.Contains(raw, name) {
			return true
		}
	}
	return false
}

// rewriter writes a line as the types of today have it: members of format 1 under their names
// and in their units of today, and a single value as a list of it where the type is a list.
// What is not of the types stays as it is.
type rewriter struct {
	shape
	old  bool // whether members of format 1 are renamed
	walk *jsonwalk.Walk
	out  bytes.Buffer
}

// rewrite is a line, which is sound JSON and an object of a type, rewritten.
func (s shape) rewrite(raw []byte, of *ast.Definition, old bool) []byte {
	w := &rewriter{shape: s, old: old, walk: jsonwalk.Over(raw)}
	w.object(of)
	return w.out.Bytes()
}

func (w *rewriter) object(of *ast.Definition) {
	w.out.WriteByte('{')
	first := true
	w.walk.Object(func(name []byte) bool {
		if !first {
			w.out.WriteByte(',')
		}
		first = false
		field := of.Fields.ForName(string(name))
		if field != nil {
			w.name(field.Name)
			w.value(field.Type)
			return true
		}
		text, raw := string(name), w.walk.Raw()
		if now := w.renamed(of, text); now != nil {
			if seconds, ok := toSeconds(raw); ok {
				text, raw = now.Name, seconds
			}
		}
		w.name(text)
		w.out.Write(raw)
		return true
	})
	w.out.WriteByte('}')
}

func (w *rewriter) renamed(of *ast.Definition, name string) *ast.FieldDefinition {
	for _, field := range of.Fields {
		if w.old && renames[field.Name] == name {
			return field
		}
	}
	return nil
}

func (w *rewriter) name(name string) {
	text, _ := json.Marshal(name) // a text
	w.out.Write(text)
	w.out.WriteByte(':')
}

func (w *rewriter) value(of *ast.Type) {
	kind := w.walk.Kind()
	switch def := w.types[of.NamedType]; {
	case of.Elem != nil && kind == jsontext.KindBeginArray:
		w.out.WriteByte('[')
		first := true
		w.walk.List(func() bool {
			if !first {
				w.out.WriteByte(',')
			}
			first = false
			w.value(of.Elem)
			return true
		})
		w.out.WriteByte(']')
	case of.Elem != nil && kind != jsontext.KindNull:
		w.out.WriteByte('[')
		w.value(of.Elem)
		w.out.WriteByte(']')
	case def != nil && def.Kind == ast.InputObject && kind == jsontext.KindBeginObject:
		w.object(def)
	default:
		raw := w.walk.Raw()
		if def != nil && kind == jsontext.KindNumber && integral(def.Name) {
			if n, whole := jsonwalk.Whole(string(raw)); whole {
				raw = strconv.AppendInt(nil, n, 10)
			}
		}
		if def != nil && def.Name == "Float" && minusZero(string(raw)) {
			raw = []byte("0")
		}
		w.out.Write(raw)
	}
}

// minusZero reports the zero that has a sign, as a number too close to it has; databases
// keep it or not.
func minusZero(number string) bool {
	if !strings.HasPrefix(number, "-") {
		return false
	}
	f, err := strconv.ParseFloat(number, 64)
	return err == nil && f == 0
}

func integral(name string) bool { return name == "Int" || name == "Int64" }

// toSeconds are milliseconds, a whole number, as seconds with the digits that they have; null
// stays.
func toSeconds(milliseconds []byte) ([]byte, bool) {
	text := string(milliseconds)
	if text == "null" {
		return milliseconds, true
	}
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return nil, false
	}
	seconds := new(big.Rat).SetFrac(n, big.NewInt(1000)).FloatString(3)
	return []byte(strings.TrimRight(strings.TrimRight(seconds, "0"), ".")), true
}
