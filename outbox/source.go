package outbox

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/collect"
	"vodgraph/ent/indexentry"
	"vodgraph/ent/stalemark"
	"vodgraph/ent/tag"
	"vodgraph/search"
)

var _ search.Source = (*Outbox)(nil)

// Stale lists up to limit marks, those of the earliest transactions first.
func (c *Outbox) Stale(ctx context.Context, limit int) ([]search.StaleMark, error) {
	rows, err := c.DB.StaleMark.Query().Order(stalemark.ByRevision(), stalemark.ByID()).Limit(limit).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what is stale: %w", err)
	}
	list := make([]search.StaleMark, len(rows))
	for i, row := range rows {
		list[i] = search.StaleMark{ID: row.ID, Asset: row.AssetID, Revision: row.Revision}
	}
	return list, nil
}

// Forget removes just these marks.
func (c *Outbox) Forget(ctx context.Context, marks []search.StaleMark) error {
	err := c.Aside(ctx, func(tx *ent.Tx) error {
		for len(marks) > 0 {
			n := min(change.Batch, len(marks))
			ids := make([]int64, n)
			for i, mark := range marks[:n] {
				ids[i] = mark.ID
			}
			if _, err := tx.StaleMark.Delete().Where(stalemark.IDIn(ids...)).Exec(ctx); err != nil {
				return err
			}
			marks = marks[n:]
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forget what was stale: %w", err)
	}
	return nil
}

// Revisions lists the ids of up to limit assets after one, by id, with the
// revisions that an index is to have. Ids are letters and digits of one form, so
// that they have one order everywhere.
func (c *Outbox) Revisions(ctx context.Context, after string, limit int) ([]search.Revision, error) {
	rows, err := c.DB.IndexEntry.Query().Where(indexentry.AssetIDGT(after)).Order(indexentry.ByAssetID()).Limit(limit).
		Select(indexentry.FieldAssetID, indexentry.FieldRevision).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the revisions of the index: %w", err)
	}
	list := make([]search.Revision, len(rows))
	for i, row := range rows {
		list[i] = search.Revision{ID: row.AssetID, Revision: row.Revision}
	}
	return list, nil
}

// State counts the assets and those pending for the index, and returns the revision up
// to which none is, all of one moment.
func (c *Outbox) State(ctx context.Context) (s search.State, err error) {
	err = c.readRow(ctx, []any{&s.Assets, &s.Pending, &s.Revision}, "SELECT (SELECT COUNT(*) FROM "+indexentry.Table+"), "+
		"(SELECT COUNT(DISTINCT asset_id) FROM "+stalemark.Table+"), "+
		"COALESCE((SELECT MIN(revision) FROM "+stalemark.Table+") - 1, revision) FROM library")
	if err != nil {
		return s, fmt.Errorf("read the state of the index: %w", err)
	}
	return s, nil
}

// PendingCount counts the assets pending for the index, up to limit.
func (c *Outbox) PendingCount(ctx context.Context, limit int64) (n int64, err error) {
	err = c.readRow(ctx, []any{&n}, "SELECT COUNT(*) FROM (SELECT DISTINCT asset_id FROM "+stalemark.Table+" LIMIT $1) AS pending", limit)
	if err != nil {
		return 0, fmt.Errorf("count what is pending for the index: %w", err)
	}
	return n, nil
}

// SyncedRevision returns the revision up to which nothing is pending for the index, and
// whether anything is. It reads the ends of two indexes, however much is pending.
func (c *Outbox) SyncedRevision(ctx context.Context) (revision int64, pending bool, err error) {
	err = c.readRow(ctx, []any{&revision, &pending}, "SELECT COALESCE(oldest - 1, revision), oldest IS NOT NULL "+
		"FROM library, (SELECT MIN(revision) AS oldest FROM "+stalemark.Table+") AS marks")
	if err != nil {
		return 0, false, fmt.Errorf("read the synced revision of the index: %w", err)
	}
	return revision, pending, nil
}

func (c *Outbox) readRow(ctx context.Context, into []any, query string, args ...any) error {
	rows, err := c.DB.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}

const backfillBatch = 500

// Backfill makes what assets and tags lack to be found: entries of the index for assets
// written past the catalog, and the words that the database searches by, for rows older
// than their column. Call it at any start: where nothing is lacking it writes nothing.
func (c *Outbox) Backfill(ctx context.Context) error {
	if err := c.backfillEntries(ctx); err != nil {
		return fmt.Errorf("backfill entries of the index: %w", err)
	}
	if err := c.backfillAssetWords(ctx); err != nil {
		return fmt.Errorf("backfill the words of assets: %w", err)
	}
	if err := c.backfillTagWords(ctx); err != nil {
		return fmt.Errorf("backfill the words of tags: %w", err)
	}
	return nil
}

// backfillEntries uses transactions of their own, so that the entries are ordered after
// existing ones and before those of later transactions.
func (c *Outbox) backfillEntries(ctx context.Context) error {
	lacking := func(s *sql.Selector) {
		b := sql.Dialect(s.Dialect())
		entries := b.Table(indexentry.Table).As("entries")
		s.Where(sql.NotExists(b.Select(entries.C(indexentry.FieldID)).From(entries).
			Where(sql.ColumnsEQ(entries.C(indexentry.FieldAssetID), s.C(asset.FieldID)))))
	}
	for after, more := "", true; more; {
		ids, err := c.DB.Asset.Query().Where(asset.IDGT(after), lacking).Order(asset.ByID()).Limit(backfillBatch).IDs(ctx)
		if err != nil {
			return err
		}
		if more = len(ids) == backfillBatch; len(ids) == 0 {
			break
		}
		after = ids[len(ids)-1]
		_, err = c.Do(ctx, func(d *change.Tx) error {
			rows, err := d.Ent.Asset.Query().Where(collect.In[string](asset.FieldID, ids), lacking).Order(asset.ByID()).All(ctx)
			if err != nil {
				return err
			}
			if len(rows) == 0 { // they are gone, or another has done it
				return change.ErrUnchanged
			}
			made := change.StaleEdits{Revision: d.Revision}
			for _, row := range rows {
				made.Made = append(made.Made, d.IndexEntry(row))
			}
			return made.Write(ctx, d.Ent)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Outbox) backfillAssetWords(ctx context.Context) error {
	for after, more := int64(-1), true; more; {
		entries, err := c.DB.IndexEntry.Query().Where(indexentry.WordsIsNil(), indexentry.IDGT(after)).
			Order(indexentry.ByID()).Limit(backfillBatch).Select(indexentry.FieldID, indexentry.FieldAssetID).All(ctx)
		if err != nil {
			return err
		}
		if more = len(entries) == backfillBatch; len(entries) == 0 {
			break
		}
		after = entries[len(entries)-1].ID
		ids := make([]string, len(entries))
		for i, entry := range entries {
			ids[i] = entry.AssetID
		}
		// In a transaction of its own kind: others update words in part, which needs them made.
		_, err = c.Do(ctx, func(d *change.Tx) error {
			rows, err := d.Ent.Asset.Query().Where(collect.In[string](asset.FieldID, ids)).
				Select(asset.FieldID, asset.FieldTitle, asset.FieldAlternativeTitles, asset.FieldDescription).All(ctx)
			if err != nil {
				return err
			}
			words := make([]any, 0, 2*len(rows))
			for _, row := range rows {
				words = append(words, row.ID, change.WordsOf(row))
			}
			if err := fillWords(ctx, d.Ent, indexentry.Table, indexentry.FieldAssetID, words); err != nil {
				return err
			}
			return d.ReleaseRevision(ctx)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Outbox) backfillTagWords(ctx context.Context) error {
	for after, more := "", true; more; {
		rows, err := c.DB.Tag.Query().Where(tag.WordsIsNil(), tag.IDGT(after)).Order(tag.ByID()).Limit(backfillBatch).All(ctx)
		if err != nil {
			return err
		}
		if more = len(rows) == backfillBatch; len(rows) == 0 {
			break
		}
		after = rows[len(rows)-1].ID
		words := make([]any, 0, 2*len(rows))
		for _, row := range rows {
			words = append(words, row.ID, search.Normalise(row.Name))
		}
		if err := c.Aside(ctx, func(tx *ent.Tx) error { return fillWords(ctx, tx, tag.Table, tag.FieldID, words) }); err != nil {
			return err
		}
	}
	return nil
}

// fillWords sets the words of rows that have none, in one statement. words has key and
// words in turn. Words that a transaction wrote meanwhile stay.
func fillWords(ctx context.Context, tx *ent.Tx, table, key string, words []any) error {
	if len(words) == 0 {
		return nil
	}
	query, args := change.ByHand(tx.Client().Dialect(), func(b *sql.Builder) {
		b.WriteString("UPDATE " + table + " SET words = made.column2 FROM (VALUES ")
		for i := 0; i < len(words); i += 2 {
			if i > 0 {
				b.Comma()
			}
			b.WriteByte('(').Args(words[i : i+2]...).WriteByte(')')
		}
		b.WriteString(") AS made WHERE " + table + "." + key + " = made.column1 AND " + table + ".words IS NULL")
	})
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}
