package bulk

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/bulkoperation"
)

// An operation is done by one holder at a time, who holds it again and again. What a
// holder that died has left is free when its time is over.

// HoldOperation takes an operation that waits, or that its holder has left, the one
// that is named or, where that is empty, the oldest, and returns its id; empty where
// there is none. It is held for some time, by change.Library.LeaseTime. What the holder
// has already is taken again.
func (c *Catalog) HoldOperation(ctx context.Context, only, holder string, lasts time.Duration) (id string, err error) {
	err = c.Aside(ctx, func(tx *ent.Tx) error {
		free := bulkoperation.And(bulkoperation.Complete(true),
			bulkoperation.Or(c.leaseExpired, bulkoperation.Holder(holder)))
		if only != "" {
			free = bulkoperation.And(bulkoperation.ID(only), free)
		}
		row, err := tx.BulkOperation.Query().Where(bulkoperation.StatusIn(change.Running...), free).
			Order(bulkoperation.ByCreatedAt(), bulkoperation.ByID()).First(ctx)
		if ent.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		update := tx.BulkOperation.Update().Where(bulkoperation.ID(row.ID), bulkoperation.StatusIn(change.Running...), free).
			SetHolder(holder).SetStatus(bulkoperation.StatusRUNNING).Modify(c.leaseFor(lasts))
		if row.StartedAt == nil {
			update.SetStartedAt(change.Timestamp(c.Options.Now()))
		}
		n, err := update.Save(ctx)
		if n > 0 {
			id = row.ID
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("take an operation: %w", err)
	}
	return id, nil
}

// KeepOperation holds an operation for longer, and reports whether the holder still had
// it and it is not over.
func (c *Catalog) KeepOperation(ctx context.Context, id, holder string, lasts time.Duration) (kept bool, err error) {
	err = c.Aside(ctx, func(tx *ent.Tx) error {
		n, err := tx.BulkOperation.Update().
			Where(bulkoperation.ID(id), bulkoperation.Holder(holder), bulkoperation.StatusEQ(bulkoperation.StatusRUNNING)).
			Modify(c.leaseFor(lasts)).Save(ctx)
		kept = n > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("keep an operation: %w", err)
	}
	return kept, nil
}

func (c *Catalog) leaseExpired(s *sql.Selector) {
	s.Where(sql.P(func(b *sql.Builder) {
		b.WriteString(s.C(bulkoperation.FieldHeldUntil) + " <= ")
		c.LeaseTime(b)
	}))
}

// leaseFor sets the end of the lease, counted from now.
func (c *Catalog) leaseFor(lasts time.Duration) func(*sql.UpdateBuilder) {
	return func(u *sql.UpdateBuilder) {
		u.Set(bulkoperation.FieldHeldUntil, sql.ExprFunc(func(b *sql.Builder) {
			c.LeaseTime(b)
			b.WriteString(" + ").Arg(lasts.Milliseconds())
		}))
	}
}

// FailOperation gives an operation up, and says why: in a sentence, or with a reference
// for the log. What it has done stays.
func (c *Catalog) FailOperation(ctx context.Context, id, why string) error {
	return c.cut(ctx, id, bulkoperation.StatusFAILED, &why)
}
