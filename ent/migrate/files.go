package migrate

import (
	"embed"
	"fmt"
	"io/fs"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"
)

// versions are the migrations, a folder a dialect. They are made by diff/ from
// the schema, and not changed once they are released.
//
//go:embed postgres/*.sql sqlite/*.sql
var versions embed.FS

// Folder names the folder of this package that has a dialect's migrations.
func Folder(name string) (string, error) {
	switch name {
	case dialect.Postgres:
		return "postgres", nil
	case dialect.SQLite:
		return "sqlite", nil
	default:
		return "", fmt.Errorf("there are no migrations for the dialect %q", name)
	}
}

// Files are the migrations of a dialect, to be applied in the order of their names.
func Files(name string) (fs.FS, error) {
	folder, err := Folder(name)
	if err != nil {
		return nil, err
	}
	return fs.Sub(versions, folder)
}

// TablesFor are the tables of the schema as a dialect is to have them. The
// caller may change them, and must ask again for each use, as Ent's differ
// writes into them.
//
// For SQLite the collation by code point is left out: it sorts text so by
// default, and has no collation of the name that Postgres has for it.
func TablesFor(name string) ([]*schema.Table, error) {
	tables, err := schema.CopyTables(Tables)
	if err != nil {
		return nil, fmt.Errorf("copy the tables: %w", err)
	}
	if name == dialect.SQLite {
		for _, table := range tables {
			for _, column := range table.Columns {
				column.Collation = ""
			}
		}
	}
	return tables, nil
}
