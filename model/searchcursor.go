package model

import (
	"encoding/base64"
	"strings"

	"vodgraph/fault"
	"vodgraph/keyset"
)

// The finders, as their cursors begin.
const (
	ofIndex    = "e"
	ofDatabase = "d"
)

// searchCursor is what a cursor of a search holds: a place as its finder gave it; the zero
// value is the beginning.
type searchCursor struct{ from, place string }

// cursor is a cursor of a finder: what it is bound to, and the place.
func (k *searching) cursor(from, place string) string {
	return from + "." + bound(k.binding) + "." + base64.RawURLEncoding.EncodeToString([]byte(place))
}

func bound(b keyset.Binding) string { return base64.RawURLEncoding.EncodeToString(b[:]) }

// readSearchCursor reads a cursor that was given out for a search, and refuses any other with
// fault.CursorInvalid.
func readSearchCursor(b keyset.Binding, cursor *string) (searchCursor, error) {
	if cursor == nil {
		return searchCursor{}, nil
	}
	from, rest, _ := strings.Cut(*cursor, ".")
	binding, coded, _ := strings.Cut(rest, ".")
	place, err := base64.RawURLEncoding.DecodeString(coded)
	if err != nil || len(place) == 0 || binding != bound(b) || from != ofIndex && from != ofDatabase {
		return searchCursor{}, fault.New(fault.CursorInvalid,
			"This cursor is not of this search with this text, this filter and this order.").At("after")
	}
	return searchCursor{from, string(place)}, nil
}
