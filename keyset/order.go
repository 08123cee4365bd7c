// Package keyset pages through lists by the place of a row in their order, not
// by its number: a page costs the same wherever it is, and rows that come or go
// meanwhile neither repeat nor hide others.
//
// An Order sorts a list and decides which rows are past a place in it. A cursor
// is such a place, bound to the list it was given out for. A Page is what a
// caller asked for: how many rows, in which direction, between which cursors.
package keyset

import (
	"strings"

	"entgo.io/ent/dialect/sql"
)

// Kind is what the values of a key are.
type Kind uint8

// The kinds, with the Go type of their values.
const (
	// Text is a string, compared by code point.
	Text Kind = iota
	// Int is an int64.
	Int
	// Float is a float64.
	Float
	// Moment is a time.Time of millisecond precision.
	Moment
)

// Key is one thing that an order sorts by.
type Key struct {
	// Column is its column, of Table if that is set, else of the table that the
	// selector reads first.
	Column, Table string
	// Kind is what its values are.
	Kind Kind
	// Desc is whether large values come first.
	Desc bool
	// Absent is an SQL literal that stands for null; empty where the column is never
	// null. It costs the use of an index. A column that may have its value, too, needs a
	// key with Present before it.
	Absent string
	// Present is whether it sorts by whether the column has a value, 1, or is null, 0, in
	// the place of that value. Its kind is Int.
	Present bool
}

// Order sorts a list. Its last key must be unique, so that every row has a
// place of its own.
type Order []Key

// Reversed is the order from the other end.
func (o Order) Reversed() Order {
	turned := make(Order, len(o))
	for i, k := range o {
		k.Desc = !k.Desc
		turned[i] = k
	}
	return turned
}

// Columns names the columns of the keys that are of the list's own table.
func (o Order) Columns() []string {
	var columns []string
	for _, k := range o {
		if k.Table == "" && !k.Present {
			columns = append(columns, k.Column)
		}
	}
	return columns
}

// Terms are what stands behind ORDER BY, for the table that s reads first.
func (o Order) Terms(s *sql.Selector) []sql.Querier {
	terms := make([]sql.Querier, len(o))
	for i, k := range o {
		term := k.in(s)
		if k.Desc {
			term += " DESC"
		}
		terms[i] = sql.ExprFunc(func(b *sql.Builder) { b.WriteString(term) })
	}
	return terms
}

// Sort has s return its rows in the order.
func (o Order) Sort(s *sql.Selector) { s.OrderExpr(o.Terms(s)...) }

// Past keeps the rows of s that come after a place in the order, which has one
// value a key. Where all keys have one direction it is a comparison of rows,
// which an index over the keys answers; in mixed orders the first key alone
// bounds the walk.
func (o Order) Past(s *sql.Selector, place []any) {
	keys := make([]string, len(o))
	for i, k := range o {
		keys[i] = k.in(s)
	}
	s.Where(sql.P(func(b *sql.Builder) {
		if o.mixed() {
			o.writeMixed(b, keys, place)
			return
		}
		b.WriteString("(" + strings.Join(keys, ", ") + ")" + o[0].past())
		b.Wrap(func(b *sql.Builder) { b.Args(place...) })
	}))
}

func (o Order) mixed() bool {
	for _, k := range o {
		if k.Desc != o[0].Desc {
			return true
		}
	}
	return false
}

// writeMixed writes, for the keys a, b and c with b in the other direction:
// a >= ? AND (a > ? OR a = ? AND b < ? OR a = ? AND b = ? AND c > ?).
func (o Order) writeMixed(b *sql.Builder, keys []string, place []any) {
	bound := " >= "
	if o[0].Desc {
		bound = " <= "
	}
	b.WriteString(keys[0] + bound).Arg(place[0]).WriteString(" AND ")
	b.Wrap(func(b *sql.Builder) {
		for i, k := range o {
			if i > 0 {
				b.WriteString(" OR ")
			}
			for j := range i {
				b.WriteString(keys[j] + " = ").Arg(place[j]).WriteString(" AND ")
			}
			b.WriteString(keys[i] + k.past()).Arg(place[i])
		}
	})
}

func (k Key) past() string {
	if k.Desc {
		return " < "
	}
	return " > "
}

// in writes the key for a statement. It is written at once, not when the
// statement is: by then the selector may have got another name.
func (k Key) in(s *sql.Selector) string {
	column := s.C(k.Column)
	if k.Table != "" {
		column = sql.Dialect(s.Dialect()).Table(k.Table).C(k.Column)
	}
	switch {
	case k.Present:
		return "(CASE WHEN " + column + " IS NULL THEN 0 ELSE 1 END)"
	case k.Absent == "":
		return column
	}
	return "COALESCE(" + column + ", " + k.Absent + ")"
}
