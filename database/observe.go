package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
)

// observe wraps a connector: its connections call onStatement for every statement they
// execute. Without onStatement the connector is returned as it is.
func observe(connector driver.Connector, onStatement func(context.Context, string) func(error)) driver.Connector {
	if onStatement == nil {
		return connector
	}
	return &observer{Connector: connector, onStatement: onStatement}
}

type observer struct {
	driver.Connector
	onStatement func(ctx context.Context, query string) func(error)
}

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

func (o *observer) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := o.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &observedConn{conn: opened.(conn), onStatement: o.onStatement}, nil
}

type observedConn struct {
	conn
	onStatement func(ctx context.Context, query string) func(error)
}

func (c *observedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	done := c.onStatement(ctx, text)
	return executed(done)(c.conn.ExecContext(ctx, text, args))
}

func (c *observedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	done := c.onStatement(ctx, text)
	return queried(done)(c.conn.QueryContext(ctx, text, args))
}

func (c *observedConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	prepared, err := c.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	start := func(ctx context.Context) func(error) { return c.onStatement(ctx, text) }
	return &observedStmt{stmt: prepared.(stmt), start: start}, nil
}

func (c *observedConn) CheckNamedValue(value *driver.NamedValue) error {
	if checker, ok := c.conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(value)
	}
	return driver.ErrSkip
}

type stmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type observedStmt struct {
	stmt
	start func(context.Context) func(error)
}

func (s *observedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	done := s.start(ctx)
	return executed(done)(s.stmt.ExecContext(ctx, args))
}

func (s *observedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	done := s.start(ctx)
	return queried(done)(s.stmt.QueryContext(ctx, args))
}

func executed(done func(error)) func(driver.Result, error) (driver.Result, error) {
	return func(result driver.Result, err error) (driver.Result, error) {
		if done != nil {
			done(err)
		}
		return result, err
	}
}

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

type rows interface {
	driver.Rows
	driver.RowsColumnTypeScanType
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypePrecisionScale
}

type observedRows struct {
	rows
	done   func(error)
	failed error
}

func (r *observedRows) Next(into []driver.Value) error {
	err := r.rows.Next(into)
	if err != nil && !errors.Is(err, io.EOF) {
		r.failed = err
	}
	return err
}

func (r *observedRows) HasNextResultSet() bool {
	several, ok := r.rows.(driver.RowsNextResultSet)
	return ok && several.HasNextResultSet()
}

func (r *observedRows) NextResultSet() error {
	if several, ok := r.rows.(driver.RowsNextResultSet); ok {
		return several.NextResultSet()
	}
	return io.EOF
}

func (r *observedRows) Close() error {
	err := r.rows.Close()
	if r.done != nil {
		r.done(errors.Join(r.failed, err))
		r.done = nil
	}
	return err
}
