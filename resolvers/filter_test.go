package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/dbtest"
)

// filterLibrary are the assets of TestFilterMembers, whose titles all have the word sea.
const filterLibrary = `
	{"kind": "VIDEO", "title": "Sea one", "description": "of waves"},
	{"kind": "VIDEO", "title": "Sea two", "downloadEnabled": false},
	{"kind": "AUDIO", "title": "Sea three"},
	{"kind": "IMAGE", "title": "Sea four", "imageType": "COVER"}`

// filterMembers are filters, and the assets of filterLibrary that they match, by number.
var filterMembers = map[string]string{
	`{titles: ["Sea one", " Sea four", "sea two"]}`:                             "1 4",
	`{description: {empty: true}}`:                                              "2 3 4",
	`{description: {empty: false}}`:                                             "1",
	`{fileName: {in: ["one.mov", "four.png", "Four.png"]}}`:                     "1 4",
	`{fileName: {empty: true}}`:                                                 "2 3",
	`{downloadEnabled: false}`:                                                  "2",
	`{imageTypes: [COVER]}`:                                                     "4",
	`{not: {imageTypes: [COVER]}}`:                                              "1 2 3",
	`{review: {suggestions: [BLOCK]}, description: {empty: true}}`:              "2",
	`{review: {suggestions: [BLOCK, PASS]}}`:                                    "1 2",
	`{review: {empty: true}}`:                                                   "3 4",
	`{labels: {any: ["cat", "Dog"]}}`:                                           "1",
	`{labels: {none: ["cat"], empty: false}}`:                                   "2",
	`{labels: {none: []}}`:                                                      "1 2 3 4",
	`{speech: {languages: ["ja"]}}`:                                             "1",
	`{speech: {empty: false}}`:                                                  "1 2",
	`{speech: {empty: false}, not: {speech: {languages: ["ja"]}}}`:              "2",
	`{screenText: {languages: ["zh-Hans"]}}`:                                    "1",
	`{playInfo: {hdrTypes: [HDR10], definitions: [HD]}}`:                        "1",
	`{playInfo: {hdrTypes: [HDR10], definitions: [SD]}}`:                        "",
	`{or: [{labels: {any: ["cat"]}}, {titles: ["Sea three"]}], kinds: [AUDIO]}`: "3",
}

// The filters of filterMembers find the same in lists and in a search by an engine.
func TestFilterMembers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(filterLibrary)
		d.done("assetsUpdate", "id", `{"items": [{"id": %q, "mezzanine": {"fileName": "one.mov"}}, {"id": %q, "file": {"fileName": "four.png"}}]}`, ids[0], ids[3])
		d.done("aiDataPut", "id", `{"items": [
			{"asset": {"id": %q}, "source": "a", "review": {"suggestion": "PASS"}, "labels": [{"name": "cat", "category": "OBJECT"}],
				"speech": [{"start": 0, "end": 1, "text": "umi", "language": "ja"}], "screenText": [{"start": 0, "end": 1, "text": "hai", "language": "zh-Hans"}]},
			{"asset": {"id": %q}, "source": "a", "review": {"suggestion": "BLOCK"}, "labels": [{"name": "dog", "category": "OBJECT"}],
				"speech": [{"start": 0, "end": 1, "text": "la mer"}]}]}`, ids[0], ids[1])
		d.done("playInfosPut", "id", `{"items": [
			{"asset": {"id": %[1]q}, "jobId": "h", "format": "MP4", "definition": "HD", "streamType": "VIDEO", "hdrType": "HDR10"},
			{"asset": {"id": %[1]q}, "jobId": "s", "format": "MP4", "definition": "SD", "streamType": "VIDEO"}]}`, ids[0])
		engine := seekers(t, db, inBleve(t, db))
		for f, want := range filterMembers {
			var list struct {
				Assets, Search struct{ Nodes []struct{ ID string } }
			}
			d.ask(`{ assets(filter: `+f+`) { nodes { id } } }`, nil, &list)
			engine.ask(`{ search(text: "sea", filter: `+f+`) { nodes { id } index { degraded } } }`, nil, &list)
			for from, nodes := range map[string][]struct{ ID string }{"the list": list.Assets.Nodes, "the search": list.Search.Nodes} {
				var got []string
				for _, n := range nodes {
					got = append(got, fmt.Sprint(slices.Index(ids, n.ID)+1))
				}
				if slices.Sort(got); strings.Join(got, " ") != want {
					t.Errorf("%s of %s has %q, not %q", from, f, got, want)
				}
			}
		}
	})
}
