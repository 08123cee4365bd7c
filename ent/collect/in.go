package collect

import (
	"encoding/json"

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
	plain := make([]string, len(values))
	for i, v := range values {
		plain[i] = string(v)
	}
	return sql.P(func(b *sql.Builder) {
		b.Ident(column)
		if b.Dialect() == dialect.Postgres {
			b.WriteString(" = ANY(").Arg(pq.Array(plain)).WriteString(")")
			return
		}
		list, err := json.Marshal(plain)
		if err != nil {
			b.AddError(err)
		}
		b.WriteString(" IN (SELECT value FROM json_each(").Arg(string(list)).WriteString("))")
	})
}
