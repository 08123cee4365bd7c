package database

import (
	"context"
	"database/sql"
	"sync"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// txLimiter is Ent's driver, with a limit on the transactions that may be open.
//
// One that must wait for another to end would otherwise wait with a connection
// in hand, and a few of them would take the whole pool: then reads, which wait
// for nobody, would wait for a connection. On SQLite one transaction may be
// open, as there is one writer; on Postgres half the pool.
type txLimiter struct {
	*entsql.Driver
	slots chan struct{}
}

// Tx begins a transaction when fewer than the limit are open, or fails when ctx ends before.
func (q *txLimiter) Tx(ctx context.Context) (dialect.Tx, error) { return q.BeginTx(ctx, nil) }

// BeginTx is Tx with options. A transaction that only reads is not counted.
func (q *txLimiter) BeginTx(ctx context.Context, opts *sql.TxOptions) (dialect.Tx, error) {
	if opts != nil && opts.ReadOnly {
		tx, err := q.Driver.BeginTx(ctx, opts)
		if err != nil {
			return nil, err
		}
		return &limitedTx{Tx: tx.(*entsql.Tx), dialect: q.Dialect(), reads: true, end: func() {}}, nil
	}
	select {
	case q.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	tx, err := q.Driver.BeginTx(ctx, opts)
	if err != nil {
		<-q.slots
		return nil, err
	}
	return &limitedTx{Tx: tx.(*entsql.Tx), dialect: q.Dialect(), end: sync.OnceFunc(func() { <-q.slots })}, nil
}

// limitedTx is a transaction that frees its slot when it ends.
type limitedTx struct {
	*entsql.Tx
	dialect string
	// reads is true for a read-only transaction: row-level security applies to it.
	reads bool
	end   func()
}

func (t *limitedTx) Commit() error {
	defer t.end()
	return t.Tx.Commit()
}

func (t *limitedTx) Rollback() error {
	defer t.end()
	return t.Tx.Rollback()
}
