// Package exchange carries a library in and out as JSON Lines: an asset a line,
// of the shape of the API's AssetCreateInput; besides them lines for categories,
// {"category": {"id", "path"}}, and tags, {"tag": {"id", "name"}}.
package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"vodgraph/catalog"
	"vodgraph/fault"
)

// line is one line of a file, read.
type line struct {
	source string
	number int
	raw    []byte

	asset    *catalog.AssetCreateInput
	category *categoryLine
	tag      *tagLine
	refused  *fault.Fault
	outcome  catalog.ItemOutcome // of the first pass
}

// categoryLine is a category with its names from the root.
type categoryLine struct {
	ID   string   `json:"id"`
	Path []string `json:"path"`
}

// tagLine is a tag.
type tagLine struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// read tells what a line is, or why it is refused.
func (s shape) read(l *line) {
	d := json.NewDecoder(bytes.NewReader(l.raw))
	d.UseNumber()
	var members map[string]any
	if err := d.Decode(&members); err != nil || members == nil {
		l.refused = fault.New(fault.Invalid, "The line is not a JSON object.")
		return
	}
	if _, err := d.Token(); err == nil {
		l.refused = fault.New(fault.Invalid, "Something follows the JSON object.")
		return
	}
	_, category := members["category"]
	_, tag := members["tag"]
	switch {
	case category && len(members) == 1:
		l.category = &categoryLine{}
		l.strict(&struct {
			Category *categoryLine `json:"category"`
		}{l.category})
	case tag && len(members) == 1:
		l.tag = &tagLine{}
		l.strict(&struct {
			Tag *tagLine `json:"tag"`
		}{l.tag})
	default:
		if l.refused = s.check(members); l.refused == nil {
			l.asset = &catalog.AssetCreateInput{}
			l.strict(l.asset)
		}
	}
}

// strict decodes a line into a value that has a member for each of its own.
func (l *line) strict(into any) {
	d := json.NewDecoder(bytes.NewReader(l.raw))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	var refused *fault.Fault
	switch {
	case err == nil:
	case errors.As(err, &refused):
		l.refused = refused
	default:
		l.refused = fault.New(fault.Invalid, "The line is not of the shape of an asset, a category or a tag.")
	}
}

// refusal is a refusal as a report tells it.
func (l *line) refusal(f *fault.Fault) string {
	place := ""
	for i, name := range f.Field {
		if i > 0 {
			place += "."
		}
		place += name
	}
	if place != "" {
		place += ": "
	}
	return fmt.Sprintf("%s:%d: %s%s (%s)", l.source, l.number, place, f.Message, f.Code)
}
