package searchtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"vodgraph/search"
)

var texts = [...]search.TextField{
	search.Title, search.AlternativeTitles, search.Tags, search.Categories, search.FileName,
	search.ReferenceID, search.Labels, search.Description, search.Speech, search.ScreenText,
}

func everyTextIsFound(w *world) {
	words := [len(texts)]string{"amber", "basalt", "cobalt", "diamond", "emerald", "flint", "granite", "hematite", "iolite", "jasper"}
	for i, field := range texts {
		n := int64(i + 1)
		d := document(n, "stone")
		d.Texts[field] = append(d.Texts[field], "first of two", words[i]+"-wall 刀剑"+string(rune('一'+i)))
		w.put(d)
	}
	for i, field := range texts {
		n := int64(i + 1)
		for _, text := range []string{words[i], strings.ToUpper(words[i]) + " wall", "剑" + string(rune('一'+i)), string(rune('一' + i))} {
			if hits := w.search(&search.Query{Text: Text(text)}); len(hits.Hits) != 1 || hits.Hits[0].ID != id(n) {
				w.Errorf("%s: %q finds %v", field, text, idsOf(hits))
			}
		}
	}
	w.wantFound("wall", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	w.wantFound("刀剑", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
}

// wholeWords asks for words as they stand in what every finder looks in.
func wholeWords(w *world) {
	d := document(1, "Abraham Lincoln")
	d.Texts[search.AlternativeTitles] = []string{"Honest Abe", "リンカーン"}
	d.Texts[search.Description] = []string{"four score and seven years ago"}
	d.Texts[search.Tags] = []string{"Western", "Biography"}
	w.put(d, document(2, "Lincoln"), document(3, "Western"))
	w.wantFound("lincoln ", 1, 2)
	w.wantFound("western ", 1, 3)
	w.wantFound("LINCOLN, abraham ", 1)
	w.wantFound("lincoln western ", 1)
	w.wantFound("score western biography ", 1)
	w.wantFound("honest lincoln ", 1)
	w.wantFound("リンカーン lincoln ", 1)
	w.wantFound("lincoln nowhere ")
}

func wordsMatchAcrossFields(w *world) {
	d := document(1, "Abraham Lincoln")
	d.Texts[search.Tags] = []string{"Western", "Biography"}
	d.Texts[search.Speech] = []string{"four score and seven years ago"}
	d.Texts[search.AlternativeTitles] = []string{"リンカーン"}
	w.put(d, document(2, "Lincoln"), document(3, "Western"))
	w.wantFound("lincoln western", 1)
	w.wantFound("western biography score", 1)
	w.wantFound("リン lincoln", 1)
	w.wantFound("カーン western ", 1)
	w.wantFound("lincoln nowhere")
}

// categoriesAreLeftOut asks for what stands in categories alone, in part, and in other
// texts too.
func categoriesAreLeftOut(w *world) {
	filed := func(n int64, title, category string) *search.Document {
		d := document(n, title)
		d.Texts[search.Categories] = []string{category}
		return d
	}
	w.put(filed(1, "stone", "Amber 刀剑"), filed(2, "amber 刀剑", "Amber"), filed(3, "basalt", "amberline"), document(4, "amber stone"))
	find := func(q search.Query) []string {
		all := idsOf(w.search(&q))
		slices.Sort(all)
		return all
	}
	for text, want := range map[string][2][]string{
		"amber":       {ids(1, 2, 3, 4), ids(2, 4)}, // as typed, and going on
		"amber ":      {ids(1, 2, 4), ids(2, 4)},
		"ambor ":      {ids(1, 2, 4), ids(2, 4)}, // misspelt
		"stone amber": {ids(1, 4), ids(4)},       // a part
		"amberline":   {ids(3), ids()},
		"amberlime":   {ids(3), ids()},
		"刀剑":          {ids(1, 2), ids(2)},
		"剑":           {ids(1, 2), ids(2)},
		"剑 stone":     {ids(1), ids()},
		"":            {ids(1, 2, 3, 4), ids(1, 2, 3, 4)},
	} {
		for i, without := range []bool{false, true} {
			if got := find(search.Query{Text: Text(text), WithoutCategories: without}); !slices.Equal(got, want[i]) {
				w.Errorf("%q finds %v, without categories: %v; want %v", text, got, without, want[i])
			}
		}
	}
	// Neither facets nor scores know of them.
	facets := []search.Facet{{Field: search.TermKind, First: 5}}
	hits := w.search(&search.Query{Text: Text("amber stone"), WithoutCategories: true, Facets: facets})
	if len(hits.Facets[0]) != 1 || hits.Facets[0][0].Count != 1 || hits.Total != 1 {
		w.Errorf("what is left out is counted: %+v", hits)
	}
	scores := func() (all []float64) {
		for _, text := range []string{"amber", "刀剑 amber", "basalt"} {
			for _, h := range w.search(&search.Query{Text: Text(text), WithoutCategories: true}).Hits {
				all = append(all, h.Score)
			}
		}
		return all
	}
	before := scores()
	w.put(filed(2, "amber 刀剑", "amber basalt"), filed(3, "basalt", "other"), filed(4, "amber stone", "刀剑"))
	if after := scores(); len(before) != 4 || !slices.Equal(before, after) {
		w.Errorf("scores were %v, and are %v in other categories", before, after)
	}
	// A place is of the one query or the other.
	place := w.search(&search.Query{Text: Text("amber"), Limit: 1}).Hits[0].Place
	if _, err := w.Search(w.Context(), &search.Query{Text: Text("amber"), WithoutCategories: true, After: place, Limit: 1}); !errors.Is(err, search.ErrCursor) {
		w.Errorf("a place of all texts: %v", err)
	}
}

func searchAsYouType(w *world) {
	w.titled("The Detective", "Determined", "A debt", "Conan the Detective")
	w.wantFound("dete", 1, 2, 4)
	w.wantFound("detec", 1, 4)
	w.wantFound("de", 1, 2, 3, 4)
	w.wantFound("d", 1, 2, 3, 4)
	w.wantFound("conan detec", 4)
	w.wantFound("conan-de", 4)
	w.wantFound("detec ") // the word is done, and is none
	w.wantFound("de ")
	w.wantFound("detec conan") // only the last goes on
	w.wantFound("détec", 1, 4)
}

func typos(w *world) {
	w.titled("Detective Conan", "The strongest witch", "beer", "Kimetsu cat", "21st century")
	w.wantFound("detctive ", 1)   // one letter missing
	w.wantFound("deteective ", 1) // one too many
	w.wantFound("detektive", 1)   // one wrong
	w.wantFound("detetcive ", 1)  // a swap
	w.wantFound("ditectyve conan", 1)
	w.wantFound("stronest wicth", 2)
	w.wantFound("strongst witch ", 2)
	w.wantFound("bear ", 3)
	w.wantFound("beeer ", 3)
	w.wantFound("baar ") // two errors in four letters
	w.wantFound("kat ")  // one in three
	w.wantFound("dtctv ")
	w.wantFound("conan xyz ")
}

func oneFormForAll(w *world) {
	w.titled("Čapek’s Éclair", "ＦＵＬＬ　ｗｉｄｔｈ", "機動戦士ｶﾞﾝﾀﾞﾑ", "Straße der Øre", "ΟΔΟΣ", "Ёлка", "Spider's Re-Edited (2019)", "นิยาย हिन्दी")
	for n, texts := range [][]string{
		1: {"capeks eclair ", "ČAPEK'S", "c\u030capeks ", "ÉCLAIR"},
		2: {"full width ", "ＷＩＤＴＨ", "Full-Width"},
		3: {"ガンダム", "ｶﾞﾝﾀﾞﾑ", "戦士ガン"},
		4: {"strasse ", "STRASSE", "ore ", "øre "},
		5: {"οδος ", "οδοσ", "Οδός"},
		6: {"елка ", "ЁЛКА"},
		7: {"spiders ", "Spider’s ", "re edited 2019", "2019"},
		8: {"นิยาย ", "हिन्दी "},
	} {
		for _, text := range texts {
			w.wantFound(text, int64(n))
		}
	}
}

func cjk(w *world) {
	w.titled("刀剑神域", "剑风传奇", "진격의 거인", "けいおん！", "名探偵コナン 紺青の拳", "猫", "猫の恩返し II")
	w.wantFound("刀剑神域", 1)
	w.wantFound("刀剑", 1)
	w.wantFound("剑神", 1)
	w.wantFound("剑", 1, 2)
	w.wantFound("域", 1)
	w.wantFound("剑传")
	w.wantFound("거인", 3)
	w.wantFound("격", 3)
	w.wantFound("진격의", 3)
	w.wantFound("いお", 4)
	w.wantFound("コナン", 5)
	w.wantFound("紺青 コナ", 5)
	w.wantFound("猫", 6, 7)
	w.wantFound("猫の恩返し II", 7)
	w.wantFound("恩返し i", 7)
	w.wantOrder("猫の恩", 7)
	// What stands in different runs are no neighbours.
	w.wantFound("ン紺")
	w.wantFound("의거")
}

func titleCountsMost(w *world) {
	// Among equals the one of the latest Seq is first, so these would be reversed.
	for i, field := range []search.TextField{search.Title, search.AlternativeTitles, search.Tags, search.Description} {
		d := document(int64(i+1), "stone")
		d.Texts[field] = []string{"amber 刀剑"}
		w.put(d)
	}
	for _, text := range []string{"amber", "刀剑", "amber 刀剑"} {
		found := w.find(text)
		if len(found) != 4 || found[0] != id(1) || found[3] != id(4) {
			w.Errorf("%q finds %v, want the title first, and the description last", text, found)
		}
	}
}

func exactBeforeTheRest(w *world) {
	w.titled("amber", "amberline", "ambor", "stone ambers", "amber stone")
	found := w.find("amber")
	place := map[string]int{}
	for i, each := range found {
		place[each] = i + 1
	}
	if place[id(1)] == 0 || place[id(5)] == 0 || place[id(1)] > 2 || place[id(5)] > 2 {
		w.Errorf("what is exact is not first: %v", found)
	}
	if place[id(2)] == 0 || place[id(4)] == 0 || place[id(2)] > 4 || place[id(4)] > 4 {
		w.Errorf("what goes on comes not second: %v", found)
	}
	if last := place[id(3)]; last != 0 && last != 5 {
		w.Errorf("what is misspelt is not last: %v", found)
	}
}

func scoresStandStill(w *world) {
	w.titled("amber stone", "amberline", "stone wall of amber 刀剑", "basalt")
	queries := []string{"amber", "amb", "stone amber", "ambre ", "刀剑", "amber 刀剑", "basalt "}
	scores := func() map[string]float64 {
		all := map[string]float64{}
		for _, text := range queries {
			hits := w.search(&search.Query{Text: Text(text), Filter: &search.Filter{IDs: ids(1, 2, 3, 4)}})
			for i, h := range hits.Hits {
				if h.Score <= 0 || i > 0 && h.Score > hits.Hits[i-1].Score {
					w.Errorf("%q: the scores are %v", text, hits.Hits)
				}
				all[text+" "+h.ID] = h.Score
			}
		}
		return all
	}
	before := scores()
	if len(before) < 9 {
		w.Fatalf("found only %v", before)
	}
	var more []*search.Document
	for n := int64(10); n < 900; n++ {
		more = append(more, document(n, fmt.Sprintf("amber %d stone %s 刀剑", n, strings.Repeat("x ", int(n%7)))))
	}
	w.put(more...)
	if after := scores(); fmt.Sprint(after) != fmt.Sprint(before) {
		w.Errorf("scores were %v, and are %v after others were added", before, after)
	}
}

func hostileTexts(w *world) {
	hostile := []string{
		"`title`:=x", "a && b || !c", "seq:<=1", "* \\ / ( ) [ ] { }", `"quoted" 'single'`, "-minus +plus ~tilde^2",
		"AND OR NOT", "field:value", "100%", "a\x00b", "tab\tnew\nline", "👩‍👩‍👧 family", "\u202eright to left", "a\xff\xfeb", "&amp; <b>bold</b>",
		"$ref ${env} #{x}", "%00%0a", "..", "null", "true", "NaN", "_id", "٣٤٥", "𝔣𝔯𝔞𝔨𝔱𝔲𝔯", "ab" + strings.Repeat("\u0301", 200), "🀄",
		strings.Repeat("x", search.MaxText), strings.Repeat("ab ", search.MaxWords), strings.Repeat("龍", search.MaxCJK),
		"the a i o u of to in it is", strings.Repeat("aaaaa bbbbb ccccc ", 6),
	}
	w.titled(hostile...)
	d := document(1000, "long")
	d.Texts[search.Description] = []string{strings.Repeat("y", 100_000), strings.Repeat("刀剑 ", 20_000)}
	w.put(d)
	w.wantFound("long", 1000)
	for i, text := range hostile {
		parsed, err := search.ParseText(text)
		if err != nil {
			w.Errorf("%q: %v", text, err)
			continue
		}
		hits := w.search(&search.Query{Text: Text(text)})
		found := false
		for _, h := range hits.Hits {
			found = found || h.ID == id(int64(i+1))
		}
		// A word of 500 letters need not be kept.
		if !found && !parsed.Empty() && len(text) < search.MaxText {
			w.Errorf("%q is not found by itself", text)
		}
	}
}
