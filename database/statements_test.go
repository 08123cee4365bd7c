package database_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/lib/pq"

	"vodgraph/database"
	"vodgraph/dbtest"
	"vodgraph/dbtest/postgres"
)

// connect opens one connection to a database of its own, whose URL gets the
// parameters. Its table things has two rows.
func connect(t *testing.T, parameters string) *sql.Conn {
	t.Helper()
	address, drop, err := postgres.Scratch(t.Context(), dbtest.Server(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), "secret")
	u.RawQuery = "sslmode=disable&" + parameters
	db, err := database.Open(t.Context(), database.Config{URL: u.String()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if strings.Contains(db.Location, "secret") || strings.Contains(db.Location, "?") {
		t.Errorf("the location is %s", db.Location)
	}
	conn, err := db.SQL.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	must(t, conn, "CREATE TABLE things (id int PRIMARY KEY); INSERT INTO things VALUES (1), (2)")
	return conn
}

// must executes statements without arguments.
func must(t *testing.T, conn *sql.Conn, statements string) {
	t.Helper()
	if _, err := conn.ExecContext(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
}

// one is the single value that a query gives.
func one(t *testing.T, conn *sql.Conn, query string, args ...any) string {
	t.Helper()
	var value string
	if err := conn.QueryRowContext(t.Context(), query, args...).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// prepared is how many statements the server keeps for the connection.
func prepared(t *testing.T, conn *sql.Conn) string {
	t.Helper()
	return one(t, conn, "SELECT count(*) FROM pg_prepared_statements")
}

func TestStatementsArePreparedOnce(t *testing.T) {
	t.Parallel()
	conn := connect(t, "")
	for range 5 {
		one(t, conn, "SELECT id FROM things WHERE id = $1", 1)
		if _, err := conn.ExecContext(t.Context(), "UPDATE things SET id = id WHERE id = $1", 2); err != nil {
			t.Fatal(err)
		}
	}
	if got := prepared(t, conn); got != "2" {
		t.Errorf("%s statements are prepared", got)
	}
	if runs := one(t, conn, "SELECT sum(generic_plans + custom_plans) FROM pg_prepared_statements"); runs != "10" {
		t.Errorf("they ran %s times", runs)
	}
}

func TestTheStatementUsedLeastRecentlyGoes(t *testing.T) {
	t.Parallel()
	conn := connect(t, "statement_cache=2")
	for _, n := range []int{1, 2, 1, 3} {
		one(t, conn, fmt.Sprintf("SELECT %d + $1", n), 1)
	}
	kept := one(t, conn, "SELECT string_agg(statement, ',' ORDER BY statement) FROM pg_prepared_statements")
	if kept != "SELECT 1 + $1,SELECT 3 + $1" {
		t.Errorf("kept %s", kept)
	}
}

func TestStatementsThatAreNotKept(t *testing.T) {
	t.Parallel()
	t.Run("switched off", func(t *testing.T) {
		t.Parallel()
		conn := connect(t, "statement_cache=0")
		one(t, conn, "SELECT id FROM things WHERE id = $1", 1)
		if got := prepared(t, conn); got != "0" {
			t.Errorf("%s statements are prepared", got)
		}
		if got := one(t, conn, "SHOW statement_timeout"); got != "0" {
			t.Errorf("the timeout is %s", got)
		}
	})
	t.Run("of bulk", func(t *testing.T) {
		t.Parallel()
		conn := connect(t, "")
		args := make([]any, 501)
		holes := make([]string, len(args))
		for i := range args {
			args[i], holes[i] = i, fmt.Sprintf("$%d", i+1)
		}
		one(t, conn, "SELECT count(*) FROM things WHERE id IN ("+strings.Join(holes, ",")+")", args...)
		if got := prepared(t, conn); got != "0" {
			t.Errorf("%s statements are prepared", got)
		}
	})
}

func TestStaleStatementsArePreparedAgain(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]string{
		"the table has changed":     "ALTER TABLE things ALTER id TYPE bigint",
		"the server has forgotten":  "DEALLOCATE ALL",
		"changed and forgotten too": "ALTER TABLE things ALTER id TYPE bigint; DEALLOCATE ALL",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := connect(t, "")
			const query = "SELECT * FROM things WHERE id = $1"
			one(t, conn, query, 1)
			must(t, conn, meanwhile)
			if got := one(t, conn, query, 2); got != "2" {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestAStaleStatementFailsItsTransactionOnly(t *testing.T) {
	t.Parallel()
	conn := connect(t, "")
	const query = "SELECT * FROM things WHERE id = $1"
	one(t, conn, query, 1)
	must(t, conn, "ALTER TABLE things ALTER id TYPE bigint")
	for attempt, want := range []bool{false, true} {
		tx, err := conn.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var id int
		err = tx.QueryRowContext(t.Context(), query, 1).Scan(&id)
		if refused := (*pq.Error)(nil); !want && (!errors.As(err, &refused) || refused.Code != "0A000") || want && err != nil {
			t.Errorf("attempt %d: %v", attempt, err)
		}
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestErrorsOfAStatementLeaveItPrepared(t *testing.T) {
	t.Parallel()
	conn := connect(t, "")
	const insert = "INSERT INTO things VALUES ($1)"
	for _, id := range []int{1, 3} { // 1 is there already
		_, err := conn.ExecContext(t.Context(), insert, id)
		if (err != nil) != (id == 1) {
			t.Errorf("inserting %d: %v", id, err)
		}
	}
	if got := prepared(t, conn); got != "1" {
		t.Errorf("%s statements are prepared", got)
	}
}

func TestASecondStatementBesideOpenRowsIsRefused(t *testing.T) {
	t.Parallel()
	conn := connect(t, "")
	tx, err := conn.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	rows, err := tx.QueryContext(t.Context(), "SELECT id FROM things WHERE id > $1 ORDER BY id", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if _, err := tx.ExecContext(t.Context(), "DELETE FROM things WHERE id = $1", 2); err == nil {
		t.Error("the second statement went in between the rows of the first")
	}
	var ids []int
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil || len(ids) != 2 {
		t.Errorf("read %v, %v", ids, err)
	}
}

func TestPostgresSession(t *testing.T) {
	t.Parallel()
	conn := connect(t, "TimeZone=Asia/Tokyo&work_mem=8MB")
	for name, want := range map[string]string{"timezone": "UTC", "statement_timeout": "1min", "work_mem": "8MB"} {
		if got := one(t, conn, "SHOW "+name); got != want {
			t.Errorf("%s is %s, and not %s", name, got, want)
		}
	}
	if got := one(t, connect(t, "statement_timeout=7s"), "SHOW statement_timeout"); got != "7s" {
		t.Errorf("the timeout of the URL is %s", got)
	}
}
