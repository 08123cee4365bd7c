package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
)

// Key is an API key: a request that sends its secret is let in. It is never deleted: once
// there was one, the library needs keys, and its name is that of an actor in the history.
type Key struct{ ent.Schema }

// Fields of the Key.
func (Key) Fields() []ent.Field {
	return []ent.Field{
		id("key_"),
		field.Text("name").Unique().Comment("What history calls whoever has it."),
		field.String("prefix").Comment("How its secret begins, for people to know it again."),
		field.String("hash").Unique().Comment("SHA-256 of the secret, in hexadecimal digits."),
		field.Enum("role").Values("VIEWER", "EDITOR", "ADMIN"),
		field.Bool("limited").Comment("Whether only the assets of its grants are seen: none where there are none."),
		field.Strings("grants").Comment("Ids of categories; some may be gone."),
		moment("created_at"),
		field.Time("expires_at").Optional().Nillable().SchemaType(map[string]string{dialect.Postgres: "timestamptz(3)"}),
		field.Time("last_used_at").Optional().Nillable().SchemaType(map[string]string{dialect.Postgres: "timestamptz(3)"}).
			Comment("To the minute."),
		field.Time("revoked_at").Optional().Nillable().SchemaType(map[string]string{dialect.Postgres: "timestamptz(3)"}),
	}
}
