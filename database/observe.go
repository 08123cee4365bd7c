package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
)

// observe makes connections that tell onStatement of all they execute. Without
// one they are those of the connector itself.
func observe(connector driver.Connector, onStatement func(context.Context, string) func(error)) driver.Connector {
	if onStatement == nil {
		return connector
	}
	return &observer{Connector: connector, onStatement: onStatement}
}

// observer is a connector whose connections are observed.
type observer struct {
	driver.Connector
	onStatement func(ctx context.Context, query string) func(error)
}

// conn is what the connections of both drivers can do.
type conn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// Connect opens a connection.
func (o *observer) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := o.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &observedConn{conn: opened.(conn), onStatement: o.onStatement}, nil
}

// observedConn is one connection.
type observedConn struct {
	conn
	onStatement func(ctx context.Context, query string) func(error)
}

// ExecContext tells of the statement and executes it.
func (c *observedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	done := c.onStatement(ctx, text)
	return executed(done)(c.conn.ExecContext(ctx, text, args))
}

// QueryContext tells of the query and runs it.
func (c *observedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	done := c.onStatement(ctx, text)
	return queried(done)(c.conn.QueryContext(ctx, text, args))
}

// PrepareContext prepares a statement that tells of itself when it is executed.
func (c *observedConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	prepared, err := c.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	tell := func(ctx context.Context) func(error) { return c.onStatement(ctx, text) }
	return &observedStmt{stmt: prepared.(stmt), tell: tell}, nil
}

// CheckNamedValue lets the driver take values of its own, where it does.
func (c *observedConn) CheckNamedValue(value *driver.NamedValue) error {
	if checker, ok := c.conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(value)
	}
	return driver.ErrSkip
}

// stmt is what the prepared statements of both drivers can do.
type stmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// observedStmt is a prepared statement.
type observedStmt struct {
	stmt
	tell func(context.Context) func(error)
}

// ExecContext tells of the statement and executes it.
func (s *observedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	done := s.tell(ctx)
	return executed(done)(s.stmt.ExecContext(ctx, args))
}

// QueryContext tells of the query and runs it.
func (s *observedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	done := s.tell(ctx)
	return queried(done)(s.stmt.QueryContext(ctx, args))
}

// executed hands on what came of a statement, and tells that it is done.
func executed(done func(error)) func(driver.Result, error) (driver.Result, error) {
	return func(result driver.Result, err error) (driver.Result, error) {
		if done != nil {
			done(err)
		}
		return result, err
	}
}

// queried hands on rows that tell when they are done with.
func queried(done func(error)) func(driver.Rows, error) (driver.Rows, error) {
	return func(opened driver.Rows, err error) (driver.Rows, error) {
		switch {
		case done == nil:
		case err != nil:
			done(err)
		default:
			return &observedRows{rows: opened.(rows), done: done}, nil
		}
		return opened, err
	}
}

// rows is what the rows of both drivers can do.
type rows interface {
	driver.Rows
	driver.RowsColumnTypeScanType
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypePrecisionScale
}

// observedRows are the rows of a query.
type observedRows struct {
	rows
	done   func(error)
	failed error
}

// Next reads a row.
func (r *observedRows) Next(into []driver.Value) error {
	err := r.rows.Next(into)
	if err != nil && !errors.Is(err, io.EOF) {
		r.failed = err
	}
	return err
}

// HasNextResultSet tells whether more comes, where the driver can have that.
func (r *observedRows) HasNextResultSet() bool {
	several, ok := r.rows.(driver.RowsNextResultSet)
	return ok && several.HasNextResultSet()
}

// NextResultSet goes on to what comes next.
func (r *observedRows) NextResultSet() error {
	if several, ok := r.rows.(driver.RowsNextResultSet); ok {
		return several.NextResultSet()
	}
	return io.EOF
}

// Close tells that the query is done.
func (r *observedRows) Close() error {
	err := r.rows.Close()
	if r.done != nil {
		r.done(errors.Join(r.failed, err))
		r.done = nil
	}
	return err
}
