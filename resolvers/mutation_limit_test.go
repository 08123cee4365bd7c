package resolvers_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/change"
	"vodgraph/dbtest"
	"vodgraph/limits"
)

const (
	decomposed = "e\u0301" // one code point after NFC, of two bytes
	emoji      = "😀"       // one code point, of four bytes
)

// times is a list of n texts, each another one.
func times(n int, format string) string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = strings.ReplaceAll(format, "#", fmt.Sprintf("%03d", i))
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// bound is a member at its limit, which is taken, and beyond, which is not.
type bound struct{ at, over, refused string }

// long is a text at a limit of n, and one beyond; more is one unit more.
func long(member, unit string, n int, more, refused string) bound {
	text := strings.Repeat(unit, n)
	return bound{fmt.Sprintf(`%q: %s`, member, quoted(text)), fmt.Sprintf(`%q: %s`, member, quoted(text+more)), refused}
}

// many is a list at a limit of n, and one beyond.
func many(member, format string, n int, refused string) bound {
	return bound{fmt.Sprintf(`%q: %s`, member, times(n, format)), fmt.Sprintf(`%q: %s`, member, times(n+1, format)), refused}
}

// titled adds a title where the members have none.
func titled(members string) string {
	if strings.HasPrefix(members, `"title"`) {
		return members
	}
	return `"title": "x", ` + members
}

// The limits of what an item has; there are categories 000 to 005.
func defaultBounds() []bound {
	return []bound{
		long("title", decomposed, 256, "x", "TITLE_TOO_LONG title"),
		long("title", emoji, 256, emoji, "TITLE_TOO_LONG title"),
		{`"title": ` + quoted("  "+strings.Repeat("x", 256)+"\u3000"), `"title": ` + quoted(" "+strings.Repeat("x", 257)), "TITLE_TOO_LONG title"},
		long("description", decomposed, 10_000, "x", "DESCRIPTION_TOO_LONG description"),
		long("description", emoji, 10_000, "x", "DESCRIPTION_TOO_LONG description"),
		many("alternativeTitles", `"title #"`, 20, "TOO_MANY_TITLES alternativeTitles"),
		{`"alternativeTitles": ["a", ` + quoted(strings.Repeat(decomposed, 256)) + `]`, `"alternativeTitles": ["a", ` + quoted(strings.Repeat(decomposed, 257)) + `]`, "TITLE_TOO_LONG alternativeTitles.1"},
		many("tags", `"tag #"`, 50, "TOO_MANY_TAGS tags"),
		{`"tags": ["a", ` + quoted(strings.Repeat(decomposed, 64)) + `]`, `"tags": ["a", ` + quoted(strings.Repeat(decomposed, 65)) + `]`, "TAG_TOO_LONG tags.1"},
		{`"tags": [` + quoted(strings.Repeat(emoji, 64)) + `]`, `"tags": [` + quoted(strings.Repeat(emoji, 65)) + `]`, "TAG_TOO_LONG tags.0"},
		many("categories", `{"path": ["#"]}`, 5, "TOO_MANY_CATEGORIES categories"),
		long("referenceId", decomposed, 128, "x", "REFERENCE_ID_MALFORMED referenceId"),
		long("referenceId", emoji, 128, "x", "REFERENCE_ID_MALFORMED referenceId"),
		{`"referenceId": "x"`, `"referenceId": ""`, "REFERENCE_ID_MALFORMED referenceId"},
		// White space and the order of members do not count; quotes and braces do.
		{fmt.Sprintf(`"userData": { "a" :   "%s<é" }`, strings.Repeat("x", 64<<10-11)), fmt.Sprintf(`"userData": {"a": "%s<é"}`, strings.Repeat("x", 64<<10-10)), "USER_DATA_TOO_LARGE userData"},
	}
}

func vodBounds() []bound {
	return []bound{
		long("title", decomposed, 64, "x", "TITLE_TOO_LONG title"),
		long("title", emoji, 32, "x", "TITLE_TOO_LONG title"),
		long("title", "x", 128, "x", "TITLE_TOO_LONG title"),
		{`"alternativeTitles": [` + quoted(strings.Repeat(emoji, 32)) + `]`, `"alternativeTitles": [` + quoted(strings.Repeat("é", 65)) + `]`, "TITLE_TOO_LONG alternativeTitles.0"},
		long("description", decomposed, 512, "x", "DESCRIPTION_TOO_LONG description"),
		many("tags", `"tag #"`, 16, "TOO_MANY_TAGS tags"),
		{`"tags": [` + quoted(strings.Repeat(decomposed, 16)) + `]`, `"tags": [` + quoted(strings.Repeat(decomposed, 16)+"x") + `]`, "TAG_TOO_LONG tags.0"},
		many("categories", `{"path": ["#"]}`, 1, "TOO_MANY_CATEGORIES categories"),
		{`"kind": "AUDIO", "categories": [{"path": ["000"]}]`, `"kind": "AUDIO", "categories": ` + times(2, `{"path": ["#"]}`), "TOO_MANY_CATEGORIES categories"},
		{`"kind": "IMAGE", "categories": [{"path": ["000"]}]`, `"kind": "IMAGE", "categories": ` + times(2, `{"path": ["#"]}`), "TOO_MANY_CATEGORIES categories"},
		{`"kind": "ATTACHMENT", "attachmentType": "SUBTITLE", "categories": ` + times(5, `{"path": ["#"]}`), `"kind": "ATTACHMENT", "attachmentType": "SUBTITLE", "categories": ` + times(6, `{"path": ["#"]}`), "TOO_MANY_CATEGORIES categories"},
		{`"referenceId": "a-Z_09"`, `"referenceId": "a-Z_0"`, "REFERENCE_ID_MALFORMED referenceId"},
		long("referenceId", "x", 64, "x", "REFERENCE_ID_MALFORMED referenceId"),
		{`"referenceId": "abcdef"`, `"referenceId": "abcde.f"`, "REFERENCE_ID_MALFORMED referenceId"},
		{`"referenceId": "abcdeF"`, `"referenceId": "abcde f"`, "REFERENCE_ID_MALFORMED referenceId"},
		{`"referenceId": "012345"`, `"referenceId": "abcdefé"`, "REFERENCE_ID_MALFORMED referenceId"},
	}
}

func TestMutationLimitsOfItems(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]struct {
		limits limits.Library
		bounds []bound
	}{"default": {limits.DefaultLibrary(), defaultBounds()}, "vod": {limits.VODLibrary(), vodBounds()}} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
				d := write(t, db, func(o *change.Options) { o.Limits = set.limits })
				for i := range 6 {
					d.done("categoryCreate", "id", `{"input": {"name": "%03d"}}`, i)
				}
				for _, b := range set.bounds {
					code, place, _ := strings.Cut(b.refused, " ")
					// The kind is given first, and again by a bound that is about another.
					d.refuses([]string{code + " items.0." + place}, "assetsCreate", `{"items": [{"kind": "VIDEO", %s}]}`, titled(b.over))
					id := d.make(`{"kind": "VIDEO", ` + titled(b.at) + `}`)[0]
					member, over := updateOf(b.over)
					if member == "" || strings.Contains(b.over, "kind") {
						continue
					}
					if place == "categories" || place == "tags" || strings.HasPrefix(place, "tags.") || place == "userData" {
						place = strings.Replace(place, member, member+".set", 1)
					}
					place = strings.Replace(place, "referenceId", "newReferenceId", 1)
					d.refuses([]string{code + " items.0." + place}, "assetsUpdate", `{"items": [{"id": %q, %s}]}`, id, over)
				}
			})
		})
	}
}

// updateOf is a member of a new asset as an update has it.
func updateOf(member string) (name, update string) {
	name, value, _ := strings.Cut(strings.TrimPrefix(member, `"`), `": `)
	switch name {
	case "categories", "tags", "userData":
		return name, fmt.Sprintf(`%q: {"set": %s}`, name, value)
	case "referenceId":
		return name, `"newReferenceId": ` + value
	}
	return name, member
}

// What an update adds counts with what is there, and what it removes does not.
func TestMutationLimitsOfAdditions(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		for i := range 7 {
			d.done("categoryCreate", "id", `{"input": {"name": "%03d"}}`, i)
		}
		id := d.make(`{"kind": "VIDEO", "title": "x", "tags": ` + times(50, `"tag #"`) + `, "categories": ` + times(5, `{"path": ["#"]}`) + `}`)[0]
		for change, want := range map[string]string{
			`"tags": {"add": ["another"]}`:                                                       "TOO_MANY_TAGS items.0.tags.add",
			`"tags": {"add": ["y", "z"], "remove": ["tag 001"]}`:                                 "TOO_MANY_TAGS items.0.tags.add",
			`"categories": {"add": [{"path": ["005"]}]}`:                                         "TOO_MANY_CATEGORIES items.0.categories.add",
			`"categories": {"add": ` + times(7, `{"path": ["#"]}`) + `}`:                         "TOO_MANY_CATEGORIES items.0.categories.add",
			`"userData": {"merge": {"a": "` + strings.Repeat("x", 64<<10) + `"}}`:                "USER_DATA_TOO_LARGE items.0.userData.merge",
			`"tags": {"add": ["` + strings.Repeat("x", 65) + `"], "remove": ["tag 001"]}`:        "TAG_TOO_LONG items.0.tags.add.0",
			`"categories": {"add": [{"path": ["none"]}], "remove": [{"path": ["000", "none"]}]}`: "NOT_FOUND items.0.categories.add.0.path, NOT_FOUND items.0.categories.remove.0.path",
		} {
			d.refuses(strings.Split(want, ", "), "assetsUpdate", `{"items": [{"id": %q, %s}]}`, id, change)
		}
		p := d.done("assetsUpdate", "tags { name } categories { name }", `{"items": [{"id": %q, "tags": {"add": ["tag 002", "aaa"], "remove": ["tag 001"]},
			"categories": {"add": [{"path": ["006"]}, {"path": ["001"]}], "remove": [{"path": ["000"]}]}}]}`, id)
		asset := p.Results[0].Asset
		if asset.at("tags", 0, "name") != "aaa" || len(asset["tags"].([]any)) != 50 {
			t.Errorf("the tags are %v", asset["tags"])
		}
		d.same(asset["categories"], `[{"name": "001"}, {"name": "002"}, {"name": "003"}, {"name": "004"}, {"name": "006"}]`, "categories")
	})
}

func TestMutationLimitsOfCalls(t *testing.T) {
	t.Parallel()
	for name, limits := range map[string]limits.Library{"default": limits.DefaultLibrary(), "vod": limits.VODLibrary()} {
		most := map[string]int{"default": 1000, "vod": 20}[name]
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
				d := write(t, db, func(o *change.Options) { o.Limits = limits })
				item := `{"kind": "VIDEO", "title": "#"}`
				d.refuses([]string{"TOO_MANY_ITEMS items"}, "assetsCreate", `{"items": %s}`, times(most+1, item))
				p := d.done("assetsCreate", "id", `{"items": %s}`, times(most, item))
				if p.ChangedCount != most {
					t.Errorf("of %d items %d were made", most, p.ChangedCount)
				}
				ids := make([]map[string]any, 0, most+1)
				for _, item := range p.Results {
					ids = append(ids, map[string]any{"id": item.ID, "to": "CHECKING"})
				}
				for _, name := range []string{"assetsSetStatus", "assetsUpdate"} {
					for _, given := range [][]map[string]any{append(ids[:most:most], ids[0]), ids} {
						if name == "assetsUpdate" {
							given = slices.Clone(given)
							for i := range given {
								given[i] = map[string]any{"id": given[i]["id"], "title": "y"}
							}
						}
						p := d.callWith(name, "id", map[string]any{"items": given})
						if taken := len(given) <= most; taken != (len(p.UserErrors) == 0) || taken && p.ChangedCount != most ||
							!taken && p.UserErrors[0].String() != "TOO_MANY_ITEMS items" {
							t.Errorf("%s of %d items: %v, %d changed", name, len(given), p.UserErrors, p.ChangedCount)
						}
					}
				}
				id := p.Results[0].ID
				streams := `{"asset": {"id": "` + id + `"}, "jobId": "#", "streamType": "VIDEO", "format": "MP4", "definition": "HD"}`
				d.refuses([]string{"TOO_MANY_ITEMS items"}, "playInfosPut", `{"items": %s}`, times(most+1, streams))
				d.done("playInfosPut", "id", `{"items": %s}`, times(most, streams))
				d.refuses([]string{"REQUIRED items"}, "playInfosPut", `{"items": []}`)
				d.refuses([]string{"REQUIRED jobIds"}, "playInfosDelete", `{"asset": {"id": %q}, "jobIds": []}`, id)
				d.refuses([]string{"TOO_MANY_ITEMS jobIds"}, "playInfosDelete", `{"asset": {"id": %q}, "jobIds": %s}`, id, times(most+1, `"#"`))
				d.done("playInfosDelete", "id", `{"asset": {"id": %q}, "jobIds": %s}`, id, times(most, `"#"`))
			})
		})
	}
}

// Job ids and sources are keys of rows, and so must fit into an index, however
// little they can be compressed.
func TestMutationLimitsOfKeys(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		id := d.make(`{"kind": "VIDEO", "title": "x"}`)[0]
		other := d.make(`{"kind": "VIDEO", "title": "y"}`)[0]
		var long strings.Builder
		for i := range 256 {
			long.WriteRune(rune(0x20000 + i*97)) // four bytes each, no two alike
		}
		for place, call := range map[string][2]string{
			"items.0.jobId":  {"playInfosPut", `{"items": [{"asset": {"id": %q}, "jobId": %q, "streamType": "VIDEO", "format": "MP4", "definition": "HD"}]}`},
			"items.0.jobId ": {"snapshotsPut", `{"items": [{"asset": {"id": %q}, "type": "COVER", "jobId": %q, "items": [{"index": 0}]}]}`},
			"items.0.source": {"aiDataPut", `{"items": [{"asset": {"id": %q}, "source": %q, "duplicates": [{"asset": {"id": "` + other + `"}, "similarity": 1}]}]}`},
		} {
			d.refuses([]string{"INVALID " + strings.TrimSpace(place)}, call[0], call[1], id, long.String()+"x")
			d.refuses([]string{"INVALID " + strings.TrimSpace(place)}, call[0], call[1], id, "")
			d.done(call[0], "id", call[1], id, long.String())
		}
	})
}

// The limit of rows below an asset is too large to be met, and so is made small.
func TestMutationLimitsOfSatellites(t *testing.T) {
	t.Parallel()
	d := write(t, dbtest.SQLite(t), func(o *change.Options) { o.Limits.Satellites = 2 })
	cue, label := `{"start": 0.001, "end": 0.002, "text": "#"}`, `{"name": "#", "category": "OBJECT"}`
	finding := `{"module": "VIDEO", "scene": "s", "label": "#", "score": 1, "suggestion": "PASS"}`
	id := d.make(`{"kind": "VIDEO", "title": "x"}`)[0]
	for list, item := range map[string]string{"labels": label, "speech": cue, "screenText": cue,
		"coverCandidates": `{"location": "#", "format": "gif"}`} {
		d.done("aiDataPut", "id", `{"items": [{"asset": {"id": %q}, "source": "s", %q: %s}]}`, id, list, times(2, item))
		d.refuses([]string{"LIST_TOO_LONG items.0." + list}, "aiDataPut", `{"items": [{"asset": {"id": %q}, "source": "s", %q: %s}]}`, id, list, times(3, item))
	}
	review := `{"items": [{"asset": {"id": %q}, "source": "s", "review": {"suggestion": "PASS", "findings": %s}}]}`
	d.done("aiDataPut", "id", review, id, times(2, finding))
	d.refuses([]string{"LIST_TOO_LONG items.0.review.findings"}, "aiDataPut", review, id, times(3, finding))
	set := `{"items": [{"asset": {"id": %q}, "type": "NORMAL", "jobId": "j", "items": [{"index": 0}, {"index": 1}%s]}]}`
	d.done("snapshotsPut", "id", set, id, "")
	d.refuses([]string{"TOO_MANY_ITEMS items.0.items"}, "snapshotsPut", set, id, `, {"index": 2}`)
	const attachment = `{"kind": "ATTACHMENT", "attachmentType": "SUBTITLE", "title": "x"}`
	attachments := d.make(attachment, attachment, attachment)
	links, err := json.Marshal([]any{ref(attachments[0]), ref(attachments[1]), ref(attachments[2])})
	if err != nil {
		t.Fatal(err)
	}
	d.refuses([]string{"TOO_MANY_ITEMS items.0.attachments"}, "assetsCreate", `{"items": [{"kind": "VIDEO", "title": "x", "attachments": %s}]}`, links)
}

func ref(id string) any { return map[string]any{"attachment": map[string]any{"id": id}} }
