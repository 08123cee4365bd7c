package bulk

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"vodgraph/change"
	"vodgraph/ent/bulkoperation"
	"vodgraph/outbox"
)

func (c *Catalog) lease(holder string, lasts time.Duration) *outbox.Lease {
	return &outbox.Lease{Library: c.Library, Table: bulkoperation.Table, Until: bulkoperation.FieldHeldUntil, Holder: holder, Duration: lasts}
}

// ClaimOperation claims for a worker an operation that waits, or that its worker has left, the one
// that is named or, where that is empty, the oldest, and returns its id; empty where
// there is none. What the worker has already is claimed again.
func (c *Catalog) ClaimOperation(ctx context.Context, only, holder string, lasts time.Duration) (id string, err error) {
	l := c.lease(holder, lasts)
	free := sql.And(sql.EQ(bulkoperation.FieldFileComplete, true), sql.In(bulkoperation.FieldStatus, bulkoperation.StatusQUEUED, bulkoperation.StatusRUNNING), l.Free())
	if only != "" {
		free = sql.And(sql.EQ(bulkoperation.FieldID, only), free)
	}
	oldest := sql.Dialect(c.DB.Dialect()).Select(bulkoperation.FieldID).From(sql.Table(bulkoperation.Table)).Where(free).
		OrderBy(bulkoperation.FieldCreatedAt, bulkoperation.FieldID).Limit(1)
	id, err = l.Claim(ctx, sql.And(sql.In(bulkoperation.FieldID, oldest), free), func(u *sql.UpdateBuilder) {
		u.Set(bulkoperation.FieldStatus, bulkoperation.StatusRUNNING)
		u.Set(bulkoperation.FieldStartedAt, sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("COALESCE(started_at, ").Arg(change.Timestamp(c.Options.Now())).WriteString(")")
		}))
	})
	if err != nil {
		return "", fmt.Errorf("claim an operation: %w", err)
	}
	return id, nil
}

// Heartbeat renews the lease on an operation, and reports whether the worker still has it and the
// operation is not over.
func (c *Catalog) Heartbeat(ctx context.Context, id, holder string, lasts time.Duration) (bool, error) {
	has, err := c.lease(holder, lasts).Heartbeat(ctx, sql.And(sql.EQ(bulkoperation.FieldID, id), sql.EQ(bulkoperation.FieldStatus, bulkoperation.StatusRUNNING)))
	if err != nil {
		return false, fmt.Errorf("renew the lease on an operation: %w", err)
	}
	return has, nil
}

// FailOperation gives an operation up, and says why: in a sentence, or with a reference
// for the log. What it has done stays.
func (c *Catalog) FailOperation(ctx context.Context, id, why string) error {
	return c.cut(ctx, id, bulkoperation.StatusFAILED, &why)
}
