package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"vodgraph/database"
)

// Scratch makes an empty database of its own on the server of a URL, and
// returns its URL and what drops it again, whoever is still connected.
func Scratch(ctx context.Context, server string) (string, func(context.Context) error, error) {
	return create(ctx, server, "TEMPLATE template0")
}

// Copy is Scratch for a copy of a database to which nobody is connected.
func Copy(ctx context.Context, server, template string) (string, func(context.Context) error, error) {
	return create(ctx, server, "TEMPLATE "+quote(template))
}

// create makes a database with a name of its own.
func create(ctx context.Context, server, options string) (string, func(context.Context) error, error) {
	name := "vodgraph_test_" + strings.ToLower(rand.Text())
	if err := execute(ctx, server, "CREATE DATABASE "+quote(name)+" "+options); err != nil {
		return "", nil, fmt.Errorf("make a database for a test: %w", err)
	}
	address, err := Named(server, name)
	if err != nil {
		return "", nil, err
	}
	return address, func(ctx context.Context) error {
		return execute(ctx, server, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)")
	}, nil
}

// Template makes the database of that name, which others are copied from, unless
// it is there already; fill is called with its URL. However many ask for it at
// once, one of them makes it, and it bears the name only when it is filled.
//
// Where the server can, it sorts text as people do, so that a test notices a
// column that must be sorted by code point and does not say so.
func Template(ctx context.Context, server, name string, fill func(url string) error) error {
	db, err := database.Open(ctx, database.Config{URL: server})
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.SQL.Conn(ctx) // the lock is the session's
	if err != nil {
		return err
	}
	defer conn.Close()
	const lock = 7_305_641
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", lock); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", lock)
	var there bool
	err = conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there)
	if err != nil || there {
		return err
	}
	half := name + "_half"
	if _, err := conn.ExecContext(ctx, "DROP DATABASE IF EXISTS "+quote(half)); err != nil {
		return err
	}
	if err := createSorting(ctx, conn, half); err != nil {
		return err
	}
	address, err := Named(server, half)
	if err != nil {
		return err
	}
	if err := fill(address); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "ALTER DATABASE "+quote(half)+" RENAME TO "+quote(name))
	return err
}

// createSorting makes a database that sorts as people do, or one that sorts as
// the server does where it lacks the means.
func createSorting(ctx context.Context, conn *sql.Conn, name string) error {
	const options = " TEMPLATE template0 ENCODING 'UTF8'"
	_, err := conn.ExecContext(ctx, "CREATE DATABASE "+quote(name)+options+" LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
	if err == nil {
		return nil
	}
	if _, plain := conn.ExecContext(ctx, "CREATE DATABASE "+quote(name)+options); plain != nil {
		return errors.Join(err, plain)
	}
	return nil
}

// Named is the URL of another database of the same server.
func Named(server, name string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", errors.New("TEST_DATABASE_URL is not a URL")
	}
	u.Path = "/" + name
	return u.String(), nil
}

// execute executes one statement on the server's own database.
func execute(ctx context.Context, server, statement string) error {
	db, err := database.Open(ctx, database.Config{URL: server})
	if err != nil {
		return err
	}
	_, err = db.SQL.ExecContext(ctx, statement)
	return errors.Join(err, db.Close())
}

// quote makes an identifier of a name that we have chosen.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
