package database

import (
	"context"
	"database/sql"
	"sync"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// queue is Ent's driver, with a limit on the transactions that may be open.
//
// One that must wait for another to end would otherwise wait with a connection
// in hand, and a few of them would take the whole pool: then reads, which wait
// for nobody, would wait for a connection. On SQLite one transaction may be
// open, as there is one writer; on Postgres half the pool.
type queue struct {
	*entsql.Driver
	turns chan struct{}
}

// Tx begins a transaction when it is its turn, or fails when ctx ends before.
func (q *queue) Tx(ctx context.Context) (dialect.Tx, error) { return q.BeginTx(ctx, nil) }

// BeginTx is Tx with options. A transaction that only reads takes no turn.
func (q *queue) BeginTx(ctx context.Context, opts *sql.TxOptions) (dialect.Tx, error) {
	if opts != nil && opts.ReadOnly {
		tx, err := q.Driver.BeginTx(ctx, opts)
		if err != nil {
			return nil, err
		}
		return &turn{Tx: tx.(*entsql.Tx), dialect: q.Dialect(), reads: true, end: func() {}}, nil
	}
	select {
	case q.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	tx, err := q.Driver.BeginTx(ctx, opts)
	if err != nil {
		<-q.turns
		return nil, err
	}
	return &turn{Tx: tx.(*entsql.Tx), dialect: q.Dialect(), end: sync.OnceFunc(func() { <-q.turns })}, nil
}

// turn is a transaction that gives way to the next when it ends.
type turn struct {
	*entsql.Tx
	dialect string
	// reads tells that it does nothing else, and so decides nothing.
	reads bool
	end   func()
}

// Commit commits, and lets the next begin.
func (t *turn) Commit() error {
	defer t.end()
	return t.Tx.Commit()
}

// Rollback rolls back, and lets the next begin.
func (t *turn) Rollback() error {
	defer t.end()
	return t.Tx.Rollback()
}
