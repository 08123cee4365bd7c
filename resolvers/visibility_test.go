package resolvers_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/auth"
	"vodgraph/dbtest"
	"vodgraph/ent/category"
)

// Of everything, who is limited to Films sees the video and the attachment: the image is in
// Songs alone, and the audio is nowhere. The video is in Songs, too; its duplicate is the
// audio, which uses the attachment, and has the image for its cover.
const (
	seenVideo      = "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4"
	seenAttachment = "att_01ARZ3NDEKTSV4RRFFQ69G5FA2"
	hiddenImage    = "img_01ARZ3NDEKTSV4RRFFQ69G5FA1"
	hiddenAudio    = "aud_01ARZ3NDEKTSV4RRFFQ69G5FA3"
)

// secrets are words of what is not seen, wherever it reports them.
var secrets = []string{hiddenImage, hiddenAudio, "Poster", "poster", "Plakat", "Songs", "Song", "song", "Lyrics", "p.png", "secret"}

// divided is a library of which a caller sees a part.
type divided struct {
	*mutations
	films, songs, inner string
	hiddenSet           string // the set that made what is not seen
	hiddenOperation     string
}

// divide makes everything, and some more that is not seen.
func divide(t *testing.T, db *dbtest.DB) *divided {
	d := &divided{mutations: write(t, db)}
	d.by(func() string { return "root" })
	d.songs = folders(d.mutations)
	d.done("assetsCreate", "id", `{"items": [`+everythingIn(d.songs)+`]}`)
	d.films = d.db.Client.Category.Query().Where(category.Name("Films")).OnlyIDX(t.Context())
	d.inner = d.db.Client.Category.Query().Where(category.Name("New")).OnlyIDX(t.Context())
	d.grow("secret", d.songs)
	d.make(`{"kind": "VIDEO", "title": "secret", "tags": ["secret", "z"], "categories": [{"path": ["Songs", "secret"]}], "userData": "secret",
		"playInfos": [{"jobId": "secret", "streamType": "VIDEO", "format": "MP4", "definition": "HD", "codec": "secret"}], "storageLocation": "secret",
		"aiData": [{"source": "secret", "speech": [{"start": 0.001, "end": 0.002, "text": "secret"}]}]}`)
	d.done("assetsUpdate", "id", `{"items": [{"id": %q, "title": "Poster of songs"}], "options": {"note": "secret"}}`, hiddenImage)
	d.hiddenSet = d.lastSet()
	d.hiddenOperation = d.begin("assetsUpdateWhere", `{"filter": {"ids": [%q, "x"]}, "change": {"categories": {"set": [{"id": "x"}]}}, "options": {"note": "secret"}}`, hiddenAudio)
	d.finish(d.hiddenOperation)
	return d
}

// limited has one ask who is limited to Films.
func (d *divided) limited(role auth.Role) {
	d.caller = func() *auth.Caller {
		return &auth.Caller{Name: "limited", Role: role, Limited: true, Grants: []string{d.films}}
	}
}

// all selects all fields of a type, with lists of lists and what hangs below, to a depth.
func all(schema *ast.Schema, typeName string, depth int, without ...string) string {
	definition, text := schema.Types[typeName], &strings.Builder{}
	text.WriteString("{ __typename")
	if strings.HasSuffix(typeName, "Connection") && definition.Fields.ForName("edges") != nil {
		without = append(slices.Clone(without), "edges", "pageInfo")
		depth++
	}
	for _, f := range definition.Fields {
		if strings.HasPrefix(f.Name, "__") || slices.Contains(without, f.Name) {
			continue
		}
		kind := schema.Types[f.Type.Name()]
		switch {
		case kind.IsLeafType():
			text.WriteString(" " + f.Name)
		case depth > 0:
			text.WriteString(" " + f.Name + " " + all(schema, kind.Name, depth-1, without...))
		}
	}
	if definition.IsAbstractType() {
		for _, possible := range schema.GetPossibleTypes(definition) {
			if possible.Kind != ast.Object {
				continue
			}
			for _, f := range possible.Fields {
				if strings.HasPrefix(f.Name, "__") || slices.Contains(without, f.Name) || definition.Fields.ForName(f.Name) != nil {
					continue
				}
				// Under a name of its own, as kinds may have other types for a name.
				field := possible.Name + "_" + f.Name + ": " + f.Name
				switch kind := schema.Types[f.Type.Name()]; {
				case kind.IsLeafType():
					fmt.Fprintf(text, " ... on %s { %s }", possible.Name, field)
				case depth > 0:
					fmt.Fprintf(text, " ... on %s { %s %s }", possible.Name, field, all(schema, kind.Name, depth-1, without...))
				}
			}
		}
	}
	return text.String() + " }"
}

// asked are arguments for the fields of Query, several for some; the others take none.
func (d *divided) asked() map[string][]string {
	lists := []string{"(first: 50)", `(first: 50, orderBy: [{field: TITLE}])`, `(first: 50, filter: {trashed: null, category: {in: [{id: "` + d.songs + `"}]}})`,
		`(first: 50, filter: {trashed: null, category: {in: [{path: ["Songs"]}]}})`, `(first: 50, filter: {trashed: null, category: {in: [{path: ["Films"]}]}})`,
		`(first: 50, filter: {tags: {any: ["z", "secret"]}})`, `(first: 50, filter: {not: {tags: {any: ["secret"]}}})`}
	nodes := []string{hiddenImage, hiddenAudio, seenVideo, seenAttachment, d.songs, d.films, d.inner, d.hiddenSet, d.hiddenOperation}
	for _, table := range []string{"tags", "mezzanines", "play_infos", "snapshots"} {
		rows, err := d.db.SQL.QueryContext(d.Context(), "SELECT id FROM "+table)
		if err != nil {
			d.Fatal(err)
		}
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				d.Fatal(err)
			}
			nodes = append(nodes, id)
		}
		if err := rows.Close(); err != nil {
			d.Fatal(err)
		}
	}
	ids, _ := json.Marshal(nodes) // cannot fail: strings
	each := func(form string, of ...string) (list []string) {
		for _, one := range of {
			list = append(list, fmt.Sprintf(form, one))
		}
		return list
	}
	const facets = `facets: [{field: TAG}, {field: CATEGORY}, {field: KIND}, {field: CODEC}, {field: STORAGE_LOCATION}]`
	return map[string][]string{
		"node": each(`(id: %q)`, nodes...), "nodes": {"(ids: " + string(ids) + ")"},
		"asset":             append(each(`(id: %q)`, nodes[:4]...), each(`(referenceId: %q)`, "poster", "song", "film", "subs")...),
		"assetsByReference": {`(referenceIds: ["poster", "song", "film", "subs", "none", "film"])`},
		"assets":            lists, "videos": lists, "audios": lists, "images": lists, "attachments": lists,
		"category": append(each(`(id: %q)`, d.songs, d.films, d.inner), `(path: ["Songs"])`, `(path: ["Songs", "secret"])`, `(path: ["Films", "New"])`, `(path: ["New"])`),
		"tag":      each(`(name: %q)`, "secret", "z", "a", "é"), "tags": {"(first: 50)", `(first: 50, orderBy: {field: ASSET_COUNT, direction: DESC})`, `(prefix: "s")`},
		"search": {"(" + facets + ")", `(text: "song", ` + facets + `)`, `(text: "secret", ` + facets + `)`, `(text: "film", ` + facets + `)`,
			`(text: "z", filter: {category: {in: [{id: "` + d.songs + `"}]}}, ` + facets + `)`},
		"bulkOperation": each(`(id: %q)`, d.hiddenOperation), "bulkOperations": {"(first: 50)"},
		"changeSet": each(`(id: %q)`, d.hiddenSet), "changeSets": {"(first: 50)"}, "keys": {"(first: 50)"},
		"categories": {""}, "viewer": {""}, "explain": {`(document: "{ assets(filter: {tags: {any: [\"z\"]}}) { nodes { title } totalCount } }")`},
	}
}

// walk asks for everything that there is under each field of Query, and has the answers
// looked at.
func (d *divided) walk(look func(field, answer string), without ...string) {
	d.Helper()
	arguments := d.asked()
	for _, f := range d.schema.Query.Fields {
		if strings.HasPrefix(f.Name, "__") || slices.Contains(without, f.Name) {
			continue
		}
		if arguments[f.Name] == nil {
			d.Errorf("%s is not asked for here", f.Name)
		}
		for _, args := range arguments[f.Name] {
			skipped := without
			if f.Name == "assetsByReference" { // which repeats what it was asked
				skipped = append(slices.Clone(without), "referenceId")
			}
			query := "{ it: " + f.Name + args + " " + all(d.schema, f.Type.Name(), 2, skipped...) + " }"
			answer := d.send(query, nil)
			if len(answer.Errors) > 0 {
				d.Errorf("%s%s: %v", f.Name, args, answer.Errors[0])
			}
			look(f.Name+args, string(answer.Data))
		}
	}
}

// TestVisibilityOfAnswers asks for everything, as one who does not see everything.
func TestVisibilityOfAnswers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := divide(t, db)
		found := map[string]bool{}
		d.walk(func(field, answer string) {
			for _, word := range secrets {
				found[word] = found[word] || strings.Contains(answer, word)
			}
		}, "keys")
		for _, word := range secrets {
			if !found[word] {
				t.Errorf("%q is shown to nobody, so this finds out nothing", word)
			}
		}
		for _, role := range []auth.Role{auth.Viewer, auth.Admin} {
			d.limited(role)
			shown := ""
			d.walk(func(field, answer string) {
				shown += answer
				for _, word := range secrets {
					if strings.Contains(answer, word) {
						t.Errorf("%s, limited, asks %s and is answered %q: %.3000s", role, field, word, answer)
					}
				}
			})
			for _, own := range []string{seenVideo, seenAttachment, `"Film"`, `"subs"`, `"New"`} {
				if !strings.Contains(shown, own) {
					t.Errorf("%s, limited, is not shown %s", role, own)
				}
			}
		}
		d.caller = func() *auth.Caller { return &auth.Caller{Name: "blind", Role: auth.Admin, Limited: true} }
		d.walk(func(field, answer string) {
			for _, word := range append(slices.Clone(secrets), seenVideo, seenAttachment, "Film") {
				if strings.Contains(answer, word) {
					t.Errorf("one who is limited to nothing asks %s and is answered %q", field, word)
				}
			}
		})
	})
}

// deleteHidden deletes what is not seen, as an administrator, who asks from now on.
func (d *divided) deleteHidden() {
	d.by(func() string { return "root" })
	hidden := d.db.Client.Asset.Query().IDsX(d.Context())
	hidden = slices.DeleteFunc(hidden, func(id string) bool { return id == seenVideo || id == seenAttachment })
	d.done("assetsDelete", "id", `{"assets": [{"id": "%s"}], "force": true}`, strings.Join(hidden, `"}, {"id": "`))
	d.done("categoryDelete", "id", `{"id": %q}`, d.songs)
	for _, name := range []string{"secret", "a", "b"} {
		d.done("tagDelete", "id", `{"name": %q}`, name)
	}
}

// fleeting is what differs between two libraries in one of which something was deleted.
var fleeting = regexp.MustCompile(`"\w*?(revision|updatedAt|createdAt|startCursor|endCursor|cursor)": ?("[^"]*"|\d+|null)`)

// TestVisibilityIsOfALibraryOfItsOwn compares what a limited caller is reported with what is reported of
// a library in which there is nothing else: each value, count and facet is the same.
func TestVisibilityIsOfALibraryOfItsOwn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := divide(t, db)
		d.limited(auth.Admin)
		// What was deleted leaves marks in the history, of which TestVisibilityOfAnswers finds nothing.
		without := []string{"history", "changeSets", "changeSet", "bulkOperations", "bulkOperation", "viewer", "keys"}
		reported := map[string]string{}
		d.walk(func(field, answer string) { reported[field] = fleeting.ReplaceAllString(answer, "$1") }, without...)
		d.deleteHidden()
		d.walk(func(field, answer string) {
			if strings.Contains(field, d.hiddenSet) || strings.Contains(field, d.hiddenOperation) {
				return
			}
			now, before := fleeting.ReplaceAllString(answer, "$1"), reported[field]
			for at := range min(len(now), len(before)) {
				if now[at] != before[at] || len(now) != len(before) && at == min(len(now), len(before))-1 {
					t.Errorf("%s is, where there is nothing else,\n…%.300s\nand was answered with\n…%.300s", field, now[max(0, at-100):], before[max(0, at-100):])
					return
				}
			}
		}, without...)
	})
}
