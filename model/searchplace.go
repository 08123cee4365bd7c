package model

import (
	"encoding/base64"
	"strings"

	"vodgraph/fault"
	"vodgraph/keyset"
)

// source is what answers a search.
type source string

// The sources, as cursors of them begin.
const (
	nowhere  source = ""
	engine   source = "e"
	database source = "d"
)

// searchPlace is what a cursor of a search holds: a place as its source gave it;
// the zero value is the beginning.
type searchPlace struct {
	from  source
	place string
}

func (p searchPlace) isFrom(s source) bool { return p.from == s }

// of is the place where it is of the source, and else the beginning.
func (p searchPlace) of(s source) string {
	if p.from != s {
		return ""
	}
	return p.place
}

// given is the place as an argument that may be left out.
func (p searchPlace) given() *string {
	if p.from == nowhere {
		return nil
	}
	return &p.place
}

// databaseCursor is a cursor of the database, which is one of any list.
func databaseCursor(cursor string) string { return string(database) + "." + cursor }

// engineCursor is a cursor of the engine: what it is bound to, and the place.
func (k *seek) engineCursor(place string) string {
	return string(engine) + "." + bound(k.binding) + "." + base64.RawURLEncoding.EncodeToString([]byte(place))
}

func bound(b keyset.Binding) string { return base64.RawURLEncoding.EncodeToString(b[:]) }

// readPlace reads a cursor that was given out for this search, and refuses any
// other with fault.CursorInvalid.
func readPlace(k *seek, cursor *string) (searchPlace, error) {
	foreign := fault.New(fault.CursorInvalid,
		"This cursor is not of this search with this text, this filter and this order.").At("after")
	if cursor == nil {
		return searchPlace{}, nil
	}
	from, rest, _ := strings.Cut(*cursor, ".")
	switch source(from) {
	case database:
		if _, ok := k.binding.Place(k.order, rest); ok {
			return searchPlace{database, rest}, nil
		}
	case engine:
		binding, coded, _ := strings.Cut(rest, ".")
		place, err := base64.RawURLEncoding.DecodeString(coded)
		if err == nil && len(place) > 0 && binding == bound(k.binding) {
			return searchPlace{engine, string(place)}, nil
		}
	case nowhere:
	}
	return searchPlace{}, foreign
}
