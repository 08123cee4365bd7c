package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Lease is the right of one process to do something that one at a time may do,
// until it expires or is renewed.
type Lease struct{ ent.Schema }

// Fields of the Lease.
func (Lease) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").Immutable().Comment("What is done."),
		field.String("holder").Comment("A random word that the process made at its start."),
		field.String("synced").Comment("The kind of holder that has synced all, such as an engine; empty where none has. It is kept when another holder of this kind acquires the lease."),
		field.Int64("until").Comment("Milliseconds since 1970, by the clock of the database on Postgres."),
	}
}
