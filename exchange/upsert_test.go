package exchange_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"vodgraph/exchange"
)

// The assets of these tests.
const (
	vid1 = "vid_01DXF6DT000000000000000001"
	vid2 = "vid_01DXF6DT000000000000000002"
	att1 = "att_01DXF6DT000000000000000001"
	att2 = "att_01DXF6DT000000000000000002"
	img1 = "img_01DXF6DT000000000000000001"
)

// whole is an asset with something of everything.
const whole = `{"id":"` + vid1 + `","kind":"VIDEO","title":"Whole","referenceId":"whole","alternativeTitles":["Entire"],` +
	`"description":"All of it.","status":"BLOCKED","statusReason":"So","size":5,"duration":1.5,"categories":[{"path":["Films","Old"]}],` +
	`"tags":["a","b"],"userData":{"k":1.0},"downloadEnabled":false,"createdAt":"2020-01-01T00:00:00.000Z","updatedAt":"2021-01-01T00:00:00.000Z",` +
	`"mezzanine":{"bitrate":7,"createdAt":"2020-01-02T00:00:00.000Z"},` +
	`"playInfos":[{"jobId":"j","streamType":"VIDEO","format":"MP4","definition":"HD","createdAt":"2020-01-03T00:00:00.000Z"}],` +
	`"snapshots":[{"type":"NORMAL","jobId":"s","items":[{"index":0},{"index":1}],"createdAt":"2020-01-04T00:00:00.000Z"}],"cover":{"snapshot":{"type":"NORMAL","index":1}},` +
	`"aiData":[{"source":"lens","labels":[{"name":"sea","category":"LOCATION"}],"review":{"suggestion":"PASS","createdAt":"2020-01-05T00:00:00.000Z"}}]}`

// TestPartialLine changes what a line names, by id or by reference id, and
// nothing else.
func TestPartialLine(t *testing.T) {
	each(t, func(l *library) {
		l.takes(whole)
		for i, c := range []struct {
			line string
			// what is to be different in the export besides updatedAt; null for a
			// member that is not said any more
			next string
		}{
			{`"title":"Part"`, `{"title":"Part"}`},
			{`"status":"NORMAL"`, `{"status":"NORMAL"}`},
			{`"description":null,"statusReason":null,"alternativeTitles":null`, `{"description":null,"statusReason":null,"alternativeTitles":null}`},
			{`"tags":["b","c"]`, `{"tags":["b","c"]}`},
			{`"tags":[]`, `{"tags":null}`},
			{`"categories":[{"path":["Films"]}]`, `{"categories":[{"path":["Films"]}]}`},
			{`"userData":{"k":{"l":2}},"size":null,"duration":2`, `{"userData":{"k":{"l":2}},"size":null,"duration":2}`},
			{`"mezzanine":null`, `{"mezzanine":null}`},
			{`"playInfos":[]`, `{"playInfos":null}`},
			{`"aiData":[]`, `{"aiData":null}`},
			{`"cover":{"snapshot":{"type":"NORMAL","index":0}}`, `{"cover":{"snapshot":{"type":"NORMAL","index":0}}}`},
			{`"snapshots":[]`, `{"snapshots":null,"cover":null}`},
			{`"createdAt":"2019-01-01T00:00:00.000Z","kind":"VIDEO"`, `{"createdAt":"2019-01-01T00:00:00.000Z"}`},
			{`"trashedAt":"2022-01-01T00:00:00.100Z"`, `{"trashedAt":"2022-01-01T00:00:00.100Z"}`},
			{`"title":"In the trash"`, `{"title":"In the trash"}`},
			{`"trashedAt":null`, `{"trashedAt":null}`},
		} {
			named := []string{`"id":"` + vid1 + `"`, `"referenceId":"whole"`}[i%2]
			was := l.asset(vid1)
			if s := l.takes("{" + named + "," + c.line + "}"); s.Changed != 1 || s.Refused+s.Created+s.Unchanged+s.LeftOut+s.Warnings > 0 {
				l.Errorf("%s: %v", c.line, s)
			}
			var next map[string]any
			d := json.NewDecoder(strings.NewReader(c.next))
			d.UseNumber()
			if err := d.Decode(&next); err != nil {
				l.Fatal(err)
			}
			is := l.asset(vid1)
			if is["updatedAt"] == was["updatedAt"] {
				l.Errorf("%s: it was not updated", c.line)
			}
			for name, value := range next {
				was[name] = value
				if value == nil {
					delete(was, name)
				}
			}
			was["updatedAt"] = is["updatedAt"]
			if !reflect.DeepEqual(is, was) {
				l.Errorf("%s made it\n%v\nwant\n%v", c.line, is, was)
			}
			if s := l.takes("{" + named + "," + c.line + "}"); s != (exchange.Summary{Unchanged: 1}) {
				l.Errorf("%s again: %v", c.line, s)
			}
		}
	})
}

// asset is an asset of the export.
func (l *library) asset(id string) map[string]any {
	l.Helper()
	members, _ := l.member(id).(map[string]any)
	return members
}

// TestOneAssetManyTimes has lines about one asset be done one after the other, by
// whatever they name it.
func TestOneAssetManyTimes(t *testing.T) {
	each(t, func(l *library) {
		s := l.takes(fmt.Sprintf(`{"id":%q,"kind":"VIDEO","title":"One","referenceId":"one","tags":["a"]}
{"id":%[1]q,"title":"Two"}
{"referenceId":"one","tags":["b"]}
{"id":%[1]q,"referenceId":"two"}
{"id":%q,"kind":"VIDEO","title":"Heir","referenceId":"one"}
{"referenceId":"two","size":5}
{"id":%[1]q,"referenceId":"two","title":"Three"}
{"id":%[1]q,"referenceId":"two","title":"Three"}`, vid1, vid2))
		if want := (exchange.Summary{Created: 2, Changed: 5, Unchanged: 1, Tags: 2}); s != want {
			l.Errorf("%v, want %v", s, want)
		}
		got := l.asset(vid1)
		if got["title"] != "Three" || got["referenceId"] != "two" || fmt.Sprint(got["tags"]) != "[b]" || fmt.Sprint(got["size"]) != "5" {
			l.Errorf("it is %v", got)
		}
		if got := l.asset(vid2)["referenceId"]; got != "one" {
			l.Errorf("the heir has %v", got)
		}
		// Two lines of one batch that come to the same asset by its two names.
		s = l.takes(fmt.Sprintf("{\"id\":%q,\"tags\":[\"c\"]}\n{\"referenceId\":\"two\",\"size\":6}", vid1))
		if got := l.asset(vid1); s.Changed != 2 || fmt.Sprintf("%v %v", got["tags"], got["size"]) != "[c] 6" {
			l.Errorf("%v made it %v", s, got)
		}
		// Reference ids change places.
		s = l.takes(fmt.Sprintf(`{"id":%q,"referenceId":null}
{"id":%q,"referenceId":"two"}
{"id":%[1]q,"referenceId":"one"}`, vid1, vid2))
		if s.Changed != 3 || l.asset(vid1)["referenceId"] != "one" || l.asset(vid2)["referenceId"] != "two" {
			l.Errorf("%v made them %v and %v", s, l.asset(vid1), l.asset(vid2))
		}
	})
}

// linked are lines with each kind of link, all of them forward.
const linked = `{"id":"` + vid1 + `","kind":"VIDEO","title":"One","updatedAt":"2021-01-01T00:00:00.000Z",` +
	`"attachments":[{"attachment":{"referenceId":"sub"},"language":"ja"},{"attachment":{"id":"` + att2 + `"}}],` +
	`"cover":{"image":{"id":"` + img1 + `"}},` +
	`"playInfos":[{"jobId":"j","streamType":"VIDEO","format":"MP4","definition":"HD","watermark":{"id":"` + att2 + `"},"createdAt":"2020-01-03T00:00:00.000Z"}],` +
	`"aiData":[{"source":"twins","duplicates":[{"asset":{"id":"` + vid2 + `"},"similarity":0.5}]}]}
{"id":"` + vid2 + `","kind":"VIDEO","title":"Two"}
{"id":"` + img1 + `","kind":"IMAGE","title":"Cover"}
{"id":"` + att1 + `","kind":"ATTACHMENT","title":"Sub","referenceId":"sub","attachmentType":"SUBTITLE"}
{"id":"` + att2 + `","kind":"ATTACHMENT","title":"Mark","attachmentType":"WATERMARK"}
`

// TestForwardLinks makes links to assets that come later in the file.
func TestForwardLinks(t *testing.T) {
	each(t, func(l *library) {
		if s := l.takes(linked); s != (exchange.Summary{Created: 5}) {
			l.Errorf("%v", s)
		}
		got := l.asset(vid1)
		text, err := json.Marshal([]any{got["attachments"], got["cover"], l.member(vid1, "aiData"), got["updatedAt"]})
		if err != nil {
			l.Fatal(err)
		}
		want := `[[{"attachment":{"id":"` + att1 + `"},"language":"ja"},{"attachment":{"id":"` + att2 + `"}}],{"image":{"id":"` + img1 + `"}},` +
			`[{"duplicates":[{"asset":{"id":"` + vid2 + `"},"similarity":0.5}],"source":"twins"}],"2021-01-01T00:00:00.000Z"]`
		if string(text) != want {
			l.Errorf("linked\n%s\nwant\n%s", text, want)
		}
		if infos, _ := got["playInfos"].([]any); len(infos) != 1 || fmt.Sprint(infos[0].(map[string]any)["watermark"]) != "map[id:"+att2+"]" {
			l.Errorf("the watermark is of %v", got["playInfos"])
		}
		before := l.revision()
		if s := l.takes(linked); s != (exchange.Summary{Unchanged: 5}) || l.revision() != before {
			l.Errorf("again: %v, revision %d then %d", s, before, l.revision())
		}
	})
}

// TestLastLineCounts has a line after one with a forward link have the last word
// about its asset, though the link is made later.
func TestLastLineCounts(t *testing.T) {
	each(t, func(l *library) {
		s := l.takes(linked + `{"id":"` + vid1 + `","title":"Last","attachments":[],"cover":null}`)
		got := l.asset(vid1)
		if s.Changed != 1 || got["title"] != "Last" || got["attachments"] != nil || got["cover"] != nil || got["aiData"] == nil {
			l.Errorf("%v made it %v", s, got)
		}
	})
}

// TestLinksToNobody lets a line in without the links that name nobody, with
// those that do, and reports it.
func TestLinksToNobody(t *testing.T) {
	each(t, func(l *library) {
		text := `{"id":"` + vid1 + `","kind":"VIDEO","title":"One","attachments":[{"attachment":{"referenceId":"nobody"}},{"attachment":{"id":"` + att1 + `"}}]}
{"id":"` + att1 + `","kind":"ATTACHMENT","title":"Sub","attachmentType":"SUBTITLE"}`
		for _, want := range []exchange.Summary{{Created: 2, LeftOut: 1}, {Unchanged: 2, LeftOut: 1}} {
			s, report := l.put(text)
			if s != want || len(report) != 1 || report[0] != "left out: test:1: attachments.0.attachment.referenceId: There is no asset of this reference id. (NOT_FOUND)" {
				l.Errorf("%v, want %v\n%s", s, want, report)
			}
			if got := fmt.Sprint(l.asset(vid1)["attachments"]); got != "[map[attachment:map[id:"+att1+"]]]" {
				l.Errorf("it is linked to %s", got)
			}
		}
		// It comes, and the same file is good.
		l.takes(`{"referenceId":"nobody","kind":"ATTACHMENT","title":"Nobody","attachmentType":"SUBTITLE"}`)
		if s := l.takes(text); s != (exchange.Summary{Changed: 1, Unchanged: 1}) {
			l.Errorf("then: %v", s)
		}
	})
}

// TestLinksToItself refuses what would link an asset to itself, whether it was
// there before or not.
func TestLinksToItself(t *testing.T) {
	each(t, func(l *library) {
		text := `{"id":"` + vid1 + `","kind":"VIDEO","title":"One","aiData":[{"source":"twins","duplicates":[{"asset":{"id":"` + vid1 + `"},"similarity":1}]}]}`
		for range 2 {
			s := l.refuses(text, "1", "aiData.0.duplicates.0.asset", "INVALID")
			if s != (exchange.Summary{Refused: 1}) || string(l.export()) != formatLine {
				l.Errorf("%v, and it left\n%s", s, l.export())
			}
		}
	})
}

// TestNamelessLines makes an asset of each line that names none, once, though it
// comes again for its links.
func TestNamelessLines(t *testing.T) {
	each(t, func(l *library) {
		line := `{"kind":"VIDEO","title":"Nameless","attachments":[{"attachment":{"id":"` + att1 + `"}}]}` + "\n"
		s := l.takes(line + line + `{"id":"` + att1 + `","kind":"ATTACHMENT","title":"Sub","attachmentType":"SUBTITLE"}`)
		text := string(l.export())
		if s.Created != 3 || strings.Count(text, "Nameless") != 2 || strings.Count(text, `"attachments"`) != 2 {
			l.Errorf("%v made\n%s", s, text)
		}
	})
}

// TestFilingWithoutAssets carries categories and tags that no asset has.
func TestFilingWithoutAssets(t *testing.T) {
	each(t, func(l *library) {
		text := `{"category":{"id":"cat_01DXF6DT000000000000000001","path":["Films"]}}
{"category":{"id":"cat_01DXF6DT000000000000000002","path":["Films","Old & new"]}}
{"category":{"id":"cat_01DXF6DT000000000000000003","path":["Songs"]}}
{"tag":{"id":"tag_01DXF6DT000000000000000001","name":"<sea>"}}
{"tag":{"id":"tag_01DXF6DT000000000000000002","name":"sky"}}
`
		if s := l.takes(text); s != (exchange.Summary{Created: 5}) || string(l.export()) != formatLine+text {
			l.Errorf("%v, and out came\n%s", s, l.export())
		}
		if s := l.takes(`{"category":{"path":[" Films ","Old & new"]}}
{"category":{"path":["Far","Far away","Farther"]}}
{"category":{"path":["Far"]}}
{"tag":{"name":" sky "}}
{"tag":{"name":"far"}}
{"tag":{"name":"far"}}`); s != (exchange.Summary{Created: 3, Unchanged: 3, Categories: 1}) {
			l.Errorf("%v", s)
		}
	})
}
