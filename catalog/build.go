package catalog

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/indexbuild"
	"vodgraph/search"
)

// The catalog keeps the wishes to have the index built anew.
var _ search.Builds = (*Catalog)(nil)

// Build is how far the index is that is being built anew.
type Build struct {
	// Done is how many assets it has of Total; that is 0 until it is begun.
	Done, Total int64
	Finished    bool
	// Failure is why it was given up, a sentence; empty where it was not.
	Failure string
}

// AskBuild asks whoever keeps the index to build it anew, and returns the number
// of the wish.
func (c *Catalog) AskBuild(ctx context.Context) (id int64, err error) {
	err = c.aside(ctx, func(tx *ent.Tx) error {
		row, err := tx.IndexBuild.Create().SetDone(0).SetTotal(0).SetFinished(false).Save(ctx)
		if err == nil {
			id = row.ID
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("ask for an index: %w", err)
	}
	return id, nil
}

// Build tells what became of a wish.
func (c *Catalog) Build(ctx context.Context, id int64) (Build, error) {
	row, err := c.db.IndexBuild.Get(ctx, id)
	if err != nil {
		return Build{}, fmt.Errorf("look at the index that is built: %w", err)
	}
	return Build{Done: row.Done, Total: row.Total, Finished: row.Finished, Failure: or(row.Failure, "")}, nil
}

// Wanted is the number of the last wish that is not finished; 0 for none.
func (c *Catalog) Wanted(ctx context.Context) (int64, error) {
	id, err := c.db.IndexBuild.Query().Where(indexbuild.Finished(false)).Order(indexbuild.ByID(sql.OrderDesc())).FirstID(ctx)
	if ent.IsNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("see whether an index is wanted: %w", err)
	}
	return id, nil
}

// Progress tells how far the build is that fulfils a wish, and those before it.
func (c *Catalog) Progress(ctx context.Context, id, done, total int64) error {
	err := c.aside(ctx, func(tx *ent.Tx) error {
		return tx.IndexBuild.Update().Where(indexbuild.IDLTE(id), indexbuild.Finished(false)).SetDone(done).SetTotal(total).Exec(ctx)
	})
	if err != nil {
		return fmt.Errorf("tell how far the index is: %w", err)
	}
	return nil
}

// Finish ends a wish and those before it, with why it was given up, or empty.
func (c *Catalog) Finish(ctx context.Context, id int64, failure string) error {
	err := c.aside(ctx, func(tx *ent.Tx) error {
		end := tx.IndexBuild.Update().Where(indexbuild.IDLTE(id), indexbuild.Finished(false)).SetFinished(true)
		if failure != "" {
			end.SetFailure(failure)
		}
		return end.Exec(ctx)
	})
	if err != nil {
		return fmt.Errorf("end the build of an index: %w", err)
	}
	return nil
}
