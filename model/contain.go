package model

import (
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent/asset"
	"vodgraph/search"
)

// contains keeps the assets of s that have all words and grams of a text, as
// typed, within the words of their index entry or of one of their tags. A text
// without any is found nowhere.
func contains(s *sql.Selector, text *search.Text) {
	if text.Empty() {
		s.Where(sql.False())
		return
	}
	sought := append([]string{}, text.Grams...)
	for _, w := range text.Words {
		sought = append(sought, w.Text)
	}
	id := s.C(asset.FieldID)
	s.Where(sql.P(func(b *sql.Builder) {
		b.WriteString("EXISTS (SELECT 1 FROM index_entries WHERE index_entries.asset_id = " + id)
		for _, piece := range sought {
			b.WriteString(" AND (")
			within(b, "index_entries.words", piece)
			b.WriteString(" OR ")
			tagged(b, id, piece)
			b.WriteString(")")
		}
		b.WriteString(")")
	}))
}

// tagged writes that one of the tags of an asset has a piece of text within it. As
// a filter does, it is in the form that lets SQLite look through the tags once,
// and Postgres choose.
func tagged(b *sql.Builder, id, piece string) {
	const tagsOf = " FROM asset_tags JOIN tags ON tags.id = asset_tags.tag_id WHERE "
	if b.Dialect() == dialect.Postgres {
		b.WriteString("EXISTS (SELECT 1" + tagsOf + "asset_tags.asset_id = " + id + " AND ")
	} else {
		b.WriteString(id + " IN (SELECT asset_tags.asset_id" + tagsOf)
	}
	within(b, "tags.words", piece)
	b.WriteString(")")
}

// within writes that a text has a piece of text within it.
func within(b *sql.Builder, column, piece string) {
	if b.Dialect() == dialect.Postgres {
		b.WriteString("strpos(" + column + ", ").Arg(piece).WriteString(") > 0")
		return
	}
	b.WriteString("instr(" + column + ", ").Arg(piece).WriteString(") > 0")
}
