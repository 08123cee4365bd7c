// Package jsonwalk goes over JSON that is known to be sound, once and from front to end,
// without building anything of it: so that it can be told how much there is before it is
// read, and read in a fraction of the time that it takes to look at each byte for errors
// again.
//
// A text that is not sound, or not UTF-8, is the caller's mistake, for which nothing is
// promised; json.Valid and utf8.Valid tell.
package jsonwalk

import (
	"bytes"
	"encoding/json"
)

// Kind is what a value is.
type Kind byte

// The kinds, by what values begin with.
const (
	Object Kind = '{'
	List   Kind = '['
	String Kind = '"'
	Number Kind = '0'
	True   Kind = 't'
	False  Kind = 'f'
	Null   Kind = 'n'
)

// String is the kind in words, such as "object".
func (k Kind) String() string {
	switch k {
	case Object:
		return "object"
	case List:
		return "array"
	case String:
		return "string"
	case Number:
		return "number"
	case Null:
		return "null"
	default:
		return "bool"
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

// Walk is a walk over one text. It stands before a value, until that is gone over.
type Walk struct {
	text []byte
	at   int
}

// Over begins a walk over a text that is one sound value, with space around it or not.
func Over(text []byte) *Walk { return &Walk{text: text} }

// Kind is what the value is that the walk stands before.
func (w *Walk) Kind() Kind {
	w.space()
	switch c := w.text[w.at]; c {
	case '{', '[', '"', 't', 'f', 'n':
		return Kind(c)
	default:
		return Number
	}
}

// Object goes over an object, and calls member before the value of each of its members,
// also where several have the same name. What member does not go over is left out. Where
// member is false the walk is over, and so is Object. The name is good until member
// returns.
func (w *Walk) Object(member func(name []byte) bool) bool {
	for w.enter('}') {
		name := w.name()
		w.space()
		w.at++ // the colon
		if !w.visit(func() bool { return member(name) }) {
			return false
		}
	}
	return true
}

// List goes over a list as Object does over an object.
func (w *Walk) List(element func() bool) bool {
	for w.enter(']') {
		if !w.visit(element) {
			return false
		}
	}
	return true
}

// enter goes on to what is next in an object or a list: past its opening bracket, or a comma.
// It is false past the closing one.
func (w *Walk) enter(end byte) bool {
	w.space()
	if w.text[w.at] != end {
		w.at++
		w.space()
		if w.text[w.at] != end {
			return true
		}
	}
	w.at++
	return false
}

// visit has a value gone over, by who is called or else by Skip.
func (w *Walk) visit(call func() bool) bool {
	w.space()
	before := w.at
	if !call() {
		return false
	}
	if w.at == before {
		w.Skip()
	}
	return true
}

// Raw goes over a value, and is its text, which is part of the text that is walked over.
func (w *Walk) Raw() []byte {
	w.space()
	begin := w.at
	w.Skip()
	return w.text[begin:w.at:w.at]
}

// Skip goes over a value.
func (w *Walk) Skip() {
	switch w.Kind() {
	case String:
		w.skipString()
	case Object, List:
		for deep := 0; ; {
			switch w.text[w.at] {
			case '"':
				w.skipString()
				continue
			case '{', '[':
				deep++
			case '}', ']':
				deep--
			}
			if w.at++; deep == 0 {
				return
			}
		}
	default:
		for w.at < len(w.text) && !ends(w.text[w.at]) {
			w.at++
		}
	}
}

// ends tells whether a byte is none of a number or a word any more.
func ends(c byte) bool {
	switch c {
	case ',', '}', ']', ' ', '\t', '\n', '\r':
		return true
	}
	return false
}

// skipString goes over a string.
func (w *Walk) skipString() {
	for w.at++; w.text[w.at] != '"'; w.at++ {
		if w.text[w.at] == '\\' {
			w.at++
		}
	}
	w.at++
}

// name goes over the name of a member.
func (w *Walk) name() []byte {
	begin := w.at
	w.skipString()
	name := w.text[begin+1 : w.at-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		return []byte(unescaped(w.text[begin:w.at]))
	}
	return name
}

// space goes over white space.
func (w *Walk) space() {
	for w.at < len(w.text) {
		switch w.text[w.at] {
		case ' ', '\t', '\n', '\r':
			w.at++
		default:
			return
		}
	}
}

// Text goes over a string, and is what it says.
func (w *Walk) Text() string {
	raw := w.Raw()
	if bytes.IndexByte(raw, '\\') >= 0 {
		return unescaped(raw)
	}
	return string(raw[1 : len(raw)-1])
}

// unescaped is what a string says in which something is escaped.
func unescaped(raw []byte) (text string) {
	_ = json.Unmarshal(raw, &text) // which is sound
	return text
}

// Value goes over a value, and is it as encoding/json has it with numbers as they are
// written: a map[string]any, []any, string, json.Number, bool or nil. Of several members
// of the same name it has the last.
func (w *Walk) Value() any {
	switch kind := w.Kind(); kind {
	case Object:
		object := map[string]any{}
		w.Object(func(name []byte) bool {
			text := string(name)
			object[text] = w.Value()
			return true
		})
		return object
	case List:
		list := []any{}
		w.List(func() bool {
			list = append(list, w.Value())
			return true
		})
		return list
	case String:
		return w.Text()
	case Number:
		return json.Number(w.Raw())
	default:
		w.Skip()
		if kind == Null {
			return nil
		}
		return kind == True
	}
}
