package filter_test

import (
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/dbtest"
	"vodgraph/ent/asset"
	"vodgraph/ent/fact"
	"vodgraph/filter"
	"vodgraph/limits"
	"vodgraph/media"
)

// crowd fills a database with 20,000 assets, one in 1,000 of them marked in
// each of the ways that filters find by an index.
var crowd = []string{
	`INSERT INTO categories (id, name, level, path, created_at)
		VALUES ('cat_00000000000000000000000001', 'Few', 1, 'Few', '2026-01-01 00:00:00+00:00')`,
	`INSERT INTO tags (id, name) VALUES ('tag_1', 'few'), ('tag_2', 'fewer')`,
	`INSERT INTO assets (id, kind, reference_id, title, title_key, alternative_titles, status, size_asc, size_desc,
			duration_asc, duration_desc, storage_location, storage_class, media_source, download_enabled, revision,
			created_at, updated_at)
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999)
		SELECT 'vid_' || CAST(100000 + i AS TEXT), 'VIDEO', 'ref' || CAST(i AS TEXT), CASE i % 1000 WHEN 0 THEN 'Few' ELSE 'Many' END, CASE i % 1000 WHEN 0 THEN 'few' ELSE 'many' END, '[]',
			CASE i % 1000 WHEN 0 THEN 'BLOCKED' WHEN 1 THEN 'CHECKING' ELSE 'NORMAL' END, i, i,
			i, i, '', 'STANDARD', 'GENERAL', FALSE, 1,
			'2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00' FROM n`,
	`UPDATE assets SET created_at = '2026-07-01 00:00:00+00:00' WHERE size_asc % 1000 = 2`,
	`UPDATE assets SET updated_at = '2026-07-01 00:00:00+00:00' WHERE size_asc % 1000 = 3`,
	`INSERT INTO asset_tags (asset_id, tag_id) SELECT id, 'tag_1' FROM assets WHERE status = 'BLOCKED'`,
	`INSERT INTO asset_tags (asset_id, tag_id) SELECT id, 'tag_2' FROM assets WHERE status = 'CHECKING'`,
	`UPDATE assets SET trashed_at = '2026-07-01 00:00:00+00:00' WHERE size_asc % 1000 = 4`,
	`INSERT INTO ai_sources (asset_id, source, suggestion)
		SELECT id, '', CASE status WHEN 'BLOCKED' THEN 'BLOCK' ELSE 'PASS' END FROM assets`,
	`INSERT INTO asset_categories (asset_id, category_id) SELECT id, 'cat_00000000000000000000000001' FROM assets WHERE status = 'BLOCKED'`,
}

// Filters that name few assets find them by an index, without a look at all.
func TestFilterUsesAnIndex(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	filters := map[string]*filter.AssetFilter{
		"id":               {IDs: []string{"vid_100001"}},
		"ids":              {IDs: []string{"vid_100001", "vid_100002"}},
		"referenceId":      {ReferenceIDs: []string{"ref1"}},
		"referenceIds":     {ReferenceIDs: []string{"ref1", "ref2"}},
		"category":         {Category: &filter.CategoryFilter{In: categoryIDs(categoryID(1))}},
		"categories":       {Category: &filter.CategoryFilter{In: categoryIDs(categoryID(1), categoryID(2))}},
		"path":             {Category: &filter.CategoryFilter{In: []*media.CategoryRef{{Path: []string{"Few"}}}}},
		"path and id":      {Category: &filter.CategoryFilter{In: append(categoryIDs(categoryID(2)), &media.CategoryRef{Path: []string{"Few"}})}},
		"category alone":   {Category: &filter.CategoryFilter{In: categoryIDs(categoryID(1)), IncludeDescendants: new(false)}},
		"tag":              {Tags: &filter.TagFilter{Any: []string{"few"}}},
		"one of two tags":  {Tags: &filter.TagFilter{Any: []string{"few", "fewer"}}},
		"both of two tags": {Tags: &filter.TagFilter{All: []string{"few", "fewer"}}},
		"createdAt":        {CreatedAt: &filter.TimeRange{Gte: &late}},
		"updatedAt":        {UpdatedAt: &filter.TimeRange{Gte: &late}},
		"status":           {Statuses: []asset.Status{asset.StatusBLOCKED}},
		"statuses":         {Statuses: []asset.Status{asset.StatusBLOCKED, asset.StatusCHECKING}},
		"title":            {Titles: []string{"Few"}},
		"titles":           {Titles: []string{"Few", "Fewer"}},
		"review":           {Review: &filter.ReviewFilter{Suggestions: []fact.Suggestion{fact.Block}}},
		"the trash":        inTrash(new(true)),
		"nested":           {And: []*filter.AssetFilter{{Statuses: []asset.Status{asset.StatusBLOCKED}}}},
	}
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		for _, statement := range crowd {
			if _, err := db.SQL.ExecContext(t.Context(), statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		if db.Dialect == dialect.Postgres { // it goes by its statistics, SQLite by the indexes there are
			if _, err := db.SQL.ExecContext(t.Context(), "ANALYZE"); err != nil {
				t.Fatal(err)
			}
		}
		for name, f := range filters {
			plan := explain(t, db, f)
			if strings.Contains(plan, "SCAN assets") || strings.Contains(plan, "Seq Scan on assets") {
				t.Errorf("%s looks at all assets:\n%s", name, plan)
			}
		}
		// A range without bounds must: this is how the test can fail.
		if plan := explain(t, db, &filter.AssetFilter{Size: &filter.Int64Range{}}); !strings.Contains(plan, "SCAN assets") &&
			!strings.Contains(plan, "Seq Scan on assets") {
			t.Errorf("a scan is not seen as one:\n%s", plan)
		}
	})
}

// explain is the plan of the database for loading what a filter matches.
func explain(t *testing.T, db *dbtest.DB, f *filter.AssetFilter) string {
	t.Helper()
	p, err := f.Predicate(limits.DefaultFilter())
	if err != nil {
		t.Fatal(err)
	}
	s := sql.Dialect(db.Dialect).Select("*").From(sql.Table("assets"))
	p(s)
	query, args := s.Query()
	prefix, columns := "EXPLAIN QUERY PLAN ", 4
	if db.Dialect == dialect.Postgres {
		prefix, columns = "EXPLAIN ", 1
	}
	rows, err := db.SQL.QueryContext(t.Context(), prefix+query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	var plan strings.Builder
	for rows.Next() {
		var step string
		into := []any{new(any), new(any), new(any), &step}
		if err := rows.Scan(into[4-columns:]...); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(step + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
