package resolvers_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/dbtest"
	"vodgraph/ent"
	"vodgraph/ent/ailabel"
	"vodgraph/ent/asset"
	"vodgraph/ent/cue"
	"vodgraph/ent/fact"
	"vodgraph/ent/mezzanine"
)

// marked writes highlights as people would mark them: field, snippet with what was
// found in brackets, and the time.
func marked(highlights []highlight) []string {
	lines := []string{}
	for _, h := range highlights {
		runes := []rune(h.Snippet)
		var b strings.Builder
		at := 0
		for _, m := range h.Marks {
			b.WriteString(string(runes[at:m.Start]) + "[" + string(runes[m.Start:m.Start+m.Length]) + "]")
			at = m.Start + m.Length
		}
		line := h.Field + ": " + b.String() + string(runes[at:])
		if h.Start != nil && h.End != nil {
			line += fmt.Sprintf(" @%.0f-%.0f", *h.Start*1000, *h.End*1000)
		}
		lines = append(lines, line)
	}
	return lines
}

// everywhere has the word amber in all fields of a video, and in those of an image.
func everywhere(t *testing.T, db *dbtest.DB) {
	t.Helper()
	ctx, c := t.Context(), db.Client
	bare(c, asset.KindVIDEO, 1).SetTitle("The Ámber Ｒoom 猫の恩返し").SetAlternativeTitles([]string{"nothing", "AMBER! amber", "ambers"}).
		SetDescription(strings.Repeat("word ", 60) + "then amber at last" + strings.Repeat(" word", 60)).SetReferenceID("amber-1").ExecX(ctx)
	bare(c, asset.KindIMAGE, 1).SetTitle("Still").SetFileName("amber.png").ExecX(ctx)
	bare(c, asset.KindVIDEO, 2).SetTitle("Umber").ExecX(ctx)
	for i, name := range []string{"dark amber", "amber", "none"} {
		c.Tag.Create().SetID(id("tag", i)).SetName(name).ExecX(ctx)
		c.AssetTag.Create().SetAssetID(id("vid", 1)).SetTagID(id("tag", i)).ExecX(ctx)
	}
	paths := []string{"amber", "amber\x1fold amber", "amber\x1fnew"}
	for i, path := range paths {
		names := strings.Split(path, "\x1f")
		create := c.Category.Create().SetID(id("cat", i)).SetName(names[len(names)-1]).SetLevel(len(names)).SetPath(path).SetCreatedAt(epoch)
		if i > 0 {
			create.SetParentID(id("cat", 0))
			c.AssetCategory.Create().SetAssetID(id("vid", 1)).SetCategoryID(create.SaveX(ctx).ID).ExecX(ctx)
			continue
		}
		create.ExecX(ctx)
	}
	c.Mezzanine.Create().SetID(id("mez", 1)).SetAssetID(id("vid", 1)).SetStatus(mezzanine.StatusNORMAL).SetFileName("amber_room.mov").
		SetVideoStreams([]fact.VideoStream{}).SetAudioStreams([]fact.AudioStream{}).SetCreatedAt(epoch).ExecX(ctx)
	for i, l := range []struct {
		name  string
		spans []fact.TimeSpan
	}{{"amber", []fact.TimeSpan{{From: 5, To: 9}, {From: 20, To: 30}}}, {"amber", nil}, {"amber stone", []fact.TimeSpan{}}, {"cat", nil}} {
		c.AILabel.Create().SetID(int64(i)).SetAssetID(id("vid", 1)).SetSource("s").SetName(l.name).SetCategory(ailabel.CategoryOBJECT).SetSpans(l.spans).ExecX(ctx)
	}
	for i := range 7 { // written in the reverse order of time
		c.Cue.Create().SetID(int64(i)).SetAssetID(id("vid", 1)).SetSource("s").SetKind(cue.KindSPEECH).
			SetFrom(int64(700 - 100*i)).SetTo(int64(750 - 100*i)).SetText(fmt.Sprintf("say amber %d", 7-i)).ExecX(ctx)
	}
	c.Cue.Create().SetID(10).SetAssetID(id("vid", 1)).SetSource("s").SetKind(cue.KindSCREEN_TEXT).SetFrom(1).SetTo(2).SetText("AMBER 猫の恩返し").ExecX(ctx)
	c.Cue.Create().SetID(11).SetAssetID(id("vid", 1)).SetSource("s").SetKind(cue.KindSPEECH).SetFrom(0).SetTo(2).SetText("nothing").ExecX(ctx)
}

func TestHighlightsShowAllFields(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		everywhere(t, db)
		s := seekers(t, db, &finder{answer: ranks(false, id("img", 1), id("vid", 1), id("vid", 2))})
		f := s.seek(`text: "amber"`)
		want := []string{
			"TITLE: The [Ámber] Ｒoom 猫の恩返し",
			"ALTERNATIVE_TITLES: [AMBER]! [amber]", "ALTERNATIVE_TITLES: [ambers]",
			"DESCRIPTION: " + strings.Repeat("word ", 14) + "then [amber] at last" + strings.Repeat(" word", 14),
			"TAGS: [amber]", "TAGS: dark [amber]",
			"CATEGORIES: [amber]", "CATEGORIES: old [amber]",
			"FILE_NAME: [amber]_room.mov",
			"REFERENCE_ID: [amber]-1",
			"SPEECH: say [amber] 1 @100-150", "SPEECH: say [amber] 2 @200-250", "SPEECH: say [amber] 3 @300-350",
			"SPEECH: say [amber] 4 @400-450", "SPEECH: say [amber] 5 @500-550",
			"SCREEN_TEXT: [AMBER] 猫の恩返し @1-2",
			"LABELS: [amber] @5-9", "LABELS: [amber] stone",
		}
		if diff := cmp.Diff(want, marked(f.Search.Edges[1].Highlights)); diff != "" {
			t.Errorf("-want +got: %s", diff)
		}
		if diff := cmp.Diff([]string{"FILE_NAME: [amber].png"}, marked(f.Search.Edges[0].Highlights)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"TITLE: [Umber]"}, marked(f.Search.Edges[2].Highlights)); diff != "" {
			t.Error(diff)
		}
		if len(f.Search.Corrections) > 0 {
			t.Errorf("corrected: %v", f.Search.Corrections)
		}
		cjk := s.seek(`text: "room 恩返"`).Search.Edges[1]
		if diff := cmp.Diff([]string{
			"TITLE: The Ámber [Ｒoom] 猫の[恩返]し", "FILE_NAME: amber_[room].mov", "SCREEN_TEXT: AMBER 猫の[恩返]し @1-2",
		}, marked(cjk.Highlights)); diff != "" {
			t.Error(diff)
		}
	})
}

// A word that no hit of the page has as typed is reported with what was found instead,
// in whatever field.
func TestSearchCorrects(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		everywhere(t, db)
		index(t, db)
		engine := &finder{answer: ranks(false, id("img", 1), id("vid", 1), id("vid", 2))}
		s := seekers(t, db, engine)
		for text, want := range map[string]string{
			"ambre":       "[{ambre amber}]",
			"Ambxr rooms": "[{Ambxr amber} {rooms room}]",
			"umber rom":   "[]", // "rom" goes on to nothing, and is too short to be mistyped
			"amb":         "[]",
			"stil ":       "[{stil still}]",
			"zzzzzz":      "[]",
		} {
			if got := fmt.Sprint(s.seek(fmt.Sprintf("text: %q", text)).Search.Corrections); got != want {
				t.Errorf("%q: %s, not %s", text, got, want)
			}
		}
		// Only what still matches counts.
		if got := fmt.Sprint(s.seek(`text: "umber", filter: {kinds: [IMAGE]}`).Search.Corrections); got != "[{umber amber}]" {
			t.Error(got)
		}
		engine.answer = down
		if got := s.seek(`text: "amber"`).Search; len(got.Corrections) > 0 || len(got.Edges[0].Highlights) == 0 {
			t.Errorf("%+v", got)
		}
		var alone json.RawMessage
		s.ask(`{ search(text: "umbre") { corrections { used } } }`, nil, &alone)
	})
}

// Cues are looked at up to a limit, those of the first asset first.
func TestHighlightsLookAtSomeCues(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, c := t.Context(), db.Client
		serial := 0
		for n := range 3 {
			bare(c, asset.KindVIDEO, n).ExecX(ctx)
			for range 9 {
				var creates []*ent.CueCreate
				for range 1000 {
					serial++
					creates = append(creates, c.Cue.Create().SetID(int64(serial)).SetAssetID(id("vid", n)).SetSource("s").
						SetKind(cue.KindSPEECH).SetFrom(int64(serial)).SetTo(int64(serial)).SetText("silence"))
				}
				c.Cue.CreateBulk(creates...).ExecX(ctx)
			}
		}
		// The last cue of each says something.
		for n := range 3 {
			c.Cue.UpdateOneID(int64(9000 * (n + 1))).SetText("amber").ExecX(ctx)
		}
		s := seekers(t, db, &finder{answer: ranks(false, id("vid", 2), id("vid", 0), id("vid", 1))})
		var shown []int
		for _, e := range s.seek(`text: "amber"`).Search.Edges {
			shown = append(shown, len(e.Highlights))
		}
		if fmt.Sprint(shown) != "[1 1 0]" {
			t.Errorf("highlights: %v", shown)
		}
	})
}

// ofField asks for amber, and reports how many highlights each asset has of a field.
func ofField(t *testing.T, db *dbtest.DB, field string, ids ...string) string {
	t.Helper()
	var counts []int
	for _, e := range seekers(t, db, &finder{answer: ranks(false, ids...)}).seek(`text: "amber"`).Search.Edges {
		n := 0
		for _, h := range e.Highlights {
			if h.Field == field {
				n++
			}
		}
		counts = append(counts, n)
	}
	return fmt.Sprint(counts)
}

// labelled gives an asset a label.
func labelled(db *dbtest.DB, serial int, assetID, name string, spans []fact.TimeSpan) *ent.AILabelCreate {
	return db.Client.AILabel.Create().SetID(int64(serial)).SetAssetID(assetID).SetSource("s").SetName(name).
		SetCategory(ailabel.CategoryOBJECT).SetSpans(spans)
}

// Cues and labels are looked at up to so many bytes, with the times of labels.
func TestHighlightsLookAtSomeBytes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, c := t.Context(), db.Client
		million := strings.Repeat("é", 500_000-5) + " amber" // bytes, all but a few
		times := make([]fact.TimeSpan, 14_000)               // of more than 400,000 bytes
		for i := range times {
			times[i] = fact.TimeSpan{From: 1_000_000, To: 2_000_000}
		}
		for n, spans := range [][]fact.TimeSpan{times, times, times, nil} {
			bare(c, asset.KindVIDEO, n).ExecX(ctx)
			c.Cue.Create().SetID(int64(n)).SetAssetID(id("vid", n)).SetSource("s").SetKind(cue.KindSPEECH).
				SetFrom(1).SetTo(2).SetText(million).ExecX(ctx)
			for i := range 3 {
				labelled(db, 10*n+i, id("vid", n), fmt.Sprintf("amber %d", i), spans).ExecX(ctx)
			}
		}
		videos := []string{id("vid", 2), id("vid", 0), id("vid", 1), id("vid", 3)}
		if got := ofField(t, db, "SPEECH", videos...); got != "[1 1 0 0]" {
			t.Errorf("cues: %s", got)
		}
		if got := ofField(t, db, "LABELS", videos...); got != "[3 1 0 0]" {
			t.Errorf("labels: %s", got)
		}
	})
}

// Of each asset some labels are looked at, the first.
func TestHighlightsLookAtSomeLabels(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, c := t.Context(), db.Client
		serial := 0
		for n, count := range []int{2_001, 2_000, 1} {
			bare(c, asset.KindIMAGE, n).ExecX(ctx)
			var creates []*ent.AILabelCreate
			for i := range count {
				serial++
				name := fmt.Sprintf("label %d", i)
				if i == count-1 {
					name = "amber"
				}
				creates = append(creates, labelled(db, serial, id("img", n), name, nil))
			}
			c.AILabel.CreateBulk(creates...).ExecX(ctx)
		}
		if got := ofField(t, db, "LABELS", id("img", 2), id("img", 0), id("img", 1)); got != "[1 0 1]" {
			t.Errorf("labels: %s", got)
		}
	})
}
