package outbox

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/indexbuild"
	"vodgraph/search"
)

// Builds are the wishes to have an engine built anew.
type Builds struct {
	catalog *Outbox
	engine  string
}

var _ search.Builds = (*Builds)(nil)

// Builds are those of an engine, which is told from others by its name.
func (c *Outbox) Builds(engine string) *Builds { return &Builds{c, engine} }

// Build is how far the index is that is being built anew.
type Build struct {
	// Done is how many assets it has of Total; that is 0 until it is begun.
	Done, Total int64
	Finished    bool
	// Failure is why it was given up, a sentence; empty where it was not.
	Failure string
}

// Ask asks whoever keeps the engine to build it anew, and returns the number of the
// wish. Those that were over long before are forgotten.
func (b *Builds) Ask(ctx context.Context) (id int64, err error) {
	err = b.catalog.Aside(ctx, func(tx *ent.Tx) error {
		row, err := tx.IndexBuild.Create().SetEngine(b.engine).SetDone(0).SetTotal(0).SetFinished(false).Save(ctx)
		if err != nil {
			return err
		}
		id = row.ID
		_, err = tx.IndexBuild.Delete().Where(indexbuild.IDLT(id-keptBuilds), indexbuild.Finished(true)).Exec(ctx)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("ask for an index: %w", err)
	}
	return id, nil
}

// keptBuilds is how many wishes are kept, so that those who asked see how they ended.
const keptBuilds = 100

// Build tells what became of a wish.
func (b *Builds) Build(ctx context.Context, id int64) (Build, error) {
	row, err := b.catalog.DB.IndexBuild.Get(ctx, id)
	if err != nil {
		return Build{}, fmt.Errorf("look at the index that is built: %w", err)
	}
	return Build{Done: row.Done, Total: row.Total, Finished: row.Finished, Failure: change.ValueOr(row.Failure, "")}, nil
}

// Wanted is the number of the last wish that is not finished; 0 for none.
func (b *Builds) Wanted(ctx context.Context) (int64, error) {
	id, err := b.catalog.DB.IndexBuild.Query().Where(indexbuild.Finished(false), indexbuild.Engine(b.engine)).Order(indexbuild.ByID(sql.OrderDesc())).FirstID(ctx)
	if ent.IsNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("see whether an index is wanted: %w", err)
	}
	return id, nil
}

// Progress tells how far the build is that fulfils a wish, and those before it.
func (b *Builds) Progress(ctx context.Context, id, done, total int64) error {
	err := b.catalog.Aside(ctx, func(tx *ent.Tx) error {
		return tx.IndexBuild.Update().Where(indexbuild.IDLTE(id), indexbuild.Finished(false), indexbuild.Engine(b.engine)).SetDone(done).SetTotal(total).Exec(ctx)
	})
	if err != nil {
		return fmt.Errorf("tell how far the index is: %w", err)
	}
	return nil
}

// Finish ends a wish and those before it, with why it was given up, or empty.
func (b *Builds) Finish(ctx context.Context, id int64, failure string) error {
	err := b.catalog.Aside(ctx, func(tx *ent.Tx) error {
		end := tx.IndexBuild.Update().Where(indexbuild.IDLTE(id), indexbuild.Finished(false), indexbuild.Engine(b.engine)).SetFinished(true)
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
