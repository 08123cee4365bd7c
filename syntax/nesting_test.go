package syntax_test

import (
	"strings"
	"testing"

	"vodgraph/syntax"
)

func TestNested(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]int{
		``:                                       0,
		`{a}`:                                    1,
		`{a(b:[{c:1}]) {d}}`:                     4,
		"{a # {{{{\n b}":                         1,
		"{a # \r{{{{":                            5,
		"{a(b: \"open\r{{{":                      5,
		`{a(b: "[[[[")}`:                         2,
		`{a(b: "\"[[[[")}`:                       2,
		`{a(b: """[[ " [[ \""" [[""" c: [1])}`:   3,
		`{a(b: "open`:                            2,
		`{a(b: """open`:                          2,
		"{a(b: \"ends at the line\n[[[":          5,
		strings.Repeat("[", 1_000_000):           1_000_000,
		strings.Repeat("{a}", 1000):              1,
		"}}}}" + strings.Repeat("{", 3) + "}}}}": 0,
	} {
		if got := syntax.Nested(document); got != want {
			t.Errorf("%.40q is %d deep, not %d", document, got, want)
		}
	}
}
