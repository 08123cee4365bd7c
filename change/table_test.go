package change

import (
	"slices"
	"testing"

	"entgo.io/ent/dialect/sql/schema"
	column "entgo.io/ent/schema/field"

	"vodgraph/ent/migrate"
)

// TestTablesKnowTheirTypes holds that the types which columns are written with are
// those of the database.
func TestTablesKnowTheirTypes(t *testing.T) {
	t.Parallel()
	typesOf(t, assets)
	typesOf(t, AssetTags)
	typesOf(t, assetCategories)
	typesOf(t, Links)
	typesOf(t, mezzanines)
	typesOf(t, PlayInfos)
	typesOf(t, Snapshots)
	typesOf(t, aiSources)
	typesOf(t, aiLabels)
	typesOf(t, cues)
	typesOf(t, findings)
	typesOf(t, duplicates)
	typesOf(t, candidates)
	typesOf(t, Tags)
	typesOf(t, historyRows)
	typesOf(t, marks)
	typesOf(t, indexEntries)
}

func typesOf[T any](t *testing.T, of *Table[T]) {
	t.Helper()
	names := map[column.Type]string{column.TypeString: "text", column.TypeEnum: "text", column.TypeInt: "bigint",
		column.TypeInt64: "bigint", column.TypeFloat64: "double precision", column.TypeBool: "boolean",
		column.TypeTime: "timestamptz", column.TypeJSON: "jsonb"}
	columns := migrate.Tables[slices.IndexFunc(migrate.Tables, func(m *schema.Table) bool { return m.Name == of.Name })].Columns
	for _, name := range of.Columns {
		column := columns[slices.IndexFunc(columns, func(c *schema.Column) bool { return c.Name == name })]
		want := names[column.Type]
		if own := column.SchemaType["postgres"]; own == "json" {
			want = own
		}
		if got := of.typeOf(name); got != want {
			t.Errorf("%s.%s is written as %s, and is %s", of.Name, name, got, want)
		}
	}
}
