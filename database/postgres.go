package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	"github.com/lib/pq"
)

const (
	defaultStatements = 200
	// defaultTimeout ends a statement that nobody can be waiting for any more.
	defaultTimeout = "1min"
	// connectionLife lets a pool follow a server that has moved.
	connectionLife = time.Hour
)

// openPostgres opens a pool on a Postgres database.
//
// By default database/sql keeps two idle connections, and Postgres then forks a
// backend for nearly every request: so as many may be idle as may be open.
func openPostgres(config Config) (*DB, int, error) {
	address, err := parsePostgres(config.URL)
	if err != nil {
		return nil, 0, err
	}
	connector, err := address.connector(address.timeout)
	if err != nil {
		return nil, 0, err
	}
	if address.statements > 0 {
		connector = &statementCache{Connector: connector, size: address.statements}
	}
	connections := max(4, 4*runtime.GOMAXPROCS(0))
	pool := only(connections, observe(connector, config.OnStatement))
	pool.SetConnMaxLifetime(connectionLife)
	return &DB{
		SQL:      pool,
		Dialect:  dialect.Postgres,
		Location: address.shown,
		migration: func() (*sql.DB, error) {
			connector, err := address.connector("")
			if err != nil {
				return nil, err
			}
			return only(2, connector), nil
		},
	}, connections / 2, nil
}

type postgresAddress struct {
	url        string // for lib/pq: without what is ours
	shown      string // for people: without the password
	statements int
	timeout    string // empty for the server's own
}

// parsePostgres takes a URL apart. Its errors never hold the password.
func parsePostgres(raw string) (*postgresAddress, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		// What url.Parse says would show the password.
		return nil, errors.New("the URL of a database begins with postgres:// and names user, host and database")
	}
	query := u.Query()
	address := &postgresAddress{statements: defaultStatements, timeout: defaultTimeout}
	if value := query.Get("statement_cache"); value != "" {
		address.statements, err = strconv.Atoi(value)
		if err != nil || address.statements < 0 {
			return nil, fmt.Errorf("statement_cache is a number of statements, 0 for none, and not %q", value)
		}
	}
	if address.statements == 0 {
		address.timeout = ""
	}
	if query.Has("statement_timeout") {
		address.timeout = query.Get("statement_timeout")
	}
	query.Del("statement_cache")
	query.Del("statement_timeout")
	if !query.Has("sslmode") && os.Getenv("PGSSLMODE") == "" {
		query.Set("sslmode", "prefer")
	}
	u.RawQuery = query.Encode()
	address.url = u.String()
	u.User, u.RawQuery = url.User(u.User.Username()), ""
	address.shown = u.String()
	return address, nil
}

// connector makes connections whose session is in UTC, and whose statements end
// after timeout unless that is empty.
func (a *postgresAddress) connector(timeout string) (driver.Connector, error) {
	config, err := pq.NewConfig(a.url)
	if err != nil {
		return nil, fmt.Errorf("read the URL of the database: %w", err)
	}
	settings := map[string]string{"timezone": "UTC"}
	if timeout != "" {
		settings["statement_timeout"] = timeout
	}
	for name, value := range config.Runtime {
		if !strings.EqualFold(name, "timezone") {
			settings[name] = value
		}
	}
	config.Runtime = settings
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, fmt.Errorf("read the URL of the database: %w", err)
	}
	return connector, nil
}

// Analyze updates the statistics of Postgres's planner, which it does by itself within a
// minute or so: until then queries on tables that have just been filled are slow. For
// SQLite there is nothing to do.
func (db *DB) Analyze(ctx context.Context) error {
	if !db.Postgres() {
		return nil
	}
	_, err := db.SQL.ExecContext(ctx, "ANALYZE")
	return err
}
