package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// AttachmentLink says that a video or an audio uses an attachment.
type AttachmentLink struct{ ent.Schema }

// Annotations of the AttachmentLink.
func (AttachmentLink) Annotations() []schema.Annotation {
	return []schema.Annotation{field.ID("asset_id", "attachment_id")}
}

// Fields of the AttachmentLink.
func (AttachmentLink) Fields() []ent.Field {
	return []ent.Field{
		field.String("asset_id"),
		field.String("attachment_id"),
		field.Text("language").Optional().Nillable().Comment("BCP 47."),
		field.Text("label").Optional().Nillable(),
	}
}

// Edges of the AttachmentLink.
func (AttachmentLink) Edges() []ent.Edge {
	return []ent.Edge{ofAsset("asset", "asset_id"), ofAsset("attachment", "attachment_id")}
}

// Indexes of the AttachmentLink.
func (AttachmentLink) Indexes() []ent.Index {
	return []ent.Index{index.Fields("attachment_id", "asset_id")}
}
