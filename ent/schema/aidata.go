package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"vodgraph/ent/fact"
)

// AISource is all that one analyser has said of one asset, with its review; the
// lists of what it said stand in the tables below.
type AISource struct{ ent.Schema }

// Fields of the AISource.
func (AISource) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.String("asset_id"),
		field.String("source").Annotations(byCodePoint),
		field.Enum("suggestion").GoType(fact.Suggestion("")).Optional().Nillable().
			Comment("Null where the source gave no review."),
		field.Strings("review_labels").Optional(),
		field.Time("reviewed_at").Optional().Nillable().
			SchemaType(map[string]string{dialect.Postgres: "timestamptz(3)"}),
	}
}

// Edges of the AISource.
func (AISource) Edges() []ent.Edge { return []ent.Edge{ofAsset("asset", "asset_id")} }

// Indexes of the AISource.
func (AISource) Indexes() []ent.Index {
	return []ent.Index{index.Fields("asset_id", "source").Unique(), index.Fields("suggestion", "asset_id")}
}

// AILabel is something that was recognised in an asset.
type AILabel struct{ ent.Schema }

// Fields of the AILabel.
func (AILabel) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.String("asset_id"),
		field.String("source").Annotations(byCodePoint),
		field.Text("name").Annotations(byCodePoint),
		field.Enum("category").Values("PERSON", "KEYWORD", "LOCATION", "TIME", "CATEGORY", "OBJECT"),
		field.Float("confidence").Optional().Nillable(),
		field.JSON("spans", []fact.TimeSpan{}),
	}
}

// Edges of the AILabel.
func (AILabel) Edges() []ent.Edge { return []ent.Edge{ofAsset("asset", "asset_id")} }

// Indexes of the AILabel.
func (AILabel) Indexes() []ent.Index { return []ent.Index{index.Fields("asset_id")} }

// Cue is a stretch of speech or of text on the screen.
type Cue struct{ ent.Schema }

// Fields of the Cue.
func (Cue) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.String("asset_id"),
		field.String("source").Annotations(byCodePoint),
		field.Enum("kind").Values("SPEECH", "SCREEN_TEXT"),
		field.Int64("from").Comment("Milliseconds."),
		field.Int64("to"),
		field.Text("text"),
		field.Float("confidence").Optional().Nillable(),
		field.Text("language").Optional().Nillable(),
		field.Int("channel").Optional().Nillable(),
	}
}

// Edges of the Cue.
func (Cue) Edges() []ent.Edge { return []ent.Edge{ofAsset("asset", "asset_id")} }

// Indexes of the Cue.
func (Cue) Indexes() []ent.Index { return []ent.Index{index.Fields("asset_id", "kind", "from")} }

// ReviewFinding is one thing that a review has to say.
type ReviewFinding struct{ ent.Schema }

// Fields of the ReviewFinding.
func (ReviewFinding) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.String("asset_id"),
		field.String("source").Annotations(byCodePoint),
		field.Enum("module").Values("VIDEO", "COVER", "TITLE", "AUDIO"),
		field.Text("scene"),
		field.Text("label"),
		field.Float("score"),
		field.Enum("suggestion").GoType(fact.Suggestion("")),
		field.Int64("from").Optional().Nillable().Comment("Milliseconds."),
		field.Int64("to").Optional().Nillable(),
		field.Text("text").Optional().Nillable(),
		field.Text("location").Optional().Nillable(),
	}
}

// Edges of the ReviewFinding.
func (ReviewFinding) Edges() []ent.Edge { return []ent.Edge{ofAsset("asset", "asset_id")} }

// Indexes of the ReviewFinding.
func (ReviewFinding) Indexes() []ent.Index { return []ent.Index{index.Fields("asset_id")} }

// Duplicate says that an asset resembles another. It is read from both ends.
type Duplicate struct{ ent.Schema }

// Fields of the Duplicate.
func (Duplicate) Fields() []ent.Field {
	return []ent.Field{
		serial(),
		field.String("asset_id"),
		field.String("other_id"),
		field.String("source").Annotations(byCodePoint),
		field.Float("similarity"),
		field.JSON("segments", []fact.DuplicateSegment{}),
	}
}

// Edges of the Duplicate.
func (Duplicate) Edges() []ent.Edge {
	return []ent.Edge{ofAsset("asset", "asset_id"), ofAsset("other", "other_id")}
}

// Indexes of the Duplicate.
func (Duplicate) Indexes() []ent.Index {
	return []ent.Index{index.Fields("asset_id", "source", "other_id").Unique(), index.Fields("other_id")}
}

// CoverCandidate is a picture that an analyser proposes for a cover.
type CoverCandidate struct{ ent.Schema }

// Fields of the CoverCandidate.
func (CoverCandidate) Fields() []ent.Field {
	return []ent.Field{
		id("cov_"),
		field.String("asset_id"),
		field.String("source").Annotations(byCodePoint),
		field.Text("location"),
		field.Text("format"),
		field.Float("score").Optional().Nillable(),
		field.Int("width").Optional().Nillable(),
		field.Int("height").Optional().Nillable(),
		field.Float("duration").Optional().Nillable().Comment("Seconds, of a moving picture."),
	}
}

// Edges of the CoverCandidate.
func (CoverCandidate) Edges() []ent.Edge { return []ent.Edge{ofAsset("asset", "asset_id")} }

// Indexes of the CoverCandidate.
func (CoverCandidate) Indexes() []ent.Index { return []ent.Index{index.Fields("asset_id")} }
