package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// IndexEntry is the place of an asset in the order of creation, and the revision of
// its search document. It is a table of its own, so that thousands of revisions can
// be raised by writing a few numbers each.
type IndexEntry struct{ ent.Schema }

// Fields of the IndexEntry.
func (IndexEntry) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id").Immutable().
			Comment("The place of the asset in the order of creation: the revision that created it, times 2^20, plus its number within it. Never changed."),
		field.String("asset_id"),
		field.Int64("revision").
			Comment("The last revision that changed the search document. Renaming a tag or category raises it, and not the asset's own."),
		field.Text("words").Optional().Nillable().
			Comment("The normal forms of title, alternative titles and description, a line each, for searches in the database. Null until it is filled in, for assets that are older than the column."),
	}
}

// Edges of the IndexEntry.
func (IndexEntry) Edges() []ent.Edge { return []ent.Edge{ofAsset("asset", "asset_id")} }

// Indexes of the IndexEntry.
func (IndexEntry) Indexes() []ent.Index { return []ent.Index{index.Fields("asset_id").Unique()} }

// StaleMark means that a transaction changed the search document of an asset, and
// that the engine is not synced yet. That transaction writes it; it outlives the asset.
type StaleMark struct{ ent.Schema }

// Fields of the StaleMark.
func (StaleMark) Fields() []ent.Field {
	return []ent.Field{serial(), field.String("asset_id"), field.Int64("revision").Comment("Of the transaction.")}
}

// Indexes of the StaleMark.
func (StaleMark) Indexes() []ent.Index { return []ent.Index{index.Fields("revision", "id")} }

// IndexBuild is a request to rebuild the search index, and its progress.
type IndexBuild struct{ ent.Schema }

// Fields of the IndexBuild.
func (IndexBuild) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.String("engine").Comment("The engine to rebuild."),
		field.Int64("done").Comment("How many assets the new index has."),
		field.Int64("total").Comment("How many it will have; 0 until it is begun."),
		field.Bool("finished"),
		field.Text("failure").Optional().Nillable().Comment("Why it failed, a sentence; null where it did not."),
	}
}
