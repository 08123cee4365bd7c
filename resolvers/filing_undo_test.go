package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/dbtest"
)

// library is all assets with their tags and the paths of their categories, and all tags
// and categories, each with its id.
func (d *mutations) library() string {
	d.Helper()
	var data struct {
		Assets     struct{ Nodes []record }
		Tags       struct{ Nodes []record }
		Categories []record
	}
	d.ask(`{ assets(filter: {trashed: null}, first: 100) { nodes { title tags { id name } categories { id path { name } } } }
		tags(first: 100) { nodes { id name assetCount } }
		categories { id name createdAt children { id name createdAt children { id name createdAt } } } }`, nil, &data)
	return jsonOf(data)
}

// tagsOf are the names of an asset's tags.
func (d *mutations) tagsOf(id string) string {
	d.Helper()
	var names []string
	for _, one := range d.read(id, "tags { name }")["tags"].([]any) {
		names = append(names, fmt.Sprint(one.(map[string]any)["name"]))
	}
	return strings.Join(names, " ")
}

// undone undoes a set in batches of a size, and returns how often, what was refused, and the
// set of the undo.
func (d *mutations) undone(set string, size int) (counts string, refused []string, undo string) {
	d.Helper()
	id := d.begin("changeSetUndo", `{"id": %q}`, set)
	done := d.finishIn(id, func(int) int { return size })
	var answer struct{ BulkOperation record }
	d.ask(`query($id: ID!) { bulkOperation(id: $id) { failures(first: 100) { nodes { subjectId assetId errors { code field } } } } }`, map[string]any{"id": id}, &answer)
	for _, node := range answer.BulkOperation.at("failures", "nodes").([]any) {
		node := record(node.(map[string]any))
		prefix, _, _ := strings.Cut(fmt.Sprint(node["subjectId"]), "_")
		for _, e := range record(node)["errors"].([]any) {
			e := record(e.(map[string]any))
			refused = append(refused, strings.TrimSpace(fmt.Sprint(prefix, " ", e["code"], " ", strings.Join(texts(e["field"]), "."))))
		}
	}
	if set, changed := done["changeSet"].(map[string]any); changed {
		undo = record(set).id()
	}
	return done.counts(), refused, undo
}

// filingVerb is a call, and how many assets it changes.
type filingVerb struct {
	name, args string
	assets     int
}

// filingVerbs are the verbs on tags and categories.
var filingVerbs = []filingVerb{
	{"tagRename", `{"name": "x", "to": "renamed"}`, 0},
	{"tagsMerge", `{"from": ["x"], "into": "z"}`, 2},
	{"tagsMerge", `{"from": ["x", "y"], "into": "new"}`, 3},
	{"tagDelete", `{"name": "x"}`, 2},
	{"tagDelete", `{"name": "idle"}`, 0},
	{"categoryCreate", `{"input": {"name": "fresh", "parentId": "$root"}}`, 0},
	{"categoryCreate", `{"input": {"name": "fresh"}}`, 0},
	{"categoryUpdate", `{"input": {"id": "$root", "name": "Renamed"}}`, 0},
	{"categoryUpdate", `{"input": {"id": "$middle", "parentId": "$other"}}`, 0},
	{"categoryUpdate", `{"input": {"id": "$middle", "parentId": null, "name": "Moved"}}`, 0},
	{"categoryDelete", `{"id": "$leaf"}`, 1},
	{"categoryDelete", `{"id": "$root"}`, 3},
	{"assetsUpdate", `{"items": [{"id": "$a", "tags": {"add": ["made"]}}]}`, 1},
}

// Every verb on tags and categories goes back as if it had not been called, with the ids of
// all that it deleted, and forth again and back again; in batches of any size.
func TestFilingGoesBackAndForth(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		names := filed(d)
		for _, verb := range filingVerbs {
			for _, size := range []int{1, bulk.MaxBatch} {
				before := d.library()
				p := d.callFor(verb.name, "id", names.Replace(verb.args))
				if len(p.errors()) > 0 || p.ChangeSet == nil {
					t.Fatalf("%s %s: %v, %v", verb.name, verb.args, p.errors(), p.ChangeSet)
				}
				after, set := d.library(), p.ChangeSet.id()
				if after == before {
					t.Fatalf("%s %s changes nothing", verb.name, verb.args)
				}
				want := fmt.Sprintf("DONE %d %[1]d %[1]d 0", verb.assets)
				for i := range 3 {
					counts, refused, undo := d.undone(set, size)
					got, wanted := d.library(), before
					if i == 1 {
						wanted = after
					}
					if counts != want || len(refused) > 0 || got != wanted || undo == "" {
						t.Fatalf("%s %s, undo %d in batches of %d: %s with %q, not %s:\n%s, not\n%s", verb.name, verb.args, i, size, counts, refused, want, got, wanted)
					}
					set = undo
				}
			}
		}
	})
}

// filed makes a library of three levels of categories, of tags and of assets with them, and
// returns what their ids are called in arguments.
func filed(d *mutations) *strings.Replacer {
	root := d.grow("Root", "")
	middle := d.grow("Middle", root)
	leaf := d.grow("Leaf", middle)
	other := d.grow("Other", "")
	ids := d.make(
		fmt.Sprintf(`{"kind": "VIDEO", "title": "a", "tags": ["x", "z"], "categories": [{"id": %q}]}`, leaf),
		fmt.Sprintf(`{"kind": "VIDEO", "title": "b", "tags": ["x", "y"], "categories": [{"id": %q}, {"id": %q}]}`, root, other),
		fmt.Sprintf(`{"kind": "AUDIO", "title": "c", "tags": ["y"], "categories": [{"id": %q}]}`, middle), `{"kind": "VIDEO", "title": "d", "tags": ["idle"]}`)
	d.done("assetsUpdate", "id", `{"items": [{"id": %q, "tags": {"set": []}}]}`, ids[3])
	return strings.NewReplacer("$root", root, "$middle", middle, "$leaf", leaf, "$other", other, "$a", ids[0], "$b", ids[1], "$c", ids[2])
}

// filingConflict is a verb, what was done since, and how its undo comes out.
type filingConflict struct {
	about, name, args string
	since             [][2]string
	counts            string
	refused           []string
	tags              string // of a and b; empty for any
	tree              string // empty for any
}

// filingConflicts are verbs, what was done since, and how the undo comes out: its counts, what
// it refuses, and what holds then.
var filingConflicts = []filingConflict{
	{"the name of a merged tag is taken, by a tag that stands for it", "tagsMerge", `{"from": ["x"], "into": "z"}`,
		[][2]string{{"assetsUpdate", `{"items": [{"id": "$c", "tags": {"add": ["x"]}}]}`}}, "DONE 2 2 2 1", []string{"tag TAG_EXISTS"}, "x z, x y", ""},
	{"the name of a deleted tag is taken", "tagDelete", `{"name": "x"}`,
		[][2]string{{"tagRename", `{"name": "y", "to": "x"}`}}, "DONE 2 2 1 1", []string{"tag TAG_EXISTS"}, "x z, x", ""},
	{"the tag merged into is merged away", "tagsMerge", `{"from": ["x"], "into": "z"}`,
		[][2]string{{"tagsMerge", `{"from": ["z"], "into": "y"}`}}, "DONE 2 2 1 1", []string{"vid NOT_UNDOABLE tags"}, "x y, y", ""},
	{"a later tag stays", "tagDelete", `{"name": "x"}`,
		[][2]string{{"assetsUpdate", `{"items": [{"id": "$a", "tags": {"add": ["later"]}}]}`}}, "DONE 2 2 2 0", nil, "later x z, x y", ""},
	{"an added tag was merged away", "assetsUpdate", `{"items": [{"id": "$a", "tags": {"add": ["n"]}}]}`,
		[][2]string{{"tagsMerge", `{"from": ["n"], "into": "y"}`}}, "DONE 1 1 0 1", []string{"vid NOT_UNDOABLE tags"}, "x y z, x y", ""},
	{"an added tag was deleted", "assetsUpdate", `{"items": [{"id": "$a", "tags": {"add": ["n"], "remove": ["x"]}}]}`,
		[][2]string{{"tagDelete", `{"name": "n"}`}}, "DONE 1 1 1 0", nil, "x z, x y", ""},
	{"a removed tag was deleted", "assetsUpdate", `{"items": [{"id": "$a", "tags": {"set": ["n"]}}]}`,
		[][2]string{{"tagDelete", `{"name": "x"}`}}, "DONE 1 1 0 1", []string{"vid NOT_UNDOABLE tags"}, "n, y", ""},
	{"a made tag is used by others", "assetsUpdate", `{"items": [{"id": "$a", "tags": {"add": ["n"]}}]}`,
		[][2]string{{"assetsUpdate", `{"items": [{"id": "$b", "tags": {"add": ["n"]}}]}`}}, "DONE 1 1 1 0", []string{"tag IN_USE"}, "x z, n x y", ""},
	{"a tag was renamed again", "tagRename", `{"name": "x", "to": "v"}`,
		[][2]string{{"tagRename", `{"name": "v", "to": "w"}`}}, "DONE 0 0 0 1", []string{"tag CHANGED_SINCE name"}, "w z, w y", ""},
	{"the name of before is taken", "tagRename", `{"name": "x", "to": "v"}`,
		[][2]string{{"tagRename", `{"name": "y", "to": "x"}`}}, "DONE 0 0 0 1", []string{"tag TAG_EXISTS name"}, "v z, v x", ""},
	{"a renamed tag is gone", "tagRename", `{"name": "x", "to": "v"}`, [][2]string{{"tagDelete", `{"name": "v"}`}}, "DONE 0 0 0 1", []string{"tag NOT_FOUND"}, "z, y", ""},

	{"the path is taken", "categoryDelete", `{"id": "$middle"}`, [][2]string{{"categoryCreate", `{"input": {"name": "Middle", "parentId": "$root"}}`}},
		"DONE 2 2 0 4", []string{"cat NOT_UNDOABLE", "cat NOT_UNDOABLE", "aud NOT_UNDOABLE categories", "vid NOT_UNDOABLE categories"}, "", "Other, Root(Middle)"},
	{"the parent is gone", "categoryDelete", `{"id": "$leaf"}`, [][2]string{{"categoryDelete", `{"id": "$root"}`}},
		"DONE 1 1 0 2", []string{"cat NOT_UNDOABLE", "vid NOT_UNDOABLE categories"}, "", "Other"},
	{"it would stand too deep", "categoryDelete", `{"id": "$leaf"}`, [][2]string{{"categoryCreate", `{"input": {"name": "Deep", "parentId": "$other"}}`},
		{"categoryUpdate", `{"input": {"id": "$middle", "parentId": "$Deep"}}`}},
		"DONE 1 1 0 2", []string{"cat NOT_UNDOABLE", "vid NOT_UNDOABLE categories"}, "", "Other(Deep(Middle)), Root"},
	{"there are too many children", "categoryDelete", `{"id": "$middle"}`, [][2]string{{"categoryCreate", `{"input": {"name": "1", "parentId": "$root"}}`},
		{"categoryCreate", `{"input": {"name": "2", "parentId": "$root"}}`}, {"categoryCreate", `{"input": {"name": "3", "parentId": "$root"}}`}},
		"DONE 2 2 0 4", []string{"cat NOT_UNDOABLE", "cat NOT_UNDOABLE", "aud NOT_UNDOABLE categories", "vid NOT_UNDOABLE categories"}, "", "Other, Root(1, 2, 3)"},
	{"the parent was moved, and it follows", "categoryDelete", `{"id": "$leaf"}`, [][2]string{{"categoryUpdate", `{"input": {"id": "$middle", "parentId": null}}`}},
		"DONE 1 1 1 0", nil, "", "Middle(Leaf), Other, Root"},
	{"a made category has assets", "categoryCreate", `{"input": {"name": "fresh"}}`,
		[][2]string{{"assetsUpdate", `{"items": [{"id": "$c", "categories": {"set": [{"path": ["fresh"]}]}}]}`}}, "DONE 0 0 0 0", []string{"cat IN_USE"}, "", "Other, Root(Middle(Leaf)), fresh"},
	{"a made category has children", "categoryCreate", `{"input": {"name": "fresh"}}`,
		[][2]string{{"categoryUpdate", `{"input": {"id": "$middle", "parentId": "$fresh"}}`}}, "DONE 0 0 0 0", []string{"cat IN_USE"}, "", "Other, Root, fresh(Middle(Leaf))"},
	{"a renamed category was moved since, and keeps its place", "categoryUpdate", `{"input": {"id": "$middle", "name": "M"}}`,
		[][2]string{{"categoryUpdate", `{"input": {"id": "$middle", "parentId": "$other"}}`}}, "DONE 0 0 0 0", nil, "", "Other(Middle(Leaf)), Root"},
	{"a moved category was moved again", "categoryUpdate", `{"input": {"id": "$middle", "parentId": "$other", "name": "M"}}`,
		[][2]string{{"categoryUpdate", `{"input": {"id": "$middle", "parentId": null}}`}}, "DONE 0 0 0 1", []string{"cat CHANGED_SINCE parent"}, "", "Middle(Leaf), Other, Root"},
	{"the place of before is taken", "categoryUpdate", `{"input": {"id": "$middle", "parentId": "$other"}}`,
		[][2]string{{"categoryCreate", `{"input": {"name": "Middle", "parentId": "$root"}}`}}, "DONE 0 0 0 1", []string{"cat NOT_UNDOABLE"}, "", "Other(Middle(Leaf)), Root(Middle)"},
	{"the one above is gone", "categoryUpdate", `{"input": {"id": "$middle", "parentId": "$other"}}`,
		[][2]string{{"categoryDelete", `{"id": "$root"}`}}, "DONE 0 0 0 1", []string{"cat NOT_UNDOABLE parent"}, "", "Other(Middle(Leaf))"},
}

// forest is the names of all categories.
func (d *mutations) forest() string {
	d.Helper()
	var data struct{ Categories []any }
	d.ask(`{ categories { name children { name children { name } } } }`, nil, &data)
	var names func(list any) string
	names = func(list any) string {
		var all []string
		several, _ := list.([]any)
		for _, one := range several {
			o := one.(map[string]any)
			text := fmt.Sprint(o["name"])
			if below := names(o["children"]); below != "" {
				text += "(" + below + ")"
			}
			all = append(all, text)
		}
		return strings.Join(all, ", ")
	}
	return names(data.Categories)
}

// What cannot go back stays as it is, and is reported; a dry run reports the same, and the
// size of the batches is of no effect.
func TestFilingReportsWhatCannotGoBack(t *testing.T) {
	t.Parallel()
	for _, c := range filingConflicts {
		t.Run(c.about, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, db *dbtest.DB) { c.meet(t, db, 1) })
			t.Run("at once", func(t *testing.T) { c.meet(t, dbtest.SQLite(t), bulk.MaxBatch) })
		})
	}
}

// meet makes the conflict, and undoes the set in batches of a size.
func (c *filingConflict) meet(t *testing.T, db *dbtest.DB, size int) {
	d := write(t, db, func(o *change.Options) { o.Limits.CategoryChildren = 3 })
	names := filed(d)
	set := d.callFor(c.name, "id", names.Replace(c.args))
	if len(set.errors()) > 0 {
		t.Fatal(set.errors())
	}
	fresh := ""
	if set.Category != nil {
		fresh = set.Category.id()
	}
	for _, step := range c.since {
		p := d.done(step[0], "id", strings.NewReplacer("$fresh", fresh, "$Deep", fresh).Replace(names.Replace(step[1])))
		if p.Category != nil && step[0] == "categoryCreate" {
			fresh = p.Category.id()
		}
	}
	before := d.library()
	dry := d.finish(d.begin("changeSetUndo", `{"id": %q, "options": {"dryRun": true}}`, set.ChangeSet.id()))
	if after := d.library(); after != before {
		t.Errorf("a dry run made of\n%s\nthis:\n%s", before, after)
	}
	counts, refused, _ := d.undone(set.ChangeSet.id(), size)
	if counts != c.counts || !slices.Equal(refused, c.refused) || dry.counts() != counts {
		t.Errorf("%s with %q, not %s with %q; a dry run: %s", counts, refused, c.counts, c.refused, dry.counts())
	}
	if got := d.tagsOf(names.Replace("$a")) + ", " + d.tagsOf(names.Replace("$b")); c.tags != "" && got != c.tags {
		t.Errorf("a and b have the tags %s, not %s", got, c.tags)
	}
	if got := d.forest(); c.tree != "" && got != c.tree {
		t.Errorf("the categories are %s, not %s", got, c.tree)
	}
}
