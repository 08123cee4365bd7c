package bulk

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"vodgraph/database"
	"vodgraph/media"
	"vodgraph/search"
)

// anchor updates by SQL that is written by hand for this one task: a call is a
// handful of statements, whatever its length, and the rows go in as lists.
type anchor struct {
	postgres bool
	sql      *sql.DB
}

func newAnchor(db *database.DB) anchor { return anchor{db.Postgres(), db.SQL} }

// The statements that change the rows and the links. They are written for
// Postgres, but for ? and {rows}; text makes those of either database of them.
const (
	setTitles = `UPDATE assets SET title = n.title, title_key = n.key, revision = ?, updated_at = ?
		FROM {rows} WHERE assets.id = n.id`
	addLinks = `INSERT INTO asset_tags (asset_id, tag_id) SELECT n.id, (SELECT id FROM tags WHERE name = ?)
		FROM {rows} WHERE true ON CONFLICT DO NOTHING`
)

// The other statements of an update: what was before is remembered, and the rows
// are marked to be found anew. What an asset is searched by has its title in the
// first line.
const (
	openSet = `INSERT INTO change_sets (id, actor, asset_count, created_at) VALUES (?, 'local', ?, ?)`
	history = `INSERT INTO changes (change_set_id, subject_id, field, before, after, revision, at) SELECT ?::varchar, a.id, `
	titles  = history + `'title', to_json(a.title), to_json(n.title), ?::bigint, ?::timestamptz
		FROM {rows} JOIN assets a ON a.id = n.id WHERE a.title <> n.title`
	tags = history + `'tags', '[]', json_build_array(json_build_object('id', t.id, 'name', t.name)), ?::bigint, ?::timestamptz
		FROM (SELECT id, name FROM tags WHERE name = ?) AS t CROSS JOIN {rows} JOIN assets a ON a.id = n.id
		WHERE NOT EXISTS (SELECT FROM asset_tags l WHERE l.asset_id = n.id AND l.tag_id = t.id)`
	setEntries = `UPDATE index_entries SET revision = ?, words = n.words || substr(index_entries.words, strpos(index_entries.words, chr(10)))
		FROM {rows} WHERE index_entries.asset_id = n.id`
	addMarks = `INSERT INTO stale_marks (asset_id, revision) SELECT n.id, ?::bigint FROM {rows}`
)

// whole does all that assetsUpdate writes, under a revision that it draws.
func (a anchor) whole(ctx context.Context, list []asset, tag string) error {
	return a.in(ctx, list, func(c *handmade) error {
		var revision int64
		err := c.tx.QueryRowContext(ctx, "UPDATE library SET revision = revision + 1 RETURNING revision").Scan(&revision)
		if err != nil {
			return err
		}
		set := "chs_" + rand.Text()
		return c.exec(ctx, []statement{
			{openSet, []any{set, len(list), c.now}},
			{titles, []any{set, revision, c.now}},
			{tags, []any{set, revision, c.now, tag}},
			{setTitles, []any{revision, c.now}},
			{addLinks, []any{tag}},
			{setEntries, []any{revision}},
			{addMarks, []any{revision}},
		})
	})
}

// bare does the two statements of whole that change the rows and the links.
func (a anchor) bare(ctx context.Context, list []asset, tag string) error {
	return a.in(ctx, list, func(c *handmade) error {
		return c.exec(ctx, []statement{{setTitles, []any{1, c.now}}, {addLinks, []any{tag}}})
	})
}

type handmade struct {
	anchor
	tx   *sql.Tx
	now  time.Time
	rows []any // lists of ids, titles, their keys and their normal forms, or one text of JSON
}

// in runs a call as one transaction.
func (a anchor) in(ctx context.Context, list []asset, do func(*handmade) error) error {
	c := &handmade{anchor: a, now: time.Now().UTC().Truncate(time.Millisecond)}
	if err := c.take(list); err != nil {
		return err
	}
	var err error
	if c.tx, err = a.sql.BeginTx(ctx, nil); err != nil {
		return err
	}
	if err := do(c); err != nil {
		return errors.Join(err, c.tx.Rollback())
	}
	return c.tx.Commit()
}

// take makes the rows of a list.
func (c *handmade) take(list []asset) error {
	var columns [4][]string
	all := make([][4]string, len(list))
	for i, one := range list {
		all[i] = [4]string{one.id, one.title, media.TitleKey(one.title), search.Normalise(one.title)}
		for j, text := range all[i] {
			columns[j] = append(columns[j], text)
		}
	}
	if c.postgres {
		for _, column := range columns {
			c.rows = append(c.rows, pq.Array(column))
		}
		return nil
	}
	text, err := json.Marshal(all)
	c.rows = []any{string(text)}
	return err
}

// statement is one of a call, and its arguments but for the rows, which come last.
type statement struct {
	text string
	args []any
}

func (c *handmade) exec(ctx context.Context, list []statement) error {
	for _, one := range list {
		args := one.args
		if strings.Contains(one.text, "{rows}") {
			args = append(args, c.rows...)
		}
		if _, err := c.tx.ExecContext(ctx, c.text(one.text), args...); err != nil {
			return fmt.Errorf("%s: %w", one.text, err)
		}
	}
	return nil
}

var casts = regexp.MustCompile(`::[a-z]+`)

func (a anchor) text(written string) string {
	if !a.postgres {
		written = strings.NewReplacer("to_json(", "json_quote(", "json_build_array(", "json_array(", "json_build_object(", "json_object(", "strpos(", "instr(",
			"chr(", "char(", "SELECT FROM", "SELECT 1 FROM", "{rows}",
			"(SELECT value ->> 0 AS id, value ->> 1 AS title, value ->> 2 AS key, value ->> 3 AS words FROM json_each(?)) AS n").Replace(written)
		return casts.ReplaceAllString(written, "")
	}
	written = strings.Replace(written, "{rows}", "unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS n (id, title, key, words)", 1)
	var b strings.Builder
	for i, part := range strings.Split(written, "?") {
		if i > 0 {
			b.WriteString("$" + strconv.Itoa(i))
		}
		b.WriteString(part)
	}
	return b.String()
}
