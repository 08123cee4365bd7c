package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// IndexEntry is what finding needs to know of an asset beside what it is. It
// stands apart from the asset, so that thousands can be moved at once for the
// price of a few numbers each.
type IndexEntry struct{ ent.Schema }

// Fields of the IndexEntry.
func (IndexEntry) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id").Immutable().
			Comment("The place of the asset among all in the order in which they were made: the number of the deed that made it, times 2^20, and its number within it. Given once."),
		field.String("asset_id"),
		field.Int64("revision").
			Comment("The number of the last deed that changed what the asset is found by. A tag or category renamed moves it, and not the asset's own."),
		field.Text("words").Optional().Nillable().
			Comment("The normal forms of title, alternative titles and description, a line each: what is searched where no engine can be asked. Null until it is made, for assets that are older than the column."),
	}
}

// Edges of the IndexEntry.
func (IndexEntry) Edges() []ent.Edge { return []ent.Edge{ofAsset("asset", "asset_id")} }

// Indexes of the IndexEntry.
func (IndexEntry) Indexes() []ent.Index { return []ent.Index{index.Fields("asset_id").Unique()} }

// StaleMark says that a deed changed what an asset is found by, and that no
// engine was told yet. It is written by that deed, and outlives the asset.
type StaleMark struct{ ent.Schema }

// Fields of the StaleMark.
func (StaleMark) Fields() []ent.Field {
	return []ent.Field{serial(), field.String("asset_id"), field.Int64("revision").Comment("The number of the deed.")}
}

// Indexes of the StaleMark.
func (StaleMark) Indexes() []ent.Index { return []ent.Index{index.Fields("revision", "id")} }

// IndexBuild is a wish to have the search index built anew, and how far that is.
type IndexBuild struct{ ent.Schema }

// Fields of the IndexBuild.
func (IndexBuild) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.String("engine").Comment("Which engine it is to be."),
		field.Int64("done").Comment("How many assets the new index has."),
		field.Int64("total").Comment("How many there are to be; 0 until it is begun."),
		field.Bool("finished"),
		field.Text("failure").Optional().Nillable().Comment("Why it was given up, a sentence; null where it was not."),
	}
}
