package exchange_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vodgraph/bulk"
	"vodgraph/change"
	"vodgraph/ent/bulkoperation"
	"vodgraph/exchange"
)

// TestUsersInResults deletes by a file what others use, and wants the uses in the results.
func TestUsersInResults(t *testing.T) {
	each(t, func(l *library) {
		l.takes(linked)
		line := fmt.Sprintf(`{"id": %q}`, att2)
		want := []bulk.FileUse{{AssetID: vid1, Field: "attachments"}, {AssetID: vid1, Field: "playInfos"}}
		changes, err := exchange.Receive(l.Context(), l.catalog, strings.NewReader(line), bulk.File{Verb: bulkoperation.VerbDELETE, Options: &change.BulkOptions{}})
		if err != nil {
			l.Fatal(err)
		}
		l.does(changes.ID)
		results, _ := l.results(changes.ID)
		if len(results) != 1 || len(results[0].Errors) != 1 || !slices.Equal(results[0].Errors[0].Users, want) {
			l.Fatalf("%+v, want %v", results, want)
		}
		text, err := json.Marshal(results[0].Errors[0].Users[0])
		if want := fmt.Sprintf(`{"assetId":%q,"field":"attachments"}`, vid1); err != nil || string(text) != want {
			l.Errorf("%s, want %s: %v", text, want, err)
		}
	})
}

// TestImportedWatermarks imports streams with watermarks that a call would refuse: they are
// kept, each with one warning, in whatever order the lines are, however they are named, and
// when they are imported again.
func TestImportedWatermarks(t *testing.T) {
	stream := `{"jobId":%q,"streamType":"VIDEO","format":"MP4","definition":"HD","watermark":%s}`
	lines := []string{
		`{"id":"` + att1 + `","kind":"ATTACHMENT","title":"Subtitle","referenceId":"sub","attachmentType":"SUBTITLE"}`,
		`{"id":"` + att2 + `","kind":"ATTACHMENT","title":"Mark","referenceId":"mark","attachmentType":"WATERMARK"}`,
		`{"id":"` + vid1 + `","kind":"VIDEO","title":"By id","playInfos":[` + fmt.Sprintf(stream, "a", `{"id":"`+att1+`"}`) + `,` + fmt.Sprintf(stream, "b", `{"id":"`+att2+`"}`) + `]}`,
		`{"id":"` + vid2 + `","kind":"VIDEO","title":"By key","playInfos":[` + fmt.Sprintf(stream, "a", `{"referenceId":"sub"}`) + `,` + fmt.Sprintf(stream, "b", `{"referenceId":"mark"}`) + `]}`,
	}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}} {
		t.Run(fmt.Sprint(order), func(t *testing.T) {
			each(t, func(l *library) { l.takesWatermarks(order, lines) })
		})
	}
}

// takesWatermarks imports lines in an order, twice.
func (l *library) takesWatermarks(order []int, lines []string) {
	l.Helper()
	var file []string
	for _, i := range order {
		file = append(file, lines[i])
	}
	for _, want := range []exchange.Summary{{Created: 4, Warnings: 2}, {Unchanged: 4, Warnings: 2}} {
		s, report := l.put(strings.Join(file, "\n"))
		if s != want || len(report) != 2 {
			l.Errorf("%v: %+v, want %+v: %q", order, s, want, report)
		}
		for _, line := range report {
			if !strings.Contains(line, "warning: ") || !strings.Contains(line, "playInfos.0.watermark: ") || !strings.Contains(line, "SUBTITLE") {
				l.Errorf("%v: it warns %s", order, line)
			}
		}
	}
	for _, id := range []string{vid1, vid2} {
		for i, mark := range []string{att1, att2} {
			if got := fmt.Sprint(l.asset(id)["playInfos"].([]any)[i].(map[string]any)["watermark"]); got != "map[id:"+mark+"]" {
				l.Errorf("%v: the watermark is %s, want %s", order, got, mark)
			}
		}
	}
}

// TestTypesOfWatermarksInUse imports another type of a watermark, with a warning where streams
// have it. An undo that would take the type WATERMARK away from one in use is refused.
func TestTypesOfWatermarksInUse(t *testing.T) {
	each(t, func(l *library) {
		mark := func(of string) string {
			return `{"id":"` + att1 + `","kind":"ATTACHMENT","title":"Mark","attachmentType":"` + of + `"}`
		}
		video := `{"id":"` + vid1 + `","kind":"VIDEO","title":"v","playInfos":[{"jobId":"a","streamType":"VIDEO","format":"MP4","definition":"HD","watermark":{"id":"` + att1 + `"}}]}`
		l.takes(mark("MATERIAL"))
		_, _, set := l.puts(mark("WATERMARK"))
		l.takes(mark("SUBTITLE")) // which no stream has
		l.takes(mark("WATERMARK"))
		l.takes(video)
		if refused, _ := l.undoes(set); !slices.Equal(refused, []string{"NOT_UNDOABLE attachmentType"}) {
			l.Errorf("the undo refuses %q", refused)
		}
		s, report, set := l.puts(mark("MATERIAL"))
		if s != (exchange.Summary{Changed: 1, Warnings: 1}) || len(report) != 1 ||
			!strings.HasPrefix(report[0], "warning: test:1: attachmentType: ") || !strings.HasSuffix(report[0], "(INVALID)") {
			l.Errorf("%v %q", s, report)
		}
		if s := l.takes(mark("MATERIAL")); s != (exchange.Summary{Unchanged: 1}) {
			l.Errorf("again: %v", s)
		}
		if refused, _ := l.undoes(set); refused != nil {
			l.Errorf("the undo to WATERMARK refuses %q", refused)
		}
		if is := l.asset(att1)["attachmentType"]; is != "WATERMARK" {
			l.Errorf("its type is %v", is)
		}
	})
}
