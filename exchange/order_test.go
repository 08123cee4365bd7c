package exchange_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vodgraph/dbtest"
	"vodgraph/exchange"
)

// drawnLine is a line of a drawn file, with what it is about.
type drawnLine struct{ about, text string }

const drawnTime = `"createdAt":"2020-01-01T00:00:00.000Z","updatedAt":"2020-01-01T00:00:00.000Z"`

// drawnAssets are the assets of drawn files: their ids, reference ids and kinds.
var drawnAssets = []struct{ id, reference, kind, more string }{
	{"vid_01DXF6DT000000000000000001", "v1", "VIDEO", ""}, {"vid_01DXF6DT000000000000000002", "v2", "VIDEO", ""},
	{"aud_01DXF6DT000000000000000001", "a1", "AUDIO", ""},
	{"img_01DXF6DT000000000000000001", "i1", "IMAGE", ""}, {"img_01DXF6DT000000000000000002", "i2", "IMAGE", ""},
	{"att_01DXF6DT000000000000000001", "s1", "ATTACHMENT", `"attachmentType":"SUBTITLE",`},
	{"att_01DXF6DT000000000000000002", "s2", "ATTACHMENT", `"attachmentType":"WATERMARK",`},
}

// drawRef is a reference to an asset that may or may not come, by its id or reference id.
func drawRef(t *rapid.T) string {
	n := rapid.IntRange(0, len(drawnAssets)).Draw(t, "of")
	byID := rapid.Bool().Draw(t, "by id")
	if n == len(drawnAssets) {
		return `{"referenceId":"nobody"}`
	}
	if byID {
		return `{"id":"` + drawnAssets[n].id + `"}`
	}
	return `{"referenceId":"` + drawnAssets[n].reference + `"}`
}

// drawLine is a line about an asset: right, wrong in itself, or by what it links to.
func drawLine(t *rapid.T, i, n int) string {
	a := drawnAssets[i]
	members := []string{`"id":"` + a.id + `"`}
	if n == 0 || rapid.Bool().Draw(t, "whole") {
		members = append(members, `"kind":"`+a.kind+`"`, `"referenceId":"`+a.reference+`"`, strings.TrimSuffix(a.more+drawnTime, ","))
	} else {
		members = append(members, drawnTime)
	}
	title := rapid.SampledFrom([]string{"One", "Two", "Three", " "}).Draw(t, "title")
	if title == " " && rapid.IntRange(0, 3).Draw(t, "bad") > 0 {
		title = "Four"
	}
	members = append(members, fmt.Sprintf(`"title":%q`, title))
	if rapid.IntRange(0, 2).Draw(t, "tagged") == 0 {
		members = append(members, fmt.Sprintf(`"tags":[%q]`, rapid.SampledFrom([]string{"x", "y"}).Draw(t, "tag")))
	}
	if rapid.IntRange(0, 2).Draw(t, "filed") == 0 {
		members = append(members, `"categories":[{"path":`+rapid.SampledFrom([]string{`["A"]`, `["A","B"]`, `["C"]`}).Draw(t, "path")+`}]`)
	}
	for _, link := range rapid.SliceOfNDistinct(rapid.IntRange(0, 3), 0, 2, rapid.ID[int]).Draw(t, "links") {
		switch ref := drawRef(t); link {
		case 0:
			members = append(members, `"cover":{"image":`+ref+`}`)
		case 1:
			members = append(members, `"attachments":[{"attachment":`+ref+`}]`)
		case 2:
			members = append(members, `"aiData":[{"source":"s","duplicates":[{"asset":`+ref+`,"similarity":1}]}]`)
		case 3:
			members = append(members, `"playInfos":[{"jobId":"j","streamType":"AUDIO","format":"MP3","definition":"HQ","createdAt":"2020-01-01T00:00:00.000Z","watermark":`+ref+`}]`)
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

// drawFile is a file over few names.
func drawFile(t *rapid.T) (lines []drawnLine) {
	for i := range drawnAssets {
		for n := range rapid.IntRange(0, 2).Draw(t, "lines") {
			lines = append(lines, drawnLine{drawnAssets[i].id, drawLine(t, i, n)})
		}
	}
	for i, path := range []string{`["A"]`, `["A","B"]`, `["C"]`} {
		if rapid.Bool().Draw(t, "category") {
			lines = append(lines, drawnLine{path, fmt.Sprintf(`{"category":{"id":"cat_01DXF6DT00000000000000000%d","path":%s}}`, i, path)})
		}
	}
	for i, name := range []string{"x", "y"} {
		if rapid.Bool().Draw(t, "tag line") {
			lines = append(lines, drawnLine{name, fmt.Sprintf(`{"tag":{"id":"tag_01DXF6DT00000000000000000%d","name":%q}}`, i, name)})
		}
	}
	return lines
}

// shuffled is a file in another order, in which lines about one thing keep theirs.
func shuffled(t *rapid.T, lines []drawnLine) []drawnLine {
	queues := map[string][]drawnLine{}
	for _, l := range lines {
		queues[l.about] = append(queues[l.about], l)
	}
	order := rapid.Permutation(lines).Draw(t, "order")
	for i, l := range order {
		order[i], queues[l.about] = queues[l.about][0], queues[l.about][1:]
	}
	return order
}

// withoutMadeIDs is an export with one word for all ids that the file did not give.
func withoutMadeIDs(t *testing.T, file []byte, given string) string {
	var kept []string
	for line := range bytes.Lines(file) {
		var v map[string]map[string]any
		if json.Unmarshal(line, &v) == nil {
			for _, name := range []string{"category", "tag"} {
				if id, is := v[name]["id"].(string); is && !strings.Contains(given, id) {
					line = bytes.Replace(line, []byte(id), []byte("made"), 1)
				}
			}
		}
		kept = append(kept, string(line))
	}
	return strings.Join(kept, "")
}

// TestOrderDoesNotMatter draws files over few assets, tags, categories and links, and wants
// the same library and the same counts whatever the order of lines about different things;
// the counts are those of the rows that are there.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		lines := drawFile(rt)
		var summaries []exchange.Summary
		var exports []string
		for _, order := range [][]drawnLine{lines, shuffled(rt, lines)} {
			var text strings.Builder
			for _, l := range order {
				text.WriteString(l.text + "\n")
			}
			l := libraryOn(t, dbtest.SQLite(t))
			s, report := l.put(text.String())
			exported := l.export()
			if made := bytes.Count(exported, []byte(`"kind":`)); made > int(s.Created) {
				rt.Fatalf("%v, but %d assets are there\n%s\n%s", s, made, &text, strings.Join(report, "\n"))
			}
			if sum := s.Created + s.Changed + s.Unchanged + s.Refused; sum != int64(len(order)) {
				rt.Fatalf("%v of %d lines\n%s", s, len(order), &text)
			}
			summaries, exports = append(summaries, s), append(exports, withoutMadeIDs(t, exported, text.String())+"\n"+text.String()+strings.Join(sorted(report), "\n"))
		}
		a, _, _ := strings.Cut(exports[0], "\n\n")
		b, _, _ := strings.Cut(exports[1], "\n\n")
		if a != b || summaries[0] != summaries[1] {
			rt.Fatalf("%v\n%s\nbut %v\n%s", summaries[0], exports[0], summaries[1], exports[1])
		}
	})
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
