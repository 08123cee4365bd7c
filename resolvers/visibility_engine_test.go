package resolvers_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/auth"
	"vodgraph/dbtest"
	"vodgraph/model"
	"vodgraph/search/typesense"
	"vodgraph/search/typesensetest"
)

// inTypesense is Typesense with all that can be found, as the catalog has it.
func inTypesense(t *testing.T, db *dbtest.DB) model.Index {
	t.Helper()
	engine, err := typesense.Open(typesensetest.Shared(t))
	if err != nil {
		t.Fatal(err)
	}
	return holding(t, db, engine)
}

// Texts of what is seen and of what is not: as they stand there or cut short, and such as
// are taken for misspelt, which Typesense does only as long as it has the time.
var (
	sought = []string{
		"song", "songs", "son", "poster of ", "poster", "secret", "film songs", "songs new ", "lyrics", "p.png", "film", "fil", "new", "new ",
		"film new", "z", "le film", "lines", "映画", "映", "f.mov", "subtitles", "subs", "dog", "said", "shown", "b", "é",
	}
	misspelt = []string{"songz", "secrte", "films", "films ", "flim", "linse", "subtitel", "sayd", "fiml sogns"}
)

// seeking is an engine, and what it is asked.
type seeking struct {
	engine func(*testing.T, *dbtest.DB) model.Index
	texts  []string
}

// found are the answers of an engine to each text and each way to ask: whole, but for
// what distinguishes one library from another.
func (d *divided) found(s seeking) map[string]string {
	d.Helper()
	engine := seekers(d.T, d.db, s.engine(d.T, d.db))
	engine.caller = d.caller
	const facets = `facets: [{field: CATEGORY, first: 1}, {field: CATEGORY}, {field: TAG}, {field: CODEC}, {field: STORAGE_LOCATION}]`
	const selection = `{ search(%s) { totalCount index { degraded } pageInfo { hasNextPage } facets { field buckets { value label count } }
		corrections { typed used } edges { score node { id } highlights { field snippet marks { start length } } } } }`
	answers := map[string]string{}
	for _, text := range s.texts {
		for _, args := range []string{facets, "first: 1, " + facets, "orderBy: {field: CREATED_AT, direction: DESC}, filter: {not: {tags: {any: [\"secret\"]}}}",
			fmt.Sprintf("filter: {category: {in: [{id: %q}, {id: %q}]}}", d.songs, d.inner), fmt.Sprintf("filter: {not: {category: {in: [{id: %q}]}}}", d.songs),
			`filter: {category: {in: [{path: ["Songs"]}, {path: ["Films", "New"]}]}}`, `filter: {not: {category: {in: [{path: ["Songs"]}]}}}`} {
			args = fmt.Sprintf("text: %q, %s", text, args)
			answer := engine.send(fmt.Sprintf(selection, args), nil)
			if len(answer.Errors) > 0 || strings.Contains(string(answer.Data), `"degraded":true`) {
				d.Fatalf("%s: %v %s", args, answer.Errors, answer.Data)
			}
			answers[args] = string(answer.Data)
		}
	}
	return answers
}

// TestVisibilityOfAnEngine asks engines, which know nobody, for what is seen and for what is
// not: each answer is the one of a library in which there is nothing else. Of those who
// ask, one does not see a category beside theirs, and the other neither the one above.
func TestVisibilityOfAnEngine(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]seeking{"bleve": {inBleve, slices.Concat(sought, misspelt)}, "typesense": {inTypesense, sought}} {
		for _, above := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", above: ", above), func(t *testing.T) {
				t.Parallel()
				dbtest.Each(t, func(t *testing.T, db *dbtest.DB) { visibilityOfAnEngine(divide(t, db), s, above) })
			})
		}
	}
}

func visibilityOfAnEngine(d *divided, s seeking, above bool) {
	whole := d.found(s)
	grants := []string{d.films}
	if above {
		grants = []string{d.inner}
	}
	limited := func() *auth.Caller {
		return &auth.Caller{Name: "limited", Role: auth.Viewer, Limited: true, Grants: grants}
	}
	d.caller = limited
	reported := d.found(s)
	d.deleteHidden()
	if above {
		d.done("categoryUpdate", "id", `{"input": {"id": %q, "parentId": null}}`, d.inner)
		d.done("categoryDelete", "id", `{"id": %q}`, d.films)
	}
	d.caller = limited
	found, differs := 0, 0
	for args, want := range d.found(s) {
		if reported[args] != want {
			d.Errorf("%s is, where there is nothing else, answered with\n%s\nand was answered with\n%s", args, want, reported[args])
		}
		var answer struct{ Search struct{ TotalCount int } }
		if err := json.Unmarshal([]byte(reported[args]), &answer); err != nil {
			d.Fatal(err)
		}
		found += min(1, answer.Search.TotalCount)
		if whole[args] != want {
			differs++
		}
	}
	if found < len(sought) || differs < len(sought) {
		d.Errorf("%d answers have something, and %d others than for those who see everything, which is too little", found, differs)
	}
}
