package filter

import (
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent/asset"
	"vodgraph/ent/collect"
	"vodgraph/ent/predicate"
	"vodgraph/limits"
)

// Predicate is the filter as a condition on the table of assets, under whatever name a
// selector has it. The condition is true or false and never NULL, so that it can be negated.
//
// It refuses with a fault, its place from "filter" down: FILTER_TOO_DEEP, FILTER_TOO_LARGE,
// LIST_TOO_LONG and, for texts with U+0000 and bounds that are not finite or not within the
// years 0 to 9999, INVALID.
//
// The filter must not be changed while the predicate is in use.
func (f *AssetFilter) Predicate(l limits.Filter) (predicate.Asset, error) {
	if refused := f.check(l); refused != nil {
		return nil, refused
	}
	return f.where(), nil
}

// Others is the condition of the assets that the filter does not match, among those in the
// trash or not, as it has that. The filter must be one that Predicate takes.
func (f *AssetFilter) Others() predicate.Asset {
	outside := &AssetFilter{Not: f}
	if f != nil {
		outside.Trashed = f.Trashed
	}
	return outside.where()
}

// where is Predicate of a filter that has been checked.
func (f *AssetFilter) where() predicate.Asset {
	return func(s *sql.Selector) {
		text, args := f.SQL(s.Dialect(), s.C)
		s.Where(sql.P(func(b *sql.Builder) {
			for _, arg := range args {
				before, after, _ := strings.Cut(text, "?")
				b.WriteString(before).Arg(arg)
				text = after
			}
			b.WriteString(text)
		}))
	}
}

// SQL is the filter as a condition in the SQL of a dialect, with a ? for each of the
// arguments, in their order; column writes the name of a column of the assets. The text
// depends on which members are given and, for lists, on whether they have none, one or more
// values, but on no value. The filter must be one that Predicate takes.
func (f *AssetFilter) SQL(dialect string, column func(name string) string) (text string, args []any) {
	w := scope{dialect: dialect, column: column}
	c := all(w.filter(f), w.trashed(f.trashed()))
	return c.text, c.args
}

// clause is a condition in SQL: its text, with a ? for each argument. It stands by itself
// beside AND, OR and NOT. The zero clause is one that is not asked for.
type clause struct {
	text string
	args []any
}

var never = clause{text: "FALSE"}

// scope is where clauses stand.
//
// Conditions on rows of other tables are written in the form in which the database can both
// look up few assets by an index and test many. For Postgres that is EXISTS, which it turns
// into a join of either direction, and which never becomes a list too large for its memory.
// For SQLite it is IN, which it makes a list of once; EXISTS it would only test, asset by
// asset.
type scope struct {
	dialect string
	column  func(name string) string // of the asset
	// inner is within and, or or not.
	inner bool
}

func (w scope) postgres() bool { return w.dialect == dialect.Postgres }

// filter is a filter without what it says of the trash.
func (w scope) filter(f *AssetFilter) clause {
	if f == nil {
		return all()
	}
	cs := clauses(w, assetMembers, f)
	w.inner = true
	each := func(filters []*AssetFilter) []clause {
		made := make([]clause, len(filters))
		for i, g := range filters {
			made[i] = w.filter(g)
		}
		return made
	}
	if f.And != nil {
		cs = append(cs, all(each(f.And)...))
	}
	if f.Or != nil {
		cs = append(cs, either(each(f.Or)...))
	}
	if f.Not != nil {
		cs = append(cs, not(w.filter(f.Not)))
	}
	return all(cs...)
}

func clauses[F any](w scope, members []member[F], f *F) []clause {
	var cs []clause
	for _, m := range members {
		if m.sql != nil && m.given(f) {
			cs = append(cs, m.sql(w, f))
		}
	}
	return cs
}

func column(name string) func(scope, []string) clause {
	return func(w scope, values []string) clause { return w.in(w.column(name), values) }
}

// nullable is column for one that can be NULL.
func nullable(name string) func(scope, []string) clause {
	return func(w scope, values []string) clause {
		return all(given(w.column(name)), w.in(w.column(name), values))
	}
}

// in is that a column has one of the values. A single one is compared plainly, so that an
// index on the column goes on to give the order of the next.
func (w scope) in(column string, values []string) clause {
	switch {
	case len(values) == 0:
		return never
	case len(values) == 1:
		return clause{column + " = ?", []any{values[0]}}
	case w.inner && w.postgres():
		// Before version 17 an index scan by several lists of one column tries every
		// combination of their values, without end. So only the outermost list may use
		// an index; the others are hashed.
		column = "(" + column + " || '')"
	}
	text, arg := collect.InText(w.dialect, column, values)
	return clause{text, []any{arg}}
}

// columnWithin is that a column of the asset is not NULL and within a range.
func columnWithin[T any](name string) func(scope, *Range[T]) clause {
	return func(w scope, r *Range[T]) clause { return within(w.column(name), r) }
}

// within is that a column is not NULL and within a range.
func within[T any](column string, r *Range[T]) clause {
	cs := []clause{given(column)}
	for i, bound := range r.bounds() {
		if bound != nil {
			cs = append(cs, clause{column + [...]string{" >= ?", " > ?", " <= ?", " < ?"}[i], []any{*bound}})
		}
	}
	return all(cs...)
}

// linked is that among the rows of from one that is the asset's fulfils a condition. The
// table of them has its asset_id, which is never NULL.
func (w scope) linked(from, table string, holds clause) clause {
	id := w.column(asset.FieldID)
	if w.postgres() {
		return clause{"EXISTS (SELECT 1 FROM " + from + " WHERE " + table + ".asset_id = " + id + " AND " + holds.text + ")", holds.args}
	}
	return clause{id + " IN (SELECT " + table + ".asset_id FROM " + from + " WHERE " + holds.text + ")", holds.args}
}

// exists is that a table has a row of the asset that fulfils all conditions. It is for
// tables without an index that would find assets by them.
func (w scope) exists(table string, holds ...clause) clause {
	c := all(holds...)
	return clause{"EXISTS (SELECT 1 FROM " + table + " WHERE " + table + ".asset_id = " + w.column(asset.FieldID) + " AND " + c.text + ")", c.args}
}

func (w scope) anyTag(names []string) clause {
	if len(names) == 0 {
		return never
	}
	return w.linked(namedTags, "asset_tags", w.in("tags.name", names))
}

// allTags is that the asset has each of the tags, of which none is named twice: it has as
// many of them as there are names. On Postgres a first one finds the assets, and the others
// are counted for these.
func (w scope) allTags(names []string) clause {
	one := w.in("tags.name", names)
	args := append(one.args[:len(one.args):len(one.args)], len(names))
	switch {
	case len(names) == 1:
		return w.anyTag(names)
	case w.postgres():
		return all(w.anyTag(names[:1]), clause{"(SELECT COUNT(*) FROM " + namedTags + " WHERE asset_tags.asset_id = " +
			w.column(asset.FieldID) + " AND " + one.text + ") = ?", args})
	default:
		return w.linked(namedTags, "asset_tags", clause{one.text + " GROUP BY asset_tags.asset_id HAVING COUNT(*) = ?", args})
	}
}

func given(column string) clause { return clause{text: column + " IS NOT NULL"} }

func not(c clause) clause { return clause{"NOT (" + c.text + ")", c.args} }

// all is that every clause holds that is asked for, either that one does.
func all(cs ...clause) clause    { return join("TRUE", " AND ", cs) }
func either(cs ...clause) clause { return join("FALSE", " OR ", cs) }

func join(none, operator string, cs []clause) clause {
	var texts []string
	var args []any
	for _, c := range cs {
		if c.text != "" {
			texts, args = append(texts, c.text), append(args, c.args...)
		}
	}
	switch len(texts) {
	case 0:
		return clause{text: none}
	case 1:
		return clause{texts[0], args}
	default:
		return clause{"(" + strings.Join(texts, operator) + ")", args}
	}
}
