package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"entgo.io/ent/dialect"

	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/ent/asset"
)

// folder fills a database with assets enough for its planner to have a choice.
func folder(t *testing.T, db *dbtest.DB) {
	t.Helper()
	kinds := []asset.Kind{asset.KindVIDEO, asset.KindAUDIO, asset.KindIMAGE, asset.KindATTACHMENT}
	for start := 0; start < 6000; start += 500 {
		var creates []*ent.AssetCreate
		for n := start; n < start+500; n++ {
			creates = append(creates, bare(db.Client, kinds[n%4], n).SetTitleKey(fmt.Sprintf("key %d", n*7919%6000)))
		}
		if err := db.Client.Asset.CreateBulk(creates...).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	analyze := "ANALYZE"
	if db.Dialect == dialect.Postgres {
		analyze = "VACUUM ANALYZE assets"
	}
	if _, err := db.SQL.Exec(analyze); err != nil {
		t.Fatal(err)
	}
}

// plan is how the database goes about a statement.
func plan(t *testing.T, db *dbtest.DB, statement string, args []any) string {
	t.Helper()
	explain := "EXPLAIN QUERY PLAN "
	if db.Dialect == dialect.Postgres {
		explain = "EXPLAIN "
	}
	rows, err := db.SQL.Query(explain+statement, args...)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		var a, b, c int
		into := []any{&line}
		if db.Dialect == dialect.SQLite {
			into = []any{&a, &b, &c, &line}
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// sorts reports whether a plan has a step that sorts, or reads all rows.
func sorts(plan string) bool {
	for _, step := range []string{"Sort", "Seq Scan", "TEMP B-TREE"} {
		if strings.Contains(plan, step) {
			return true
		}
	}
	return !strings.Contains(plan, "INDEX") && !strings.Contains(plan, "Index")
}

// Each single order, in both directions, over all assets and over those of a
// kind, on the first page and on a later one, reads an index and sorts nothing.
func TestOrdersSortNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		s := serve(t, db)
		folder(t, db)
		for field, columns := range map[string][2]string{
			"CREATED_AT": {"created_at", "created_at"}, "UPDATED_AT": {"updated_at", "updated_at"}, "TITLE": {"title_key", "title_key"},
			"SIZE": {"size_asc", "size_desc"}, "DURATION": {"duration_asc", "duration_desc"},
		} {
			for i, direction := range []string{"ASC", "DESC"} {
				for list, args := range map[string][]any{"assets": nil, "videos": {"VIDEO"}} {
					for _, page := range []string{"first: 20", "last: 20"} {
						ask := fmt.Sprintf("%s(orderBy: {field: %s, direction: %s}, %s", list, field, direction, page)
						s.sortsNothing(ask, columns[i], args)
					}
				}
			}
		}
		// Two fields must be sorted: this is how the test can fail.
		var mixed any
		statements := db.Statements(func() {
			s.ask("{ assets(orderBy: [{field: SIZE}, {field: TITLE, direction: DESC}]) { nodes { id } } }", nil, &mixed)
		})
		if p := plan(t, db, statements[0], nil); !sorts(p) {
			t.Errorf("a sort is not reported as one:\n%s", p)
		}
	})
}

// Counts of assets without a filter read indexes alone, and no rows, on SQLite;
// on both a page of a history reads just its rows, in their order.
func TestCountsAndHistoriesReadIndexes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		s := serve(t, db)
		folder(t, db)
		build(t, db, 0)
		for _, statement := range []string{
			`UPDATE assets SET trashed_at = '2026-07-01 00:00:00+00:00' WHERE id LIKE '%77'`,
			`INSERT INTO asset_tags (asset_id, tag_id) SELECT id, '` + id("tag", 0) + `' FROM assets`,
			`INSERT INTO asset_categories (asset_id, category_id) SELECT id, '` + id("cat", 10) + `' FROM assets`,
			`INSERT INTO change_sets (id, actor, asset_count, created_at) SELECT 'chs_' || substr(id, 5), '', 1, created_at FROM assets WHERE kind = 'VIDEO'`,
			`INSERT INTO changes (change_set_id, subject_id, field, revision, at) SELECT '` + id("chs", 0) + `', id, 'title', 1, created_at FROM assets`,
			`INSERT INTO changes (change_set_id, subject_id, field, revision, at) SELECT 'chs_' || substr(id, 5), '` + id("vid", 0) + `', 'title', 1, created_at FROM assets WHERE kind = 'VIDEO'`,
			"ANALYZE",
		} {
			if _, err := db.SQL.Exec(statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		var data any
		for query, args := range map[string][]any{
			`{ changeSets { nodes { note } } }`: nil,
			fmt.Sprintf(`{ node(id: %q) { ... on Asset { history { nodes { field } } } } }`, id("vid", 0)): {id("vid", 0)},
			fmt.Sprintf(`{ changeSet(id: %q) { changes { nodes { field } } } }`, id("chs", 0)):             {id("chs", 0)},
		} {
			statements := db.Statements(func() { s.ask(query, nil, &data) })
			rows := statements[len(statements)-1]
			if _, after, found := strings.Cut(rows, "JOIN ("); found {
				rows, _, _ = strings.Cut(after, ") AS ") // which rows; to load them is another thing
			}
			s.indexed(rows, args)
		}
		if db.Dialect == dialect.Postgres {
			return // it goes by how much of a table it knows to be settled
		}
		for query, args := range map[string][]any{
			`{ assets { totalCount } }`: nil, `{ videos { totalCount } }`: {"vid_", "vid`"}, `{ assets(filter: {trashed: true}) { totalCount } }`: nil,
			`{ tag(name: "tag a") { assetCount } }`: {`["` + id("tag", 0) + `"]`}, `{ tag(name: "tag a") { assets { totalCount } } }`: {`["` + id("tag", 0) + `"]`},
			`{ search(facets: {field: KIND}) { facets { buckets { count } } } }`: nil,
		} {
			statements := db.Statements(func() { s.ask(query, nil, &data) })
			p := plan(t, db, statements[len(statements)-1], args)
			for line := range strings.Lines(p) {
				if strings.Contains(line, "asset") && !strings.Contains(line, "COVERING") {
					t.Errorf("%s is planned as\n%s", query, p)
				}
			}
		}
	})
}

// sortsNothing explains the statements of a list's first and second page; ask is
// the list without its closing bracket, column what it is sorted by.
func (s *server) sortsNothing(ask, column string, args []any) {
	s.Helper()
	var first map[string]assetPage
	pageInfo := " { pageInfo { startCursor endCursor } nodes { id title } } }"
	statements := s.db.Statements(func() { s.ask("{ "+ask+")"+pageInfo, nil, &first) })
	s.indexed(statements[0], args)

	var key any
	var id string
	if err := s.db.SQL.QueryRow("SELECT "+column+", id FROM assets ORDER BY id LIMIT 1 OFFSET 3000").Scan(&key, &id); err != nil {
		s.Fatal(err)
	}
	if text, ok := key.([]byte); ok {
		key = string(text)
	}
	for _, p := range first {
		cursor := fmt.Sprintf(", after: %q)", p.PageInfo.EndCursor)
		if strings.Contains(ask, "last") {
			cursor = fmt.Sprintf(", before: %q)", p.PageInfo.StartCursor)
		}
		var second any
		statements = s.db.Statements(func() { s.ask("{ "+ask+cursor+pageInfo, nil, &second) })
		s.indexed(statements[0], append(append([]any{}, args...), key, id))
	}
}

func (s *server) indexed(statement string, args []any) {
	s.Helper()
	if p := plan(s.T, s.db, statement, args); sorts(p) {
		s.Errorf("%s\nis planned as\n%s", statement, p)
	}
}
