package database

import (
	"context"
	"database/sql/driver"
)

// observe makes connections that tell onStatement of all they execute. Without
// one they are those of the connector itself.
func observe(connector driver.Connector, onStatement func(string)) driver.Connector {
	if onStatement == nil {
		return connector
	}
	return &observer{Connector: connector, onStatement: onStatement}
}

// observer is a connector whose connections are observed.
type observer struct {
	driver.Connector
	onStatement func(query string)
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
	onStatement func(query string)
}

// ExecContext tells of the statement and executes it.
func (c *observedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	c.onStatement(text)
	return c.conn.ExecContext(ctx, text, args)
}

// QueryContext tells of the query and runs it.
func (c *observedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	c.onStatement(text)
	return c.conn.QueryContext(ctx, text, args)
}

// PrepareContext prepares a statement that tells of itself when it is executed.
func (c *observedConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	prepared, err := c.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return &observedStmt{stmt: prepared.(stmt), tell: func() { c.onStatement(text) }}, nil
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
	tell func()
}

// ExecContext tells of the statement and executes it.
func (s *observedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.tell()
	return s.stmt.ExecContext(ctx, args)
}

// QueryContext tells of the query and runs it.
func (s *observedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.tell()
	return s.stmt.QueryContext(ctx, args)
}
