package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Lease says who does something that one process alone may do at a time, and
// until when, unless it says again.
type Lease struct{ ent.Schema }

// Fields of the Lease.
func (Lease) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").Immutable().Comment("What is done."),
		field.String("holder").Comment("A word that the process made up at its start."),
		field.String("token").Comment("What the holder last said of its work. It stays when another takes the lease who would say the same."),
		field.Int64("until").Comment("Milliseconds since 1970, by the clock of the database on Postgres."),
	}
}
