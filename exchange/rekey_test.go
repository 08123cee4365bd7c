package exchange_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vodgraph/dbtest"
	"vodgraph/exchange"
)

// keyedID is the id of an asset of these tests.
func keyedID(kind string, n int) string {
	prefix := map[string]string{"VIDEO": "vid", "AUDIO": "aud", "IMAGE": "img", "ATTACHMENT": "att"}[kind]
	return fmt.Sprintf("%s_01DXF6DT000000000000%06d", prefix, n)
}

// drawnKeys is a library of assets with reference ids, and a file that gives them others.
type drawnKeys struct {
	library string
	lines   []drawnLine
}

// drawKeys draws lines that swap reference ids, pass them on, give them up, take them for new
// assets, want what others keep, and are refused for something else. A reference id is taken
// for one new asset at most: lines that name a new one by it are about one asset.
func drawKeys(t *rapid.T) (f drawnKeys) {
	kinds := []string{"VIDEO", "AUDIO", "IMAGE"}
	there := rapid.IntRange(1, 7).Draw(t, "assets")
	var library []string
	for n := range there {
		ref := ""
		if n > 0 || rapid.Bool().Draw(t, "keyed") {
			ref = fmt.Sprintf(`,"referenceId":"r%d"`, n)
		}
		library = append(library, fmt.Sprintf(`{"id":%q,"kind":%q,"title":"t"%s,%s}`, keyedID(kinds[n%3], n), kinds[n%3], ref, drawnTime))
	}
	f.library = strings.Join(library, "\n")
	refs := rapid.IntRange(0, there+2)
	perm := rapid.Permutation(seq(there+3)).Draw(t, "to")
	taken := map[int]bool{}
	for n := range there + 2 {
		kind := kinds[n%3]
		if n >= there { // so that it is never about an asset that keeps its reference id
			kind = "ATTACHMENT"
		}
		id := keyedID(kind, n)
		for step := range rapid.IntRange(0, 2).Draw(t, "lines") {
			members := []string{fmt.Sprintf(`"id":%q`, id), drawnTime}
			if n >= there {
				members = append(members, fmt.Sprintf(`"kind":%q,"attachmentType":"MATERIAL"`, kind))
			}
			title := rapid.SampledFrom([]string{"a", "b", "c", ""}).Draw(t, "title")
			if title == "" && rapid.IntRange(0, 3).Draw(t, "bad") > 0 {
				title = "d"
			}
			members = append(members, fmt.Sprintf(`"title":%q`, title))
			if rapid.IntRange(0, 5).Draw(t, "rekeyed") > 0 {
				ref := perm[n]
				if n < there && (step > 0 || rapid.IntRange(0, 3).Draw(t, "any") == 0) {
					ref = refs.Draw(t, "ref")
				}
				switch {
				case n < there && rapid.IntRange(0, 6).Draw(t, "none") == 0:
					members = append(members, `"referenceId":null`)
				case n < there || !taken[ref]:
					taken[ref] = taken[ref] || n >= there
					members = append(members, fmt.Sprintf(`"referenceId":"r%d"`, ref))
				}
			}
			if kind[0] != 'I' && n < there && rapid.IntRange(0, 2).Draw(t, "linked") == 0 {
				to := fmt.Sprintf(`"referenceId":"r%d"`, refs.Draw(t, "of"))
				if rapid.Bool().Draw(t, "by id") {
					to = fmt.Sprintf(`"id":%q`, keyedID("IMAGE", 2))
				}
				members = append(members, `"cover":{"image":{`+to+`}}`)
			}
			f.lines = append(f.lines, drawnLine{id, "{" + strings.Join(members, ",") + "}"})
		}
	}
	return f
}

func seq(n int) (all []int) {
	for i := range n {
		all = append(all, i)
	}
	return all
}

// rekeyed imports lines into a library.
func rekeyed(l *library, f drawnKeys, lines []drawnLine) (exchange.Summary, string) {
	l.put(f.library)
	var text strings.Builder
	for _, one := range lines {
		text.WriteString(one.text + "\n")
	}
	s, report := l.put(text.String())
	if sum := s.Created + s.Changed + s.Unchanged + s.Refused; sum != int64(len(lines)) {
		l.Errorf("%v of %d lines", s, len(lines))
	}
	// Which lines are refused or lose links is the same; of several reasons for one, which are
	// reported is not.
	touched := map[string]bool{}
	for _, one := range report {
		what, place, _ := strings.Cut(one, "test:")
		n, err := strconv.Atoi(place[:strings.IndexByte(place, ':')])
		if err != nil {
			l.Fatal(one)
		}
		touched[what+lines[n-1].text] = true
	}
	return s, string(l.export()) + strings.Join(slices.Sorted(maps.Keys(touched)), "\n")
}

// TestOrderOfReferenceIDs wants the same library, counts and refused lines whatever the order of lines
// about different assets that give each other reference ids.
func TestOrderOfReferenceIDs(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		rapid.Check(t, func(rt *rapid.T) {
			f := drawKeys(rt)
			other := shuffled(rt, f.lines)
			s, text := rekeyed(libraryOn(t, dbtest.SQLite(t)), f, f.lines)
			if again, second := rekeyed(libraryOn(t, dbtest.SQLite(t)), f, other); s != again || text != second || t.Failed() {
				rt.Fatalf("%s\n\n%v\n%v\n%s\n\nbut %v\n%v\n%s", f.library, f.lines, s, text, other, again, second)
			}
		})
	})
	t.Run("postgres", func(t *testing.T) {
		for seed := range 5 {
			f := rapid.Custom(drawKeys).Example(seed)
			other := rapid.Custom(func(rt *rapid.T) []drawnLine { return shuffled(rt, f.lines) }).Example(seed)
			s, text := rekeyed(libraryOn(t, dbtest.SQLite(t)), f, f.lines)
			if again, second := rekeyed(libraryOn(t, dbtest.Postgres(t)), f, other); s != again || text != second {
				t.Errorf("%s\n\n%v\n%v\n%s\n\nbut %v\n%v\n%s", f.library, f.lines, s, text, other, again, second)
			}
		}
	})
}

// TestReferenceIDsMove gives many assets the reference ids of others: in circles, by chains longer
// than a transaction, by new assets that take what is given up, in the worst order and in none.
func TestReferenceIDsMove(t *testing.T) {
	const many = 2100 // more than one transaction takes
	each(t, func(l *library) {
		var library, chain, circles []string
		for n := range many {
			library = append(library, fmt.Sprintf(`{"id":%q,"kind":"VIDEO","title":"t","referenceId":"r%d"}`, keyedID("VIDEO", n), n))
			chain = append(chain, fmt.Sprintf(`{"id":%q,"referenceId":"r%d"}`, keyedID("VIDEO", n), n+1))
			circles = append(circles, fmt.Sprintf(`{"id":%q,"referenceId":"r%d"}`, keyedID("VIDEO", n), 1+(n+many/2)%many)) // pairs, far apart
		}
		l.takes(strings.Join(library, "\n"))
		chain = append(chain, fmt.Sprintf(`{"id":%q,"kind":"AUDIO","title":"heir","referenceId":"r0"}`, keyedID("AUDIO", many)))
		if s := l.takes(strings.Join(chain, "\n")); s != (exchange.Summary{Created: 1, Changed: many}) {
			l.Errorf("a chain: %v", s)
		}
		if got := l.member(keyedID("AUDIO", many), "referenceId"); got != "r0" {
			l.Errorf("the heir has %v", got)
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(many, func(i, j int) { circles[i], circles[j] = circles[j], circles[i] })
		if s := l.takes(strings.Join(circles, "\n")); s != (exchange.Summary{Changed: many}) {
			l.Errorf("circles: %v", s)
		}
		if s := l.takes(strings.Join(circles, "\n")); s != (exchange.Summary{Unchanged: many}) {
			l.Errorf("circles again: %v", s)
		}
		// One large circle, with one line that is refused: so are all.
		circle := make([]string, many)
		for n := range many {
			circle[n] = fmt.Sprintf(`{"id":%q,"referenceId":"r%d"}`, keyedID("VIDEO", n), 1+(n+many/2+1)%many)
		}
		broken := strings.Replace(strings.Join(circle, "\n"), `"referenceId":"r9"`, `"kind":"AUDIO","referenceId":"r9"`, 1)
		before := string(l.export())
		if s, _ := l.put(broken); s != (exchange.Summary{Refused: many}) || string(l.export()) != before {
			l.Errorf("a broken circle: %v", s)
		}
		if s := l.takes(strings.Join(circle, "\n")); s != (exchange.Summary{Changed: many}) {
			l.Errorf("a circle: %v", s)
		}
	})
}
