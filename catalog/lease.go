package catalog

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/ent"
	"vodgraph/ent/lease"
)

// Lease is the right to do something that one process alone may do at a time,
// over all that have the library open. It ends by itself unless it is taken
// again, so a process that died leaves it to others.
type Lease struct {
	catalog      *Catalog
	what, holder string
	lasts        time.Duration
}

// Lease is the lease on what is done, for a holder that no other process is, to
// be taken for some time at once. On Postgres that time is measured by the clock
// of the database, and else by that of the catalog.
func (c *Catalog) Lease(what, holder string, lasts time.Duration) *Lease {
	return &Lease{catalog: c, what: what, holder: holder, lasts: lasts}
}

// Take takes the lease, or takes it again, and tells whether the holder has it.
func (l *Lease) Take(ctx context.Context) (bool, error) { return l.take(ctx, false) }

// Seize takes the lease whoever has it. It is for one who knows by other means
// that nobody does what it is for.
func (l *Lease) Seize(ctx context.Context) error {
	_, err := l.take(ctx, true)
	return err
}

func (l *Lease) take(ctx context.Context, anyway bool) (taken bool, err error) {
	now := func(b *sql.Builder) {
		if b.Dialect() == dialect.Postgres {
			b.WriteString("CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")
			return
		}
		b.Arg(l.catalog.opts.Now().UnixMilli())
	}
	write := func(b *sql.Builder) {
		b.WriteString("INSERT INTO "+lease.Table+" (id, holder, until) VALUES (").Args(l.what, l.holder).Comma()
		now(b)
		b.WriteString(" + ").Arg(l.lasts.Milliseconds()).
			WriteString(") ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, until = excluded.until")
		if !anyway {
			b.WriteString(" WHERE leases.holder = excluded.holder OR leases.until <= ")
			now(b)
		}
	}
	err = l.catalog.aside(ctx, func(tx *ent.Tx) error {
		query, args := byHand(tx.Client().Dialect(), write)
		result, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return err
		}
		rows, err := result.RowsAffected()
		taken = rows > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("take the lease on %s: %w", l.what, err)
	}
	return taken, nil
}

// Give gives the lease back, if the holder has it.
func (l *Lease) Give(ctx context.Context) error {
	err := l.catalog.aside(ctx, func(tx *ent.Tx) error {
		_, err := tx.Lease.Delete().Where(lease.ID(l.what), lease.Holder(l.holder)).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("give back the lease on %s: %w", l.what, err)
	}
	return nil
}

// aside runs a short transaction that changes nothing of the library itself, and
// so is no deed and waits for none on Postgres.
func (c *Catalog) aside(ctx context.Context, fn func(*ent.Tx) error) error {
	tx, err := c.db.Tx(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := fn(tx); err != nil {
		_ = tx.Rollback() // the first error is the one to tell
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
