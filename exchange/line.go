// Package exchange carries a library in and out as JSON Lines: an asset a line,
// of the shape of the API's AssetCreateInput; besides them lines for categories,
// {"category": {"id", "path"}}, and tags, {"tag": {"id", "name"}}. An export begins
// with a line that says its format; a file without one may have the names and units
// of format 1.
package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/bulk"
	"vodgraph/catalog"
	"vodgraph/fault"
	"vodgraph/jsonwalk"
	"vodgraph/taxonomy"
)

// line is one line of a file, read. It is refused, or one of the others.
type line struct {
	source string
	number int
	raw    []byte // until it is read
	size   int    // in bytes
	at     int64  // how many bytes had been read with it, of all files

	refused  *fault.Fault
	warnings []*fault.Fault // of how it was read
	asset    *catalog.AssetCreateInput
	category *taxonomy.CategoryLine
	tag      *taxonomy.TagLine
	isFormat bool

	// linking says that an earlier stage has made the asset, and only its links are left.
	linking bool
	// joined says that the line before must be written with this one.
	joined bool
}

type sort int

const (
	refusedLine sort = iota
	assetLine
	categoryLine
	tagLine
	sorts // how many there are
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

type reader struct {
	shape
	format int // 0 until a format line says which
}

// read finds out what a line is, or why it is refused. The error is that of a file which
// cannot be read at all.
func (r *reader) read(l *line) error {
	if l.refused != nil {
		return nil
	}
	defer func() { l.raw = nil }()
	var members map[string]any
	if members, l.refused = r.members(l); l.refused != nil {
		return nil
	}
	of, into := r.asset, any(nil)
	switch {
	case one(members, formatMember, "format"):
		l.isFormat = true
		found, refused := format(l.raw)
		if refused != nil {
			return fmt.Errorf("%s", l.refusal(refused))
		}
		r.format = found
		return nil
	case one(members, "category"):
		l.category, of = &taxonomy.CategoryLine{}, r.category
		into = &struct {
			Category *taxonomy.CategoryLine `json:"category"`
		}{l.category}
	case one(members, "tag"):
		l.tag, of = &taxonomy.TagLine{}, r.tag
		into = &struct {
			Tag *taxonomy.TagLine `json:"tag"`
		}{l.tag}
	default:
		l.asset = &catalog.AssetCreateInput{}
		into = l.asset
	}
	if r.format < Format && l.asset != nil && mayBeOld(l.raw) {
		l.raw = r.rewrite(l.raw, of, true)
		members, _ = jsonwalk.Over(l.raw).Value().(map[string]any)
	}
	_, l.refused = r.into(of, members, l.raw, into)
	return nil
}

// members reads the members of a line. Older libraries took half characters, and their exports
// have them.
func (r *reader) members(l *line) (map[string]any, *fault.Fault) {
	refused := jsonwalk.Check(l.raw, "The line")
	if refused != nil && r.format < Format {
		if replaced, ok := jsonwalk.ReplaceHalves(l.raw); ok {
			warning := fault.New(fault.Invalid, "%s; U+FFFD is kept in its place.", strings.TrimSuffix(refused.Message, "."))
			l.raw, l.warnings = replaced, append(l.warnings, warning.At(refused.Field...))
			refused = nil
		}
	}
	if refused != nil {
		return nil, refused
	}
	return object(l.raw)
}

func anyLine([]byte) bool { return true }

// filingLine reports whether a line may be of a category, a tag or a format, by its first
// member: it is the only one of such a line, or one of two.
func filingLine(raw []byte) bool {
	rest, isObject := bytes.CutPrefix(raw, []byte("{"))
	rest, isName := bytes.CutPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(`"`))
	if !isObject || !isName {
		return false
	}
	name := rest[:max(0, bytes.IndexByte(rest, '"'))]
	switch string(name) {
	case "category", "tag", formatMember, "format":
		return true
	}
	return bytes.IndexByte(name, '\\') >= 0
}

// one reports whether these members, the first of them at least, are all that there are.
func one(members map[string]any, names ...string) bool {
	if _, has := members[names[0]]; !has {
		return false
	}
	for name := range members {
		if !slices.Contains(names, name) {
			return false
		}
	}
	return true
}

// into reads a line that is of a type into a value, and returns it with a list wherever the
// type has one.
func (s shape) into(of *ast.Definition, members map[string]any, raw []byte, value any) ([]byte, *fault.Fault) {
	found := finding{shape: s}
	if refused := found.object(of, members); refused != nil {
		return nil, refused
	}
	if found.reworded {
		raw = s.rewrite(raw, of, false)
	}
	if err := json.Unmarshal(raw, value); err != nil {
		return nil, fault.New(fault.Invalid, "The line is not of the shape of %s.", of.Name)
	}
	return raw, nil
}

// object reads the members of a line that jsonwalk.Check has passed, and refuses what is no JSON
// object.
func object(raw []byte) (map[string]any, *fault.Fault) {
	members, is := jsonwalk.Over(raw).Value().(map[string]any)
	if !is {
		return nil, fault.New(fault.Invalid, "The line is no JSON object.")
	}
	return members, nil
}

func (l *line) refusal(f *fault.Fault) string { return l.reported(f, "") }

func (l *line) reported(f *fault.Fault, what string) string {
	return refusal(l.source, int64(l.number), what, bulk.FileError{Code: f.Code, Message: f.Message, Field: f.Field})
}

// Refusal is why a line of a file was refused, as a line of text.
func Refusal(source string, line int64, e bulk.FileError) string {
	return refusal(source, line, "", e)
}

func refusal(source string, line int64, what string, e bulk.FileError) string {
	place := strings.Join(e.Field, ".")
	if place != "" {
		place += ": "
	}
	return fmt.Sprintf("%s%s:%d: %s%s (%s)", what, source, line, place, e.Message, e.Code)
}
