package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/limits"
)

const categorySelection = `id name level path { name } parent { id } children { name } assetCount`

// grow makes a category of a name below another, a root where that is "".
func (d *mutations) grow(name, parent string) string {
	d.Helper()
	under := "null"
	if parent != "" {
		under = quoted(parent)
	}
	return d.done("categoryCreate", "id", `{"input": {"name": %s, "parentId": %s}}`, quoted(name), under).Category.id()
}

func TestMutationCategoryCreate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		p := d.done("categoryCreate", categorySelection, `{"input": {"name": " Cafe\u0301\u3000"}}`)
		root := p.Category.id()
		d.same(p.Category, fmt.Sprintf(`{"id": %q, "name": "Café", "level": 1, "path": [{"name": "Café"}], "parent": null, "children": [], "assetCount": 0}`, root), "a root")
		if *p.Revision != 1 || d.revision() != 1 {
			t.Errorf("revision %v", *p.Revision)
		}
		child := d.grow("b", root)
		leaf := d.grow("c", child)
		for input, want := range map[string]string{
			`"name": ""`:                                             "REQUIRED input.name",
			`"name": " \u3000"`:                                      "REQUIRED input.name",
			`"name": "a\tb"`:                                         "INVALID input.name",
			`"name": "a\u001fb"`:                                     "INVALID input.name",
			`"name": "a\u0085b"`:                                     "INVALID input.name",
			`"name": "a\u007f"`:                                      "INVALID input.name",
			`"name": "Caf\u00e9"`:                                    "CATEGORY_NAME_TAKEN input.name",
			`"name": "\tCafe\u0301 "`:                                "CATEGORY_NAME_TAKEN input.name",
			`"name": "b", "parentId": "` + root + `"`:                "CATEGORY_NAME_TAKEN input.name",
			`"name": "d", "parentId": "` + leaf + `"`:                "CATEGORY_TOO_DEEP input.parentId",
			`"name": "d", "parentId": "cat_1"`:                       "NOT_FOUND input.parentId",
			`"name": ` + quoted(strings.Repeat(decomposed, 128)+"x"): "CATEGORY_NAME_TOO_LONG input.name",
		} {
			d.refuses([]string{want}, "categoryCreate", `{"input": {%s}}`, input)
		}
		// Case is kept, and distinguishes names; so does another parent.
		for _, name := range []string{"café", "CAFÉ", "b", strings.Repeat(decomposed, 128), strings.Repeat(emoji, 128), "ｂ"} {
			d.grow(name, "")
		}
		d.grow("b", child)
	})
}

func TestMutationCategoryLimits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		for most, limits := range map[int]limits.Library{1000: limits.DefaultLibrary(), 100: limits.VODLibrary()} {
			d := write(t, db, func(o *change.Options) { o.Limits = limits })
			parent, other := d.grow(fmt.Sprint("parent ", most), ""), d.grow(fmt.Sprint("other ", most), "")
			var rows []*ent.CategoryCreate
			for i := range most - 1 {
				name := fmt.Sprintf("%04d", i)
				rows = append(rows, db.Client.Category.Create().SetID(id("cat", most*10000+i)).SetName(name).SetLevel(2).
					SetParentID(parent).SetPath(fmt.Sprintf("parent %d\x1f%s", most, name)).SetCreatedAt(epoch))
			}
			if err := db.Client.Category.CreateBulk(rows...).Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
			last := d.grow("last", parent)
			moved := d.grow("moved", other)
			d.refuses([]string{"CATEGORY_FULL input.parentId"}, "categoryCreate", `{"input": {"name": "over", "parentId": %q}}`, parent)
			d.refuses([]string{"CATEGORY_FULL input.parentId"}, "categoryUpdate", `{"input": {"id": %q, "parentId": %q}}`, moved, parent)
			// One that stands there may be renamed, and makes room when it goes.
			d.done("categoryUpdate", "id", `{"input": {"id": %q, "name": "renamed", "parentId": %q}}`, last, parent)
			d.done("categoryDelete", "", `{"id": %q}`, last)
			d.done("categoryUpdate", "id", `{"input": {"id": %q, "parentId": %q}}`, moved, parent)
			if most == 100 {
				d.grow(strings.Repeat(decomposed, 32), other)
				d.refuses([]string{"CATEGORY_NAME_TOO_LONG input.name"}, "categoryCreate", `{"input": {"name": %s, "parentId": %q}}`, quoted(strings.Repeat(emoji, 16)+"x"), other)
			}
		}
	})
}

// tree is all categories with their levels, by path.
func (d *mutations) tree() string {
	d.Helper()
	rows, err := d.db.Client.Category.Query().All(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	byID := map[string]*ent.Category{}
	for _, row := range rows {
		byID[row.ID] = row
	}
	// The column path and the level must say what the parents say.
	for _, row := range rows {
		path, level := row.Name, 1
		for up := row; up.ParentID != nil; level++ {
			up = byID[*up.ParentID]
			path = up.Name + "\x1f" + path
		}
		if row.Path != path || row.Level != level {
			d.Errorf("%s has path %q at level %d, and should have %q at %d", row.ID, row.Path, row.Level, path, level)
		}
	}
	var lines []string
	var answer struct{ Categories []record }
	d.ask(`{ categories { name children { name children { name } } } }`, nil, &answer)
	var walk func(of []any, indent string)
	walk = func(of []any, indent string) {
		for _, one := range of {
			node := one.(map[string]any)
			lines = append(lines, indent+node["name"].(string))
			if children, ok := node["children"].([]any); ok {
				walk(children, indent+"/")
			}
		}
	}
	roots := make([]any, len(answer.Categories))
	for i, r := range answer.Categories {
		roots[i] = map[string]any(r)
	}
	walk(roots, "")
	return strings.Join(lines, " ")
}

func TestMutationCategoryMove(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		films := d.grow("映画😀", "")
		old := d.grow("古い", films)
		oldest := d.grow("最古", old)
		d.grow("新しい", films)
		// Names that begin alike must not be moved along.
		d.grow("映画😀2", "")
		songs := d.grow("Songs", "")
		asset := d.make(fmt.Sprintf(`{"kind": "VIDEO", "title": "x", "categories": [{"id": %q}, {"id": %q}]}`, oldest, songs))[0]
		before := d.read(asset, "revision updatedAt")
		moves := []struct{ input, want string }{
			{`"id": "` + films + `", "name": "e\u0301😀é"`, "Songs é😀é /古い //最古 /新しい 映画😀2"},
			{`"id": "` + old + `", "parentId": "` + songs + `"`, "Songs /古い //最古 é😀é /新しい 映画😀2"},
			{`"id": "` + oldest + `", "parentId": null`, "Songs /古い é😀é /新しい 映画😀2 最古"},
			{`"id": "` + songs + `", "parentId": "` + films + `", "name": "音楽"`, "é😀é /新しい /音楽 //古い 映画😀2 最古"},
			{`"id": "` + songs + `", "parentId": null, "name": "é😀"`, "é😀 /古い é😀é /新しい 映画😀2 最古"},
			{`"id": "` + films + `", "parentId": "` + oldest + `"`, "é😀 /古い 映画😀2 最古 /é😀é //新しい"},
		}
		for _, move := range moves {
			at := d.revision()
			p := d.done("categoryUpdate", "id", `{"input": {%s}}`, move.input)
			if got := d.tree(); got != move.want || p.Revision == nil || *p.Revision != at+1 {
				t.Errorf("after %s the tree is %s, not %s", move.input, got, move.want)
			}
			if again := d.done("categoryUpdate", "name", `{"input": {%s}}`, move.input); again.Revision != nil || again.Category == nil {
				t.Errorf("%s again is %+v", move.input, again)
			}
		}
		if p := d.done("categoryUpdate", "name", `{"input": {"id": %q}}`, films); p.Revision != nil {
			t.Errorf("no change is revision %d", *p.Revision)
		}
		if after := d.read(asset, "revision updatedAt"); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("moving categories took their asset from %v to %v", before, after)
		}
		for input, want := range map[string]string{
			`"id": "cat_1", "name": "x"`:                                           "NOT_FOUND input.id",
			`"id": "` + films + `", "parentId": "cat_1"`:                           "NOT_FOUND input.parentId",
			`"id": "` + films + `", "name": null`:                                  "REQUIRED input.name",
			`"id": "` + films + `", "name": "a\u0000"`:                             "INVALID input.name",
			`"id": "` + films + `", "name": "a\u001b"`:                             "INVALID input.name",
			`"id": "` + films + `", "name": "é😀", "parentId": null`:                "CATEGORY_NAME_TAKEN input.name",
			`"id": "` + films + `", "parentId": "` + films + `"`:                   "CATEGORY_CYCLE input.parentId",
			`"id": "` + oldest + `", "parentId": "` + films + `"`:                  "CATEGORY_CYCLE input.parentId",
			`"id": "` + songs + `", "parentId": "` + films + `"`:                   "CATEGORY_TOO_DEEP input.parentId",
			`"id": "` + oldest + `", "parentId": "` + songs + `"`:                  "CATEGORY_TOO_DEEP input.parentId",
			`"id": "` + films + `", "name": ` + quoted(strings.Repeat(emoji, 129)): "CATEGORY_NAME_TOO_LONG input.name",
		} {
			d.refuses([]string{want}, "categoryUpdate", `{"input": {%s}}`, input)
		}
	})
}

// Assets stay where their category goes, take the mutation's revision, and those of
// other categories do not.
func TestMutationCategoryDelete(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		root := d.grow("a", "")
		child := d.grow("b", root)
		leaf := d.grow("c", child)
		beside := d.grow("a b", "")
		in := func(categories ...string) string {
			refs := make([]string, len(categories))
			for i, c := range categories {
				refs[i] = fmt.Sprintf(`{"id": %q}`, c)
			}
			return `{"kind": "IMAGE", "title": "x", "categories": [` + strings.Join(refs, ", ") + `]}`
		}
		ids := d.make(in(leaf, beside), in(root), in(beside), in(child, leaf, root), in())
		const selection = `revision updatedAt categories { id }`
		p := d.done("categoryDelete", "", `{"id": %q}`, child)
		if fmt.Sprint(p.DeletedIds) != fmt.Sprint([]string{child, leaf}) || p.Revision == nil {
			t.Errorf("%+v", p)
		}
		for i, want := range []struct{ categories, revision string }{{fmt.Sprintf(`[{"id": %q}]`, beside), "6"}, {fmt.Sprintf(`[{"id": %q}]`, root), "5"},
			{fmt.Sprintf(`[{"id": %q}]`, beside), "5"}, {fmt.Sprintf(`[{"id": %q}]`, root), "6"}, {`[]`, "5"}} {
			got := d.read(ids[i], selection)
			d.same(got, fmt.Sprintf(`{"revision": %s, "updatedAt": %q, "categories": %s}`, want.revision, got["updatedAt"], want.categories), fmt.Sprint("asset ", i))
		}
		touched, untouched := d.read(ids[0], selection), d.read(ids[1], selection)
		if touched["updatedAt"] == untouched["updatedAt"] {
			t.Errorf("%v was not touched", touched)
		}
		d.refuses([]string{"NOT_FOUND id"}, "categoryDelete", `{"id": %q}`, leaf)
		if got := d.tree(); got != "a a b" {
			t.Errorf("the tree is %s", got)
		}
		if n, err := db.Client.AssetCategory.Query().Count(t.Context()); n != 4 || err != nil {
			t.Errorf("%d filings are left: %v", n, err)
		}
	})
}
