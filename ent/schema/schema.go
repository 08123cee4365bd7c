// Package schema defines the tables: one file an entity. Ids are a
// three-letter prefix that names the table (the kind, for assets) and a ULID,
// so that they sort by time and show their table.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
)

// byCodePoint makes Postgres compare a text by its bytes, as SQLite does, so that
// both sort alike whatever the database's locale. The generator of migrations
// leaves it out for SQLite, which has no collation of that name.
var byCodePoint = entsql.Annotation{Collation: "C"}

// id is the primary key of everything that the API can address.
func id(prefix string) ent.Field {
	return field.String("id").Immutable().Comment("Prefix " + prefix + ", then a ULID.")
}

// serial is the primary key of what the API shows only below something else.
// It rises in the order of writing.
func serial() ent.Field { return field.Int64("id").Immutable() }

// moment is a time in UTC, to the millisecond.
func moment(name string) ent.Field {
	return field.Time(name).SchemaType(map[string]string{dialect.Postgres: "timestamptz(3)"})
}
