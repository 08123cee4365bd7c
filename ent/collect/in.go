package collect

import (
	"encoding/json"
	"fmt"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/lib/pq"
)

// In selects the rows whose column has one of the values. The values are one
// argument of the statement, so its text is the same for any number of them and
// stays prepared.
func In[S ~string](column string, values []S) func(*sql.Selector) {
	return func(s *sql.Selector) { s.Where(InP(s.C(column), values)) }
}

// InP is In as a predicate, on a column as it stands in the statement.
func InP[S ~string](column string, values []S) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		text, list := InText(b.Dialect(), "", values)
		before, after, _ := strings.Cut(text, "?")
		b.Ident(column).WriteString(before).Arg(list).WriteString(after)
	})
}

// InText is In as SQL, with a ? for its one argument. The column stands as it is written.
func InText[S ~string](in, column string, values []S) (text string, list any) {
	plain := make([]string, len(values))
	for i, v := range values {
		plain[i] = string(v)
	}
	if in == dialect.Postgres {
		return column + " = ANY(?)", pq.Array(plain)
	}
	encoded, err := json.Marshal(plain)
	if err != nil { // no list of texts fails
		panic(fmt.Sprintf("collect: a list as JSON: %v", err))
	}
	return column + " IN (SELECT value FROM json_each(?))", string(encoded)
}

// InJSON is InP with the values as a JSON array of texts, such as a database aggregates. On
// Postgres each is cast, such as by "::bigint" for numbers; cast is empty for texts.
func InJSON(column, list, cast string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		if b.Dialect() == dialect.Postgres {
			b.Ident(column).WriteString(" = ANY(ARRAY(SELECT jsonb_array_elements_text(")
			b.Arg(list).WriteString("::jsonb)" + cast + "))")
			return
		}
		b.Ident(column).WriteString(" IN (SELECT value FROM json_each(").Arg(list).WriteString("))")
	})
}
