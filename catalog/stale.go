package catalog

import (
	"context"
	"fmt"
	"strings"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/collect"
	"vodgraph/ent/indexentry"
	"vodgraph/ent/stalemark"
	"vodgraph/search"
)

// A deed marks the assets that are found by something else from now on: each gets
// a mark with the deed's number, and its entry of the index takes that number.
// Whoever keeps an engine reads the marks, and forgets those it has read.

// maxMade is more than any deed writes, so that the places of the assets that it
// makes do not run into those of the next.
const maxMade = 1 << 20

var marks = &table[ent.StaleMark]{
	name: stalemark.Table, columns: stalemark.Columns[1:],
	types:  map[string]string{"bigint": "revision"},
	values: func(m *ent.StaleMark) []any { return []any{m.AssetID, m.Revision} },
}

var indexEntries = &table[ent.IndexEntry]{
	name: indexentry.Table, keys: 1, once: 1,
	columns: []string{indexentry.FieldAssetID, indexentry.FieldID, indexentry.FieldRevision, indexentry.FieldWords},
	types:   map[string]string{"bigint": "id revision"},
	values:  func(e *ent.IndexEntry) []any { return []any{e.AssetID, e.ID, e.Revision, val(e.Words)} },
}

// staleEdits are the entries of assets that a deed writes.
type staleEdits []*ent.IndexEntry

// entry is that of an asset which the deed writes. Its id counts only where the
// asset is new.
func (d *deed) entry(a *ent.Asset) *ent.IndexEntry {
	words := wordsOf(a)
	d.entries++
	return &ent.IndexEntry{ID: d.revision*maxMade + d.entries, AssetID: a.ID, Revision: d.revision, Words: &words}
}

// wordsOf is what an asset is searched by where no engine can be asked: the normal
// forms of its title, alternative titles and description, a line each.
func wordsOf(a *ent.Asset) string {
	lines := []string{search.Normalise(a.Title)}
	for _, title := range a.AlternativeTitles {
		lines = append(lines, search.Normalise(title))
	}
	return strings.Join(append(lines, search.Normalise(or(a.Description, ""))), "\n")
}

func (e *staleEdits) write(ctx context.Context, tx *ent.Tx) error {
	rows := make([]*ent.StaleMark, len(*e))
	for i, entry := range *e {
		rows[i] = &ent.StaleMark{AssetID: entry.AssetID, Revision: entry.Revision}
	}
	if err := indexEntries.put(ctx, tx, *e); err != nil {
		return err
	}
	return marks.put(ctx, tx, rows)
}

// staleLinked marks the assets that a table of links has beside one of the ids,
// however many they are, in two statements.
func (d *deed) staleLinked(ctx context.Context, l linkTable, ids []string) error {
	err := d.exec(ctx, func(b *sql.Builder) {
		b.WriteString("INSERT INTO " + stalemark.Table + " (asset_id, revision) SELECT DISTINCT asset_id, CAST(").Arg(d.revision).
			WriteString(" AS bigint) FROM " + l.name + " WHERE ").Join(collect.InP(l.column, ids))
	})
	if err != nil {
		return fmt.Errorf("mark what is linked: %w", err)
	}
	return d.moveEntries(ctx)
}

// markStale marks assets of which nothing but their ids is known to the deed, and
// perhaps are no more when it ends.
func (d *deed) markStale(ctx context.Context, ids []string) error {
	rows := make([]*ent.StaleMark, len(ids))
	for i, id := range ids {
		rows[i] = &ent.StaleMark{AssetID: id, Revision: d.revision}
	}
	if err := marks.put(ctx, d.tx, rows); err != nil {
		return err
	}
	return d.moveEntries(ctx)
}

// moveEntries gives the entries of all assets that the deed has marked its number.
func (d *deed) moveEntries(ctx context.Context) error {
	err := d.exec(ctx, func(b *sql.Builder) {
		b.WriteString("UPDATE " + indexentry.Table + " SET revision = ").Arg(d.revision).
			WriteString(" WHERE asset_id IN (SELECT asset_id FROM " + stalemark.Table + " WHERE revision = ").Arg(d.revision).WriteString(")")
	})
	if err != nil {
		return fmt.Errorf("move the entries of what is stale: %w", err)
	}
	return nil
}

// exec runs a statement that is written by hand.
func (d *deed) exec(ctx context.Context, write func(*sql.Builder)) error {
	query, args := byHand(d.tx.Client().Dialect(), write)
	_, err := d.tx.ExecContext(ctx, query, args...)
	return err
}

// byHand is a statement that is written by hand, with its arguments. (Ent's own way
// for it, DialectBuilder.Expr, forgets them.)
func byHand(dialect string, write func(*sql.Builder)) (query string, args []any) {
	b := &sql.Builder{}
	b.SetDialect(dialect)
	write(b)
	return b.Query()
}
