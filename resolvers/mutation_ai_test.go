package resolvers_test

import (
	"fmt"
	"strings"
	"testing"

	"vodgraph/dbtest"
	"vodgraph/fault"
)

const aiFields = `aiData { sources labels { nodes { name source } } speech { nodes { text source } } screenText { nodes { text } }
	review { suggestion labels source createdAt findings { nodes { scene start } } } duplicates { nodes { asset { id } similarity segments { start otherStart } source } }
	coverCandidates { id location } }`

const aiSelection = `revision updatedAt ... on Video { ` + aiFields + ` } ... on Image { ` + aiFields + ` }`

// Putting a source's data replaces all of it, and nothing of other sources.
func TestMutationAIData(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(`{"kind": "VIDEO", "title": "v"}`, `{"kind": "IMAGE", "title": "i"}`, `{"kind": "ATTACHMENT", "title": "a", "attachmentType": "SUBTITLE"}`)
		put := func(input string) payload {
			t.Helper()
			return d.done("aiDataPut", aiSelection, `{"items": [{"asset": {"id": %q}, %s]}`, ids[0], strings.TrimPrefix(input, "{"))
		}
		const whole = `{"source": "one", "labels": [{"name": "b", "category": "OBJECT"}, {"name": "a", "category": "PERSON", "spans": [{"start": 0, "end": 0}]}],
			"speech": [{"start": 0.005, "end": 0.006, "text": "later"}, {"start": 0.001, "end": 0.002, "text": "first"}], "screenText": [{"start": 0, "end": 0, "text": "shown"}],
			"review": {"suggestion": "REVIEW", "labels": ["x"], "findings": [{"module": "TITLE", "scene": "s", "label": "l", "score": 1, "suggestion": "PASS"}]},
			"coverCandidates": [{"location": "o/1", "format": "gif"}]}`
		first := put(whole)
		put(`{"source": "two", "labels": [{"name": "c", "category": "OBJECT"}], "speech": [{"start": 0.003, "end": 0.004, "text": "two"}]}`)
		before := d.read(ids[0], aiSelection)
		d.same(before.at("aiData", "labels"), `{"nodes": [{"name": "a", "source": "one"}, {"name": "b", "source": "one"}, {"name": "c", "source": "two"}]}`, "labels")
		d.same(before.at("aiData", "speech"), `{"nodes": [{"text": "first", "source": "one"}, {"text": "two", "source": "two"}, {"text": "later", "source": "one"}]}`, "speech")
		if p := put(whole); p.Revision != nil || fmt.Sprint(p.only()) != fmt.Sprint(before) {
			t.Errorf("the same again: %v came to %v", before, p.only())
		}
		// The time of a review stays while its source is reported again.
		p := put(`{"source": "one", "review": {"suggestion": "PASS"}}`)
		d.same(p.only(), fmt.Sprintf(`{"revision": 4, "updatedAt": %q, "aiData": {"sources": ["one", "two"], "labels": {"nodes": [{"name": "c", "source": "two"}]},
			"speech": {"nodes": [{"text": "two", "source": "two"}]}, "screenText": {"nodes": []}, "duplicates": {"nodes": []}, "coverCandidates": [],
			"review": {"suggestion": "PASS", "labels": [], "source": "one", "createdAt": %q, "findings": {"nodes": []}}}}`,
			p.only()["updatedAt"], first.only().at("aiData", "review", "createdAt")), "reported anew")
		p = put(`{"source": "one"}`)
		d.same(p.only().at("aiData", "sources"), `["one", "two"]`, "a source that has nothing to say")
		if p.only().at("aiData", "review") != nil {
			t.Errorf("the review is %v", p.only().at("aiData", "review"))
		}
		d.refuses([]string{"NOT_FOUND source"}, "aiDataDelete", `{"asset": {"id": %q}, "source": "three"}`, ids[0])
		d.refuses([]string{"NOT_FOUND asset.id"}, "aiDataDelete", `{"asset": {"id": "vid_1"}, "source": "one"}`)
		p = d.done("aiDataDelete", aiSelection, `{"asset": {"id": %q}, "source": "two"}`, ids[0])
		d.same(p.Asset.at("aiData"), `{"sources": ["one"], "labels": {"nodes": []}, "speech": {"nodes": []}, "screenText": {"nodes": []}, "review": null,
			"duplicates": {"nodes": []}, "coverCandidates": []}`, "without a source")
		d.done("aiDataPut", "id", `{"items": [{"asset": {"id": %q}, "source": "x"}]}`, ids[1])
		d.refuses([]string{"WRONG_KIND items.0.asset"}, "aiDataPut", `{"items": [{"asset": {"id": %q}, "source": "x"}]}`, ids[2])
		d.refuses([]string{"NOT_FOUND items.0.asset.id"}, "aiDataPut", `{"items": [{"asset": {"id": "vid_1"}, "source": "x"}]}`)
	})
}

func TestMutationAIDataRefuses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		id := d.make(`{"kind": "VIDEO", "title": "v", "referenceId": "r"}`)[0]
		d.make(`{"kind": "VIDEO", "title": "o", "referenceId": "o"}`)
		const finding = `"module": "VIDEO", "scene": "s", "label": "l", "score": 1, "suggestion": "PASS"`
		for input, want := range map[string][]string{
			`"source": ""`: {"INVALID items.0.source"},
			`"source": "s", "labels": [{"name": "", "category": "OBJECT", "spans": [{"start": 0, "end": 0.001}, {"start": 0.002, "end": 0.001}]}]`: {"INVALID items.0.labels.0.name", "INVALID items.0.labels.0.spans.1.end"},
			`"source": "s", "speech": [{"start": -0.001, "end": 0.001, "text": "x"}]`:                                                              {"INVALID items.0.speech.0.start"},
			`"source": "s", "screenText": [{"start": 0.002, "end": 0.001, "text": "x"}]`:                                                           {"INVALID items.0.screenText.0.end"},
			`"source": "s", "review": {"suggestion": "PASS", "findings": [{"start": 0.001, ` + finding + `}]}`:                                     {"INVALID items.0.review.findings.0.end"},
			`"source": "s", "review": {"suggestion": "PASS", "findings": [{"start": 0.002, "end": 0.001, ` + finding + `}]}`:                       {"INVALID items.0.review.findings.0.end"},
			`"source": "s", "duplicates": [{"asset": {"referenceId": "r"}, "similarity": 1}]`:                                                      {"INVALID items.0.duplicates.0.asset"},
			`"source": "s", "duplicates": [{"asset": {"referenceId": "o"}, "similarity": 1.5}, {"asset": {"referenceId": "o"}, "similarity": -0.5}]`: {
				"INVALID items.0.duplicates.0.similarity", "INVALID items.0.duplicates.1.similarity", "INVALID items.0.duplicates.1.asset"},
			`"source": "s", "duplicates": [{"asset": {"referenceId": "o"}, "similarity": 1, "segments": [{"start": 0.002, "end": 0.001, "otherStart": 0.002, "otherEnd": 0.001}]}]`: {
				"INVALID items.0.duplicates.0.segments.0.end", "INVALID items.0.duplicates.0.segments.0.otherEnd"},
			`"source": "s", "duplicates": [{"asset": {"id": "vid_1"}, "similarity": 1}, {"asset": {}, "similarity": 1}]`: {"NOT_FOUND items.0.duplicates.0.asset.id", "INVALID items.0.duplicates.1.asset"},
			`"source": "s", "coverCandidates": [{"location": "", "format": "gif", "width": -1, "duration": -1}]`:         {"INVALID items.0.coverCandidates.0.location", "INVALID items.0.coverCandidates.0.width", "INVALID items.0.coverCandidates.0.duration"},
		} {
			d.refuses(want, "aiDataPut", `{"items": [{"asset": {"id": %q}, %s}]}`, id, input)
		}
	})
}

// A likeness is reported at one end and read from both, turned around at the other.
func TestMutationDuplicatesAreReadFromBothEnds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		ids := d.make(`{"kind": "VIDEO", "title": "v"}`, `{"kind": "IMAGE", "title": "i"}`)
		before := d.read(ids[1], "revision updatedAt")
		p := d.done("aiDataPut", aiSelection, `{"items": [{"asset": {"id": %q}, "source": "s", "duplicates": [{"asset": {"id": %q}, "similarity": 0.75,
			"segments": [{"start": 0.001, "end": 0.002, "otherStart": 0.003, "otherEnd": 0.004}]}]}]}`, ids[0], ids[1])
		other := d.read(ids[1], aiSelection)
		for i, ends := range []record{p.only(), other} {
			start, otherStart := 1+2*i, 3-2*i
			d.same(ends.at("aiData", "duplicates"), fmt.Sprintf(`{"nodes": [{"asset": {"id": %q}, "similarity": 0.75, "segments": [{"start": 0.00%d, "otherStart": 0.00%d}], "source": "s"}]}`,
				ids[1-i], start, otherStart), ids[i])
		}
		if other["revision"] != before["revision"] || other["updatedAt"] != before["updatedAt"] {
			t.Errorf("the other end was touched: %v came to %v", before, other)
		}
		d.done("aiDataDelete", "id", `{"asset": {"id": %q}, "source": "s"}`, ids[0])
		if left := d.read(ids[1], aiSelection).at("aiData", "duplicates", "nodes").([]any); len(left) != 0 {
			t.Errorf("the other end still has %v", left)
		}
	})
}

// Pages of cues and findings have up to 1,000 entries, those of other lists up to 100.
func TestLongPages(t *testing.T) {
	t.Parallel()
	list := func(n int, entry string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(entry+",", n), ",") + "]"
	}
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		id := d.make(`{"kind": "VIDEO", "title": "v"}`)[0]
		d.done("aiDataPut", "id", `{"items": [{"asset": {"id": %q}, "source": "s", "speech": %s, "screenText": %[2]s, "labels": %s,
			"review": {"suggestion": "PASS", "findings": %s}}]}`, id, list(1001, `{"start": 0.001, "end": 0.002, "text": "x"}`),
			list(101, `{"name": "n", "category": "OBJECT"}`), list(1001, `{"module": "TITLE", "scene": "s", "label": "l", "score": 1, "suggestion": "PASS"}`))
		for field, most := range map[string]int{"speech": 1000, "screenText": 1000, "findings": 1000, "labels": 100, "duplicates": 100} {
			around := "%s"
			if field == "findings" {
				around = "review { %s }"
			}
			document := `query($id: ID!) { node(id: $id) { ... on Video { aiData { ` +
				fmt.Sprintf(around, field+"(%s) { nodes { __typename } pageInfo { endCursor hasNextPage } totalCount }") + ` } } } }`
			for _, n := range []int{0, most + 1} {
				d.refused(fault.PageSizeInvalid, "first", fmt.Sprintf(document, fmt.Sprint("first: ", n)), map[string]any{"id": id})
			}
			entries, of := d.walked(document, id, most, func(r record) string { return r["__typename"].(string) }), most+1
			if field == "duplicates" {
				of = 0
			}
			if len(entries) != of {
				t.Errorf("%s: there are %d entries in pages of %d, not %d", field, len(entries), most, of)
			}
			if n := d.statements(fmt.Sprintf(document, fmt.Sprint("first: ", most)), map[string]any{"id": id}); n != d.statements(fmt.Sprintf(document, "first: 1"), map[string]any{"id": id}) {
				t.Errorf("%s: a page of %d takes %d statements, and one of 1 another number", field, most, n)
			}
		}
	})
}
