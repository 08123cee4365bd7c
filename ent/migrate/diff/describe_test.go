package main

import (
	"context"
	"database/sql"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vodgraph/database"
)

// What the version table of the migrations is called, and so is left out.
const bookkeeping = "goose_db_version"

// postgresCatalogue has a line for every column, constraint and index.
const postgresCatalogue = `
SELECT format('%s.%s %s%s collation %s identity %s default %s', relname, attname,
		format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN ' not null' END, collname, attidentity,
		pg_get_expr(adbin, adrelid))
	FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_collation l ON l.oid = attcollation
	LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum
	WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped AND relnamespace = 'public'::regnamespace
	AND relname <> $1
UNION ALL
SELECT format('%s %s %s', relname, conname, pg_get_constraintdef(k.oid))
	FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid
	WHERE relnamespace = 'public'::regnamespace AND relname <> $1
UNION ALL
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> $1`

// settle has Postgres write every check as it writes checks that it has read
// from itself: the first time it may set parentheses and casts otherwise.
const settle = `
DO $$ DECLARE k record; BEGIN
	FOR k IN SELECT conrelid::regclass AS of, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
		WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP
		EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s', k.of, k.conname, k.conname, k.definition);
	END LOOP;
END $$`

// sqliteCatalogue has the text of every table and index.
const sqliteCatalogue = `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> $1 AND name <> 'sqlite_sequence'`

// describe lists what the tables of a database are made of, sorted. Two databases
// with the same list have the same tables, but for the order of the columns.
func describe(t *testing.T, db *database.DB) []string {
	t.Helper()
	query := sqliteCatalogue
	if db.Postgres() {
		query = postgresCatalogue
		if _, err := db.SQL.ExecContext(t.Context(), settle); err != nil {
			t.Fatal(err)
		}
	}
	lines, err := texts(t.Context(), db.SQL, query, bookkeeping)
	if err != nil {
		t.Fatal(err)
	}
	if !db.Postgres() {
		var parts []string
		for _, line := range lines {
			parts = append(parts, apart(line)...)
		}
		lines = parts
	}
	slices.Sort(lines)
	return lines
}

// texts are the values of a query with one column.
func texts(ctx context.Context, db *sql.DB, query string, args ...any) ([]string, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var values []string
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, rows.Err()
}

// What may be written in several ways and means the same.
var (
	quotes = strings.NewReplacer("`", "", `"`, "")
	blank  = regexp.MustCompile(`\s+`)
)

// apart splits the text of a table into its columns and constraints, each with
// the table's name before it; anything else is one part.
func apart(statement string) []string {
	statement = blank.ReplaceAllString(quotes.Replace(statement), " ")
	head, body, isTable := strings.Cut(statement, "(")
	if !isTable || !strings.HasPrefix(statement, "CREATE TABLE") {
		return []string{statement}
	}
	var parts []string
	depth, from := 0, 0
	for i, c := range body {
		switch {
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth == 0 && (c == ',' || c == ')'):
			parts = append(parts, head+strings.TrimSpace(body[from:i]))
			from = i + 1
		}
	}
	return append(parts, head+strings.TrimSpace(body[from:]))
}
