package bleve

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vodgraph/search"
)

// alike is a word that is like another.
type alike struct {
	word   string
	in     sign
	errors int
}

// TestVocabularyFindsAllThatIsLike compares what is found by a glance with what a
// look at each word finds.
func TestVocabularyFindsAllThatIsLike(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(5, 0))
	word := func() string {
		letters := make([]rune, 2+draw.IntN(6))
		for i := range letters {
			letters[i] = []rune("abcde1жé東")[draw.IntN(9)]
		}
		return string(letters)
	}
	groups := make([][]string, 3)
	for i := range groups {
		for range 1500 {
			groups[i] = append(groups[i], word())
		}
		slices.Sort(groups[i])
		groups[i] = slices.Compact(groups[i])
	}
	v := newVocabulary(groups)
	for range 300 {
		typed := word()
		for _, effort := range []effort{little, much} {
			m := newMisspelling(typed, effort)
			if m.most == 0 {
				continue
			}
			var got []alike
			err := v.like(&m, func(word []byte, in sign, errors int) error {
				got = append(got, alike{string(word), in, errors})
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			slices.SortFunc(got, func(a, b alike) int { return strings.Compare(a.word, b.word) })
			if want := allAlike(groups, typed, effort); !slices.Equal(got, want) {
				t.Fatalf("%q, with effort %d: %v, want %v", typed, effort, got, want)
			}
		}
	}
}

// allAlike looks at each word.
func allAlike(groups [][]string, typed string, effort effort) (found []alike) {
	all := slices.Concat(groups...)
	slices.Sort(all)
	for _, other := range slices.Compact(all) {
		errors := plainDistance([]rune(typed), []rune(other))
		if errors == 0 || errors > min(search.Typos(typed), int(effort)) || effort == little && []rune(typed)[0] != []rune(other)[0] {
			continue
		}
		var in sign
		for i, g := range groups {
			if slices.Contains(g, other) {
				in |= signOfGroup(i)
			}
		}
		found = append(found, alike{other, in, errors})
	}
	return found
}

// plainDistance is that of Levenshtein, by his rule.
func plainDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		corner := row[0]
		row[0] = i + 1
		for j := range b {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner, row[j+1] = row[j+1], min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
