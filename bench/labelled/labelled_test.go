package labelled_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vodgraph/bench/labelled"
)

func works() []labelled.Work {
	return []labelled.Work{
		{ID: "1", Titles: []string{"Detective Conan", "名探偵コナン"}},
		{ID: "2", Titles: []string{"Strongest Witch Academy", "detective conan!"}},
		{ID: "3", Titles: []string{"刀剑神域", "Sword Art Online"}},
		{ID: "4", Titles: []string{"探偵オペラ", "K"}},
	}
}

// others are works that no query is made from.
func others() []labelled.Work {
	return []labelled.Work{{ID: "9", Titles: []string{"Detective Conan", "Zebra"}}}
}

func TestQueriesAreMadeByTheirRules(t *testing.T) {
	t.Parallel()
	queries := labelled.Make(works(), others(), 50, 1)
	kinds := map[labelled.Kind]int{}
	for _, q := range queries {
		kinds[q.Kind]++
		if strings.Contains(strings.ToLower(q.Text), "zebra") {
			t.Errorf("%s: %q is made from another work", q.Kind, q.Text)
		}
		if len(q.Want) == 0 || q.Text == "" {
			t.Errorf("%s: %q wants %v", q.Kind, q.Text, q.Want)
		}
		switch q.Kind {
		case labelled.Exact:
			if q.Text == "DETECTIVE CONAN" && !cmp.Equal(q.Want, map[string]bool{"1": true, "2": true, "9": true}) {
				t.Errorf("%q wants %v", q.Text, q.Want)
			}
		case labelled.Prefix:
			if strings.HasPrefix(q.Text, "sword") && q.Text != "sword art onli" {
				t.Errorf("cut to %q", q.Text)
			}
		case labelled.Reverse:
			if strings.HasSuffix(q.Text, "sword") && q.Text != "online art sword" {
				t.Errorf("reversed to %q", q.Text)
			}
		case labelled.RunCJK:
			if strings.Contains(q.Text, " ") {
				t.Errorf("a run has no blanks: %q", q.Text)
			}
		default: // are only counted
		}
	}
	for _, kind := range []labelled.Kind{
		labelled.Exact, labelled.OneEdit, labelled.TwoEdits, labelled.Prefix, labelled.Reverse, labelled.OneCJK, labelled.TwoCJK, labelled.RunCJK,
	} {
		if kinds[kind] == 0 {
			t.Errorf("no query of the kind %s", kind)
		}
	}
	if diff := cmp.Diff(queries, labelled.Make(works(), others(), 50, 1)); diff != "" {
		t.Errorf("made again, they differ:\n%s", diff)
	}
}

func TestRecall(t *testing.T) {
	t.Parallel()
	q := labelled.Query{Want: map[string]bool{"a": true, "b": true}}
	for _, c := range []struct {
		page []string
		want float64
	}{{nil, 0}, {[]string{"a"}, 0.5}, {[]string{"b", "x", "a"}, 1}, {[]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "a"}, 0}} {
		if got := q.Recall(c.page); got != c.want {
			t.Errorf("%v: %v, want %v", c.page, got, c.want)
		}
	}
}
