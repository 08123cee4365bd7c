package outbox

import (
	"context"
	"fmt"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/change"
	"vodgraph/ent"
	"vodgraph/ent/lease"
)

// Lease is the right to do something that one process alone may do at a time,
// over all that have the library open. It ends by itself unless it is taken
// again, so a process that died leaves it to others.
//
// With it goes a token, by which a holder tells what it has done. Only who would
// say the same finds it there.
type Lease struct {
	catalog       *Outbox
	what          string
	kind, process string
	lasts         time.Duration
}

// Lease is the lease on what is done, to be taken for some time at once. A kind is
// common to all processes that would do the same, and the process is the one alone.
// On Postgres time is measured by the clock of the database, and else by that of the
// catalog.
func (c *Outbox) Lease(what, kind, process string, lasts time.Duration) *Lease {
	return &Lease{catalog: c, what: what, kind: kind, process: process, lasts: lasts}
}

// holder names the process, so that its kind can be told.
func (l *Lease) holder() string { return l.kind + holderMark + l.process }

// holderMark stands between a kind and a process; no kind has it.
const holderMark = "\n"

// Take takes the lease, or takes it again. It tells whether the holder has it, and
// whether the token was said by one of its kind, and nobody of another kind had the
// lease since.
func (l *Lease) Take(ctx context.Context) (taken, said bool, err error) {
	return l.take(ctx, func(b *sql.Builder) {
		b.WriteString("leases.holder = ").Arg(l.holder()).WriteString(" OR leases.until <= ")
		l.now(b)
	})
}

// Seize is Take, which takes the lease even from another process of its kind. It is
// for one who knows by other means that no such process is there any more.
func (l *Lease) Seize(ctx context.Context) (taken, said bool, err error) {
	return l.take(ctx, func(b *sql.Builder) {
		begin := l.kind + holderMark
		b.WriteString("substr(leases.holder, 1, ").Arg(len([]rune(begin))).WriteString(") = ").Arg(begin).WriteString(" OR leases.until <= ")
		l.now(b)
	})
}

// now writes the time, in milliseconds.
func (l *Lease) now(b *sql.Builder) {
	if b.Dialect() == dialect.Postgres {
		b.WriteString("CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")
		return
	}
	b.Arg(l.catalog.Options.Now().UnixMilli())
}

// take takes the lease where it is free, or as may says.
func (l *Lease) take(ctx context.Context, may func(*sql.Builder)) (taken, said bool, err error) {
	write := func(b *sql.Builder) {
		b.WriteString("INSERT INTO "+lease.Table+" (id, holder, token, until) VALUES (").Args(l.what, l.holder(), "").Comma()
		l.now(b)
		b.WriteString(" + ").Arg(l.lasts.Milliseconds()).
			WriteString(") ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, until = excluded.until, " +
				"token = CASE WHEN leases.token = ").Arg(l.kind).WriteString(" THEN leases.token ELSE '' END WHERE ")
		may(b)
	}
	err = l.catalog.Aside(ctx, func(tx *ent.Tx) error {
		query, args := change.ByHand(tx.Client().Dialect(), write)
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
		row, err := tx.Lease.Get(ctx, l.what)
		if err == nil {
			taken, said = row.Holder == l.holder(), row.Token == l.kind
		}
		return err
	})
	if err != nil {
		return false, false, fmt.Errorf("take the lease on %s: %w", l.what, err)
	}
	return taken, said, nil
}

// Say writes the token, if the holder has the lease.
func (l *Lease) Say(ctx context.Context) error {
	return l.update(ctx, "say what is done by", func(u *ent.LeaseUpdate) { u.SetToken(l.kind) })
}

// Give gives the lease back, if the holder has it. What was said stays.
func (l *Lease) Give(ctx context.Context) error {
	return l.update(ctx, "give back", func(u *ent.LeaseUpdate) { u.SetUntil(0) })
}

func (l *Lease) update(ctx context.Context, what string, set func(*ent.LeaseUpdate)) error {
	err := l.catalog.Aside(ctx, func(tx *ent.Tx) error {
		u := tx.Lease.Update().Where(lease.ID(l.what), lease.Holder(l.holder()))
		set(u)
		return u.Exec(ctx)
	})
	if err != nil {
		return fmt.Errorf("%s the lease on %s: %w", what, l.what, err)
	}
	return nil
}

// Other tells whether a process of another kind has the lease now.
func (l *Lease) Other(ctx context.Context) (bool, error) {
	row, err := l.catalog.DB.Lease.Query().Where(lease.ID(l.what), func(s *sql.Selector) {
		s.Where(sql.P(func(b *sql.Builder) {
			b.WriteString(s.C(lease.FieldUntil) + " > ")
			l.now(b)
		}))
	}).Only(ctx)
	if ent.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the lease on %s: %w", l.what, err)
	}
	return !strings.HasPrefix(row.Holder, l.kind+holderMark), nil
}
