package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"vodgraph/change"
	"vodgraph/fault"
	"vodgraph/jsonwalk"
)

// compactJSON is user data in the form that is kept, exported and measured: without white
// space, and with no escapes but those that JSON needs, so that a value has one size however
// it was spelled. Numbers and the order of members stay as they are. Null is none, and nil.
// It refuses what is not JSON, half characters, and what is larger than the limit.
func compactJSON(k *change.Check, data json.RawMessage, field ...string) json.RawMessage {
	var b bytes.Buffer
	if err := json.Compact(&b, data); err != nil {
		k.Require(len(data) == 0, "The user data is not JSON.", field...)
		return nil
	}
	if b.String() == "null" || !checkCharacters(k, b.Bytes(), field...) {
		return nil
	}
	kept := unescaped(b.Bytes())
	if most := k.Limits.UserData; len(kept) > most {
		k.Refuse(fault.New(fault.UserDataTooLarge, "The user data has %d bytes, and at most %d are taken.", len(kept), most), field...)
	}
	return kept
}

// checkCharacters refuses escapes of half a character in sound JSON, and reports whether there
// are none.
func checkCharacters(k *change.Check, data json.RawMessage, field ...string) bool {
	place, lone := jsonwalk.LoneSurrogate(data)
	if lone {
		k.Refuse(fault.New(fault.Invalid, `A text has half a character, an escape such as \ud800 without its other half.`),
			append(slices.Clone(field), place...)...)
	}
	return !lone
}

// unescaped is compact JSON with no escapes but those that JSON needs; half characters,
// which only older libraries have, become U+FFFD. It changes the text in place.
func unescaped(data []byte) []byte {
	next := bytes.IndexByte(data, '\\')
	if next < 0 {
		return data
	}
	kept := data[:next]
	for i := next; i < len(data); i++ {
		if data[i] != '\\' {
			kept = append(kept, data[i])
			continue
		}
		switch i++; data[i] {
		case 'u':
			r, digits := escapedRune(data[i+1:])
			kept, i = appendEscaped(kept, r), i+digits
		case '/':
			kept = append(kept, '/')
		default:
			kept = append(kept, '\\', data[i])
		}
	}
	return kept
}

// escapedRune is the character of an escape after its \u, and how many bytes it has there.
func escapedRune(text []byte) (r rune, length int) {
	unit := func(digits []byte) rune {
		n, _ := strconv.ParseUint(string(digits), 16, 16) // of sound JSON
		return rune(n)
	}
	r = unit(text[:4])
	if !utf16.IsSurrogate(r) {
		return r, 4
	}
	if len(text) >= 10 && text[4] == '\\' && text[5] == 'u' {
		if whole := utf16.DecodeRune(r, unit(text[6:10])); whole != utf8.RuneError {
			return whole, 10
		}
	}
	return utf8.RuneError, 4
}

// appendEscaped adds a character of a JSON string, in its shortest form.
func appendEscaped(text []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(text, '\\', byte(r))
	case '\b':
		return append(text, `\b`...)
	case '\f':
		return append(text, `\f`...)
	case '\n':
		return append(text, `\n`...)
	case '\r':
		return append(text, `\r`...)
	case '\t':
		return append(text, `\t`...)
	}
	if r < ' ' {
		return fmt.Appendf(text, `\u%04x`, r)
	}
	return utf8.AppendRune(text, r)
}

// sameJSON reports whether two values are the same but for the order of members.
func sameJSON(a, b json.RawMessage) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return bytes.Equal(canonical(a), canonical(b))
}

// canonical is JSON with its members in order, and its numbers as written.
func canonical(data json.RawMessage) []byte {
	v, err := change.Decode(data)
	if err != nil {
		return data
	}
	b, err := json.Marshal(v)
	if err != nil {
		return data
	}
	return b
}

// merge applies a merge patch (RFC 7396): members that are null go, objects are
// merged, all else is replaced.
func merge(target, patch any) any {
	p, object := patch.(map[string]any)
	if !object {
		return patch
	}
	merged := map[string]any{}
	if t, is := target.(map[string]any); is {
		for name, v := range t {
			merged[name] = v
		}
	}
	for name, v := range p {
		if v == nil {
			delete(merged, name)
			continue
		}
		merged[name] = merge(merged[name], v)
	}
	return merged
}

// mergeJSON is merge on texts. Either may be absent.
func mergeJSON(target, patch json.RawMessage) (json.RawMessage, error) {
	p, err := change.Decode(patch)
	if err != nil {
		return nil, err
	}
	var t any
	if target != nil {
		if t, err = change.Decode(target); err != nil {
			return nil, err
		}
	}
	return encode(merge(t, p))
}

func encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}
