package model

import (
	"encoding/json"
	"strings"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent/collect"
)

// among holds where a text column has one of the values. They are one argument,
// so that a statement reads the same however many there are, and meets no limit
// on the number of arguments.
func among(column string, values []string) *sql.Predicate {
	list, _ := json.Marshal(values) // cannot fail: strings
	return collect.InJSON(column, string(list), "")
}

// amongNumbers is among for a column of numbers.
func amongNumbers(column string, values []string) *sql.Predicate {
	return collect.InJSON(column, "["+strings.Join(values, ",")+"]", "::bigint")
}
