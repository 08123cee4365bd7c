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

// RebuildRequests are the requests to rebuild one engine.
type RebuildRequests struct {
	outbox *Outbox
	engine string
}

var _ search.RebuildRequests = (*RebuildRequests)(nil)

// Rebuilds returns the requests for an engine, by its identity.
func (c *Outbox) Rebuilds(engine string) *RebuildRequests { return &RebuildRequests{c, engine} }

// RebuildStatus is the progress of a rebuild.
type RebuildStatus struct {
	// Done is how many assets it has of Total, which is 0 until it began.
	Done, Total int64
	Finished    bool
	// Failure is why it was abandoned, a sentence; empty where it was not.
	Failure string
}

// Create requests a rebuild from whoever keeps the engine, and returns the number of the
// request. Old finished ones are deleted.
func (b *RebuildRequests) Create(ctx context.Context) (id int64, err error) {
	err = b.outbox.Aside(ctx, func(tx *ent.Tx) error {
		row, err := tx.IndexBuild.Create().SetEngine(b.engine).SetDone(0).SetTotal(0).SetFinished(false).Save(ctx)
		if err != nil {
			return err
		}
		id = row.ID
		_, err = tx.IndexBuild.Delete().Where(indexbuild.IDLT(id-maxRequests), indexbuild.Finished(true)).Exec(ctx)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("request a rebuild of the index: %w", err)
	}
	return id, nil
}

// maxRequests is how many requests are kept, so that callers can read how they ended.
const maxRequests = 100

// Status returns the progress of a request.
func (b *RebuildRequests) Status(ctx context.Context, id int64) (RebuildStatus, error) {
	row, err := b.outbox.DB.IndexBuild.Get(ctx, id)
	if err != nil {
		return RebuildStatus{}, fmt.Errorf("read the progress of the rebuild: %w", err)
	}
	return RebuildStatus{Done: row.Done, Total: row.Total, Finished: row.Finished, Failure: change.ValueOr(row.Failure, "")}, nil
}

// Latest is the number of the last unfinished request; 0 for none.
func (b *RebuildRequests) Latest(ctx context.Context) (int64, error) {
	id, err := b.outbox.DB.IndexBuild.Query().Where(indexbuild.Finished(false), indexbuild.Engine(b.engine)).Order(indexbuild.ByID(sql.OrderDesc())).FirstID(ctx)
	if ent.IsNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the requests to rebuild the index: %w", err)
	}
	return id, nil
}

// Progress records the progress of the build for a request and those before it.
func (b *RebuildRequests) Progress(ctx context.Context, id, done, total int64) error {
	err := b.outbox.Aside(ctx, func(tx *ent.Tx) error {
		return tx.IndexBuild.Update().Where(indexbuild.IDLTE(id), indexbuild.Finished(false), indexbuild.Engine(b.engine)).SetDone(done).SetTotal(total).Exec(ctx)
	})
	if err != nil {
		return fmt.Errorf("record the progress of the rebuild: %w", err)
	}
	return nil
}

// Finish ends a request and those before it, with why it failed, or empty.
func (b *RebuildRequests) Finish(ctx context.Context, id int64, failure string) error {
	err := b.outbox.Aside(ctx, func(tx *ent.Tx) error {
		end := tx.IndexBuild.Update().Where(indexbuild.IDLTE(id), indexbuild.Finished(false), indexbuild.Engine(b.engine)).SetFinished(true)
		if failure != "" {
			end.SetFailure(failure)
		}
		return end.Exec(ctx)
	})
	if err != nil {
		return fmt.Errorf("end the rebuild: %w", err)
	}
	return nil
}
