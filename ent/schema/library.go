package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// Library is the one row about the library as a whole. A transaction begins by
// raising its revision, and so waits for the one before it.
type Library struct{ ent.Schema }

// Annotations of the Library.
func (Library) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "library", Check: "id = 1"}}
}

// Fields of the Library.
func (Library) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").Immutable(),
		field.Int64("revision").Comment("Of the last transaction."),
		field.Bool("demo").Comment("Whether the demo made this library."),
	}
}
