package database

import (
	"context"
	"database/sql"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"entgo.io/ent/dialect"

	"vodgraph/auth"
)

// What a caller may not see is kept from them here, below all that reads: a query of
// theirs begins with a WITH that has, under the name of each table that it speaks of,
// only the rows that they see. So whoever writes a query need not think of it, and
// cannot forget it. Statements that write have the tables themselves, and so have
// queries within a transaction, as the rules need them; but for those under
// auth.Sighted.

// sight is what one caller sees.
type sight struct {
	caller   *auth.Caller
	postgres bool
}

// sighted is a query as the caller of a context may make it.
func sighted(ctx context.Context, dialectName, query string, inTx bool) string {
	caller := auth.From(ctx)
	if caller == nil || inTx && !auth.IsSighted(ctx) || caller.Unlimited() && caller.May(auth.Admin) {
		return query
	}
	for _, verb := range []string{"INSERT ", "UPDATE ", "DELETE "} {
		if strings.HasPrefix(query, verb) {
			return query // it writes, and tells what it wrote
		}
	}
	return sight{caller, dialectName == dialect.Postgres}.over(query)
}

// over puts the tables as they are seen before a query.
func (s sight) over(query string) string {
	views := s.views(query)
	if len(views) == 0 {
		return query
	}
	with := "WITH " + strings.Join(views, ", ")
	rest, recursive := strings.CutPrefix(query, "WITH RECURSIVE ")
	switch {
	case !strings.HasPrefix(query, "WITH "):
		return with + " " + query
	case s.postgres: // where a name within a WITH RECURSIVE would be its own, and the order of the rows is not promised so
		return with + " SELECT * FROM (" + query + ") AS seen"
	case recursive:
		return "WITH RECURSIVE" + strings.TrimPrefix(with, "WITH") + ", " + rest
	default:
		return with + ", " + strings.TrimPrefix(query, "WITH ")
	}
}

// views are the tables as they are seen: those that a query speaks of, and those that
// these are made of.
func (s sight) views(query string) []string {
	wanted := map[string]bool{}
	var want func(name string)
	want = func(name string) {
		if wanted[name] {
			return
		}
		wanted[name] = true
		for _, other := range seenThrough[name].of {
			want(other)
		}
	}
	for name := range seenThrough {
		if strings.Contains(query, name) {
			want(name)
		}
	}
	var views []string
	for _, name := range seenInOrder {
		if !wanted[name] {
			continue
		}
		if view := seenThrough[name].view(s); view != "" {
			views = append(views, name+" AS "+view)
		}
	}
	return views
}

// table is a table itself, and not as it is seen. Postgres takes a name within its own
// definition for the table; SQLite wants it told.
func (s sight) table(name string) string {
	if s.postgres {
		return name
	}
	return "main." + name
}

// kept is a table of the rows for which a condition holds, which calls them t; it is
// empty for all rows.
func (s sight) kept(name, condition string) string {
	if condition == "" {
		return ""
	}
	return "NOT MATERIALIZED (SELECT t.* FROM " + s.table(name) + " t WHERE " + condition + ")"
}

// limited is a condition for those who see only what they are granted.
func (s sight) limited(condition string) string {
	if s.caller.Unlimited() {
		return ""
	}
	return condition
}

// character is the SQL of a character.
func (s sight) character(code int) string {
	if s.postgres {
		return "chr(" + strconv.Itoa(code) + ")"
	}
	return "char(" + strconv.Itoa(code) + ")"
}

// below is the condition that a category stands below another.
func (s sight) below(one, other string) string {
	return one + ".path > " + other + ".path || " + s.character(0x1f) + " AND " + one + ".path < " + other + ".path || " + s.character(0x20)
}

// granted is the categories that the caller sees, each with the outermost one that is
// granted above it, or is itself.
func (s sight) granted() string {
	if s.caller.Unlimited() {
		return ""
	}
	ids := literals(slices.DeleteFunc(slices.Clone(s.caller.Grants), func(id string) bool { return !categoryID.MatchString(id) }))
	c := s.table("categories")
	return "MATERIALIZED (SELECT c.id, g.id AS root, length(g.path) - length(g.name) AS cut, g.level AS top FROM " + c + " c JOIN " + c +
		" g ON (c.id = g.id OR " + s.below("c", "g") + ") WHERE g.id IN (" + ids + ") AND NOT EXISTS (SELECT 1 FROM " + c +
		" o WHERE o.id IN (" + ids + ") AND " + s.below("g", "o") + "))"
}

var categoryID = regexp.MustCompile(`^cat_[0-9A-Z]{26}$`)

// categories have the paths of those who see them: from what is granted to them.
func (s sight) categories() string {
	if s.caller.Unlimited() {
		return ""
	}
	return "NOT MATERIALIZED (SELECT t.id, t.name, t.level - g.top + 1 AS level, substr(t.path, g.cut + 1) AS path, t.created_at, " +
		"CASE WHEN t.id = g.root THEN NULL ELSE t.parent_id END AS parent_id FROM " + s.table("categories") +
		" t JOIN sight_granted g ON g.id = t.id)"
}

// changeSets count the assets that the caller sees.
func (s sight) changeSets() string {
	if s.caller.Unlimited() {
		return ""
	}
	return "NOT MATERIALIZED (SELECT t.id, t.actor, t.note, (SELECT COUNT(DISTINCT c.subject_id) FROM changes c WHERE c.change_set_id = t.id" +
		" AND substr(c.subject_id, 1, 4) NOT IN ('tag_', 'cat_'))" +
		" AS asset_count, t.created_at, t.undoes_id FROM " + s.table("change_sets") +
		" t WHERE t.actor = " + literal(s.caller.Name) + " OR EXISTS (SELECT 1 FROM changes c WHERE c.change_set_id = t.id))"
}

// ours is the condition of what is shown to its actor alone, and to administrators who see
// everything: it tells how much there is, of whatever.
func (s sight) ours(condition string) string {
	if s.caller.Can(auth.OthersOperations) {
		return ""
	}
	return condition
}

// both joins conditions, of which any may be empty.
func both(conditions ...string) string {
	return strings.Join(slices.DeleteFunc(conditions, func(c string) bool { return c == "" }), " AND ")
}

// literal is a text in SQL.
func literal(text string) string {
	return "'" + strings.ReplaceAll(strings.ReplaceAll(text, "\x00", ""), "'", "''") + "'"
}

// literals are texts in SQL, or a NULL for none.
func literals(texts []string) string {
	if len(texts) == 0 {
		return "NULL"
	}
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = literal(text)
	}
	return strings.Join(quoted, ", ")
}

// Query is Ent's way to query, outside a transaction.
func (q *queue) Query(ctx context.Context, query string, args, v any) error {
	return q.Driver.Query(ctx, sighted(ctx, q.Dialect(), query, false), args, v)
}

// QueryContext queries outside a transaction.
func (q *queue) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return q.Driver.QueryContext(ctx, sighted(ctx, q.Dialect(), query, false), args...)
}

// Query is Ent's way to query, within a transaction.
func (t *turn) Query(ctx context.Context, query string, args, v any) error {
	return t.Tx.Query(ctx, sighted(ctx, t.dialect, query, !t.reads), args, v)
}

// QueryContext queries within a transaction.
func (t *turn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.Tx.QueryContext(ctx, sighted(ctx, t.dialect, query, !t.reads), args...)
}
