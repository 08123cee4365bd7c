package model

import (
	"encoding/json"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
)

// among holds where a text column has one of the values. They are one argument,
// so that a statement reads the same however many there are, and meets no limit
// on the number of arguments.
func among(column string, values []string) *sql.Predicate {
	list, _ := json.Marshal(values) // cannot fail: strings
	return amongList(column, string(list), "")
}

// amongNumbers is among for a column of numbers.
func amongNumbers(column string, values []string) *sql.Predicate {
	return amongList(column, "["+strings.Join(values, ",")+"]", "::bigint")
}

func amongList(column, list, cast string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		if b.Dialect() == dialect.Postgres {
			b.Ident(column).WriteString(" = ANY(ARRAY(SELECT jsonb_array_elements_text(")
			b.Arg(list).WriteString("::jsonb)" + cast + "))")
			return
		}
		b.Ident(column).WriteString(" IN (SELECT value FROM json_each(").Arg(list).WriteString("))")
	})
}
