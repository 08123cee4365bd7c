package media

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/ent/asset"
	"vodgraph/ent/migrate"
)

// Each kind that the API or the database knows has a row, whole, and no other has.
func TestEachKindHasARow(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	schema := gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphql", Input: string(text)})
	var inSchema, inTable []string
	for _, value := range schema.Types["AssetKind"].EnumValues {
		inSchema = append(inSchema, value.Name)
	}
	for _, column := range migrate.AssetsColumns {
		if column.Name == asset.FieldKind {
			inTable = column.Enums
		}
	}
	if slices.Sort(inSchema); !slices.Equal(inSchema, slices.Sorted(slices.Values(inTable))) || len(inSchema) != len(kinds) {
		t.Errorf("the API has the kinds %q, the database %q, and the table has %d rows", inSchema, inTable, len(kinds))
	}
	prefixes := map[string]bool{}
	for _, name := range inSchema {
		row := kinds[asset.Kind(name)]
		if row.Label == "" || len(row.Prefix) != 4 || !row.HasStatus(asset.StatusNORMAL) || prefixes[row.Prefix] {
			t.Errorf("the row of %s is not whole: %+v", name, row)
		}
		prefixes[row.Prefix] = true
		if kind, ok := KindOf(row.Prefix + "x"); !ok || string(kind) != name {
			t.Errorf("an id that begins with %s is of the kind %q", row.Prefix, kind)
		}
		types := 0
		for _, of := range append(schema.Types["AttachmentType"].EnumValues, &ast.EnumValueDefinition{}) {
			types += len(FileTypes(asset.Kind(name), asset.BusinessType(of.Name)))
		}
		if types == 0 {
			t.Errorf("%s has no file types", name)
		}
	}
	if kind, ok := KindOf(CategoryPrefix + "x"); ok {
		t.Errorf("a category is an asset of the kind %q", kind)
	}
}

// A kind that has no row is refused aloud, and never taken for another.
func TestUnknownKind(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("an unknown kind has a row")
		}
	}()
	Of("DOCUMENT")
}

func TestWellFormed(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]bool{
		"vid_01ARZ3NDEKTSV4RRFFQ69G5FAV": true, "vid_7ZZZZZZZZZZZZZZZZZZZZZZZZZ": true, "vid_00000000000000000000000000": true,
		"vid_8ZZZZZZZZZZZZZZZZZZZZZZZZZ": false, "vid_01arz3ndektsv4rrffq69g5fav": false, "vid_01ARZ3NDEKTSV4RRFFQ69G5FAI": false,
		"vid_01ARZ3NDEKTSV4RRFFQ69G5FA": false, "vid_01ARZ3NDEKTSV4RRFFQ69G5FAVV": false, "aud_01ARZ3NDEKTSV4RRFFQ69G5FAV": false, "": false, "vid_": false,
	} {
		if got := WellFormed(id, VideoPrefix); got != want {
			t.Errorf("%s is well formed: %v", id, got)
		}
		if got := WellFormedAsset(id); got != (want || strings.HasPrefix(id, AudioPrefix)) {
			t.Errorf("%s is well formed as an asset's: %v", id, got)
		}
	}
}

func TestJoinPath(t *testing.T) {
	t.Parallel()
	if got := JoinPath([]string{" a ", "e\u0301"}); got != "a\x1fé" || !slices.Equal(SplitPath(got), []string{"a", "é"}) {
		t.Errorf("%q", got)
	}
	// A name that no category has must not lead to one.
	for _, path := range [][]string{{"a\x1fb"}, {"a", "b\x00"}, {"a", "", "b"}, {}, {""}} {
		names := SplitPath(JoinPath(path))
		if !slices.Contains(names, "") {
			t.Errorf("%q leads to %q", path, names)
		}
	}
}
