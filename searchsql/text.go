package searchsql

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent/asset"
	"vodgraph/ent/assettag"
	"vodgraph/ent/collect"
	"vodgraph/ent/indexentry"
	"vodgraph/ent/tag"
	"vodgraph/search"
)

// maxTagIDs is how many tags are listed to the database; of more it looks at the words
// itself.
const maxTagIDs = 100

// part is a word or gram of a text, as typed, with the tags that contain it: at most one more
// than maxTagIDs.
type part struct {
	text string
	tags []string
}

// parts are the words and grams of a text. The tags are looked through once for all of them.
// Those that few tags contain come first, for they are the cheapest to look for.
func (f *Finder) parts(ctx context.Context, text *search.Text) ([]part, error) {
	var parts []part
	for _, gram := range text.Grams {
		parts = append(parts, part{text: gram})
	}
	for _, word := range text.Words {
		parts = append(parts, part{text: word.Text})
	}
	if len(parts) == 0 {
		return nil, nil
	}
	rows, err := f.Client.Tag.Query().Where(func(s *sql.Selector) {
		any := make([]*sql.Predicate, len(parts))
		for i, p := range parts {
			any[i] = within(s.C(tag.FieldWords), p.text)
		}
		s.Where(sql.Or(any...))
	}).Select(tag.FieldID, tag.FieldWords).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for a text in the tags: %w", err)
	}
	for _, row := range rows {
		for i := range parts {
			if p := &parts[i]; len(p.tags) <= maxTagIDs && strings.Contains(*row.Words, p.text) {
				p.tags = append(p.tags, row.ID)
			}
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return len(a.tags) - len(b.tags) })
	return parts, nil
}

// contains keeps the assets of s that have all parts of a text within the words of their
// index entry or of one of their tags. A text without any is found nowhere.
func contains(s *sql.Selector, parts []part) {
	if len(parts) == 0 {
		s.Where(sql.False())
		return
	}
	id := s.C(asset.FieldID)
	d := sql.Dialect(s.Dialect())
	entry := d.Table(indexentry.Table)
	has := d.Select().SelectExpr(sql.Raw("1")).From(entry).Where(sql.ColumnsEQ(entry.C(indexentry.FieldAssetID), id))
	for _, p := range parts {
		found := within(entry.C(indexentry.FieldWords), p.text)
		if len(p.tags) > 0 {
			found = sql.Or(found, tagged(s.Dialect(), id, p))
		}
		has.Where(found)
	}
	s.Where(sql.Exists(has))
}

// tagged keeps the assets of which a tag contains a part of a text. SQLite lists the assets
// of few tags once; else each asset's own tags are looked at.
func tagged(name, id string, p part) *sql.Predicate {
	d := sql.Dialect(name)
	link := d.Table(assettag.Table)
	of := d.Select(link.C(assettag.FieldAssetID)).From(link)
	if len(p.tags) > maxTagIDs {
		named := d.Table(tag.Table)
		of.Join(named).On(named.C(tag.FieldID), link.C(assettag.FieldTagID)).Where(within(named.C(tag.FieldWords), p.text))
	} else {
		of.Where(collect.InP(link.C(assettag.FieldTagID), p.tags))
		if name == dialect.SQLite {
			return sql.In(id, of)
		}
	}
	return sql.Exists(of.Where(sql.ColumnsEQ(link.C(assettag.FieldAssetID), id)))
}

func within(column, text string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		position := "instr("
		if b.Dialect() == dialect.Postgres {
			position = "strpos("
		}
		b.WriteString(position).Ident(column).WriteString(", ").Arg(text).WriteString(") > 0")
	})
}
