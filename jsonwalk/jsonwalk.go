// Package jsonwalk reads JSON texts of requests and files with jsontext: Check refuses those
// that are unsound or ambiguous, in one pass; a Walk then goes over what Check has passed,
// without building anything of it, so that its size can be measured before it is read.
package jsonwalk

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"vodgraph/fault"
)

// lenient are the options of what Check has passed, or does not concern.
var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// surrogate is an escape of half a character.
var surrogate = regexp.MustCompile(`^\\u[dD][89a-fA-F][0-9a-fA-F]{2}`)

// Check refuses with fault.Invalid a text that is not one JSON value in UTF-8, or that readers
// of JSON understand in different ways: with a member twice in an object, or with half a
// character, an escape such as \ud800 without its other half. The place of the fault is that of
// the member; for half a character in a name it is that of the object. what names the text in
// the sentence, such as "The body".
func Check(text []byte, what string) *fault.Fault {
	if jsontext.Value(text).IsValid() {
		return nil
	}
	if !utf8.Valid(text) {
		return fault.New(fault.Invalid, "%s is not UTF-8.", what)
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(text))
	_, err := d.ReadValue()
	if err == nil {
		return fault.New(fault.Invalid, "%s is more than one JSON value.", what)
	}
	var broken *jsontext.SyntacticError
	switch {
	case !errors.As(err, &broken), errors.Is(err, io.ErrUnexpectedEOF):
		return fault.New(fault.Invalid, "%s is not JSON: it ends too early.", what)
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fault.New(fault.Invalid, "A member of an object is given twice.").At(slices.Collect(broken.JSONPointer.Tokens())...)
	case surrogate.Match(text[broken.ByteOffset:]):
		return fault.New(fault.Invalid, `A text has half a character, an escape such as \ud800 without its other half.`).
			At(slices.Collect(broken.JSONPointer.Tokens())...)
	default:
		return fault.New(fault.Invalid, "%s is not JSON: it is malformed at byte %d.", what, broken.ByteOffset+1)
	}
}

// ReplaceHalves is a JSON text in UTF-8 with U+FFFD for each escape of half a character. It is
// false for one that Check refuses for anything else.
func ReplaceHalves(text []byte) ([]byte, bool) {
	replaced, err := jsontext.AppendFormat(nil, text, jsontext.AllowInvalidUTF8(true))
	return replaced, err == nil && utf8.Valid(text)
}
