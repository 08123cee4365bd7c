package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// IdempotencyRecord is the response to a call with an idempotency key: the same
// call with the key gets it again.
type IdempotencyRecord struct{ ent.Schema }

// Fields of the IdempotencyRecord.
func (IdempotencyRecord) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.Text("actor"),
		field.Text("mutation"),
		field.Text("key"),
		field.Text("digest").Comment("Of the call's arguments."),
		field.Text("response").Comment("JSON."),
		moment("created_at"),
	}
}

// Indexes of the IdempotencyRecord.
func (IdempotencyRecord) Indexes() []ent.Index {
	return []ent.Index{index.Fields("actor", "mutation", "key").Unique(), index.Fields("created_at")}
}
