package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"vodgraph/ent/fact"
)

// BulkOperation is one change for any number of assets, done in batches, and its
// progress. The changes of a batch and the progress are written in one transaction,
// so that it goes on where it stopped.
type BulkOperation struct{ ent.Schema }

// Fields of the BulkOperation.
func (BulkOperation) Fields() []ent.Field {
	return []ent.Field{
		id("blk_"),
		field.Enum("status").Values("QUEUED", "RUNNING", "DONE", "CANCELLED", "FAILED"),
		field.Enum("verb").Values("CREATE", "UPDATE", "TRASH", "RESTORE", "DELETE", "UNDO", "PURGE"),
		field.JSON("input", json.RawMessage{}).SchemaType(map[string]string{dialect.Postgres: "json"}).
			Comment("What is to be done to which assets, as the verb has it."),
		field.Text("actor"),
		field.Bool("limited").Default(false).Comment("Whether the actor saw only the assets of the grants."),
		field.Strings("grants").Optional().Comment("Ids of categories."),
		field.Text("note").Optional().Nillable(),
		field.Bool("dry_run"),
		field.Int64("matched").Comment("How many assets there were for it at the call."),
		field.Bool("matches_all").Default(false).Comment("Whether its filter matched all that the actor saw at the call."),
		field.Int64("done"),
		field.Int64("changed"),
		field.Int64("failed"),
		field.String("position").Comment("The id of the last asset that was met, or the number of the last line of its file; empty at first."),
		field.String("bound").Comment("The id of the last asset that there was at the call."),
		field.Text("key").Optional().Nillable().Comment("The caller's name for its file."),
		field.Text("file_name").Optional().Nillable().Comment("What its file is called where it came from."),
		field.Int64("received").Optional().Nillable().Comment("How many lines of its file there are; null without a file."),
		field.Bool("file_complete").Default(true).Comment("Whether all lines of its file are received; true without a file."),
		field.String("change_set_id").Optional().Nillable(),
		field.Text("failure").Optional().Nillable().Comment("Why it failed, with a reference for the log."),
		field.JSON("counts", []fact.FieldCount{}).Optional().SchemaType(map[string]string{dialect.Postgres: "json"}).
			Comment("How many assets have met which outcome, field by field."),
		field.String("holder").Optional().Nillable().Comment("The process that has its lease."),
		field.Int64("held_until").Comment("When that lease expires, as in leases."),
		moment("created_at"),
		field.Time("started_at").Optional().Nillable().SchemaType(map[string]string{dialect.Postgres: "timestamptz(3)"}),
		field.Time("finished_at").Optional().Nillable().SchemaType(map[string]string{dialect.Postgres: "timestamptz(3)"}),
	}
}

// Edges of the BulkOperation.
func (BulkOperation) Edges() []ent.Edge {
	return []ent.Edge{edge.To("change_set", ChangeSet.Type).Unique().Field("change_set_id")}
}

// Indexes of the BulkOperation.
func (BulkOperation) Indexes() []ent.Index {
	return []ent.Index{index.Fields("created_at", "id"), index.Fields("status", "created_at", "id"), index.Fields("change_set_id"),
		index.Fields("actor", "key").Unique()}
}

// FilePart is a stretch of lines of an operation's file, as many as one transaction takes.
type FilePart struct{ ent.Schema }

// Fields of the FilePart.
func (FilePart) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.String("operation_id"),
		field.Int64("first").Comment("The number of its first line."),
		field.Int64("last"),
		field.String("digest").Comment("Of the whole file up to its end."),
		field.Bytes("lines").Comment("JSON; empty when they are done."),
		field.Bytes("results").Optional().Nillable().Comment("JSON Lines; null until they are done."),
	}
}

// Edges of the FilePart.
func (FilePart) Edges() []ent.Edge {
	return []ent.Edge{edge.To("operation", BulkOperation.Type).Unique().Required().Field("operation_id").
		Annotations(entsql.OnDelete(entsql.Cascade))}
}

// Indexes of the FilePart.
func (FilePart) Indexes() []ent.Index {
	return []ent.Index{index.Fields("operation_id", "first").Unique()}
}

// FileName is a name by which a line of a file in a dry run calls an asset that it
// makes or changes, so that later lines find what it would have done.
type FileName struct{ ent.Schema }

// Fields of the FileName.
func (FileName) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.String("operation_id"),
		field.String("name").Comment("A digest of an id or a reference id."),
		field.Int64("line"),
	}
}

// Edges of the FileName.
func (FileName) Edges() []ent.Edge {
	return []ent.Edge{edge.To("operation", BulkOperation.Type).Unique().Required().Field("operation_id").
		Annotations(entsql.OnDelete(entsql.Cascade))}
}

// Indexes of the FileName.
func (FileName) Indexes() []ent.Index { return []ent.Index{index.Fields("operation_id", "name")} }

// BulkFailure is an asset, tag or category that an operation could not change, and why.
type BulkFailure struct{ ent.Schema }

// Fields of the BulkFailure.
func (BulkFailure) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.String("operation_id"),
		field.String("asset_id").Optional().Nillable(),
		field.String("subject_id").Optional().Nillable().Comment("Of a tag or a category; null for assets."),
		field.Int64("line").Optional().Nillable().Comment("Of an input file."),
		field.JSON("errors", json.RawMessage{}).SchemaType(map[string]string{dialect.Postgres: "json"}),
	}
}

// Edges of the BulkFailure.
func (BulkFailure) Edges() []ent.Edge {
	return []ent.Edge{edge.To("operation", BulkOperation.Type).Unique().Required().Field("operation_id").
		Annotations(entsql.OnDelete(entsql.Cascade))}
}

// Indexes of the BulkFailure.
func (BulkFailure) Indexes() []ent.Index { return []ent.Index{index.Fields("operation_id", "id")} }

// Preview is a change that a dry run of an operation would make. Of each dry run the first
// ones are kept; none of them belongs to a change set.
type Preview struct{ ent.Schema }

// Fields of the Preview.
func (Preview) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.String("operation_id"),
		field.String("subject_id").Comment("Of an asset, a tag or a category; the prefix alone of one that would be made."),
		field.Text("field").Comment("As a change has it."),
		changeValue("before"),
		changeValue("after"),
	}
}

// Edges of the Preview.
func (Preview) Edges() []ent.Edge {
	return []ent.Edge{edge.To("operation", BulkOperation.Type).Unique().Required().Field("operation_id").
		Annotations(entsql.OnDelete(entsql.Cascade))}
}

// Indexes of the Preview.
func (Preview) Indexes() []ent.Index { return []ent.Index{index.Fields("operation_id", "id")} }
