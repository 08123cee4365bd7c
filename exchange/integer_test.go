package exchange_test

import (
	"strings"
	"testing"

	"vodgraph/ent/bulkoperation"
)

// TestFilesTakeIntegersInAnyNotation takes whole numbers as other writers of JSON have them, in
// imports and in files of changes, and leaves JSON as it is spelled.
func TestFilesTakeIntegersInAnyNotation(t *testing.T) {
	each(t, func(l *library) {
		const plain = `{"kind":"VIDEO","title":"\u00e9","referenceId":"a","userData":{"n":2.0},"size":2000,"mezzanine":{"fileName":"a.mp4","width":1920,"videoStreams":[{"index":1}]},` +
			`"snapshots":[{"type":"NORMAL","jobId":"j","items":[{"index":3,"location":"y"}]}]}`
		spelled := strings.NewReplacer("2000", "2e3", "1920", "1920.0", `"index":1`, `"index": 10e-1 `, `"index":3`, `"index":0.03E+2`).Replace(plain)
		if got := l.receives(bulkoperation.VerbCREATE, false, spelled); len(got) != 1 || !strings.Contains(got[0], "CREATED") {
			l.Errorf("as a file of changes: %v", got)
		}
		want := string(l.export())
		if !strings.Contains(want, `"size":2000`) || !strings.Contains(want, `{"n":2.0}`) || !strings.Contains(want, `"width":1920`) {
			l.Errorf("the export is %s", want)
		}
		for _, line := range []string{plain, spelled} {
			if s, report := l.put(line); s.Unchanged != 1 || len(report) > 0 {
				l.Errorf("%s is imported as %v %v", line, s, report)
			}
		}
		if got := string(l.export()); got != want {
			l.Errorf("the export is %s, was %s", got, want)
		}
		got := l.receives(bulkoperation.VerbUPDATE, false, `{"referenceId":"a","ifRevision":1.0,"title":"b"}`)
		if len(got) != 1 || !strings.Contains(got[0], "STALE_REVISION") && !strings.Contains(got[0], "CHANGED") {
			l.Errorf("a revision: %v", got)
		}
		for _, wrong := range []string{"2.5", "1e400", "9223372036854775808.0", `"2"`} {
			if s, report := l.put(strings.Replace(plain, "2000", wrong, 1)); s.Refused != 1 || !strings.Contains(report[0], "size: ") {
				l.Errorf("%s: %v %v", wrong, s, report)
			}
		}
	})
}
