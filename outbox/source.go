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

// The catalog is what an index is kept level with.
var _ search.Source = (*Outbox)(nil)

// Stale lists up to limit marks, those of the earliest deeds first.
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

// State tells how many assets there are, how many of them wait for the index, and
// up to which revision none does, all of one moment.
func (c *Outbox) State(ctx context.Context) (s search.State, err error) {
	err = c.readRow(ctx, []any{&s.Assets, &s.Waiting, &s.Revision}, "SELECT (SELECT COUNT(*) FROM "+indexentry.Table+"), "+
		"(SELECT COUNT(DISTINCT asset_id) FROM "+stalemark.Table+"), "+
		"COALESCE((SELECT MIN(revision) FROM "+stalemark.Table+") - 1, revision) FROM library")
	if err != nil {
		return s, fmt.Errorf("read the state of the index: %w", err)
	}
	return s, nil
}

// Waits counts the assets that wait for the index, up to so many.
func (c *Outbox) Waits(ctx context.Context, most int64) (n int64, err error) {
	err = c.readRow(ctx, []any{&n}, "SELECT COUNT(*) FROM (SELECT DISTINCT asset_id FROM "+stalemark.Table+" LIMIT $1) AS waiting", most)
	if err != nil {
		return 0, fmt.Errorf("count what waits for the index: %w", err)
	}
	return n, nil
}

// Told is the revision up to which nothing waits for the index, and whether anything
// does. It reads the ends of two indexes, however much waits.
func (c *Outbox) Told(ctx context.Context) (revision int64, waiting bool, err error) {
	err = c.readRow(ctx, []any{&revision, &waiting}, "SELECT COALESCE(least - 1, revision), least IS NOT NULL "+
		"FROM library, (SELECT MIN(revision) AS least FROM "+stalemark.Table+") AS marks")
	if err != nil {
		return 0, false, fmt.Errorf("read up to where the index was told: %w", err)
	}
	return revision, waiting, nil
}

// readRow reads the one row of a statement.
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

// completed is how many rows are completed in one transaction.
const completed = 500

// Complete makes what assets and tags lack to be found: entries of the index, where
// no deed made the asset, and what is searched by where no engine can be asked,
// where they are older than the column it stands in. It may be called at any start:
// it looks, and where nothing is lacking it writes nothing.
func (c *Outbox) Complete(ctx context.Context) error {
	if err := c.completeEntries(ctx); err != nil {
		return fmt.Errorf("make entries of the index: %w", err)
	}
	if err := c.completeAssets(ctx); err != nil {
		return fmt.Errorf("make the words of assets: %w", err)
	}
	if err := c.completeTags(ctx); err != nil {
		return fmt.Errorf("make the words of tags: %w", err)
	}
	return nil
}

// completeEntries makes the entries that assets lack, in deeds of their own, so that
// their places are after all there are and before those of later deeds.
func (c *Outbox) completeEntries(ctx context.Context) error {
	lacking := func(s *sql.Selector) {
		b := sql.Dialect(s.Dialect())
		entries := b.Table(indexentry.Table).As("entries")
		s.Where(sql.NotExists(b.Select(entries.C(indexentry.FieldID)).From(entries).
			Where(sql.ColumnsEQ(entries.C(indexentry.FieldAssetID), s.C(asset.FieldID)))))
	}
	for after, more := "", true; more; {
		ids, err := c.DB.Asset.Query().Where(asset.IDGT(after), lacking).Order(asset.ByID()).Limit(completed).IDs(ctx)
		if err != nil {
			return err
		}
		if more = len(ids) == completed; len(ids) == 0 {
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

func (c *Outbox) completeAssets(ctx context.Context) error {
	for after, more := int64(-1), true; more; {
		entries, err := c.DB.IndexEntry.Query().Where(indexentry.WordsIsNil(), indexentry.IDGT(after)).
			Order(indexentry.ByID()).Limit(completed).Select(indexentry.FieldID, indexentry.FieldAssetID).All(ctx)
		if err != nil {
			return err
		}
		if more = len(entries) == completed; len(entries) == 0 {
			break
		}
		after = entries[len(entries)-1].ID
		ids := make([]string, len(entries))
		for i, entry := range entries {
			ids[i] = entry.AssetID
		}
		// As a deed, since others move words only in part, and so not those that are not made.
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
			if err := complete(ctx, d.Ent, indexentry.Table, indexentry.FieldAssetID, words); err != nil {
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

func (c *Outbox) completeTags(ctx context.Context) error {
	for after, more := "", true; more; {
		rows, err := c.DB.Tag.Query().Where(tag.WordsIsNil(), tag.IDGT(after)).Order(tag.ByID()).Limit(completed).All(ctx)
		if err != nil {
			return err
		}
		if more = len(rows) == completed; len(rows) == 0 {
			break
		}
		after = rows[len(rows)-1].ID
		words := make([]any, 0, 2*len(rows))
		for _, row := range rows {
			words = append(words, row.ID, search.Normalise(row.Name))
		}
		if err := c.Aside(ctx, func(tx *ent.Tx) error { return complete(ctx, tx, tag.Table, tag.FieldID, words) }); err != nil {
			return err
		}
	}
	return nil
}

// complete writes words into the rows of a table that have none, in one statement: of
// each first what tells its row, then its words. A deed that came between has written
// later ones, which stay.
func complete(ctx context.Context, tx *ent.Tx, table, key string, words []any) error {
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
