package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"entgo.io/ent/dialect"
	"modernc.org/sqlite"
)

// sqliteConnections is the size of the pool: more readers than that only take
// turns on the cores.
const sqliteConnections = 4

// sqlitePragmas are the settings of every connection; each has its reason.
var sqlitePragmas = []string{
	"journal_mode(WAL)",     // readers do not wait for the writer, nor it for them
	"synchronous(NORMAL)",   // safe in WAL: a power cut may lose the last transactions, and never half of one
	"busy_timeout(30000)",   // an import in another process writes at the same time
	"mmap_size(2147418112)", // pages are read from the file's mapping and not copied
	"cache_size(-65536)",    // at most 64 MiB a connection, and no more than the file has
}

// openSQLite opens a pool on a file.
//
// A transaction takes the write lock when it begins (_txlock), for one that
// reads first and then writes could fail without waiting; those that are begun
// as ReadOnly do not, and reads outside a transaction never wait for a writer.
// Times are written and read as UTC, in a form that sorts as text.
func openSQLite(config Config) (*DB, int, error) {
	path, err := filepath.Abs(config.Path)
	if err != nil {
		return nil, 0, fmt.Errorf("find the file: %w", err)
	}
	connector, err := sqlite.NewConnector(sqliteDSN(path, true))
	if err != nil {
		return nil, 0, err
	}
	return &DB{
		SQL:        only(sqliteConnections, observe(connector, config.OnStatement)),
		Dialect:    dialect.SQLite,
		Location:   path,
		fileHolder: only(1, connector),
		migration: func() (*sql.DB, error) {
			connector, err := sqlite.NewConnector(sqliteDSN(path, false))
			if err != nil {
				return nil, err
			}
			return only(1, connector), nil
		},
	}, 1, nil
}

// holdFile makes the holder read once. From then on it holds SQLite's lock on the file
// for the whole process.
//
// The connections of the pool do not: one whose statement was cut off is closed,
// and when all of them are closed at once while another is opened, the system
// drops the lock of the new one with theirs. Then another process that opens and
// closes the file removes the log of the latest transactions.
func (db *DB) holdFile(ctx context.Context) error {
	if db.fileHolder == nil {
		return nil
	}
	var tables int
	if err := db.fileHolder.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return fmt.Errorf("hold the file: %w", err)
	}
	return nil
}

func sqliteDSN(path string, foreignKeys bool) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // C:/…
		path = "/" + path
	}
	settings := url.Values{
		"_pragma":      append([]string{fmt.Sprintf("foreign_keys(%t)", foreignKeys)}, sqlitePragmas...),
		"_txlock":      {"immediate"},
		"_time_format": {"sqlite"},
		"_timezone":    {"UTC"},
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: settings.Encode()}).String()
}

func only(n int, connector driver.Connector) *sql.DB {
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return pool
}
