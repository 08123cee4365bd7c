package database

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// maxCachedArguments is where a statement is taken for one of bulk, whose text
// depends on the number of rows and hardly ever comes again.
const maxCachedArguments = 500

// errBusy is what a second statement gets while rows of the first are open.
var errBusy = errors.New("this connection is still reading the rows of another statement")

// statementCache makes connections that keep the statements they have prepared.
//
// lib/pq keeps none: it prepares every statement with arguments before it
// executes it, which costs a second round trip and Postgres a plan. As every
// connection has its own cache, there is no lock, and transactions use it too.
type statementCache struct {
	driver.Connector
	size int // statements a connection keeps, at least 1
}

type pqConn interface {
	conn
	driver.NamedValueChecker
}

type pqRows interface {
	driver.Rows
	driver.RowsNextResultSet
	driver.RowsColumnTypeScanType
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypePrecisionScale
}

func (c *statementCache) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &cachingConn{
		pqConn: opened.(pqConn),
		size:   c.size,
		byText: make(map[string]*list.Element),
		recent: list.New(),
	}, nil
}

// cachingConn is one connection. database/sql uses it from one goroutine at a time.
type cachingConn struct {
	pqConn
	size    int
	byText  map[string]*list.Element
	recent  *list.List // of *cached, the one used last in front
	inTx    bool
	reading bool // rows of a cached statement are open: the wire is theirs
}

type cached struct {
	text string
	stmt stmt
}

func (c *cachingConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if c.reading {
		return nil, errBusy
	}
	if !cacheable(args) {
		return c.pqConn.QueryContext(ctx, text, args)
	}
	rows, err := again(ctx, c, text, func(s stmt) (driver.Rows, error) { return s.QueryContext(ctx, args) })
	if err != nil {
		return nil, err
	}
	c.reading = true
	return &cachedRows{pqRows: rows.(pqRows), conn: c}, nil
}

func (c *cachingConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if c.reading {
		return nil, errBusy
	}
	if !cacheable(args) {
		return c.pqConn.ExecContext(ctx, text, args)
	}
	return again(ctx, c, text, func(s stmt) (driver.Result, error) { return s.ExecContext(ctx, args) })
}

func (c *cachingConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	if c.reading {
		return nil, errBusy
	}
	return c.pqConn.PrepareContext(ctx, text)
}

func (c *cachingConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if c.reading {
		return nil, errBusy
	}
	tx, err := c.pqConn.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	c.inTx = true
	return &cachingTx{Tx: tx, conn: c}, nil
}

// cacheable reports whether a statement is worth preparing. One without arguments
// takes a single round trip anyway, and may be several statements at once.
func cacheable(args []driver.NamedValue) bool {
	return len(args) > 0 && len(args) <= maxCachedArguments
}

// again runs a cached statement, and once more when the server says that it has
// no such statement any more, or that a table has changed under it. Inside a
// transaction it is the caller who begins again, as the transaction is lost.
func again[T any](ctx context.Context, c *cachingConn, text string, run func(stmt) (T, error)) (T, error) {
	for retried := c.inTx; ; retried = true {
		prepared, err := c.prepared(ctx, text)
		if err != nil {
			var none T
			return none, err
		}
		result, err := run(prepared)
		if err == nil || !stale(err) {
			return result, err
		}
		c.forget(text)
		if retried {
			return result, err
		}
	}
}

// stale reports whether an error is about the prepared statement and not about
// what it does.
func stale(err error) bool {
	refusal, ok := errors.AsType[*pq.Error](err)
	return ok && (refusal.Code == pqerror.FeatureNotSupported || refusal.Code == pqerror.InvalidSQLStatementName)
}

// prepared finds the statement of a text, or prepares it and lets go of the one
// that has not been used for longest.
func (c *cachingConn) prepared(ctx context.Context, text string) (stmt, error) {
	if element, ok := c.byText[text]; ok {
		c.recent.MoveToFront(element)
		return element.Value.(*cached).stmt, nil
	}
	made, err := c.pqConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if c.recent.Len() >= c.size {
		c.forget(c.recent.Back().Value.(*cached).text)
	}
	entry := &cached{text: text, stmt: made.(stmt)}
	c.byText[text] = c.recent.PushFront(entry)
	return entry.stmt, nil
}

// forget drops a statement here and on the server. That the server does not
// know it, or is gone, is no matter then.
func (c *cachingConn) forget(text string) {
	element, ok := c.byText[text]
	if !ok {
		return
	}
	_ = element.Value.(*cached).stmt.Close()
	c.recent.Remove(element)
	delete(c.byText, text)
}

type cachedRows struct {
	pqRows
	conn *cachingConn
}

func (r *cachedRows) Close() error {
	r.conn.reading = false
	return r.pqRows.Close()
}

type cachingTx struct {
	driver.Tx
	conn *cachingConn
}

func (t *cachingTx) Commit() error {
	t.conn.inTx = false
	return t.Tx.Commit()
}

func (t *cachingTx) Rollback() error {
	t.conn.inTx = false
	return t.Tx.Rollback()
}
