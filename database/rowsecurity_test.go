package database_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"vodgraph/auth"
	"vodgraph/database"
	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/category"
	"vodgraph/ent/migrate"
	"vodgraph/ent/tag"
)

// TestEveryTableIsSeenSomehow finds the tables of which nothing says who sees what.
func TestEveryTableIsSeenSomehow(t *testing.T) {
	t.Parallel()
	listed := database.RowPolicies()
	for _, table := range migrate.Tables {
		if !slices.Contains(listed, table.Name) {
			t.Errorf("database/rowpolicy.go has no policy for the rows of %s", table.Name)
		}
	}
}

// ulid is an id with a number at its end.
func ulid(prefix string, n int) string { return fmt.Sprintf("%s%026d", prefix, n) }

// plant makes the tree a, a/b, a/b/c, d, an asset in each with a tag of its own, and one
// that is in none.
func plant(t *testing.T, c *ent.Client) {
	t.Helper()
	ctx := t.Context()
	for i, path := range []string{"a", "a b", "a b c", "d", ""} {
		if path == "" {
			video(c, i, "none").SaveX(ctx)
			continue
		}
		names := strings.Fields(path)
		create := c.Category.Create().SetID(ulid("cat_", i)).SetName(names[len(names)-1]).SetLevel(len(names)).
			SetPath(strings.Join(names, "\x1f")).SetCreatedAt(time.Now())
		if len(names) > 1 {
			create.SetParentID(ulid("cat_", i-1))
		}
		create.SaveX(ctx)
		word := c.Tag.Create().SetID(ulid("tag_", i)).SetName(path).SaveX(ctx)
		video(c, i, path).AddTags(word).AddCategoryIDs(ulid("cat_", i)).SaveX(ctx)
	}
}

func video(c *ent.Client, n int, title string) *ent.AssetCreate {
	now := time.Now()
	return c.Asset.Create().SetID(ulid("vid_", n)).SetKind(asset.KindVIDEO).SetTitle(title).SetTitleKey(title).SetStatus(asset.StatusNORMAL).
		SetAlternativeTitles([]string{}).SetStorageLocation("default").SetStorageClass(asset.StorageClassSTANDARD).
		SetMediaSource(asset.MediaSourceGENERAL).SetDownloadEnabled(true).SetSizeAsc(0).SetSizeDesc(0).SetDurationAsc(0).SetDurationDesc(0).
		SetRevision(1).SetCreatedAt(now).SetUpdatedAt(now)
}

// TestVisibility looks at the library as callers with several grants see it.
func TestVisibility(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		plant(t, db.Client)
		for name, want := range map[string]struct {
			caller *auth.Caller
			titles []string
			paths  []string
		}{
			"the process":  {nil, []string{"a", "a b", "a b c", "d", "none"}, []string{"a", "a/b", "a/b/c", "d"}},
			"unlimited":    {&auth.Caller{Role: auth.Viewer}, []string{"a", "a b", "a b c", "d", "none"}, []string{"a", "a/b", "a/b/c", "d"}},
			"nothing":      {&auth.Caller{Role: auth.Admin, Limited: true}, nil, nil},
			"what is gone": {&auth.Caller{Role: auth.Admin, Limited: true, Grants: []string{ulid("cat_", 9), "'; DROP TABLE assets; --"}}, nil, nil},
			"a subtree": {&auth.Caller{Role: auth.Viewer, Limited: true, Grants: []string{ulid("cat_", 1)}},
				[]string{"a b", "a b c"}, []string{"b", "b/c"}},
			"one within another": {&auth.Caller{Role: auth.Viewer, Limited: true, Grants: []string{ulid("cat_", 2), ulid("cat_", 1), ulid("cat_", 3)}},
				[]string{"a b", "a b c", "d"}, []string{"b", "b/c", "d"}},
		} {
			ctx := auth.With(t.Context(), want.caller)
			rows := db.Client.Asset.Query().Order(asset.ByID()).AllX(ctx)
			if got := list(rows, func(r *ent.Asset) string { return r.Title }); !slices.Equal(got, want.titles) {
				t.Errorf("%s sees the assets %q", name, got)
			}
			if n := db.Client.Asset.Query().CountX(ctx); n != len(want.titles) {
				t.Errorf("%s counts %d assets", name, n)
			}
			tree := db.Client.Category.Query().Order(category.ByPath()).AllX(ctx)
			if got := list(tree, func(r *ent.Category) string { return strings.ReplaceAll(r.Path, "\x1f", "/") }); !slices.Equal(got, want.paths) {
				t.Errorf("%s sees the categories %q", name, got)
			}
			for _, row := range tree {
				if row.Level != strings.Count(row.Path, "\x1f")+1 || (row.ParentID == nil) != (row.Level == 1) {
					t.Errorf("%s sees %q at level %d below %v", name, row.Path, row.Level, row.ParentID)
				}
			}
			words := db.Client.Tag.Query().Order(tag.ByName()).AllX(ctx)
			wanted := slices.DeleteFunc(slices.Clone(want.titles), func(s string) bool { return s == "none" })
			if got := list(words, func(r *ent.Tag) string { return r.Name }); !slices.Equal(got, wanted) {
				t.Errorf("%s sees the tags %q", name, got)
			}
			if got := recursive(ctx, t, db); got != len(want.paths) {
				t.Errorf("%s counts %d categories by a recursive query", name, got)
			}
		}
	})
}

// recursive counts the categories by a query with a WITH of its own.
func recursive(ctx context.Context, t *testing.T, db *dbtest.DB) (n int) {
	t.Helper()
	const query = "WITH RECURSIVE above (id) AS (SELECT id FROM categories WHERE parent_id IS NULL UNION ALL " +
		"SELECT categories.id FROM above JOIN categories ON categories.parent_id = above.id) SELECT COUNT(*) FROM above"
	rows, err := db.Client.QueryContext(ctx, query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func list[T any](rows []T, text func(T) string) (texts []string) {
	for _, r := range rows {
		texts = append(texts, text(r))
	}
	return texts
}

// TestVisibilityWithinATransaction has rules see everything, but where they say otherwise.
func TestVisibilityWithinATransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		plant(t, db.Client)
		ctx := auth.With(t.Context(), &auth.Caller{Role: auth.Editor, Limited: true, Grants: []string{ulid("cat_", 3)}})
		tx, err := db.Client.Tx(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tx.Rollback() }()
		if n := tx.Asset.Query().CountX(ctx); n != 5 {
			t.Errorf("rules see %d assets", n)
		}
		if n := tx.Asset.Query().CountX(auth.WithRowSecurity(ctx)); n != 1 {
			t.Errorf("the caller sees %d assets", n)
		}
		if n := tx.Asset.Update().Where(func(s *sql.Selector) { s.Where(sql.EQ(s.C("kind"), "VIDEO")) }).SetDescription("all").SaveX(auth.WithRowSecurity(ctx)); n != 5 {
			t.Errorf("a statement that writes has %d assets", n)
		}
		query := "SELECT COUNT(*) FROM assets"
		if db.Dialect == dialect.Postgres {
			query += " WHERE description = $1"
		} else {
			query += " WHERE description = ?"
		}
		rows, err := tx.QueryContext(auth.WithRowSecurity(ctx), query, "all")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		n := 0
		if !rows.Next() || rows.Scan(&n) != nil || n != 1 {
			t.Errorf("a query by hand sees %d assets", n)
		}
	})
}
