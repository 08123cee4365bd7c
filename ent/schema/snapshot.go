package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"vodgraph/ent/fact"
)

// Snapshot is one picture, or sheet of pictures, taken from a video.
type Snapshot struct{ ent.Schema }

// Fields of the Snapshot.
func (Snapshot) Fields() []ent.Field {
	return []ent.Field{
		id("snp_"),
		field.String("asset_id"),
		field.Enum("type").Values("COVER", "NORMAL", "SPRITE", "SPRITE_ORIGIN", "WEB_VTT"),
		field.Text("job_id"),
		field.Int("index"),
		field.Int64("offset").Optional().Nillable().Comment("Milliseconds into the video."),
		field.Int("width").Optional().Nillable(),
		field.Int("height").Optional().Nillable(),
		field.Text("location").Optional().Nillable(),
		field.JSON("sprite", &fact.SpriteGrid{}).Optional().Comment("The same on each row of a set."),
		moment("created_at"),
	}
}

// Edges of the Snapshot.
func (Snapshot) Edges() []ent.Edge {
	return []ent.Edge{ofAsset("asset", "asset_id")}
}

// Indexes of the Snapshot.
func (Snapshot) Indexes() []ent.Index {
	return []ent.Index{index.Fields("asset_id", "type", "index").Unique()}
}
