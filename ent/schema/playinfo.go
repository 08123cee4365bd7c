package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"vodgraph/ent/fact"
)

// PlayInfo is one stream made of an asset for playing.
type PlayInfo struct{ ent.Schema }

// Fields of the PlayInfo.
func (PlayInfo) Fields() []ent.Field {
	return []ent.Field{
		id("ply_"),
		field.String("asset_id"),
		field.String("job_id"),
		field.Enum("stream_type").Values("VIDEO", "AUDIO"),
		field.Enum("format").Values("MP4", "M3U8", "MPD", "FLV", "WEBM", "MP3", "M4A", "OGG"),
		field.Enum("definition").Values("FD", "LD", "SD", "HD", "UHD_2K", "UHD_4K", "OD", "SQ", "HQ", "AUTO"),
		field.Text("specification").Optional().Nillable(),
		field.Enum("status").Values("NORMAL", "INVISIBLE"),
		field.Text("location").Optional().Nillable(),
		field.Int64("bitrate").Optional().Nillable().Comment("Bit/s."),
		field.Float("duration").Optional().Nillable().Comment("Seconds, to the millisecond."),
		field.Float("fps").Optional().Nillable(),
		field.Int("width").Optional().Nillable(),
		field.Int("height").Optional().Nillable(),
		field.Int64("size").Optional().Nillable().Comment("Bytes."),
		field.Bool("encrypted"),
		field.Enum("encrypt_type").Values("NONE", "HLS", "PRIVATE"),
		field.String("watermark_id").Optional().Nillable(),
		field.Text("codec").Optional().Nillable(),
		field.Enum("hdr_type").GoType(fact.HdrType("")).Optional().Nillable(),
		field.Int("bit_depth").Optional().Nillable(),
		field.Text("template_id").Optional().Nillable(),
		moment("created_at"),
		moment("updated_at"),
	}
}

// Edges of the PlayInfo.
func (PlayInfo) Edges() []ent.Edge {
	return []ent.Edge{
		ofAsset("asset", "asset_id"),
		edge.To("watermark", Asset.Type).Unique().Field("watermark_id").
			Annotations(entsql.OnDelete(entsql.SetNull)),
	}
}

// Indexes of the PlayInfo.
func (PlayInfo) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("asset_id", "job_id").Unique(),
		index.Fields("watermark_id", "id"),
	}
}
