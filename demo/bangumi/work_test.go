package bangumi_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"vodgraph/demo/bangumi"
)

const data = `{"items":[{"title":"宇宙戦艦ヤマト2199 ","titleTranslate":{"zh-Hans":["宇宙战舰大和号2199"],
	"en":["Space Battleship` + "\uFEFF" + ` Yamato 2199","宇宙戦艦ヤマト2199"]},"type":"tv","lang":"ja",
	"begin":"2012-12-31T20:00:00.000Z","end":"2014-03-01T00:00:00.000Z",
	"sites":[{"site":"bangumi","id":"1"},{"site":"tmdb","id":"2"},{"site":"netflix","id":"3"},{"site":"gamer","id":"4"},{"site":"gamer_hk","id":"4"}]}]}`

func TestWork(t *testing.T) {
	t.Parallel()
	works, err := bangumi.Read(strings.NewReader(data))
	if err != nil || len(works) != 1 {
		t.Fatalf("%d works, %v", len(works), err)
	}
	w := works[0]
	if w.Ref != "bangumi-1" || w.Title != "宇宙戦艦ヤマト2199" {
		t.Errorf("%s is %q", w.Ref, w.Title)
	}
	if got, want := w.AlternativeTitles(), []string{"Space Battleship Yamato 2199", "宇宙战舰大和号2199"}; !slices.Equal(got, want) {
		t.Errorf("alternative titles %q, not %q", got, want)
	}
	// In Japan the new year has begun.
	if got, want := w.Tags(), []string{"2013", "Japanese", "Netflix", "battle", "long-running", "series", "space", "動畫瘋"}; !slices.Equal(got, want) {
		t.Errorf("tags %q, not %q", got, want)
	}
	want := [][]string{{"Seasons", "2013", "1 Winter"}, {"TV", "2010s", "2013"}}
	if got := w.Categories(); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("categories %q, not %q", got, want)
	}
	var text bytes.Buffer
	if err := bangumi.WriteExtract(&text, works); err != nil {
		t.Fatal(err)
	}
	again, err := bangumi.ReadExtract(&text)
	if err != nil || len(again) != 1 || again[0].Title != w.Title || !again[0].End.Equal(w.End) || !slices.Equal(again[0].Sites, w.Sites) {
		t.Errorf("read again: %v, %v", again, err)
	}
}

// TestTakenIn holds that old works are taken in after 1970, the older the
// earlier, and others when they began.
func TestTakenIn(t *testing.T) {
	t.Parallel()
	at := func(year int) time.Time {
		return bangumi.Work{Begin: time.Date(year, 5, 1, 0, 0, 0, 0, time.UTC)}.TakenIn()
	}
	if at(2016).Year() != 2016 || at(1943).Year() != 2004 || !at(1943).Before(at(1944)) || !at(2004).Before(at(2005)) || at(1800).Year() != 2004 {
		t.Error(at(2016), at(1943), at(1944), at(2004), at(2005), at(1800))
	}
}
