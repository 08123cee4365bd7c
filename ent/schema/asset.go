package schema

import (
	"encoding/json"

	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Asset is one piece of media of any kind. The kinds share this table; what a
// kind does not have is null, and checks keep it so.
type Asset struct{ ent.Schema }

// Fields of the Asset. What lists show, filter or sort by is a column here; the
// rest stands in tables of its own.
func (Asset) Fields() []ent.Field {
	return []ent.Field{
		id("vid_, aud_, img_ or att_, as its kind"),
		field.Enum("kind").Values("VIDEO", "AUDIO", "IMAGE", "ATTACHMENT").Immutable(),
		field.String("reference_id").Optional().Nillable().Unique(),
		field.Text("title"),
		field.Text("title_key").Annotations(byCodePoint).
			Comment("The title folded for sorting, cut short so that it fits an index."),
		field.Strings("alternative_titles"),
		field.Text("description").Optional().Nillable(),
		field.Enum("status").Values("UPLOADING", "UPLOAD_FAILED", "UPLOADED", "TRANSCODING",
			"TRANSCODE_FAILED", "CHECKING", "BLOCKED", "NORMAL"),
		field.Text("status_reason").Optional().Nillable(),
		field.Int64("size").Optional().Nillable().Comment("Bytes of the main file."),
		field.Int64("size_asc").Comment("The size less one, or the greatest number where absent: ascending lists walk it."),
		field.Int64("size_desc").Comment("The size, or -1 where absent: descending lists walk it."),
		field.Float("duration").Optional().Nillable().Comment("Seconds, to the millisecond."),
		field.Float("duration_asc").Comment("The duration, or infinity where absent."),
		field.Float("duration_desc").Comment("As size_desc."),
		field.Text("storage_location"),
		field.Enum("storage_class").Values("STANDARD", "IA", "ARCHIVE", "COLD_ARCHIVE"),
		field.Enum("media_source").Values("GENERAL", "SHORT_VIDEO", "EDITING", "LIVE"),
		field.JSON("user_data", json.RawMessage{}).Optional().
			SchemaType(map[string]string{dialect.Postgres: "json", dialect.SQLite: "text"}).Comment("Kept to the letter."),
		field.Bool("download_enabled"),
		field.Enum("image_type").Values("DEFAULT", "COVER").Optional().Nillable(),
		field.Enum("business_type").Values("WATERMARK", "SUBTITLE", "MATERIAL").Optional().Nillable(),
		field.Text("file_name").Optional().Nillable(),
		field.Text("location").Optional().Nillable(),
		field.Int("width").Optional().Nillable().Comment("Pixels, of an image."),
		field.Int("height").Optional().Nillable(),
		field.String("cover_image_id").Optional().Nillable(),
		field.String("cover_snapshot_id").Optional().Nillable(),
		field.Int64("revision").Comment("Of the last transaction that changed the asset."),
		moment("created_at"),
		moment("updated_at"),
		field.Time("trashed_at").Optional().Nillable().SchemaType(map[string]string{dialect.Postgres: "timestamptz(3)"}),
	}
}

// Edges of the Asset that the database enforces.
func (Asset) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("categories", Category.Type).Through("asset_categories", AssetCategory.Type),
		edge.To("tags", Tag.Type).Through("asset_tags", AssetTag.Type),
		edge.To("attachments", Asset.Type).Through("attachment_links", AttachmentLink.Type),
		edge.To("cover_of", Asset.Type).Annotations(entsql.OnDelete(entsql.SetNull)).
			From("cover_image").Unique().Field("cover_image_id"),
		edge.To("cover_snapshot", Snapshot.Type).Unique().Field("cover_snapshot_id").
			Annotations(entsql.OnDelete(entsql.SetNull)),
	}
}

// Indexes of the Asset: a list in any single order, over all or of one kind,
// reads the first rows of one of them and sorts nothing.
func (Asset) Indexes() []ent.Index {
	indexes := []ent.Index{
		index.Fields("status", "created_at", "id"),
		index.Fields("cover_image_id"),
		index.Fields("cover_snapshot_id"),
		index.Fields("trashed_at", "id"), // and the number of those that are not
	}
	for _, key := range []string{"created_at", "updated_at", "title_key",
		"size_asc", "size_desc", "duration_asc", "duration_desc"} {
		indexes = append(indexes, index.Fields(key, "id"), index.Fields("kind", key, "id"))
	}
	return indexes
}

// Annotations of the Asset: a row holds only what its kind has.
func (Asset) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"asset_id_tells_kind": "substr(id, 1, 4) = CASE kind WHEN 'VIDEO' THEN 'vid_' WHEN 'AUDIO' THEN 'aud_' " +
			"WHEN 'IMAGE' THEN 'img_' WHEN 'ATTACHMENT' THEN 'att_' ELSE '' END",
		"asset_duration_of_kind":      "duration IS NULL OR kind IN ('VIDEO', 'AUDIO')",
		"asset_image_type_of_kind":    "kind = 'IMAGE' OR image_type IS NULL",
		"asset_business_type_of_kind": "kind = 'ATTACHMENT' OR business_type IS NULL",
		"asset_measure_of_kind":       "kind = 'IMAGE' OR width IS NULL AND height IS NULL",
		"asset_one_cover":             "cover_image_id IS NULL OR cover_snapshot_id IS NULL",
	})}
}
