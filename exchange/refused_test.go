package exchange_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"vodgraph/exchange"
)

// TestRefusedLines holds the report of a file of bad lines against what it must
// say, with the good lines in.
func TestRefusedLines(t *testing.T) {
	file, err := os.ReadFile("testdata/refused.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/refused.want")
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(l *library) {
		s, report := l.put(string(file))
		var got strings.Builder
		for _, reported := range report {
			// test:2: title: The title … (TITLE_TOO_LONG)
			place := strings.SplitN(strings.Replace(reported, "left out: ", "", 1), ": ", 3)
			code := reported[strings.LastIndex(reported, "(")+1 : len(reported)-1]
			fmt.Fprintln(&got, strings.TrimPrefix(place[0], "test:"), code, place[1])
		}
		if got.String() != string(want) {
			l.Errorf("the report is\n%s\nwant\n%s", got.String(), want)
		}
		// One of those that are reported went in without its link.
		if s != (exchange.Summary{Created: 4, Refused: 13, LeftOut: 1, Tags: 1}) {
			wanted := "4 created, 13 refused, 1 without a link, 1 tag"
			l.Errorf("%v, want %v", s, wanted)
		}
		exported := string(l.export())
		if n := strings.Count(exported, `"kind":`); n != 4 {
			l.Errorf("%d assets went in", n)
		}
		for _, no := range []string{`"category"`, `"t0"`, `"short"`} {
			if strings.Contains(exported, no) {
				l.Errorf("a refused line left %s behind", no)
			}
		}
	})
}

// good is an asset that a bad line stands before and after.
const good = `{"id":"vid_01DXF6DT000000000000000001","kind":"VIDEO","title":"Good","referenceId":"good"}`

// badLines are lines that are refused, with the place and the code of it.
var badLines = []struct{ line, place, code string }{
	{`nonsense`, "", "INVALID"},
	{`{"kind":"VIDEO","title":"It ends too ea`, "", "INVALID"},
	{`{"kind":"VIDEO",}`, "", "INVALID"},
	{`null`, "", "INVALID"},
	{`5`, "", "INVALID"},
	{`"{}"`, "", "INVALID"},
	{`{"kind":"VIDEO","title":"One"} {"kind":"VIDEO","title":"Two"}`, "", "INVALID"},
	{"{\"kind\":\"VIDEO\",\"title\":\"\xff\"}", "", "INVALID"},
	{`{}`, "kind", "REQUIRED"},
	{`{"title":"No kind"}`, "kind", "REQUIRED"},
	{`{"kind":null,"title":"No kind"}`, "kind", "REQUIRED"},
	{`{"kind":"VIDEO"}`, "title", "REQUIRED"},
	{`{"kind":"VIDEO","title":null}`, "title", "REQUIRED"},
	{`{"kind":"SONG","title":"x"}`, "kind", "INVALID"},
	{`{"kind":5,"title":"x"}`, "kind", "INVALID"},
	{`{"kind":"VIDEO","title":5}`, "title", "INVALID"},
	{`{"kind":"VIDEO","Title":"x"}`, "Title", "INVALID"},
	{`{"kind":"VIDEO","title":"x","colour":"red","zebra":1}`, "colour", "INVALID"},
	{`{"kind":"VIDEO","title":"x","tags":5}`, "tags", "INVALID"},
	{`{"id":"vid_01DXF6DT000000000000000001","title":null}`, "title", "REQUIRED"},
	{`{"id":"vid_01DXF6DT000000000000000001","title":""}`, "title", "REQUIRED"},
	{`{"id":"vid_01DXF6DT000000000000000001","title":" \u00a0"}`, "title", "REQUIRED"},
	{`{"referenceId":"good","kind":null}`, "kind", "REQUIRED"},
	{`{"kind":"VIDEO","title":"x","title":"y"}`, "", "INVALID"},
	{`{"kind":"VIDEO","title":"x","userData":{"a":[{"b":1,"\u0062":2}]}}`, "", "INVALID"},
	{`{"kind":"VIDEO","title":"x","tags":["one",2]}`, "tags.1", "INVALID"},
	{`{"kind":"VIDEO","title":"x","tags":["one",null]}`, "tags.1", "INVALID"},
	{`{"kind":"VIDEO","title":"x","size":"5"}`, "size", "INVALID"},
	{`{"kind":"VIDEO","title":"x","size":1.5}`, "size", "INVALID"},
	{`{"kind":"VIDEO","title":"x","size":99999999999999999999}`, "size", "INVALID"},
	{`{"kind":"VIDEO","title":"x","size":-1}`, "size", "INVALID"},
	{`{"kind":"VIDEO","title":"x","duration":1e400}`, "duration", "INVALID"},
	{`{"kind":"IMAGE","title":"x","width":3000000000}`, "width", "INVALID"},
	{`{"kind":"VIDEO","title":"x","createdAt":"yesterday"}`, "createdAt", "INVALID"},
	{`{"kind":"VIDEO","title":"x","createdAt":5}`, "createdAt", "INVALID"},
	{`{"kind":"VIDEO","title":"x","downloadEnabled":"yes"}`, "downloadEnabled", "INVALID"},
	{`{"kind":"VIDEO","title":"x","status":"GOOD"}`, "status", "INVALID"},
	{`{"kind":"IMAGE","title":"x","status":"BLOCKED"}`, "status", "WRONG_KIND"},
	{`{"kind":"IMAGE","title":"x","duration":5}`, "duration", "WRONG_KIND"},
	{`{"kind":"ATTACHMENT","title":"x"}`, "attachmentType", "REQUIRED"},
	{`{"id":"img_01DXF6DT000000000000000002","kind":"VIDEO","title":"x"}`, "id", "INVALID"},
	{`{"id":"","kind":"VIDEO","title":"x"}`, "id", "INVALID"},
	{`{"kind":"VIDEO","title":"x","referenceId":""}`, "referenceId", "REFERENCE_ID_MALFORMED"},
	{`{"kind":"VIDEO","title":"x","categories":[{"path":["New","\u001f"]}]}`, "categories.0.path", "INVALID"},
	{`{"kind":"VIDEO","title":"x","categories":[{"path":["New"]},{"path":[""]}]}`, "categories.1.path", "REQUIRED"},
	{`{"kind":"VIDEO","title":"x","categories":[{"path":["New","Deep"]},{"id":"cat_none"}]}`, "categories.1.id", "NOT_FOUND"},
	{`{"kind":"VIDEO","title":"x","tags":["new"],"mezzanine":{"size":-5}}`, "mezzanine.size", "INVALID"},
	{`{"kind":"VIDEO","title":"x","playInfos":[{"jobId":"a"}]}`, "playInfos.0.streamType", "REQUIRED"},
	{`{"kind":"VIDEO","title":"x","snapshots":[{"type":"NORMAL","jobId":"a","items":[{"index":0},{"index":0}]}]}`,
		"snapshots.0.items.1.index", "INVALID"},
	{`{"kind":"VIDEO","title":"x","userData":{"a":["\u0000"]}}`, "userData", "INVALID"},
	{`{"kind":"VIDEO","title":"x","cover":{"candidate":"cov_01DXF6DT000000000000000001"}}`, "cover.candidate", "INVALID"},
	{`{"kind":"VIDEO","title":"x","attachments":[{"attachment":{}}]}`, "attachments.0.attachment", "INVALID"},
	{`{"category":{"path":[]}}`, "category.path", "REQUIRED"},
	{`{"category":null}`, "category", "REQUIRED"},
	{`{"category":{"path":5}}`, "category.path", "INVALID"},
	{`{"category":{"path":["a","b","c","d"]}}`, "category.path", "CATEGORY_TOO_DEEP"},
	{`{"category":{"path":["a",""]}}`, "category.path", "REQUIRED"},
	{`{"category":{"id":"cat_1","path":["a"]}}`, "category.id", "INVALID"},
	{`{"category":{"path":["a"]},"tag":{"name":"a"}}`, "category", "INVALID"},
	{`{"tag":{}}`, "tag.name", "REQUIRED"},
	{`{"tag":{"name":" "}}`, "tag.name", "INVALID"},
	{`{"tag":{"name":"a\u0000"}}`, "tag.name", "INVALID"},
	{`{"tag":{"id":"tag_1","name":"a"}}`, "tag.id", "INVALID"},
	{`{"tag":{"name":5}}`, "tag.name", "INVALID"},
	{`{"tag":{"name":"a","colour":"red"}}`, "tag.colour", "INVALID"},
}

// TestBadLines has each bad line refused with number, place and code, and change
// nothing, while the line after it goes in.
func TestBadLines(t *testing.T) {
	each(t, func(l *library) {
		l.takes(good)
		before, revision := string(l.export()), l.revision()
		for _, bad := range badLines {
			s := l.refuses(good+"\n"+bad.line+"\n"+good+"\n", "2", bad.place, bad.code)
			if want := (exchange.Summary{Unchanged: 2, Refused: 1}); s != want { // and no change set
				l.Errorf("%s: %v", bad.line, s)
			}
			if after := string(l.export()); after != before || l.revision() != revision {
				l.Fatalf("%s changed the library to\n%s", bad.line, after)
			}
		}
	})
}

// TestTakenNames refuses ids and reference ids that others have.
func TestTakenNames(t *testing.T) {
	each(t, func(l *library) {
		l.takes(good + `
{"id":"vid_01DXF6DT000000000000000002","kind":"VIDEO","title":"Other","referenceId":"other"}
{"category":{"id":"cat_01DXF6DT000000000000000001","path":["Films"]}}
{"tag":{"id":"tag_01DXF6DT000000000000000001","name":"sky"}}`)
		l.refuses(`{"id":"vid_01DXF6DT000000000000000002","referenceId":"good"}`, "1", "referenceId", "REFERENCE_ID_TAKEN")
		l.refuses(`{"id":"img_01DXF6DT000000000000000003","title":"x","referenceId":"good"}`, "1", "id", "INVALID")
		l.refuses(`{"id":"vid_01DXF6DT000000000000000001","kind":"AUDIO"}`, "1", "kind", "WRONG_KIND")
		l.refuses(`{"referenceId":"good","kind":"IMAGE"}`, "1", "kind", "WRONG_KIND")
		if s := l.takes(`{"category":{"id":"cat_01DXF6DT000000000000000009","path":["Films"]}}
{"tag":{"id":"tag_01DXF6DT000000000000000009","name":"sky"}}`); s != (exchange.Summary{Unchanged: 2}) {
			l.Errorf("names that stand under other ids: %v", s)
		}
	})
}
