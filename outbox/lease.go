package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/lease"
)

// Lease is the right of one process at a time to work on what a row of a table stands for,
// over all processes that have the library open. It expires unless it is renewed, so a
// process that died leaves it to others. Each step is one statement, by
// change.Library.LeaseTime.
type Lease struct {
	Library *change.Library
	// Table has the columns id and holder, and Until, in milliseconds since 1970.
	Table, Until string
	// Holder is unique among all processes and workers.
	Holder   string
	Duration time.Duration
}

// Claim claims one of the rows that is free, or renews the lease on it, and returns its id;
// empty where there is none. set writes other columns of the row.
func (l *Lease) Claim(ctx context.Context, rows *sql.Predicate, set func(*sql.UpdateBuilder)) (id string, err error) {
	return l.update(ctx, rows, func(u *sql.UpdateBuilder) {
		u.Set(lease.FieldHolder, l.Holder)
		l.Extend(u)
		set(u)
	})
}

// Heartbeat renews the lease on one of the rows, and reports whether the holder has it.
func (l *Lease) Heartbeat(ctx context.Context, rows *sql.Predicate) (bool, error) {
	id, err := l.update(ctx, sql.And(rows, l.held()), l.Extend)
	return id != "", err
}

// Release ends the lease on a row, if the holder has it.
func (l *Lease) Release(ctx context.Context, rows *sql.Predicate) error {
	_, err := l.update(ctx, sql.And(rows, l.held()), func(u *sql.UpdateBuilder) { u.Set(l.Until, 0) })
	return err
}

// Free are the rows that can be claimed: those whose lease has expired, and the holder's own.
func (l *Lease) Free() *sql.Predicate {
	return sql.Or(l.held(), sql.Not(l.Valid()))
}

// Valid are the rows that some process has a lease on.
func (l *Lease) Valid() *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		b.Ident(l.Until).WriteString(" > ")
		l.Library.LeaseTime(b)
	})
}

func (l *Lease) held() *sql.Predicate { return sql.EQ(lease.FieldHolder, l.Holder) }

// Extend sets the end of a lease, counted from now.
func (l *Lease) Extend(u *sql.UpdateBuilder) {
	u.Set(l.Until, sql.ExprFunc(func(b *sql.Builder) {
		l.Library.LeaseTime(b)
		b.WriteString(" + ").Arg(l.Duration.Milliseconds())
	}))
}

func (l *Lease) update(ctx context.Context, rows *sql.Predicate, set func(*sql.UpdateBuilder)) (id string, err error) {
	err = l.Library.Aside(ctx, func(tx *ent.Tx) error {
		u := sql.Dialect(tx.Client().Dialect()).Update(l.Table).Where(rows).Returning(lease.FieldID)
		set(u)
		query, args := u.Query()
		found, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer found.Close()
		if found.Next() {
			err = found.Scan(&id)
		}
		return errors.Join(err, found.Err())
	})
	return id, err
}

// NamedLease is the lease on something that is done, which need not have a row yet.
//
// With it goes a mark of the holder's kind, which is cleared when a holder of another
// kind claims the lease.
type NamedLease struct {
	lease      Lease
	what, kind string
}

// holderSeparator stands between kind and process; no kind contains it.
const holderSeparator = "\n"

// Lease returns the lease on what is done. All processes that would do the same have one
// kind; process is unique. The lease is valid for duration after each Claim.
func (c *Outbox) Lease(what, kind, process string, duration time.Duration) *NamedLease {
	return &NamedLease{Lease{c.Library, lease.Table, lease.FieldUntil, kind + holderSeparator + process, duration}, what, kind}
}

// Claim claims or renews the lease. claimed reports whether this process has it,
// synced whether MarkSynced was called by a holder of its kind and no other kind had
// the lease since.
func (l *NamedLease) Claim(ctx context.Context) (claimed, synced bool, err error) {
	return l.claim(ctx, l.lease.Free())
}

// Steal is Claim, but takes the lease even from another process of its kind. The
// caller must know by other means that no such process is alive.
func (l *NamedLease) Steal(ctx context.Context) (claimed, synced bool, err error) {
	return l.claim(ctx, sql.Or(l.lease.Free(), sql.P(func(b *sql.Builder) {
		begin := l.kind + holderSeparator
		b.WriteString("substr(holder, 1, ").Arg(len([]rune(begin))).WriteString(") = ").Arg(begin)
	})))
}

func (l *NamedLease) claim(ctx context.Context, free *sql.Predicate) (claimed, synced bool, err error) {
	id, err := l.lease.Claim(ctx, sql.And(l.row(), free), func(u *sql.UpdateBuilder) {
		u.Set(lease.FieldSynced, sql.ExprFunc(func(b *sql.Builder) {
			b.WriteString("CASE WHEN synced = ").Arg(l.kind).WriteString(" THEN synced ELSE '' END")
		}))
	})
	var row *ent.Lease
	if err == nil {
		row, err = l.lease.Library.DB.Lease.Get(ctx, l.what)
	}
	if ent.IsNotFound(err) {
		if err = l.create(ctx); err == nil {
			return l.claim(ctx, free)
		}
	}
	if err != nil {
		return false, false, fmt.Errorf("claim the lease on %s: %w", l.what, err)
	}
	return id != "", row.Synced == l.kind, nil
}

// create makes the row of a lease that nobody has had, free.
func (l *NamedLease) create(ctx context.Context) error {
	err := l.lease.Library.Aside(ctx, func(tx *ent.Tx) error {
		return tx.Lease.Create().SetID(l.what).SetHolder("").SetSynced("").SetUntil(0).Exec(ctx)
	})
	if ent.IsConstraintError(err) { // by another process meanwhile
		return nil
	}
	return err
}

func (l *NamedLease) row() *sql.Predicate { return sql.EQ(lease.FieldID, l.what) }

// MarkSynced records the kind as synced, if this process has the lease.
func (l *NamedLease) MarkSynced(ctx context.Context) error {
	_, err := l.lease.update(ctx, sql.And(l.row(), l.lease.held()), func(u *sql.UpdateBuilder) { u.Set(lease.FieldSynced, l.kind) })
	if err != nil {
		return fmt.Errorf("mark the lease on %s as synced: %w", l.what, err)
	}
	return nil
}

// Release ends the lease, if this process has it. The mark of MarkSynced stays.
func (l *NamedLease) Release(ctx context.Context) error {
	if err := l.lease.Release(ctx, l.row()); err != nil {
		return fmt.Errorf("release the lease on %s: %w", l.what, err)
	}
	return nil
}

// HeldByOther reports whether a process of another kind has the lease now.
func (l *NamedLease) HeldByOther(ctx context.Context) (bool, error) {
	row, err := l.lease.Library.DB.Lease.Query().Where(lease.ID(l.what), func(s *sql.Selector) { s.Where(l.lease.Valid()) }).Only(ctx)
	if ent.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the lease on %s: %w", l.what, err)
	}
	return !strings.HasPrefix(row.Holder, l.kind+holderSeparator), nil
}
