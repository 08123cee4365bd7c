package change

import (
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
)

// LeaseTime writes the time that leases are compared with, in milliseconds since 1970: on
// Postgres by the clock of the database, which all processes share, and on SQLite by that
// of the library.
func (l *Library) LeaseTime(b *sql.Builder) {
	if b.Dialect() == dialect.Postgres {
		b.WriteString("CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")
		return
	}
	b.Arg(l.Options.Now().UnixMilli())
}
