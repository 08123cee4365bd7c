package change

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/collect"
	"vodgraph/ent/indexentry"
	"vodgraph/ent/stalemark"
	"vodgraph/search"
)

// A transaction marks the assets that are found by something else from now on: each gets
// a mark with the transaction's number, and its entry of the index takes that number.
// Whoever keeps an engine reads the marks, and forgets those it has read.

// maxMade is more than any transaction writes, so that the places of the assets that it
// makes do not run into those of the next.
const maxMade = 1 << 20

var marks = &Table[ent.StaleMark]{
	Name: stalemark.Table, Columns: stalemark.Columns[1:],
	Shared: "revision",
	Values: func(m *ent.StaleMark) []any { return []any{m.AssetID, m.Revision} },
}

var indexEntries = &Table[ent.IndexEntry]{
	Name: indexentry.Table, keys: 1, once: 1,
	Columns: []string{indexentry.FieldAssetID, indexentry.FieldID, indexentry.FieldRevision, indexentry.FieldWords},
	Shared:  "revision",
	Values:  func(e *ent.IndexEntry) []any { return []any{e.AssetID, e.ID, e.Revision, Deref(e.Words)} },
}

// StaleEdits are the entries of the index that a transaction writes: those of new assets, and
// what becomes of others.
type StaleEdits struct {
	Revision int64
	Made     []*ent.IndexEntry
	moved    []movedEntry
}

// movedEntry is an entry that stands, of an asset that is found by other words, or by
// something else. A part of its words that is nil stays as it is: to make them takes
// long.
type movedEntry struct {
	assetID     string
	title, rest *string // the first line of the words, and what follows it
}

// move adds the entry of an asset that was there before.
func (e *StaleEdits) move(old, next *ent.Asset) {
	moved := movedEntry{assetID: next.ID}
	if old.Title != next.Title {
		title := search.Normalise(next.Title)
		moved.title = &title
	}
	if !slices.Equal(old.AlternativeTitles, next.AlternativeTitles) || Deref(old.Description) != Deref(next.Description) {
		rest := wordsBelow(next)
		moved.rest = &rest
	}
	e.moved = append(e.moved, moved)
}

// IndexEntry is that of an asset which the transaction writes. Its id counts only where the
// asset is new.
func (d *Tx) IndexEntry(a *ent.Asset) *ent.IndexEntry {
	words := WordsOf(a)
	d.IndexEntries++
	return &ent.IndexEntry{ID: d.Revision*maxMade + d.IndexEntries, AssetID: a.ID, Revision: d.Revision, Words: &words}
}

// WordsOf is what an asset is searched by where no engine can be asked: the normal
// forms of its title, alternative titles and description, a line each.
func WordsOf(a *ent.Asset) string {
	return search.Normalise(a.Title) + wordsBelow(a)
}

// wordsBelow are the words without those of the title, each line with its beginning.
func wordsBelow(a *ent.Asset) string {
	var lines strings.Builder
	for _, title := range a.AlternativeTitles {
		lines.WriteString("\n" + search.Normalise(title))
	}
	return lines.String() + "\n" + search.Normalise(ValueOr(a.Description, ""))
}

// Write writes the entries, and the marks by which the index learns of their assets.
func (e *StaleEdits) Write(ctx context.Context, tx *ent.Tx) error {
	rows := make([]*ent.StaleMark, 0, len(e.Made)+len(e.moved))
	for _, entry := range e.Made {
		rows = append(rows, &ent.StaleMark{AssetID: entry.AssetID, Revision: e.Revision})
	}
	for _, entry := range e.moved {
		rows = append(rows, &ent.StaleMark{AssetID: entry.assetID, Revision: e.Revision})
	}
	if err := indexEntries.Put(ctx, tx, e.Made); err != nil {
		return err
	}
	if err := e.writeMoved(ctx, tx); err != nil {
		return err
	}
	return marks.Put(ctx, tx, rows)
}

var movedEntries = &Table[movedEntry]{
	Columns: []string{"id", "title", "rest"}, Shared: "title rest",
	Values: func(e *movedEntry) []any { return []any{e.assetID, Deref(e.title), Deref(e.rest)} },
}

// writeMoved gives the entries that stand the transaction's number, and their words. Words that
// were never made stay so: Complete makes all of them.
func (e *StaleEdits) writeMoved(ctx context.Context, tx *ent.Tx) error {
	line := "strpos(words, chr(10))"
	if tx.Client().Dialect() != dialect.Postgres {
		line = "instr(words, char(10))"
	}
	words := ", words = COALESCE(n.title, substr(words, 1, " + line + " - 1)) || COALESCE(n.rest, substr(words, " + line + "))"
	if !slices.ContainsFunc(e.moved, func(one movedEntry) bool { return one.title != nil || one.rest != nil }) {
		words = ""
	}
	for some := range slices.Chunk(e.moved, Batch/len(movedEntries.Columns)) {
		values := make([][]any, len(some))
		for i := range some {
			values[i] = movedEntries.Values(&some[i])
		}
		err := movedEntries.exec(ctx, tx, func(b *sql.Builder) {
			b.WriteString("WITH n (").IdentComma(movedEntries.Columns...).WriteString(") AS (")
			movedEntries.rows(b, movedEntries.Columns, values)
			b.WriteString(") UPDATE " + indexentry.Table + " SET revision = ").Arg(e.Revision).
				WriteString(words + " FROM n WHERE " + indexentry.Table + ".asset_id = n.id")
		})
		if err != nil {
			return fmt.Errorf("move %s: %w", indexentry.Table, err)
		}
	}
	return nil
}

// StaleLinked marks the assets that a table of links has beside one of the ids,
// however many they are, in two statements.
func (d *Tx) StaleLinked(ctx context.Context, l LinkTable, ids []string) error {
	err := d.exec(ctx, func(b *sql.Builder) {
		b.WriteString("INSERT INTO " + stalemark.Table + " (asset_id, revision) SELECT DISTINCT asset_id, CAST(").Arg(d.Revision).
			WriteString(" AS bigint) FROM " + l.Name + " WHERE ").Join(collect.InP(l.Column, ids))
	})
	if err != nil {
		return fmt.Errorf("mark what is linked: %w", err)
	}
	return d.moveEntries(ctx)
}

// MarkStale marks assets of which nothing but their ids is known to the transaction, and
// perhaps are no more when it ends.
func (d *Tx) MarkStale(ctx context.Context, ids []string) error {
	rows := make([]*ent.StaleMark, len(ids))
	for i, id := range ids {
		rows[i] = &ent.StaleMark{AssetID: id, Revision: d.Revision}
	}
	if err := marks.Put(ctx, d.Ent, rows); err != nil {
		return err
	}
	return d.moveEntries(ctx)
}

// moveEntries gives the entries of all assets that the transaction has marked its number.
func (d *Tx) moveEntries(ctx context.Context) error {
	err := d.exec(ctx, func(b *sql.Builder) {
		b.WriteString("UPDATE " + indexentry.Table + " SET revision = ").Arg(d.Revision).
			WriteString(" WHERE asset_id IN (SELECT asset_id FROM " + stalemark.Table + " WHERE revision = ").Arg(d.Revision).WriteString(")")
	})
	if err != nil {
		return fmt.Errorf("move the entries of what is stale: %w", err)
	}
	return nil
}

func (d *Tx) exec(ctx context.Context, write func(*sql.Builder)) error {
	query, args := ByHand(d.Ent.Client().Dialect(), write)
	_, err := d.Ent.ExecContext(ctx, query, args...)
	return err
}
