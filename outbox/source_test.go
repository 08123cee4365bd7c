package outbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/ent/asset"
	"vodgraph/ent/indexentry"
	"vodgraph/ent/stalemark"
	"vodgraph/outbox"
	"vodgraph/search"
)

// What lacks something to be found gets it at a start, and what lacks nothing is not
// written.
func TestComplete(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		c, ctx := verbs(db), t.Context()
		ids := slices.Concat(fill(t, c, 2)...)
		entries := db.Client.IndexEntry.Query().AllX(ctx)
		revision := db.Client.Library.Query().OnlyX(ctx).Revision
		lacking := []string{ids[0], ids[3], ids[5]}
		db.Client.StaleMark.Delete().ExecX(ctx)
		db.Client.IndexEntry.Delete().Where(indexentry.AssetIDIn(lacking...)).ExecX(ctx)
		db.Client.IndexEntry.Update().Where(indexentry.AssetIDIn(ids[1], ids[6])).ClearWords().ExecX(ctx)
		db.Client.Tag.Update().ClearWords().ExecX(ctx)
		assets := db.Client.Asset.Query().Order(asset.ByID()).AllX(ctx)

		if err := outbox.New(c.Library).Backfill(ctx); err != nil {
			t.Fatal(err)
		}
		for _, row := range db.Client.Tag.Query().AllX(ctx) {
			if row.Words == nil || *row.Words != search.Normalise(row.Name) {
				t.Errorf("the tag %s is searched by %v", row.Name, row.Words)
			}
		}
		var marked []string
		for _, mark := range db.Client.StaleMark.Query().Order(stalemark.ByAssetID()).AllX(ctx) {
			marked = append(marked, mark.AssetID)
		}
		if slices.Sort(lacking); !slices.Equal(marked, lacking) {
			t.Errorf("marked are %q, want %q", marked, lacking)
		}
		if now := db.Client.Asset.Query().Order(asset.ByID()).AllX(ctx); fmt.Sprint(now) != fmt.Sprint(assets) {
			t.Error("assets were changed")
		}
		if docs, err := outbox.New(c.Library).Documents(ctx, ids); err != nil || len(docs) != len(ids) {
			t.Errorf("%d documents of %d, %v", len(docs), len(ids), err)
		}
		completeAgain(t, db, c)
		completedEntries(t, db, entries, lacking, revision)
	})
}

// completedEntries wants entries as they were, but for those that were lacking: they
// come after all others, in a transaction of their own, and before what is made next.
func completedEntries(t *testing.T, db *dbtest.DB, were []*ent.IndexEntry, lacking []string, revision int64) {
	t.Helper()
	out, err := verbs(db).AssetsCreate(t.Context(), []*catalog.AssetCreateInput{{Kind: asset.KindVIDEO, Title: "Next"}}, nil)
	if err != nil || out.Count(change.Created) != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	now := db.Client.IndexEntry.Query().Order(indexentry.ByID()).AllX(t.Context())
	if len(now) != len(were)+1 || *now[len(were)].Words != "next\n" {
		t.Fatalf("%d entries where %d were, the last %+v", len(now), len(were), now[len(now)-1])
	}
	byAsset, last := map[string]*ent.IndexEntry{}, int64(0)
	for _, entry := range now {
		byAsset[entry.AssetID] = entry
	}
	for _, was := range were {
		last = max(last, was.ID)
	}
	for _, was := range were {
		entry := byAsset[was.AssetID]
		if entry == nil || entry.Words == nil || *entry.Words != *was.Words {
			t.Errorf("the entry of %s is %+v, and was %+v", was.AssetID, entry, was)
			continue
		}
		if !slices.Contains(lacking, was.AssetID) {
			if entry.ID != was.ID || entry.Revision != was.Revision {
				t.Errorf("the entry of %s is %+v, and was %+v", was.AssetID, entry, was)
			}
		} else if entry.ID <= last || entry.Revision != revision+1 {
			t.Errorf("the entry of %s is %d of revision %d; the others ended with %d of %d", was.AssetID, entry.ID, entry.Revision, last, revision)
		}
	}
}

// completeAgain completes what lacks nothing, and wants nothing to be written.
func completeAgain(t *testing.T, db *dbtest.DB, c *catalog.Catalog) {
	t.Helper()
	statements := db.Statements(func() {
		if err := outbox.New(c.Library).Backfill(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	for _, statement := range statements {
		if !strings.HasPrefix(statement, "SELECT ") {
			t.Errorf("where nothing is lacking there is: %s", statement)
		}
	}
	if len(statements) != 3 {
		t.Errorf("%d statements where nothing is lacking, want 3", len(statements))
	}
}

// However much is lacking, it is made in batches: a transaction has 500 entries, and a
// statement the words of 500 rows.
func TestCompleteMany(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		c, ctx := verbs(db), t.Context()
		const n = 1100
		exec := func(statement string) {
			if _, err := db.SQL.ExecContext(ctx, statement); err != nil {
				t.Fatal(err)
			}
		}
		for start := 0; start < n; start += 1000 {
			items := make([]*catalog.AssetCreateInput, min(1000, n-start))
			for i := range items {
				items[i] = &catalog.AssetCreateInput{Kind: asset.KindVIDEO, Title: fmt.Sprint("Video ", start+i)}
			}
			if out, err := c.AssetsCreate(ctx, items, nil); err != nil || out.Count(change.Created) != len(items) {
				t.Fatalf("%+v, %v", out, err)
			}
		}
		for start := 0; start < n; start += 100 {
			var rows []string
			for i := range 100 {
				rows = append(rows, fmt.Sprintf("('tag_%026d', 'Tag %d')", start+i, start+i))
			}
			exec("INSERT INTO tags (id, name) VALUES " + strings.Join(rows, ", "))
		}
		for _, lose := range []string{"DELETE FROM index_entries", "UPDATE index_entries SET words = NULL"} {
			exec(lose)
			writes := 0
			for _, statement := range db.Statements(func() {
				if err := outbox.New(c.Library).Backfill(ctx); err != nil {
					t.Fatal(err)
				}
			}) {
				if strings.HasPrefix(statement, "UPDATE ") || strings.HasPrefix(statement, "INSERT ") {
					writes++
				}
			}
			if writes > 12 {
				t.Errorf("%s: %d statements that write", lose, writes)
			}
			if n, err := db.Client.IndexEntry.Query().Where(indexentry.WordsNotNil()).Count(ctx); err != nil || n != 1100 {
				t.Errorf("%s: %d entries with words, %v", lose, n, err)
			}
			completeAgain(t, db, c)
		}
		for _, row := range db.Client.Tag.Query().AllX(ctx) {
			if row.Words == nil || *row.Words != search.Normalise(row.Name) {
				t.Fatalf("the tag %s is searched by %v", row.Name, row.Words)
			}
		}
	})
}
