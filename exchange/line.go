// Package exchange carries a library in and out as JSON Lines: an asset a line,
// of the shape of the API's AssetCreateInput; besides them lines for categories,
// {"category": {"id", "path"}}, and tags, {"tag": {"id", "name"}}.
package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"vodgraph/catalog"
	"vodgraph/fault"
)

// line is one line of a file, read. It is refused, or one of the others.
type line struct {
	source string
	number int
	raw    []byte // until it is read
	size   int    // in bytes
	at     int64  // how many bytes had been read with it, of all files

	refused  *fault.Fault
	asset    *catalog.AssetCreateInput
	category *catalog.CategoryLine
	tag      *catalog.TagLine

	outcome catalog.ItemOutcome // of the first pass
}

// sort is what a line is.
type sort int

const (
	refusedLine sort = iota
	assetLine
	categoryLine
	tagLine
)

func (l *line) sort() sort {
	switch {
	case l.refused != nil:
		return refusedLine
	case l.category != nil:
		return categoryLine
	case l.tag != nil:
		return tagLine
	}
	return assetLine
}

// read tells what a line is, or why it is refused.
func (s shape) read(l *line) {
	if l.refused != nil {
		return
	}
	defer func() { l.raw = nil }()
	var members map[string]any
	if members, l.refused = object(l.raw); l.refused != nil {
		return
	}
	of, into := s.asset, any(nil)
	_, isCategory := members["category"]
	_, isTag := members["tag"]
	switch {
	case isCategory && len(members) == 1:
		l.category, of = &catalog.CategoryLine{}, s.category
		into = &struct {
			Category *catalog.CategoryLine `json:"category"`
		}{l.category}
	case isTag && len(members) == 1:
		l.tag, of = &catalog.TagLine{}, s.tag
		into = &struct {
			Tag *catalog.TagLine `json:"tag"`
		}{l.tag}
	default:
		l.asset = &catalog.AssetCreateInput{}
		into = l.asset
	}
	if l.refused = s.object(of, members); l.refused != nil {
		return
	}
	if err := json.Unmarshal(l.raw, into); err != nil {
		l.refused = fault.New(fault.Invalid, "The line is not of the shape of an asset, a category or a tag.")
	}
}

// object reads the members of a line, and refuses what is no JSON object.
func object(raw []byte) (map[string]any, *fault.Fault) {
	if !utf8.Valid(raw) {
		return nil, fault.New(fault.Invalid, "The line is not UTF-8.")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var value any
	var broken *json.SyntaxError
	switch err := d.Decode(&value); {
	case errors.As(err, &broken):
		return nil, fault.New(fault.Invalid, "The line is not JSON: it is broken at byte %d.", broken.Offset)
	case err != nil:
		return nil, fault.New(fault.Invalid, "The line is not JSON: it ends too early.")
	}
	members, is := value.(map[string]any)
	if !is {
		return nil, fault.New(fault.Invalid, "The line is no JSON object.")
	}
	if len(bytes.TrimSpace(raw[d.InputOffset():])) > 0 {
		return nil, fault.New(fault.Invalid, "Something follows the JSON object.")
	}
	if named(raw) != count(members) {
		return nil, fault.New(fault.Invalid, "A member of an object is given twice.")
	}
	return members, nil
}

// named is how many members the objects of a JSON text name, each as often as it
// stands there.
func named(raw []byte) (n int) {
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case ':':
			n++
		case '"':
			for i++; raw[i] != '"'; i++ {
				if raw[i] == '\\' {
					i++
				}
			}
		}
	}
	return n
}

// count is how many members a JSON value has, which was read, with those below.
func count(v any) (n int) {
	switch v := v.(type) {
	case map[string]any:
		n = len(v)
		for _, below := range v {
			n += count(below)
		}
	case []any:
		for _, below := range v {
			n += count(below)
		}
	}
	return n
}

// refusal is a refusal as a report tells it.
func (l *line) refusal(f *fault.Fault) string {
	return Refusal(l.source, int64(l.number), catalog.FileError{Code: f.Code, Message: f.Message, Field: f.Field})
}

// Refusal is why a line of a file was refused, as a line of text.
func Refusal(source string, line int64, e catalog.FileError) string {
	place := strings.Join(e.Field, ".")
	if place != "" {
		place += ": "
	}
	return fmt.Sprintf("%s:%d: %s%s (%s)", source, line, place, e.Message, e.Code)
}
