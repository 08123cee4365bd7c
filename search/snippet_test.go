package search_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"vodgraph/search"
)

// marked shows the marks of a snippet as brackets.
func marked(s search.Snippet) string {
	runes := []rune(s.Text)
	var out strings.Builder
	at := 0
	for _, m := range s.Marks {
		out.WriteString(string(runes[at:m.Start]) + "[" + string(runes[m.Start:m.Start+m.Length]) + "]")
		at = m.Start + m.Length
	}
	return out.String() + string(runes[at:])
}

func parse(t interface{ Fatal(...any) }, text string) *search.Text {
	parsed, err := search.ParseText(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestSnippetsMarkWhatWasFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, text, want string }{
		{"spiders", "The Spider’s Web", "The [Spider’s] Web"},
		{"spid", "The Spider’s Web", "The [Spider’s] Web"},
		{"spid ", "The Spider’s Web", ""},
		{"ECLAIR ", "Un éclair noir", "Un [éclair] noir"},
		{"detctive", "A Detective and a detector", "A [Detective] and a detector"},
		{"detective", "A Detective and a detctive", "A [Detective] and a detctive"},
		{"from ", "form", ""}, // a swap is two errors, and 4 letters may have one
		{"witch ", "wtich", "[wtich]"},
		{"2019 ", "2018", ""},
		{"剑神", "刀剑神域", "刀[剑神]域"},
		{"刀剑神", "刀剑神域", "[刀剑神]域"},
		{"域", "刀剑神域", "刀剑神[域]"},
		{"ii 神域", "刀剑神域II", "刀剑[神域II]"},
		{"ガンダム", "機動戦士ｶﾞﾝﾀﾞﾑ", "機動戦士[ｶﾞﾝﾀﾞﾑ]"},
		{"web spider ", "Spider! Web.", "[Spider]! [Web]."},
		{"nothing", "The Spider’s Web", ""},
	} {
		snippet, found := parse(t, c.query).Snippet(c.text)
		if got := marked(snippet); got != c.want || found != (c.want != "") {
			t.Errorf("%q in %q: %q, want %q", c.query, c.text, got, c.want)
		}
	}
}

func TestSnippetsAreCutBetweenWords(t *testing.T) {
	t.Parallel()
	far := strings.Repeat("lorem ipsum ", 40)
	snippet, _ := parse(t, "needle thread ").Snippet("a needle " + far + "the needle and the thread " + far)
	got := marked(snippet)
	if !strings.Contains(got, "[needle] and the [thread]") {
		t.Errorf("the place where both stand is not shown: %q", got)
	}
	if fields := strings.Fields(snippet.Text); !strings.HasSuffix(far, " "+fields[len(fields)-1]+" ") && fields[len(fields)-1] != "lorem" || fields[0] != "lorem" && fields[0] != "ipsum" {
		t.Errorf("cut within a word: %q", snippet.Text)
	}
	if n := utf8.RuneCountInString(snippet.Text); n < 120 || n > search.MaxSnippet {
		t.Errorf("%d code points: %q", n, snippet.Text)
	}
}

func TestSnippetsAreOfTheirText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ToValidUTF8(anyText().Draw(t, "before")+strings.Repeat(anyText().Draw(t, "filler")+" ", rapid.IntRange(0, 60).Draw(t, "times"))+
			anyText().Draw(t, "after"), "?")
		tokens := append(search.Words(text), search.Grams(text)...)
		if len(tokens) == 0 {
			return
		}
		token := rapid.SampledFrom(tokens).Draw(t, "token")
		query, err := search.ParseText(text[token.Start:token.End])
		if err != nil {
			return
		}
		snippet, found := query.Snippet(text)
		if !found {
			t.Fatalf("%q is not found in %q", text[token.Start:token.End], text)
		}
		length := utf8.RuneCountInString(snippet.Text)
		if !strings.Contains(text, snippet.Text) || length > search.MaxSnippet {
			t.Fatalf("%d code points, or not of the text: %q", length, snippet.Text)
		}
		if len(snippet.Marks) == 0 {
			t.Fatalf("nothing is marked in %q", snippet.Text)
		}
		end := -1
		for _, m := range snippet.Marks {
			if m.Start <= end || m.Length < 1 || m.Start+m.Length > length {
				t.Fatalf("marks %v in %d code points", snippet.Marks, length)
			}
			end = m.Start + m.Length
		}
	})
}

func TestCorrections(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query string
		hits  [][]string
		want  []search.Correction
	}{
		{"Detctive conan", [][]string{{"Detective Conan"}, {"The detective"}}, []search.Correction{{Typed: "Detctive", Used: "detective"}}},
		{"detctive ", [][]string{{"Detective"}, {"Detctive"}}, nil},
		{"detec", [][]string{{"Detective"}}, nil},
		{"detec ", [][]string{{"detek"}}, []search.Correction{{Typed: "detec", Used: "detek"}}},
		{"stronest wicth ", [][]string{{"The strongest", "witch"}}, []search.Correction{{"stronest", "strongest"}, {"wicth", "witch"}}},
		{"boat ", [][]string{{"goat"}, {"coat"}, {"goat goat"}, {"coat", "moat"}, {"coat"}}, []search.Correction{{"boat", "coat"}}},
		{"boatt ", [][]string{{"boots"}, {"boat"}}, []search.Correction{{"boatt", "boat"}}},
		{"刀剑 boat ", [][]string{{"刀剑"}}, nil},
		{"boat ", nil, nil},
	} {
		if diff := cmp.Diff(c.want, parse(t, c.query).Corrections(c.hits)); diff != "" {
			t.Errorf("%q in %v (-want +got):\n%s", c.query, c.hits, diff)
		}
	}
}
