package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"vodgraph/auth"
	"vodgraph/dbtest"
	"vodgraph/ent/asset"
	"vodgraph/ent/category"
)

// hiddenMutations are mutations on an asset, a category, a reference id, a tag, a set and an
// operation, which those of staleMutations leave out or which name what they use.
var hiddenMutations = map[string]string{
	"assetsCreate": `{"items": [{"kind": "VIDEO", "title": "x", "categories": [{"id": "$category"}]}, {"kind": "VIDEO", "title": "x", "categories": [{"path": $path}]},
		{"kind": "VIDEO", "title": "x", "categories": [{"id": "$own"}], "cover": {"image": {"id": "$asset"}}},
		{"kind": "VIDEO", "title": "x", "categories": [{"id": "$own"}], "attachments": [{"attachment": {"id": "$asset"}}]},
		{"kind": "VIDEO", "title": "x", "categories": [{"id": "$own"}], "aiData": [{"source": "s", "duplicates": [{"asset": {"id": "$asset"}, "similarity": 1}]}]},
		{"kind": "VIDEO", "title": "x", "categories": [{"id": "$own"}], "playInfos": [{"jobId": "j", "streamType": "VIDEO", "format": "MP4", "definition": "HD",
			"watermark": {"referenceId": "$reference"}}]}]}`,
	"assetsUpdate":        `{"items": [{"id": "$asset", "title": "x"}, {"referenceId": "$reference", "title": "x"}, {"id": "$seen", "categories": {"add": [{"id": "$category"}]}}]}`,
	"assetUpdate":         `{"input": {"id": "$asset", "title": "x"}}`,
	"assetsSetStatus":     `{"items": [{"id": "$asset", "to": "UPLOADING"}, {"referenceId": "$reference", "to": "UPLOADING"}]}`,
	"assetsTrash":         `{"assets": [{"id": "$asset"}]}`,
	"assetsRestore":       `{"assets": [{"id": "$asset"}]}`,
	"assetsDelete":        `{"assets": [{"id": "$asset"}], "force": true}`,
	"assetsUpdateWhere":   `{"filter": {"ids": ["$asset"]}, "change": {"title": "x"}}`,
	"assetsTrashWhere":    `{"filter": {"referenceIds": ["$reference"]}}`,
	"assetsRestoreWhere":  `{"filter": {"ids": ["$asset"]}}`,
	"bulkOperationCancel": `{"id": "$operation"}`,
	"changeSetUndo":       `{"id": "$set"}`,
	"mezzaninePut":        `{"asset": {"id": "$asset"}, "input": {"fileName": "x.mp4"}}`,
	"mezzanineDelete":     `{"asset": {"id": "$asset"}, "force": true}`,
	"playInfosPut":        `{"items": [{"asset": {"id": "$asset"}, "jobId": "j", "streamType": "VIDEO", "format": "MP4", "definition": "HD"}]}`,
	"playInfosDelete":     `{"asset": {"id": "$asset"}, "jobIds": ["j"]}`,
	"snapshotsPut":        `{"items": [{"asset": {"id": "$asset"}, "type": "COVER", "jobId": "j", "items": [{"index": 0}]}]}`,
	"snapshotsDelete":     `{"asset": {"id": "$asset"}, "type": "COVER"}`,
	"attachmentLink":      `{"asset": {"id": "$seen"}, "attachment": {"id": "$asset"}}`,
	"attachmentUnlink":    `{"asset": {"id": "$asset"}, "attachment": {"id": "$seen"}}`,
	"aiDataPut":           `{"items": [{"asset": {"id": "$asset"}, "source": "s"}]}`,
	"aiDataDelete":        `{"asset": {"id": "$asset"}, "source": "s"}`,
	"categoryCreate":      `{"input": {"name": "x", "parentId": "$category"}}`,
	"categoryUpdate":      `{"input": {"id": "$category", "name": "x"}}`,
	"categoryDelete":      `{"id": "$category"}`,
	"tagRename":           `{"name": "$tag", "to": "x"}`,
	"tagsMerge":           `{"from": ["$tag"], "into": "x"}`,
	"tagDelete":           `{"name": "$tag"}`,
	"trashPurge":          `{"all": true}`,
}

// TestVisibilityOfMutations has a limited administrator call every mutation on what they do not see,
// and on what is not there: the answers are the same, and nothing is changed.
func TestVisibilityOfMutations(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := divide(t, db)
		d.done("assetsTrash", "id", `{"assets": [{"id": %q}]}`, hiddenAudio)
		before := fmt.Sprint(db.Client.Asset.Query().Order(asset.ByID()).AllX(t.Context()), db.Client.Category.Query().AllX(t.Context()))
		d.limited(auth.Admin)
		hidden := strings.NewReplacer("$asset", hiddenImage, "$category", d.songs, "$path", `["Songs"]`, "$reference", "poster", "$tag", "secret",
			"$operation", d.hiddenOperation, "$set", d.hiddenSet, "$own", d.films, "$seen", seenVideo)
		missing := strings.NewReplacer("$asset", "img_01ARZ3NDEKTSV4RRFFQ69G5FAX", "$category", "cat_01ARZ3NDEKTSV4RRFFQ69G5FAX", "$path", `["None"]`,
			"$reference", "none", "$tag", "none", "$operation", "blk_1", "$set", "chs_1", "$own", d.films, "$seen", seenVideo)
		for _, field := range d.schema.Mutation.Fields {
			args, reported := hiddenMutations[field.Name]
			if !reported {
				if field.Name != "keyCreate" && field.Name != "keyRevoke" { // which who is limited may not call
					t.Errorf("%s is not called here", field.Name)
				}
				continue
			}
			answer := func(names *strings.Replacer) string {
				p := d.call(field.Name, names.Replace(args))
				if p.Operation != nil {
					over := d.finish(p.Operation.id())
					return fmt.Sprint(over.at("matched"), over.at("done"), over.at("changed"), over.at("failed"))
				}
				text := ""
				for _, e := range p.UserErrors {
					text += fmt.Sprintln(e)
				}
				for _, item := range p.Results {
					text += fmt.Sprintln(item.Outcome, item.Errors)
				}
				return text
			}
			there, none := answer(hidden), answer(missing)
			if there != none {
				t.Errorf("%s is answered of what is not seen with\n%s\nand of what is not there with\n%s", field.Name, there, none)
			}
			for _, word := range append([]string{"CREATED", "CHANGED", "DELETED"}, secrets...) {
				if strings.Contains(there, word) {
					t.Errorf("%s shows %q: %s", field.Name, word, there)
				}
			}
		}
		if after := fmt.Sprint(db.Client.Asset.Query().Order(asset.ByID()).AllX(t.Context()), db.Client.Category.Query().AllX(t.Context())); after != before {
			t.Errorf("there is\n%s\nand was\n%s", after, before)
		}
	})
}

// grantedSteps are mutations of a limited editor, one after the other, and why they are refused.
var grantedSteps = []struct{ name, args, want string }{
	{"assetsCreate", `{"items": [{"kind": "VIDEO", "title": "x"}]}`, "FORBIDDEN items.0.categories"},
	{"assetsCreate", `{"items": [{"kind": "VIDEO", "title": "x", "categories": []}]}`, "FORBIDDEN items.0.categories"},
	// What is taken is reported, and by whom is not.
	{"assetsCreate", `{"items": [{"kind": "VIDEO", "title": "x", "referenceId": "poster", "categories": [{"id": "$films"}]}]}`, "REFERENCE_ID_TAKEN items.0.referenceId"},
	{"assetsCreate", `{"items": [{"kind": "IMAGE", "id": "` + hiddenImage + `", "title": "x", "categories": [{"id": "$films"}]}]}`, "ID_TAKEN items.0.id"},
	{"assetsUpdate", `{"items": [{"id": "$made", "categories": {"add": [{"id": "$grown"}]}}]}`, ""},
	{"assetsUpdate", `{"items": [{"id": "$made", "categories": {"set": [{"path": ["Films"]}]}}]}`, ""},
	{"assetsUpdate", `{"items": [{"id": "$made", "categories": {"remove": [{"id": "$films"}]}}]}`, "FORBIDDEN items.0.categories.remove"},
	{"assetsUpdate", `{"items": [{"id": "$made", "categories": {"set": []}}]}`, "FORBIDDEN items.0.categories.set"},
	{"assetsUpdate", `{"items": [{"id": "$made", "categories": null}]}`, "FORBIDDEN items.0.categories.set"},
	{"categoryCreate", `{"input": {"name": "x"}}`, "FORBIDDEN input.parentId"},
	{"categoryUpdate", `{"input": {"id": "$films", "name": "x"}}`, "FORBIDDEN input.id"},
	{"categoryUpdate", `{"input": {"id": "$grown", "parentId": null}}`, "FORBIDDEN input.parentId"},
	{"categoryUpdate", `{"input": {"id": "$grown", "name": "grows"}}`, ""},
	{"categoryDelete", `{"id": "$films"}`, "FORBIDDEN id"},
	{"assetsUpdate", `{"items": [{"id": "$made", "categories": {"set": [{"id": "$grown"}]}}]}`, ""},
	{"categoryDelete", `{"id": "$grown"}`, "FORBIDDEN id"},
	{"assetsUpdate", `{"items": [{"id": "$made", "categories": {"add": [{"id": "$films"}]}}]}`, ""},
	{"categoryDelete", `{"id": "$grown"}`, ""},
	{"tagRename", `{"name": "fresh", "to": "x"}`, "FORBIDDEN name"}, {"tagsMerge", `{"from": ["fresh"], "into": "x"}`, "FORBIDDEN from"},
	{"tagDelete", `{"name": "fresh"}`, "FORBIDDEN name"},
}

// TestGrantsOfMutations has a limited editor do what they may, and a little more.
func TestGrantsOfMutations(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := divide(t, db)
		d.limited(auth.Editor)
		grown := d.grow("grown", d.films)
		made := d.make(`{"kind": "VIDEO", "title": "made", "referenceId": "mine", "tags": ["fresh", "secret"], "categories": [{"path": ["Films", "New"]}]}`)[0]
		for _, step := range grantedSteps {
			args := strings.NewReplacer("$films", d.films, "$grown", grown, "$made", made).Replace(step.args)
			if got := strings.Join(d.call(step.name, args).errors(), ", "); got != step.want {
				t.Errorf("%s %s is refused with %q, not %q", step.name, args, got, step.want)
			}
		}
		// The video is in a category that the editor does not see, and stays there.
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "categories": {"set": [{"id": %q}]}, "tags": {"set": []}}]}`, seenVideo, d.inner)
		names := db.Client.Asset.Query().Where(asset.ID(seenVideo)).QueryCategories().Order(category.ByName()).Select(category.FieldName).StringsX(t.Context())
		if got := strings.Join(names, " "); got != "New Songs" {
			t.Errorf("the video is in %s", got)
		}
		// Its undoing is theirs, as long as they see all of it.
		set := d.lastSet()
		if over := d.finish(d.begin("changeSetUndo", `{"id": %q}`, set)); over.at("changed") != float64(1) {
			t.Errorf("the undoing came to %v", over)
		}
		whole := d.begin("assetsUpdateWhere", `{"filter": {"kinds": ["VIDEO", "ATTACHMENT", "IMAGE", "AUDIO"]}, "change": {"description": "all"}}`)
		if over := d.finish(whole); over.at("matched") != float64(3) || over.at("changed") != float64(3) {
			t.Errorf("all that the editor sees came to %v", over)
		}
		if n := db.Client.Asset.Query().Where(asset.Description("all")).CountX(t.Context()); n != 3 {
			t.Errorf("%d assets were changed", n)
		}
		set = d.lastSet()
		d.by(func() string { return "root" })
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "categories": {"set": [{"path": ["Songs"]}]}}]}`, made)
		d.limited(auth.Editor)
		if got := d.call("changeSetUndo", `{"id": %q}`, set).errors(); strings.Join(got, ", ") != "FORBIDDEN id" {
			t.Errorf("a set of which not all is seen is refused with %q", got)
		}
	})
}
