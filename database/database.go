// Package database opens the library's tables, on SQLite or on Postgres, and
// brings them up to date.
//
// It knows how a connection is set up: settings, pool, prepared statements,
// who waits for whom. It does not know what the tables mean.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"vodgraph/ent"
)

// Config says which database to open: URL or Path, exactly one of them.
type Config struct {
	// URL of a Postgres database, postgres://user:password@host:port/name?…
	// with the parameters of lib/pq. Three of them are treated on our side:
	//
	//   - statement_cache: how many prepared statements a connection keeps,
	//     200 by default. 0 is for PgBouncer in transaction mode: none are
	//     kept, and no statement_timeout is sent, which PgBouncer would refuse.
	//   - statement_timeout: how long one statement may run, in Postgres' own
	//     notation, one minute by default; migrations are not bound by it.
	//   - sslmode: "prefer" where neither the URL nor PGSSLMODE names one.
	//
	// The session's time zone is UTC whatever the URL says.
	URL string

	// Path of an SQLite file. It is made where missing; its folder must exist.
	Path string

	// OnStatement, where set, is called for every statement before it is executed, with
	// its text as the database gets it: raw SQL too, but neither begin, commit
	// nor rollback. What it returns, where that is not nil, is called when the
	// statement is done, and that of a query when its rows are read or let go of.
	// It is called from many goroutines at once.
	OnStatement func(ctx context.Context, query string) (done func(error))
}

// DB is an open database. It is safe for use by many goroutines.
type DB struct {
	// SQL is for statements that Ent cannot write. Transactions are better begun
	// by Client, which lets them wait without holding a connection.
	SQL *sql.DB
	// Client is Ent on the same pool of connections.
	Client *ent.Client
	// Dialect is Ent's name for the kind of database: dialect.SQLite or
	// dialect.Postgres.
	Dialect string
	// Location is the file, or the URL without its password: for people.
	Location string

	// Aligned is how many assets Migrate gave the size or the duration of their source
	// file, which versions before kept apart.
	Aligned int64

	// fileHolder is a connection beside the pool, on SQLite, that lives as long as the
	// DB; see holdFile.
	fileHolder *sql.DB
	// migration opens a pool of one or two connections made for migrations.
	migration func() (*sql.DB, error)
}

// Open opens the database that config names, and speaks to it once, so that a
// wrong address fails here. It does not bring the tables up to date: Migrate does.
func Open(ctx context.Context, config Config) (*DB, error) {
	var (
		db    *DB
		slots int
		err   error
	)
	switch {
	case (config.URL == "") == (config.Path == ""):
		return nil, errors.New("open the database: name a URL or a path, and not both")
	case config.URL != "":
		db, slots, err = openPostgres(config)
	default:
		db, slots, err = openSQLite(config)
	}
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := db.SQL.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database at %s: %w", db.Location, err), db.SQL.Close())
	}
	db.Client = ent.NewClient(ent.Driver(&txLimiter{
		Driver: entsql.OpenDB(db.Dialect, db.SQL),
		slots:  make(chan struct{}, slots),
	}))
	return db, nil
}

// Postgres reports whether this is Postgres, for the places where SQL differs.
func (db *DB) Postgres() bool { return db.Dialect == dialect.Postgres }

// Close waits for the statements under way and closes every connection.
func (db *DB) Close() error {
	err := db.SQL.Close()
	if db.fileHolder != nil {
		err = errors.Join(err, db.fileHolder.Close()) // last, as it holds the file
	}
	return err
}
