package catalog

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/collect"
	"vodgraph/ent/indexentry"
	"vodgraph/ent/stalemark"
	"vodgraph/search"
)

// The catalog is what an index is kept level with.
var (
	_ search.Source = (*Catalog)(nil)
	_ search.Waiter = (*Catalog)(nil)
)

// Stale lists up to limit marks, those of the earliest deeds first.
func (c *Catalog) Stale(ctx context.Context, limit int) ([]search.StaleMark, error) {
	rows, err := c.db.StaleMark.Query().Order(stalemark.ByRevision(), stalemark.ByID()).Limit(limit).All(ctx)
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
func (c *Catalog) Forget(ctx context.Context, marks []search.StaleMark) error {
	err := c.aside(ctx, func(tx *ent.Tx) error {
		for len(marks) > 0 {
			n := min(batch, len(marks))
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
func (c *Catalog) Revisions(ctx context.Context, after string, limit int) ([]search.Revision, error) {
	rows, err := c.db.IndexEntry.Query().Where(indexentry.AssetIDGT(after)).Order(indexentry.ByAssetID()).Limit(limit).
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
func (c *Catalog) State(ctx context.Context) (s search.State, err error) {
	rows, err := c.db.QueryContext(ctx, "SELECT (SELECT COUNT(*) FROM "+indexentry.Table+"), "+
		"(SELECT COUNT(DISTINCT asset_id) FROM "+stalemark.Table+"), "+
		"COALESCE((SELECT MIN(revision) FROM "+stalemark.Table+") - 1, revision) FROM library")
	if err == nil {
		defer rows.Close()
		if rows.Next() {
			err = rows.Scan(&s.Assets, &s.Waiting, &s.Revision)
		}
		if err == nil {
			err = rows.Err()
		}
	}
	if err != nil {
		return s, fmt.Errorf("read the state of the index: %w", err)
	}
	return s, nil
}

// Waits counts the assets that wait for the index, up to so many.
func (c *Catalog) Waits(ctx context.Context, most int64) (n int64, err error) {
	rows, err := c.db.QueryContext(ctx, "SELECT COUNT(*) FROM (SELECT DISTINCT asset_id FROM "+stalemark.Table+" LIMIT $1) AS waiting", most)
	if err == nil {
		defer rows.Close()
		if rows.Next() {
			err = rows.Scan(&n)
		}
		if err == nil {
			err = rows.Err()
		}
	}
	if err != nil {
		return 0, fmt.Errorf("count what waits for the index: %w", err)
	}
	return n, nil
}

// completed is how many rows are completed in one transaction.
const completed = 500

// Complete makes what is searched by where no engine can be asked, for assets and
// tags that are older than the columns it stands in. It may be called at any start.
func (c *Catalog) Complete(ctx context.Context) error {
	for after, more := int64(-1), true; more; {
		rows, err := c.db.IndexEntry.Query().Where(indexentry.WordsIsNil(), indexentry.IDGT(after)).
			Order(indexentry.ByID()).Limit(completed).All(ctx)
		if err != nil {
			return fmt.Errorf("find what has no words: %w", err)
		}
		more = len(rows) == completed
		if len(rows) == 0 {
			break
		}
		after = rows[len(rows)-1].ID
		if err := c.aside(ctx, func(tx *ent.Tx) error { return complete(ctx, tx, rows) }); err != nil {
			return fmt.Errorf("make the words of assets: %w", err)
		}
	}
	return c.aside(ctx, func(tx *ent.Tx) error {
		rows, err := tx.Tag.Query().Where(func(s *sql.Selector) { s.Where(sql.IsNull(s.C("words"))) }).All(ctx)
		for _, row := range rows {
			if err == nil {
				err = tx.Tag.UpdateOne(row).SetWords(search.Normalise(row.Name)).Exec(ctx)
			}
		}
		if err != nil {
			return fmt.Errorf("make the words of tags: %w", err)
		}
		return nil
	})
}

// complete writes the words of entries that have none.
func complete(ctx context.Context, tx *ent.Tx, entries []*ent.IndexEntry) error {
	ids := make([]string, len(entries))
	for i, entry := range entries {
		ids[i] = entry.AssetID
	}
	rows, err := tx.Asset.Query().Where(collect.In[string]("id", ids)).All(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		// A deed that came between has written later words than these.
		err := tx.IndexEntry.Update().Where(indexentry.AssetID(row.ID), indexentry.WordsIsNil()).SetWords(wordsOf(row)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}
