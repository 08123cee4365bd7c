package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"vodgraph/ent/migrate"
)

// lockTries is how often, once a second, a server asks whether another has done
// with migrating a Postgres database, before it gives up.
const lockTries = 1800

// Migrate brings the tables up to date. It may be called at any start, by
// several processes at once: one of them does it, and the others wait for it.
//
// On SQLite all that is missing goes in or nothing does; on Postgres each
// migration by itself. A database that a newer version of the program has
// migrated is refused, as this one could harm what it does not know.
func (db *DB) Migrate(ctx context.Context) error {
	files, err := migrate.Files(db.Dialect)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	pool, err := db.migration()
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if db.Postgres() {
		db.Aligned, err = migratePostgres(ctx, pool, files)
	} else {
		db.Aligned, err = migrateSQLite(ctx, pool, files)
	}
	if err := errors.Join(err, pool.Close()); err != nil {
		return fmt.Errorf("migrate %s: %w", db.Location, err)
	}
	return db.holdFile(ctx)
}

// ErrOutdated is the error of Current where a migration is missing.
var ErrOutdated = errors.New("the tables are not up to date")

// Current asks the database whether the tables are those that this program knows, or
// newer ones of a program that is about to take its place. It fails with ErrOutdated where
// they are older, as those of an old copy that was put back.
func (db *DB) Current(ctx context.Context) error {
	files, err := migrate.Files(db.Dialect)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		return fmt.Errorf("read the migrations: %w", err)
	}
	newest, err := goose.NumericComponent(slices.Max(names))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	var applied int64
	row := db.SQL.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM "+goose.DefaultTablename)
	switch err := row.Scan(&applied); {
	case err != nil:
		return fmt.Errorf("read the version of the tables: %w", err)
	case applied < newest:
		return ErrOutdated
	}
	return nil
}

func migratePostgres(ctx context.Context, pool *sql.DB, files fs.FS) (aligned int64, err error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, lockTries))
	if err != nil {
		return 0, fmt.Errorf("set up the lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, pool, files,
		goose.WithDisableGlobalRegistry(true), goose.WithSessionLocker(locker))
	if err != nil {
		return 0, fmt.Errorf("read the migrations: %w", err)
	}
	return up(ctx, pool, provider)
}

// migrateSQLite migrates in one transaction, which it begins by taking the write
// lock; the pool has one connection, so that everything is in it.
//
// Foreign keys are not enforced meanwhile: to change a table SQLite makes a new
// one and drops the old, which would take along the rows that point there. They
// are checked before the end instead.
func migrateSQLite(ctx context.Context, pool *sql.DB, files fs.FS) (aligned int64, err error) {
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, files,
		goose.WithDisableGlobalRegistry(true), goose.WithIsolateDDL(true)) // then it begins no transactions
	if err != nil {
		return 0, fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := pool.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return 0, fmt.Errorf("wait for the write lock: %w", err)
	}
	if aligned, err = up(ctx, pool, provider); err == nil {
		err = checkForeignKeys(ctx, pool)
	}
	if err != nil {
		_, undo := pool.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return 0, errors.Join(err, undo)
	}
	if _, err := pool.ExecContext(ctx, "COMMIT"); err != nil {
		return 0, fmt.Errorf("commit: %w", err)
	}
	return aligned, nil
}

// up applies the migrations that are missing, and returns how many assets they gave the
// size or the duration of their source file.
func up(ctx context.Context, pool *sql.DB, provider *goose.Provider) (aligned int64, err error) {
	differing, err := countDiffering(ctx, pool)
	if err != nil {
		return 0, err
	}
	applied, err := provider.Up(ctx)
	if err != nil {
		return 0, fmt.Errorf("apply the migrations: %w", err)
	}
	for _, one := range applied {
		if one.Source.Version == factsVersion {
			aligned = differing
		}
	}
	current, newest, err := provider.GetVersions(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the version of the tables: %w", err)
	}
	if current > newest {
		return 0, fmt.Errorf("the tables are of version %d, which is newer than this program, which knows %d", current, newest)
	}
	return aligned, nil
}

// factsVersion is the migration that gives an asset the size and the duration that its
// source file states.
const factsVersion = 20261130212700

const firstVersion = 20261122000000

// countDiffering counts the assets that this migration will change; none where it was
// applied already, or nothing is there yet.
func countDiffering(ctx context.Context, pool *sql.DB) (n int64, err error) {
	var version int64
	err = pool.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM "+goose.DefaultTablename).Scan(&version)
	if err != nil || version < firstVersion || version >= factsVersion {
		return 0, nil // without the table of versions the database is empty
	}
	err = pool.QueryRowContext(ctx, "SELECT COUNT(*) FROM assets JOIN mezzanines ON mezzanines.asset_id = assets.id "+
		"WHERE mezzanines.size <> COALESCE(assets.size, -1) OR mezzanines.duration <> COALESCE(assets.duration, -1)").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the assets that differ from their source files: %w", err)
	}
	return n, nil
}

func checkForeignKeys(ctx context.Context, pool *sql.DB) error {
	rows, err := pool.QueryContext(ctx, `SELECT DISTINCT "table", parent FROM pragma_foreign_key_check`)
	if err != nil {
		return fmt.Errorf("check the foreign keys: %w", err)
	}
	defer rows.Close()
	var broken []string
	for rows.Next() {
		var table, parent string
		if err := rows.Scan(&table, &parent); err != nil {
			return fmt.Errorf("check the foreign keys: %w", err)
		}
		broken = append(broken, table+" to "+parent)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("check the foreign keys: %w", err)
	}
	if broken != nil {
		return fmt.Errorf("foreign keys point nowhere: %s", strings.Join(broken, ", "))
	}
	return nil
}
