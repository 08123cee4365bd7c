package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/docs/rooms"
)

// TestPagesAreFresh holds the pages against what would be made now.
func TestPagesAreFresh(t *testing.T) {
	t.Parallel()
	for _, page := range pages {
		is, err := os.ReadFile("../../" + page)
		if err != nil {
			t.Fatal(err)
		}
		want, err := made(string(is))
		if err != nil {
			t.Fatalf("%s: %v", page, err)
		}
		if diff := cmp.Diff(want, string(is)); diff != "" {
			t.Errorf("%s is not fresh; run make generate:\n%s", page, diff)
		}
	}
}

// TestDrawingIsFresh holds the drawing of the rooms against rooms.txt, and wants each name to
// stand there.
func TestDrawingIsFresh(t *testing.T) {
	t.Parallel()
	is, err := os.ReadFile("../../" + drawing)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rooms.Drawing(), string(is)); diff != "" {
		t.Errorf("%s is not fresh; run make generate:\n%s", drawing, diff)
	}
	for _, room := range slices.Concat(rooms.Read().Layers...) {
		if !strings.Contains(string(is), ">"+room.Name+"</text>") {
			t.Errorf("%s is not drawn", room.Name)
		}
	}
}

// TestAPartThatIsBroken is refused.
func TestAPartThatIsBroken(t *testing.T) {
	t.Parallel()
	for _, page := range []string{
		begin + "rights" + named + "| never ended |", begin + "wrongs" + named + end, begin + "rights",
	} {
		if text, err := made(page); err == nil {
			t.Errorf("%q became %q, without an error", page, text)
		}
	}
}

// notLimits are numbers that are stated like limits, and are facts of other things.
var notLimits = regexp.MustCompile(`(?i)(?:up to|to) [0-9]+ × [0-9]+ pixels|\b0 to 1(?:00)?\b|of up to 64 bits|the years 1 to 9999|up to [0-9,]+ assets\)`)

// stating finds numbers that are stated like limits.
var stating = regexp.MustCompile(`(?i)(?:\b(?:at most|up to|more than|the first|the last|its first|[01] to)\s+` + figure + `\b|\b` + figure + `\s+(?:[a-z]+\s+)*?by\s+default).{0,40}`)

// flagged finds limits that a page states beside their flags.
var flagged = regexp.MustCompile(`(?:\| |, )` + figure + ` \(` + "`--max-[a-z-]+`")

// TestEachLimitIsOfATable wants a row for each limit that the schema and the README state, and
// for those that pages have beside a flag of requests, and a place for each row.
func TestEachLimitIsOfATable(t *testing.T) {
	t.Parallel()
	places := make([]int, len(sentences))
	for _, page := range pages {
		text, err := os.ReadFile("../../" + page)
		if err != nil {
			t.Fatal(err)
		}
		left := string(text)
		for i, s := range sentences {
			if n := strings.Count(s.text, "{}"); n != len(s.figures) {
				t.Errorf("%q has %d figures", s.text, len(s.figures))
			}
			_, n := s.stated(left)
			places[i] += n
			left = s.pattern().ReplaceAllString(left, "")
		}
		for _, limit := range flagged.FindAllString(left, -1) {
			t.Errorf("%s: no row has the limit %q", page, limit)
		}
		if page == "schema.graphql" || page == "README.md" {
			for _, limit := range stating.FindAllString(notLimits.ReplaceAllString(left, ""), -1) {
				t.Errorf("%s: no row has the limit %q", page, limit)
			}
		}
	}
	for i, n := range places {
		if n == 0 {
			t.Errorf("no page has %q", sentences[i].text)
		}
	}
}

// TestStated puts figures into a sentence, wherever it is broken, and nowhere else.
func TestStated(t *testing.T) {
	t.Parallel()
	s := says("at most {} values, {} each", 2_000, 1_234_567)
	text, n := s.stated("a list has at\n  most 5 values, 1,000 each; at most 5 others; at most 1 values, 1\neach.")
	if want := "a list has at\n  most 2,000 values, 1,234,567 each; at most 5 others; at most 2,000 values, 1,234,567\neach."; text != want || n != 2 {
		t.Errorf("%d places: %s", n, text)
	}
}
