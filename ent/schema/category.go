package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Category is a node of the tree that assets are filed in.
type Category struct{ ent.Schema }

// Fields of the Category.
func (Category) Fields() []ent.Field {
	return []ent.Field{
		id("cat_"),
		field.Text("name"),
		field.String("parent_id").Optional().Nillable(),
		field.Int("level").Comment("1 for a root, 2 below it, and so on."),
		field.Text("path").Unique().Annotations(byCodePoint).
			Comment("The names from the root to this, U+001F between them, which no name may hold: " +
				"sorts as the tree does, and a subtree is a range of it."),
		moment("created_at"),
	}
}

// Edges of the Category.
func (Category) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("children", Category.Type).Annotations(entsql.OnDelete(entsql.Cascade)).
			From("parent").Unique().Field("parent_id"),
		edge.From("assets", Asset.Type).Ref("categories").Through("asset_categories", AssetCategory.Type),
	}
}

// Indexes of the Category.
func (Category) Indexes() []ent.Index {
	return []ent.Index{index.Fields("parent_id")}
}

// AssetCategory files an asset in a category.
type AssetCategory struct{ ent.Schema }

// Annotations of the AssetCategory.
func (AssetCategory) Annotations() []schema.Annotation {
	return []schema.Annotation{field.ID("asset_id", "category_id")}
}

// Fields of the AssetCategory.
func (AssetCategory) Fields() []ent.Field {
	return []ent.Field{field.String("asset_id"), field.String("category_id")}
}

// Edges of the AssetCategory.
func (AssetCategory) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("asset", Asset.Type).Unique().Required().Field("asset_id").
			Annotations(entsql.OnDelete(entsql.Cascade)),
		edge.To("category", Category.Type).Unique().Required().Field("category_id").
			Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

// Indexes of the AssetCategory.
func (AssetCategory) Indexes() []ent.Index {
	return []ent.Index{index.Fields("category_id", "asset_id")}
}
