package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"vodgraph/ent/fact"
)

// Mezzanine is the source file of a video or an audio, and what was read from it.
type Mezzanine struct{ ent.Schema }

// Fields of the Mezzanine.
func (Mezzanine) Fields() []ent.Field {
	return []ent.Field{
		id("mez_"),
		field.String("asset_id"),
		field.Enum("status").Values("UPLOADING", "NORMAL", "UPLOAD_FAILED", "DELETED"),
		field.Text("file_name").Optional().Nillable(),
		field.Text("location").Optional().Nillable(),
		field.Text("md5").Optional().Nillable(),
		field.Int64("size").Optional().Nillable().Comment("Bytes."),
		field.Float("duration").Optional().Nillable().Comment("Seconds, to the millisecond."),
		field.Int64("bitrate").Optional().Nillable().Comment("Bit/s."),
		field.Float("fps").Optional().Nillable(),
		field.Int("width").Optional().Nillable(),
		field.Int("height").Optional().Nillable(),
		field.JSON("video_streams", []fact.VideoStream{}),
		field.JSON("audio_streams", []fact.AudioStream{}),
		moment("created_at"),
	}
}

// Edges of the Mezzanine.
func (Mezzanine) Edges() []ent.Edge {
	return []ent.Edge{ofAsset("asset", "asset_id")}
}

// Indexes of the Mezzanine.
func (Mezzanine) Indexes() []ent.Index {
	return []ent.Index{index.Fields("asset_id").Unique(), index.Fields("width"), index.Fields("height")}
}

// ofAsset ties a row to an asset: gone with it.
func ofAsset(name, column string) ent.Edge {
	return edge.To(name, Asset.Type).Unique().Required().Field(column).
		Annotations(entsql.OnDelete(entsql.Cascade))
}
