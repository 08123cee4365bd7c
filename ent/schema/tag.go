package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Tag is a word that assets are marked with.
type Tag struct{ ent.Schema }

// Fields of the Tag.
func (Tag) Fields() []ent.Field {
	return []ent.Field{
		id("tag_"),
		field.Text("name").Unique().Annotations(byCodePoint),
		field.Text("words").Optional().Nillable().
			Comment("The normal form of the name, as an index entry has those of titles."),
	}
}

// Edges of the Tag.
func (Tag) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("assets", Asset.Type).Ref("tags").Through("asset_tags", AssetTag.Type),
	}
}

// AssetTag marks an asset with a tag.
type AssetTag struct{ ent.Schema }

// Annotations of the AssetTag.
func (AssetTag) Annotations() []schema.Annotation {
	return []schema.Annotation{field.ID("asset_id", "tag_id")}
}

// Fields of the AssetTag.
func (AssetTag) Fields() []ent.Field {
	return []ent.Field{field.String("asset_id"), field.String("tag_id")}
}

// Edges of the AssetTag.
func (AssetTag) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("asset", Asset.Type).Unique().Required().Field("asset_id").
			Annotations(entsql.OnDelete(entsql.Cascade)),
		edge.To("tag", Tag.Type).Unique().Required().Field("tag_id").
			Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes of the AssetTag.
func (AssetTag) Indexes() []ent.Index {
	return []ent.Index{index.Fields("tag_id", "asset_id")}
}
