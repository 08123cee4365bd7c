package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// KeptAnswer is what a call with a key of its caller came to, for the same call to
// be answered again.
type KeptAnswer struct{ ent.Schema }

// Fields of the KeptAnswer.
func (KeptAnswer) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.Text("actor"),
		field.Text("mutation"),
		field.Text("key"),
		field.Text("digest").Comment("Of the call's arguments."),
		field.Text("answer").Comment("JSON."),
		moment("created_at"),
	}
}

// Indexes of the KeptAnswer.
func (KeptAnswer) Indexes() []ent.Index {
	return []ent.Index{index.Fields("actor", "mutation", "key").Unique(), index.Fields("created_at")}
}
