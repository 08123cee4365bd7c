package main

import (
	"context"
	"fmt"
	"text/template"

	atlas "ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/sqltool"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"

	"vodgraph/ent/migrate"
)

// firstRow is what the tables cannot be without: the one row about the library.
const firstRow = `-- the row about the library
INSERT INTO library (id, revision, demo) VALUES (1, 0, false);
`

// layout of a migration's file. There is no way down: a server that has run on
// the new tables has written what the old ones cannot hold.
const layout = `-- +goose Up
{{ range .Changes }}{{ with .Comment }}-- {{ println . }}{{ end }}{{ printf "%s;\n" .Cmd }}{{ end }}`

// migration says which file is to be written.
type migration struct {
	folder  string // where the dialect's migrations are
	version string // 14 digits that sort behind those of every other file
	name    string // what changes, as one lower-case word or several with _
	first   bool   // whether the folder is empty
}

// write compares the schema with what the migrations of a folder make of an
// empty database, and writes the difference as one more file. Where there is
// none, it writes nothing. The database must be empty, and is so again
// afterwards.
func write(ctx context.Context, empty dialect.Driver, m migration) error {
	dir, err := sqltool.NewGooseDir(m.folder)
	if err != nil {
		return fmt.Errorf("open the folder of migrations: %w", err)
	}
	content := layout
	if m.first {
		content += firstRow
	}
	file, err := template.New("name").Parse(m.version + "_{{ .Name }}.sql")
	if err != nil {
		return fmt.Errorf("name the file: %w", err)
	}
	formatter, err := atlas.NewTemplateFormatter(file, template.Must(template.New("content").Parse(content)))
	if err != nil {
		return fmt.Errorf("lay out the file: %w", err)
	}
	differ, err := schema.NewMigrate(empty,
		schema.WithDir(dir),
		schema.WithFormatter(formatter),
		schema.WithMigrationMode(schema.ModeReplay),
		schema.WithDropColumn(true),
		schema.WithDropIndex(true),
	)
	if err != nil {
		return fmt.Errorf("set up the comparison: %w", err)
	}
	tables, err := migrate.TablesFor(empty.Dialect())
	if err != nil {
		return err
	}
	if err := differ.NamedDiff(ctx, m.name, tables...); err != nil {
		return fmt.Errorf("compare the migrations in %s with the schema: %w", m.folder, err)
	}
	return nil
}
