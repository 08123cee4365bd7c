package jsonwalk

import (
	"bytes"
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// Words is a kind of value as people call it, such as "object".
func Words(k jsontext.Kind) string {
	switch k {
	case jsontext.KindBeginObject:
		return "object"
	case jsontext.KindBeginArray:
		return "array"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "bool"
	default:
		return k.String()
	}
}

// Count is how many values there are in a text, or rather more: as many as there are commas
// and brackets that open.
func Count(text []byte) (n int) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++ // only stands in quotes
		case '"':
			quoted = !quoted
		case ',', '[', '{':
			if !quoted {
				n++
			}
		}
	}
	return n
}

// Walk goes over one text, once and from front to end. It stands before a value, until that is
// gone over.
type Walk struct{ decoder *jsontext.Decoder }

// Over begins a walk over a text that Check has passed: on any other, nothing is promised but
// that it ends.
func Over(text []byte) *Walk {
	return &Walk{jsontext.NewDecoder(bytes.NewBuffer(text), lenient...)}
}

// Kind is what the value is that the walk stands before.
func (w *Walk) Kind() jsontext.Kind { return w.decoder.PeekKind() }

// Object goes over an object, and calls member before the value of each of its members,
// also where several have the same name. What member does not go over is left out. Where
// member is false the walk is over, and so is Object. The name is good until member
// goes on.
func (w *Walk) Object(member func(name []byte) bool) bool {
	return w.each(func() bool {
		name, err := w.decoder.ReadValue()
		if err != nil {
			return false
		}
		if bytes.IndexByte(name, '\\') < 0 {
			return w.visit(func() bool { return member(name[1 : len(name)-1]) })
		}
		text := []byte(unquoted(name))
		return w.visit(func() bool { return member(text) })
	})
}

// List goes over a list as Object does over an object.
func (w *Walk) List(element func() bool) bool {
	return w.each(func() bool { return w.visit(element) })
}

func (w *Walk) each(visit func() bool) bool {
	_, err := w.decoder.ReadToken()
	for kind := w.Kind(); err == nil && kind != jsontext.KindEndObject && kind != jsontext.KindEndArray; kind = w.Kind() {
		if !visit() {
			return false
		}
	}
	_, err = w.decoder.ReadToken()
	return err == nil
}

// visit goes over a value by calling call, or else by Skip.
func (w *Walk) visit(call func() bool) bool {
	before := w.decoder.InputOffset()
	if !call() {
		return false
	}
	if w.decoder.InputOffset() == before {
		w.Skip()
	}
	return true
}

// Raw goes over a value, and is its text, which is part of the text that is walked over.
func (w *Walk) Raw() []byte {
	raw, _ := w.decoder.ReadValue()
	return raw
}

// Skip goes over a value.
func (w *Walk) Skip() { _, _ = w.decoder.ReadValue() }

// Text goes over a string, and is what it says.
func (w *Walk) Text() string { return unquoted(w.Raw()) }

func unquoted(raw []byte) string {
	text, _ := jsontext.AppendUnquote(make([]byte, 0, len(raw)), raw)
	return string(text)
}

// Value goes over a value, and is it as encoding/json has it with numbers as they are
// written: a map[string]any, []any, string, json.Number, bool or nil. Of several members
// of the same name it has the last.
func (w *Walk) Value() any {
	switch kind := w.Kind(); kind {
	case jsontext.KindBeginObject:
		object := map[string]any{}
		w.Object(func(name []byte) bool {
			text := string(name)
			object[text] = w.Value()
			return true
		})
		return object
	case jsontext.KindBeginArray:
		list := []any{}
		w.List(func() bool {
			list = append(list, w.Value())
			return true
		})
		return list
	case jsontext.KindString:
		return w.Text()
	case jsontext.KindNumber:
		return json.Number(w.Raw())
	default:
		w.Skip()
		if kind == jsontext.KindNull {
			return nil
		}
		return kind == jsontext.KindTrue
	}
}
