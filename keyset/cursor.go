package keyset

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math"
	"time"
	"unicode/utf8"
)

// Binding ties cursors to one list: its name, its filter, its order.
type Binding [6]byte

// Bind makes the binding of a list that the parts distinguish from every other.
func Bind(order Order, parts ...string) Binding {
	h := sha256.New()
	write := func(s string) {
		h.Write(binary.AppendUvarint(nil, uint64(len(s))))
		h.Write([]byte(s))
	}
	for _, p := range parts {
		write(p)
	}
	for _, k := range order {
		write(k.Table)
		write(k.Column)
		write(k.past())
		if k.Present {
			write("present")
		}
	}
	return Binding(h.Sum(nil)[:len(Binding{})])
}

// Cursor writes a place in the order, one value a key, each of its key's kind.
// It holds the values themselves: it is opaque, not secret.
func (b Binding) Cursor(order Order, place []any) string {
	text := append(make([]byte, 0, 64), b[:]...)
	for i, k := range order {
		switch k.Kind {
		case Text:
			s := place[i].(string)
			text = append(binary.AppendUvarint(text, uint64(len(s))), s...)
		case Int:
			text = binary.AppendVarint(text, place[i].(int64))
		case Float:
			text = binary.BigEndian.AppendUint64(text, math.Float64bits(place[i].(float64)))
		case Moment:
			text = binary.AppendVarint(text, place[i].(time.Time).UnixMilli())
		}
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// Place reads a cursor back, and false where it was not given out for this list
// in this order.
func (b Binding) Place(order Order, cursor string) ([]any, bool) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || !bytes.HasPrefix(text, b[:]) {
		return nil, false
	}
	text = text[len(b):]
	place := make([]any, len(order))
	for i, k := range order {
		var ok bool
		if place[i], text, ok = k.Kind.read(text); !ok {
			return nil, false
		}
	}
	return place, len(text) == 0
}

func (k Kind) read(text []byte) (value any, rest []byte, ok bool) {
	switch k {
	case Text:
		size, n := binary.Uvarint(text)
		if n <= 0 || size > uint64(len(text)-n) {
			return nil, nil, false
		}
		s := text[n : n+int(size)]
		// Postgres takes neither, and no row has them.
		legal := utf8.Valid(s) && bytes.IndexByte(s, 0) < 0
		return string(s), text[n+int(size):], legal
	case Float:
		if len(text) < 8 {
			return nil, nil, false
		}
		f := math.Float64frombits(binary.BigEndian.Uint64(text))
		return f, text[8:], !math.IsNaN(f)
	default:
		v, n := binary.Varint(text)
		if n <= 0 {
			return nil, nil, false
		}
		if k == Moment {
			return time.UnixMilli(v).UTC(), text[n:], withinYears(v)
		}
		return v, text[n:], true
	}
}

// withinYears keeps a time within the years 1 to 9999, which both databases and
// RFC 3339 can write.
func withinYears(milli int64) bool {
	year := time.UnixMilli(milli).UTC().Year()
	return year >= 1 && year <= 9999
}
