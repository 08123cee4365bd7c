package resolvers_test

import (
	"slices"
	"strings"
	"testing"

	"vodgraph/change"
	"vodgraph/dbtest"
)

// The steps as the API promises them, for those that play and for those that do
// not.
const playedSteps = `
	UPLOADING -> UPLOADED TRANSCODING NORMAL UPLOAD_FAILED
	UPLOAD_FAILED -> UPLOADING
	UPLOADED -> TRANSCODING CHECKING NORMAL UPLOADING
	TRANSCODING -> NORMAL CHECKING TRANSCODE_FAILED UPLOADING
	TRANSCODE_FAILED -> TRANSCODING UPLOADING
	CHECKING -> NORMAL BLOCKED TRANSCODING UPLOADING
	NORMAL -> BLOCKED CHECKING UPLOADING
	BLOCKED -> NORMAL UPLOADING`

const storedSteps = `
	UPLOADING -> NORMAL UPLOAD_FAILED
	UPLOAD_FAILED -> UPLOADING
	NORMAL -> UPLOADING`

// stepsIn reads steps.
func stepsIn(text string) map[string][]string {
	steps := map[string][]string{}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		from, to, _ := strings.Cut(strings.TrimSpace(line), " -> ")
		steps[from] = strings.Fields(to)
	}
	return steps
}

func TestMutationSetStatusTakesTheStepsOfEachKind(t *testing.T) {
	t.Parallel()
	all := strings.Fields("UPLOADING UPLOAD_FAILED UPLOADED TRANSCODING TRANSCODE_FAILED CHECKING BLOCKED NORMAL")
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		for kind, steps := range map[string]map[string][]string{`"VIDEO"`: stepsIn(playedSteps), `"AUDIO"`: stepsIn(playedSteps),
			`"IMAGE"`: stepsIn(storedSteps), `"ATTACHMENT", "attachmentType": "MATERIAL"`: stepsIn(storedSteps)} {
			for _, from := range all {
				item := `{"kind": ` + kind + `, "title": "x", "status": "` + from + `", "statusReason": "made"}`
				if steps[from] == nil {
					d.refuses([]string{"WRONG_KIND items.0.status"}, "assetsCreate", `{"items": [%s]}`, item)
					continue
				}
				var items []string
				ids := d.make(slices.Repeat([]string{item}, len(all))...)
				for i, to := range all {
					items = append(items, `{"id": "`+ids[i]+`", "to": "`+to+`", "reason": "stepped"}`)
				}
				before := d.revision()
				p := d.callFor("assetsSetStatus", "status statusReason revision", `{"items": [`+strings.Join(items, ", ")+`]}`)
				for i, to := range all {
					want, code, status, reason := "FAILED", "STATUS_STEP_ILLEGAL", from, "made"
					switch {
					case to == from:
						want, code = "UNCHANGED", ""
					case slices.Contains(steps[from], to):
						want, code, status, reason = "CHANGED", "", to, "stepped"
					}
					item := p.Results[i]
					refused := len(item.Errors) == 1 && item.Errors[0].Code == code && item.Errors[0].Field[2] == "to"
					if item.Outcome != want || refused != (code != "") || item.Asset["status"] != status || item.Asset["statusReason"] != reason {
						t.Errorf("%s from %s to %s: %+v, not %s", kind, from, to, item, want)
					}
					if raised := item.Asset["revision"] == float64(before+1); raised != (want == "CHANGED") {
						t.Errorf("%s from %s to %s: revision %v after %d", kind, from, to, item.Asset["revision"], before)
					}
				}
			}
		}
	})
}

func TestMutationSetStatusOfItems(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := write(t, db)
		id := d.make(`{"kind": "VIDEO", "title": "x", "referenceId": "r", "status": "NORMAL"}`)[0]
		for items, want := range map[string]string{
			`{"id": "vid_1", "to": "NORMAL"}`:                                                    "NOT_FOUND items.0.id",
			`{"referenceId": "none", "to": "NORMAL"}`:                                            "NOT_FOUND items.0.referenceId",
			`{"to": "NORMAL"}`:                                                                   "INVALID items.0",
			`{"id": "` + id + `", "referenceId": "r", "to": "NORMAL"}`:                           "INVALID items.0",
			`{"id": "` + id + `", "ifRevision": 2, "to": "BLOCKED"}`:                             "STALE_REVISION items.0.ifRevision",
			`{"id": "` + id + `", "to": "NORMAL"}, {"referenceId": "r", "to": "BLOCKED"}`:        "DUPLICATE_ITEM items.1",
			`{"id": "` + id + `", "to": "UPLOADED"}, {"id": "` + id + `", "to": "CHECKING"}`:     "STATUS_STEP_ILLEGAL items.0.to, DUPLICATE_ITEM items.1",
			`{"id": "` + id + `", "ifRevision": 1, "to": "NORMAL"}, {"id": "x", "to": "NORMAL"}`: "NOT_FOUND items.1.id",
		} {
			d.refuses(strings.Split(want, ", "), "assetsSetStatus", `{"items": [%s]}`, items)
		}
		d.refuses([]string{"ROLLED_BACK items.0", "NOT_FOUND items.1.id"}, "assetsSetStatus",
			`{"items": [{"id": %q, "to": "CHECKING"}, {"id": "x", "to": "NORMAL"}], "options": {"errorPolicy": "ATOMIC"}}`, id)
		p := d.done("assetsSetStatus", "status statusReason", `{"items": [{"referenceId": "r", "ifRevision": 1, "to": "CHECKING"}]}`)
		d.same(p.Results[0].Asset, `{"status": "CHECKING", "statusReason": null}`, "a step without a reason")
	})
}

// A review that suggests BLOCK blocks what is in use, where that is switched on.
func TestMutationReviewBlocks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		for _, on := range []bool{true, false} {
			d := write(t, db, func(o *change.Options) { o.ReviewAutoBlock = on })
			for _, kind := range []string{"VIDEO", "AUDIO", "IMAGE"} {
				for from := range stepsIn(map[bool]string{true: playedSteps, false: storedSteps}[kind != "IMAGE"]) {
					blocks := on && kind != "IMAGE" && (from == "NORMAL" || from == "CHECKING")
					const review = `{"source": "r", "review": {"suggestion": %q}}`
					for _, suggestion := range []string{"PASS", "REVIEW", "BLOCK"} {
						want := from
						if blocks && suggestion == "BLOCK" {
							want = "BLOCKED"
						}
						id := d.make(`{"kind": "` + kind + `", "title": "x", "status": "` + from + `"}`)[0]
						p := d.done("aiDataPut", "status statusReason", `{"items": [{"asset": {"id": %q}, `+strings.TrimPrefix(review, "{")+`]}`, id, suggestion)
						if p.only()["status"] != want || (p.only()["statusReason"] != nil) != (want != from) {
							t.Errorf("on %v, a %s of %s with %s is %v, not %s", on, kind, from, suggestion, p.only(), want)
						}
						p = d.done("assetsCreate", "status", `{"items": [{"kind": %q, "title": "x", "status": %q, "aiData": [`+review+`]}]}`, kind, from, suggestion)
						if p.Results[0].Asset["status"] != want {
							t.Errorf("on %v, a %s made %s with %s is %v, not %s", on, kind, from, suggestion, p.Results[0].Asset, want)
						}
					}
				}
			}
			if !on {
				continue
			}
			id := d.make(`{"kind": "VIDEO", "title": "x", "status": "NORMAL"}`)[0]
			d.done("aiDataPut", "id", `{"items": [{"asset": {"id": %q}, "source": "a", "review": {"suggestion": "BLOCK"}}]}`, id)
			d.done("assetsSetStatus", "id", `{"items": [{"id": %q, "to": "NORMAL"}]}`, id)
			p := d.done("aiDataPut", "status", `{"items": [{"asset": {"id": %q}, "source": "b", "review": {"suggestion": "PASS"}}]}`, id)
			if p.only()["status"] != "NORMAL" {
				t.Errorf("a PASS sets %v, since another source once suggested BLOCK", p.only())
			}
		}
	})
}
