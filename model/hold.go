package model

import (
	"entgo.io/ent/dialect/sql"
)

type hold struct {
	// column of the rows that holds the key of their parent, or else
	column string
	// pairs is a selection of parent and id, each pair once, of the parents given.
	pairs func(d *sql.DialectBuilder, parents []string) *sql.Selector
}

func heldBy(column string) hold { return hold{column: column} }

func joined(table, parent, child string) hold {
	return hold{pairs: func(d *sql.DialectBuilder, parents []string) *sql.Selector {
		t := d.Table(table)
		return d.Select(sql.As(t.C(parent), "parent"), sql.As(t.C(child), "id")).From(t).
			Where(among(t.C(parent), parents))
	}}
}

// attach narrows s, over the table of the rows, to those below the parents, and
// returns the column of the parent.
func (h hold) attach(s *sql.Selector, parents []string) (parent string) {
	switch {
	case h.pairs != nil:
	case len(parents) == 1:
		// An index over the column gives the order of what comes after it.
		s.Where(sql.EQ(s.C(h.column), parents[0]))
		return s.C(h.column)
	default:
		s.Where(among(s.C(h.column), parents))
		return s.C(h.column)
	}
	v := h.pairs(sql.Dialect(s.Dialect()), parents).As("held")
	s.Join(v).On(s.C("id"), v.C("id"))
	return v.C("parent")
}
