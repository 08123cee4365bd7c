package catalog_test

import (
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"vodgraph/catalog"
	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/limits"
	"vodgraph/media"
	"vodgraph/taxonomy"
)

// BenchmarkRename renames what 10,000 assets have: a category, a tag, and, to
// compare with, what it would be to touch the assets themselves for that.
//
//	go run ./dbtest/serve -- go test ./catalog -run '^$' -bench Rename -benchtime 20x
func BenchmarkRename(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *dbtest.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			db := open(b)
			c := catalog.New(change.Open(db.Client, change.Options{Limits: limits.DefaultLibrary(), Now: time.Now, NewID: media.ULIDs(time.Now, rand.Reader)}, catalog.Compare))
			category := shelve(b, c)
			b.Run("category", func(b *testing.B) {
				for n := range b.N {
					name := fmt.Sprint("category ", n, " of ", b.N)
					if _, err := c.CategoryUpdate(b.Context(), taxonomy.CategoryUpdateInput{ID: category, Name: graphql.OmittableOf(&name)}); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("tag", func(b *testing.B) {
				was := "tag"
				for n := range b.N {
					to := fmt.Sprint("tag ", n, " of ", b.N)
					if _, err := c.TagRename(b.Context(), was, to); err != nil {
						b.Fatal(err)
					}
					was = to
				}
				if _, err := c.TagRename(b.Context(), was, "tag"); err != nil {
					b.Fatal(err)
				}
			})
			b.Run("the assets themselves", func(b *testing.B) {
				for n := range b.N {
					if _, err := db.SQL.ExecContext(b.Context(), "UPDATE assets SET revision = $1, updated_at = $2", n, time.UnixMilli(int64(n))); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// shelve makes 10,000 assets of one tag in one category, whose id it returns.
func shelve(b *testing.B, c *catalog.Catalog) string {
	b.Helper()
	made, err := c.CategoryCreate(b.Context(), taxonomy.CategoryCreateInput{Name: "category"})
	if err != nil {
		b.Fatal(err)
	}
	id := made.IDs[0]
	for range 10 {
		items := make([]*catalog.AssetCreateInput, 1000)
		for i := range items {
			items[i] = &catalog.AssetCreateInput{Kind: "IMAGE", Title: "An image",
				Tags:       graphql.OmittableOf([]string{"tag"}),
				Categories: graphql.OmittableOf([]*media.CategoryRef{{ID: &id}})}
		}
		if out, err := c.AssetsCreate(b.Context(), items, nil); err != nil || out.Count(change.Created) != len(items) {
			b.Fatal(err)
		}
	}
	return id
}
