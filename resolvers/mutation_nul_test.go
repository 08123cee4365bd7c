package resolvers_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"vodgraph/dbtest"
)

// withTexts are arguments of every mutation, with all texts that they take.
func withTexts() map[string]string {
	const video = `"asset": {"id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4"}`
	items := func(member string) string {
		var items []json.RawMessage
		if err := json.Unmarshal([]byte(filmPart(member)), &items); err != nil {
			panic(err)
		}
		texts := make([]string, len(items))
		for i, item := range items {
			texts[i] = "{" + video + ", " + strings.TrimPrefix(string(item), "{")
		}
		return `{"items": [` + strings.Join(texts, ", ") + `]}`
	}
	return map[string]string{
		"assetsCreate": `{"items": [` + everythingIn("cat_1") + `, {"kind": "VIDEO", "title": "x", "cover": {"candidate": "c"}},
			{"kind": "VIDEO", "title": "x", "cover": {"image": {"id": "img_1"}}, "aiData": [{"source": "s", "duplicates": [{"asset": {"id": "vid_1"}, "similarity": 1}]}]}],
			"options": {"errorPolicy": "ATOMIC"}}`,
		"assetsUpdate": `{"items": [{"id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4", "newReferenceId": "n", "title": "t", "alternativeTitles": ["a"], "description": "d",
				"cover": {"image": {"id": "i", "referenceId": "r"}, "candidate": "c"}, "userData": {"set": {"a": ["b"]}, "merge": {"a": {"b": "c"}}},
				"tags": {"set": ["a"], "add": ["b"], "remove": ["c"]},
				"categories": {"set": [{"id": "i", "path": ["p"]}], "add": [{"id": "i", "path": ["p"]}], "remove": [{"id": "i", "path": ["p"]}]}},
			{"referenceId": "song", "title": "u"}], "options": {"errorPolicy": "ATOMIC"}}`,
		"assetUpdate":     `{"input": {"id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4", "title": "t", "tags": {"set": ["a"]}, "categories": {"set": [{"path": ["p"]}]}}, "options": {"note": "n"}}`,
		"assetsSetStatus": `{"items": [{"id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4", "to": "BLOCKED", "reason": "r"}, {"referenceId": "film", "to": "BLOCKED"}], "options": {"errorPolicy": "ATOMIC"}}`,
		"assetsTrash":     `{"assets": [{"id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4"}, {"id": "vid_1"}], "options": {"note": "n", "errorPolicy": "ATOMIC"}}`,
		"assetsRestore":   `{"assets": [{"id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4"}], "options": {"note": "n", "idempotencyKey": "k"}}`,
		"assetsDelete":    `{"assets": [{"id": "vid_01ARZ3NDEKTSV4RRFFQ69G5FA4"}, {"id": "vid_1"}], "options": {"note": "n", "errorPolicy": "ATOMIC"}}`,
		"assetsUpdateWhere": `{"filter": {"ids": ["vid_1"], "tags": {"any": ["a"]}, "not": {"referenceIds": ["r"]}, "or": [{"category": {"in": [{"id": "cat_01ARZ3NDEKTSV4RRFFQ69G5FA4"}, {"path": ["p"]}]}}]},
			"change": {"title": "t", "alternativeTitles": ["a"], "description": "d", "cover": {"image": {"id": "i", "referenceId": "r"}, "candidate": "c"},
				"userData": {"set": {"a": ["b"]}, "merge": {"a": {"b": "c"}}}, "tags": {"set": ["a"], "add": ["b"], "remove": ["c"]},
				"categories": {"set": [{"id": "i", "path": ["p"]}], "add": [{"id": "i", "path": ["p"]}], "remove": [{"id": "i", "path": ["p"]}]}},
			"options": {"note": "n", "idempotencyKey": "k"}}`,
		"assetsTrashWhere":    `{"filter": {"storageLocations": ["s"]}, "options": {"note": "n", "idempotencyKey": "k"}}`,
		"assetsRestoreWhere":  `{"filter": {"playInfo": {"codecs": ["c"]}}, "options": {"note": "n", "idempotencyKey": "k"}}`,
		"trashPurge":          `{"options": {"note": "n", "idempotencyKey": "k"}}`,
		"bulkOperationCancel": `{"id": "blk_1"}`,
		"keyCreate":           `{"input": {"name": "k", "role": "VIEWER", "categoryIds": ["cat_1"]}}`,
		"keyRevoke":           `{"id": "key_1"}`,
		"changeSetUndo":       `{"id": "chs_1", "options": {"note": "n", "idempotencyKey": "k"}}`,
		"mezzaninePut":        `{` + video + `, "input": ` + filmPart("mezzanine") + `}`,
		"mezzanineDelete":     `{` + video + `}`,
		"playInfosPut":        items("playInfos"),
		"playInfosDelete":     `{` + video + `, "jobIds": ["one"]}`,
		"snapshotsPut":        items("snapshots"),
		"snapshotsDelete":     `{` + video + `, "type": "COVER"}`,
		"attachmentLink":      `{` + video + `, "attachment": {"id": "att_01ARZ3NDEKTSV4RRFFQ69G5FA2"}, "language": "en", "label": "l"}`,
		"attachmentUnlink":    `{` + video + `, "attachment": {"id": "att_01ARZ3NDEKTSV4RRFFQ69G5FA2"}}`,
		"aiDataPut":           items("aiData"),
		"aiDataDelete":        `{` + video + `, "source": "eye"}`,
		"categoryCreate":      `{"input": {"name": "n", "parentId": "cat_1"}}`,
		"categoryUpdate":      `{"input": {"id": "cat_1", "name": "n", "parentId": "cat_2"}}`,
		"categoryDelete":      `{"id": "cat_1"}`,
		"tagRename":           `{"name": "a", "to": "c"}`,
		"tagsMerge":           `{"from": ["a", "b"], "into": "c"}`,
		"tagDelete":           `{"name": "a"}`,
	}
}

// filmPart is a member of the item that has everything of a video.
func filmPart(member string) string {
	var film map[string]json.RawMessage
	if err := json.Unmarshal([]byte(everythingInItem(3)), &film); err != nil {
		panic(err)
	}
	return string(film[member])
}

func everythingInItem(i int) string { return strings.ReplaceAll(everything[i], "%[1]s", "cat_1") }

// poison calls f with the value and a text in it spoilt with U+0000, for every
// text that its type has, and the place of it.
func poison(schema *ast.Schema, of *ast.Type, value any, place []string, f func(spoilt any, place []string)) {
	switch value := value.(type) {
	case []any:
		if of.Elem == nil {
			break
		}
		for i, one := range value {
			poison(schema, of.Elem, one, append(slices.Clone(place), strconv.Itoa(i)), func(spoilt any, place []string) {
				list := slices.Clone(value)
				list[i] = spoilt
				f(list, place)
			})
		}
		return
	case map[string]any:
		if of.Name() == "JSON" {
			break
		}
		for name, one := range value {
			member := schema.Types[of.Name()].Fields.ForName(name)
			poison(schema, member.Type, one, append(slices.Clone(place), name), func(spoilt any, place []string) {
				members := maps.Clone(value)
				members[name] = spoilt
				f(members, place)
			})
		}
		return
	}
	switch of.Name() {
	case "ID", "String":
		f(value.(string)+"\x00", place)
	case "JSON":
		f(map[string]any{"x": []any{1, "a\x00b"}}, place)
		f(map[string]any{"y": map[string]any{"\x00": nil}}, place)
		f("\x00", place)
	}
}

// U+0000 is refused in every text of every mutation, at its place, before
// anything comes of it.
func TestMutationRefusesNUL(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		d.done("assetsCreate", "id", `{"items": [`+everythingIn(folders(d))+`]}`)
		before := d.revision()
		arguments := withTexts()
		for _, field := range d.schema.Mutation.Fields {
			var args map[string]any
			if err := json.Unmarshal([]byte(arguments[field.Name]), &args); err != nil {
				t.Fatalf("%s: %v", field.Name, err)
			}
			spoilt := 0
			for name, value := range args {
				poison(d.schema, field.Arguments.ForName(name).Type, value, []string{name}, func(value any, place []string) {
					with := maps.Clone(args)
					with[name] = value
					spoilt++
					if got, want := d.callWith(field.Name, "id", with).errors(), "INVALID "+strings.Join(place, "."); !slices.Contains(got, want) {
						t.Errorf("%s is refused with %q, not %q", field.Name, got, want)
					}
				})
			}
			if spoilt == 0 {
				t.Errorf("%s takes no text", field.Name)
			}
		}
		if now := d.revision(); now != before {
			t.Errorf("refused mutations took the library from revision %d to %d", before, now)
		}
	})
}
