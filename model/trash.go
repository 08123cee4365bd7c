package model

import (
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent/asset"
	"vodgraph/filter"
	"vodgraph/limits"
	"vodgraph/media"
)

// Lists and counts of assets leave out those in the trash, unless a filter asks
// for them.

// live keeps the assets of s that are not in the trash, as a filter without
// members does.
func live(s *sql.Selector) {
	where, _ := (*filter.AssetFilter)(nil).Predicate(limits.Filter{}) // refuses nothing
	where(s)
}

// liveOfKind keeps the assets of a kind that are not in the trash, for counting
// them. SQLite, which compares texts by code point, finds both in one index: an id
// begins with its kind.
func liveOfKind(s *sql.Selector, k asset.Kind) {
	if s.Dialect() == dialect.Postgres {
		s.Where(sql.EQ(s.C(asset.FieldKind), k))
		live(s)
		return
	}
	s.Where(sql.IsNull(s.C(asset.FieldTrashedAt)))
	begins(s, s.C(asset.FieldID), media.Of(k).Prefix)
}

// outsideTrash keeps the rows of s whose column, the id of an asset, is not of one
// in the trash. Where many are counted that nothing else is asked of, this is
// quicker than a look at each of them: the trash is small, and has an index.
func outsideTrash(s *sql.Selector, id string) {
	s.Where(sql.P(func(b *sql.Builder) {
		if b.Dialect() == dialect.Postgres {
			b.WriteString("NOT EXISTS (SELECT 1 FROM assets AS trash WHERE trash.id = " + id + " AND trash.trashed_at IS NOT NULL)")
			return
		}
		// All times come after the empty text.
		b.WriteString(id + " NOT IN (SELECT trash.id FROM assets AS trash WHERE trash.trashed_at > '')")
	}))
}
