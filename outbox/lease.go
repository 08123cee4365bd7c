package outbox

import (
	"context"
	"fmt"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/lease"
)

// Lease is the right to do something that one process at a time may do, over all
// processes that have the library open. It expires unless it is renewed, so a process
// that died leaves it to others.
//
// With it goes a mark of the holder's kind, which is cleared when a holder of another
// kind acquires the lease.
type Lease struct {
	outbox        *Outbox
	what          string
	kind, process string
	duration      time.Duration
}

// Lease returns the lease on what is done. All processes that would do the same have one
// kind; process is unique. The lease is valid for duration after each Acquire, by
// change.Library.LeaseTime.
func (c *Outbox) Lease(what, kind, process string, duration time.Duration) *Lease {
	return &Lease{outbox: c, what: what, kind: kind, process: process, duration: duration}
}

func (l *Lease) holder() string { return l.kind + holderSeparator + l.process }

// holderSeparator stands between kind and process; no kind contains it.
const holderSeparator = "\n"

// Acquire acquires or renews the lease. acquired reports whether this process has it,
// synced whether MarkSynced was called by a holder of its kind and no other kind had
// the lease since.
func (l *Lease) Acquire(ctx context.Context) (acquired, synced bool, err error) {
	return l.acquire(ctx, func(b *sql.Builder) {
		b.WriteString("leases.holder = ").Arg(l.holder()).WriteString(" OR leases.until <= ")
		l.outbox.LeaseTime(b)
	})
}

// Steal is Acquire, but takes the lease even from another process of its kind. The
// caller must know by other means that no such process is alive.
func (l *Lease) Steal(ctx context.Context) (acquired, synced bool, err error) {
	return l.acquire(ctx, func(b *sql.Builder) {
		begin := l.kind + holderSeparator
		b.WriteString("substr(leases.holder, 1, ").Arg(len([]rune(begin))).WriteString(") = ").Arg(begin).WriteString(" OR leases.until <= ")
		l.outbox.LeaseTime(b)
	})
}

func (l *Lease) acquire(ctx context.Context, may func(*sql.Builder)) (acquired, synced bool, err error) {
	write := func(b *sql.Builder) {
		b.WriteString("INSERT INTO "+lease.Table+" (id, holder, token, until) VALUES (").Args(l.what, l.holder(), "").Comma()
		l.outbox.LeaseTime(b)
		b.WriteString(" + ").Arg(l.duration.Milliseconds()).
			WriteString(") ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, until = excluded.until, " +
				"token = CASE WHEN leases.token = ").Arg(l.kind).WriteString(" THEN leases.token ELSE '' END WHERE ")
		may(b)
	}
	err = l.outbox.Aside(ctx, func(tx *ent.Tx) error {
		query, args := change.ByHand(tx.Client().Dialect(), write)
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
		row, err := tx.Lease.Get(ctx, l.what)
		if err == nil {
			acquired, synced = row.Holder == l.holder(), row.Token == l.kind
		}
		return err
	})
	if err != nil {
		return false, false, fmt.Errorf("acquire the lease on %s: %w", l.what, err)
	}
	return acquired, synced, nil
}

// MarkSynced records the kind as synced, if this process has the lease.
func (l *Lease) MarkSynced(ctx context.Context) error {
	return l.update(ctx, "mark as synced", func(u *ent.LeaseUpdate) { u.SetToken(l.kind) })
}

// Release ends the lease, if this process has it. The mark of MarkSynced stays.
func (l *Lease) Release(ctx context.Context) error {
	return l.update(ctx, "release", func(u *ent.LeaseUpdate) { u.SetUntil(0) })
}

func (l *Lease) update(ctx context.Context, what string, set func(*ent.LeaseUpdate)) error {
	err := l.outbox.Aside(ctx, func(tx *ent.Tx) error {
		u := tx.Lease.Update().Where(lease.ID(l.what), lease.Holder(l.holder()))
		set(u)
		return u.Exec(ctx)
	})
	if err != nil {
		return fmt.Errorf("%s the lease on %s: %w", what, l.what, err)
	}
	return nil
}

// HeldByOther reports whether a process of another kind has the lease now.
func (l *Lease) HeldByOther(ctx context.Context) (bool, error) {
	row, err := l.outbox.DB.Lease.Query().Where(lease.ID(l.what), func(s *sql.Selector) {
		s.Where(sql.P(func(b *sql.Builder) {
			b.WriteString(s.C(lease.FieldUntil) + " > ")
			l.outbox.LeaseTime(b)
		}))
	}).Only(ctx)
	if ent.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the lease on %s: %w", l.what, err)
	}
	return !strings.HasPrefix(row.Holder, l.kind+holderSeparator), nil
}
