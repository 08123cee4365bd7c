package model

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/assettag"
	"vodgraph/ent/tag"
	"vodgraph/search"
)

// fewTags is how many tags are named to the database; of more it looks at the
// words itself.
const fewTags = 100

// piece is a word or gram of a text, as typed, with the tags that have it within:
// at most one more than fewTags.
type piece struct {
	text string
	tags []string
}

// piecesOf are the words and grams of a text. The tags are looked through once for
// all of them. Those that few tags have come first, for they are the cheapest to
// look for.
func piecesOf(ctx context.Context, c *ent.Client, text *search.Text) ([]piece, error) {
	var pieces []piece
	for _, gram := range text.Grams {
		pieces = append(pieces, piece{text: gram})
	}
	for _, word := range text.Words {
		pieces = append(pieces, piece{text: word.Text})
	}
	if len(pieces) == 0 {
		return nil, nil
	}
	rows, err := tags.fetch(ctx, c, []string{tag.FieldID, tag.FieldWords}, func(s *sql.Selector) {
		any := make([]*sql.Predicate, len(pieces))
		for i, p := range pieces {
			any[i] = within(s.C(tag.FieldWords), p.text)
		}
		s.Where(sql.Or(any...))
	})
	if err != nil {
		return nil, fmt.Errorf("look for a text in the tags: %w", err)
	}
	for _, row := range rows {
		for i := range pieces {
			if p := &pieces[i]; len(p.tags) <= fewTags && strings.Contains(*row.Words, p.text) {
				p.tags = append(p.tags, row.ID)
			}
		}
	}
	slices.SortStableFunc(pieces, func(a, b piece) int { return len(a.tags) - len(b.tags) })
	return pieces, nil
}

// contains keeps the assets of s that have all pieces of a text within the words
// of their index entry or of one of their tags. A text without any is found
// nowhere.
func contains(s *sql.Selector, pieces []piece) {
	if len(pieces) == 0 {
		s.Where(sql.False())
		return
	}
	id := s.C(asset.FieldID)
	entry := sql.Dialect(s.Dialect()).Table("index_entries")
	has := sql.Dialect(s.Dialect()).Select().SelectExpr(sql.Raw("1")).From(entry).Where(sql.ColumnsEQ(entry.C("asset_id"), id))
	for _, p := range pieces {
		found := within(entry.C("words"), p.text)
		if len(p.tags) > 0 {
			found = sql.Or(found, tagged(s.Dialect(), id, p))
		}
		has.Where(found)
	}
	s.Where(sql.Exists(has))
}

// tagged keeps the assets of which a tag has a piece of text within it. SQLite
// lists the assets of few tags once; else each asset's own tags are looked at.
func tagged(name, id string, p piece) *sql.Predicate {
	d := sql.Dialect(name)
	link := d.Table(assettag.Table)
	of := d.Select(link.C(assettag.FieldAssetID)).From(link)
	if len(p.tags) > fewTags {
		named := d.Table(tag.Table)
		of.Join(named).On(named.C(tag.FieldID), link.C(assettag.FieldTagID)).Where(within(named.C(tag.FieldWords), p.text))
	} else {
		of.Where(among(link.C(assettag.FieldTagID), p.tags))
		if name == dialect.SQLite {
			return sql.In(id, of)
		}
	}
	return sql.Exists(of.Where(sql.ColumnsEQ(link.C(assettag.FieldAssetID), id)))
}

// within keeps what has a piece of text within it.
func within(column, text string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		position := "instr("
		if b.Dialect() == dialect.Postgres {
			position = "strpos("
		}
		b.WriteString(position).Ident(column).WriteString(", ").Arg(text).WriteString(") > 0")
	})
}
