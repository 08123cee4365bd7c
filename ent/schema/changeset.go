package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// ChangeSet is what one call has changed, or one operation.
type ChangeSet struct{ ent.Schema }

// Fields of the ChangeSet.
func (ChangeSet) Fields() []ent.Field {
	return []ent.Field{
		id("chs_"),
		field.Text("actor").Comment("Who called."),
		field.Text("note").Optional().Nillable().Comment("What they said of it."),
		field.Int64("asset_count").Comment("How many assets it has changed."),
		field.String("undoes_id").Optional().Nillable(),
		moment("created_at"),
	}
}

// Edges of the ChangeSet.
func (ChangeSet) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("undone_by", ChangeSet.Type).Annotations(entsql.OnDelete(entsql.SetNull)).
			From("undoes").Unique().Field("undoes_id"),
	}
}

// Indexes of the ChangeSet.
func (ChangeSet) Indexes() []ent.Index {
	return []ent.Index{index.Fields("created_at", "id"), index.Fields("undoes_id")}
}

// Change is one field of one asset, tag or category as it was before a set and after. It
// outlives what it is about.
type Change struct{ ent.Schema }

// Fields of the Change.
func (Change) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.String("change_set_id"),
		field.String("subject_id").Comment("Of an asset, a tag or a category."),
		field.Text("field").Comment("As the API has it; created for what is new, deleted for what is gone."),
		changeValue("before"),
		changeValue("after"),
		field.Int64("revision"),
		moment("at"),
	}
}

// Edges of the Change.
func (Change) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("change_set", ChangeSet.Type).Unique().Required().Field("change_set_id").
			Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes of the Change.
func (Change) Indexes() []ent.Index {
	return []ent.Index{index.Fields("subject_id", "id"), index.Fields("change_set_id", "subject_id", "id")}
}

// changeValue is a value before or after a change, as JSON to the letter; null for none.
func changeValue(name string) ent.Field {
	return field.JSON(name, json.RawMessage{}).Optional().SchemaType(map[string]string{dialect.Postgres: "json", dialect.SQLite: "text"})
}
