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

// Row-level security is applied here, below all code that reads: a query of a caller
// begins with a WITH that has, under the name of each table in the query, only the rows
// visible to the caller. So the author of a query cannot forget it. Statements that
// write use the tables themselves, and so do queries within a transaction, as the rules
// need them; but for those under auth.WithRowSecurity.

type rowSecurity struct {
	caller   *auth.Caller
	postgres bool
}

func withRowSecurity(ctx context.Context, dialectName, query string, inTx bool) string {
	caller := auth.From(ctx)
	if caller == nil || inTx && !auth.HasRowSecurity(ctx) || caller.Unlimited() && caller.May(auth.Admin) {
		return query
	}
	for _, verb := range []string{"INSERT ", "UPDATE ", "DELETE "} {
		if strings.HasPrefix(query, verb) {
			return query // with RETURNING it is a query that writes
		}
	}
	return rowSecurity{caller, dialectName == dialect.Postgres}.over(query)
}

func (r rowSecurity) over(query string) string {
	views := r.views(query)
	if len(views) == 0 {
		return query
	}
	with := "WITH " + strings.Join(views, ", ")
	rest, recursive := strings.CutPrefix(query, "WITH RECURSIVE ")
	switch {
	case !strings.HasPrefix(query, "WITH "):
		return with + " " + query
	case r.postgres: // where a name within a WITH RECURSIVE would be its own, and the order of the rows is not promised so
		return with + " SELECT * FROM (" + query + ") AS visible"
	case recursive:
		return "WITH RECURSIVE" + strings.TrimPrefix(with, "WITH") + ", " + rest
	default:
		return with + ", " + strings.TrimPrefix(query, "WITH ")
	}
}

// views are the views of the tables that a query names, and of those that these read.
func (r rowSecurity) views(query string) []string {
	wanted := map[string]bool{}
	var want func(name string)
	want = func(name string) {
		if wanted[name] {
			return
		}
		wanted[name] = true
		for _, other := range policies[name].reads {
			want(other)
		}
	}
	for name := range policies {
		if strings.Contains(query, name) {
			want(name)
		}
	}
	var views []string
	for _, name := range policyOrder {
		if !wanted[name] {
			continue
		}
		if view := policies[name].view(r); view != "" {
			views = append(views, name+" AS "+view)
		}
	}
	return views
}

// table names a table itself, and not its view. Postgres takes a name within its own
// definition for the table; SQLite needs the name of the database before it.
func (r rowSecurity) table(name string) string {
	if r.postgres {
		return name
	}
	return "main." + name
}

// filtered is a view of the rows t for which a condition holds; it is empty for all rows.
func (r rowSecurity) filtered(name, condition string) string {
	if condition == "" {
		return ""
	}
	return "NOT MATERIALIZED (SELECT t.* FROM " + r.table(name) + " t WHERE " + condition + ")"
}

// limited returns the condition for limited callers, and none for the others.
func (r rowSecurity) limited(condition string) string {
	if r.caller.Unlimited() {
		return ""
	}
	return condition
}

func (r rowSecurity) character(code int) string {
	if r.postgres {
		return "chr(" + strconv.Itoa(code) + ")"
	}
	return "char(" + strconv.Itoa(code) + ")"
}

func (r rowSecurity) isDescendant(one, other string) string {
	return one + ".path > " + other + ".path || " + r.character(0x1f) + " AND " + one + ".path < " + other + ".path || " + r.character(0x20)
}

// grantedCategories are the categories visible to the caller, each with the outermost
// granted one that is above it or is itself: its id, how deep it stands, and from where on and
// how long its name stands in the path. Granted ones of one name have a mark, which sets
// their subtrees apart: see categories.
func (r rowSecurity) grantedCategories() string {
	if r.caller.Unlimited() {
		return ""
	}
	ids := literals(slices.DeleteFunc(slices.Clone(r.caller.Grants), func(id string) bool { return !categoryID.MatchString(id) }))
	c := r.table("categories")
	outermost := func(g string) string {
		return g + ".id IN (" + ids + ") AND NOT EXISTS (SELECT 1 FROM " + c + " o WHERE o.id IN (" + ids + ") AND " + r.isDescendant(g, "o") + ")"
	}
	return "MATERIALIZED (SELECT c.id, g.id AS root, length(g.path) - length(g.name) AS cut, length(g.name) AS named, g.level AS top," +
		" CASE WHEN EXISTS (SELECT 1 FROM " + c + " s WHERE s.name = g.name AND s.id <> g.id AND " + outermost("s") + ") THEN " + r.character(0x1e) + " || g.id ELSE '' END AS mark" +
		" FROM " + c + " c JOIN " + c + " g ON (c.id = g.id OR " + r.isDescendant("c", "g") + ") WHERE " + outermost("g") + ")"
}

var categoryID = regexp.MustCompile(`^cat_[0-9A-Z]{26}$`)

// categories have paths and levels relative to the granted category. Paths are unique, as
// subtrees are found by them: the mark stands behind a name that several granted ones have,
// media.SplitPath takes it away again, and no path that people write has it.
func (r rowSecurity) categories() string {
	if r.caller.Unlimited() {
		return ""
	}
	return "NOT MATERIALIZED (SELECT t.id, t.name, t.level - g.top + 1 AS level, substr(t.path, g.cut + 1, g.named) || g.mark || substr(t.path, g.cut + g.named + 1) AS path, t.created_at, " +
		"CASE WHEN t.id = g.root THEN NULL ELSE t.parent_id END AS parent_id FROM " + r.table("categories") +
		" t JOIN granted_categories g ON g.id = t.id)"
}

func (r rowSecurity) changeSets() string {
	if r.caller.Unlimited() {
		return ""
	}
	return "NOT MATERIALIZED (SELECT t.id, t.actor, t.note, (SELECT COUNT(DISTINCT c.subject_id) FROM changes c WHERE c.change_set_id = t.id" +
		" AND substr(c.subject_id, 1, 4) NOT IN ('tag_', 'cat_'))" +
		" AS asset_count, t.created_at, t.undoes_id FROM " + r.table("change_sets") +
		" t WHERE t.actor = " + literal(r.caller.Name) + " OR EXISTS (SELECT 1 FROM changes c WHERE c.change_set_id = t.id))"
}

// ownOnly returns the condition for rows that only their actor and unlimited administrators
// see, as their counts include assets that others may not see.
func (r rowSecurity) ownOnly(condition string) string {
	if r.caller.Can(auth.OthersOperations) {
		return ""
	}
	return condition
}

// allOf joins conditions by AND; any may be empty.
func allOf(conditions ...string) string {
	return strings.Join(slices.DeleteFunc(conditions, func(c string) bool { return c == "" }), " AND ")
}

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

func (q *txLimiter) Query(ctx context.Context, query string, args, v any) error {
	return q.Driver.Query(ctx, withRowSecurity(ctx, q.Dialect(), query, false), args, v)
}

func (q *txLimiter) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return q.Driver.QueryContext(ctx, withRowSecurity(ctx, q.Dialect(), query, false), args...)
}

func (t *limitedTx) Query(ctx context.Context, query string, args, v any) error {
	return t.Tx.Query(ctx, withRowSecurity(ctx, t.dialect, query, !t.reads), args, v)
}

func (t *limitedTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.Tx.QueryContext(ctx, withRowSecurity(ctx, t.dialect, query, !t.reads), args...)
}
