package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"vodgraph/dbtest"
)

// namings are the calls that give a title or a name, with %s for it, and its place.
var namings = []struct{ name, args, place string }{
	{"assetsCreate", `{"items": [{"kind": "VIDEO", "title": %s}]}`, "items.0.title"},
	{"assetsCreate", `{"items": [{"kind": "VIDEO", "title": "v", "alternativeTitles": ["a", %s]}]}`, "items.0.alternativeTitles.1"},
	{"assetsCreate", `{"items": [{"kind": "VIDEO", "title": "v", "tags": ["a", %s]}]}`, "items.0.tags.1"},
	{"assetsUpdate", `{"items": [{"id": "$id", "title": %s}]}`, "items.0.title"},
	{"assetsUpdate", `{"items": [{"id": "$id", "alternativeTitles": [%s]}]}`, "items.0.alternativeTitles.0"},
	{"assetsUpdate", `{"items": [{"id": "$id", "tags": {"set": [%s]}}]}`, "items.0.tags.set.0"},
	{"assetsUpdate", `{"items": [{"id": "$id", "tags": {"add": [%s]}}]}`, "items.0.tags.add.0"},
	{"tagRename", `{"name": "sea", "to": %s}`, "to"},
	{"tagsMerge", `{"from": ["sea"], "into": %s}`, "into"},
	{"categoryCreate", `{"input": {"name": %s}}`, "input.name"},
	{"categoryUpdate", `{"input": {"id": "$category", "name": %s}}`, "input.name"},
}

// TestNamesThatCannotBeSeen gives each title and name texts of which nothing, or not all,
// can be seen.
func TestNamesThatCannotBeSeen(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		asset := d.make(`{"kind": "VIDEO", "title": "v", "tags": ["sea"]}`)[0]
		place := d.done("categoryCreate", "id", `{"input": {"name": "c"}}`).Category.id()
		args := strings.NewReplacer("$id", asset, "$category", place)
		for _, n := range namings {
			for _, text := range []string{"a\nb", "a\u0000b", "a\tb", "a\u200bb", "a\ufeffb", "a\u202eb", "a\u2028b", "s\u00adea", "\u0001sea", "sea\u007f"} {
				d.refuses([]string{"INVALID " + n.place}, n.name, args.Replace(n.args), quoted(text))
			}
			for _, text := range []string{"\u200b", "\ufeff \u3164", "\u2800", "\n\t", "\u202e\u202c"} {
				p := d.call(n.name, strings.ReplaceAll(args.Replace(n.args), "%s", quoted(text)))
				if got := p.errors(); len(got) != 1 || got[0] != "INVALID "+n.place && got[0] != "REQUIRED "+n.place {
					t.Errorf("%s: %+q comes to %q", n.name, text, got)
				}
			}
		}
		// What looks the same is one.
		one := d.make(`{"kind": "VIDEO", "title": "\u200bv\ufeff", "alternativeTitles": ["a", "\u200ba", "a\ufeff"], "tags": ["sea", "\u200bsea", "sea\ufeff", "\u2066sea\u2069"]}`)[0]
		d.same(d.read(one, "title alternativeTitles tags { name }"), `{"title": "v", "alternativeTitles": ["a"], "tags": [{"name": "sea"}]}`, "what looks the same")
		d.refuses([]string{"CATEGORY_NAME_TAKEN input.name"}, "categoryCreate", `{"input": {"name": "\u200bc\ufeff"}}`)
		emoji := d.make(`{"kind": "VIDEO", "title": "👩\u200d🚀 ❤\ufe0f", "tags": ["می\u200cخواهم"]}`)[0]
		d.same(d.read(emoji, "title tags { name }"), `{"title": "👩\u200d🚀 ❤\ufe0f", "tags": [{"name": "می\u200cخواهم"}]}`, "joined characters")
	})
}

// TestBlankTextsOfAnalysers wants labels, cues, sources and jobs to have something to be seen.
func TestBlankTextsOfAnalysers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		for _, text := range []string{" ", "\u200b", "\u3000\n", "\ufeff"} {
			for place, input := range map[string]string{
				"aiData.0.source":            `"aiData": [{"source": %s}]`,
				"aiData.0.labels.0.name":     `"aiData": [{"source": "s", "labels": [{"name": %s, "category": "OBJECT"}]}]`,
				"aiData.0.speech.0.text":     `"aiData": [{"source": "s", "speech": [{"start": 0, "end": 0.001, "text": %s}]}]`,
				"aiData.0.screenText.0.text": `"aiData": [{"source": "s", "screenText": [{"start": 0, "end": 0.001, "text": %s}]}]`,
				"playInfos.0.jobId":          `"playInfos": [{"jobId": %s, "streamType": "VIDEO", "format": "MP4", "definition": "HD"}]`,
				"snapshots.0.jobId":          `"snapshots": [{"type": "COVER", "jobId": %s, "items": [{"index": 0}]}]`,
			} {
				input = fmt.Sprintf(input, quoted(text))
				d.refuses([]string{"INVALID items.0." + place}, "assetsCreate", `{"items": [{"kind": "VIDEO", "title": "v", %s}]}`, input)
			}
		}
	})
}
