package app

import (
	"strings"
	"testing"
)

func TestNested(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]int{
		``:                                       0,
		`{a}`:                                    1,
		`{a(b:[{c:1}]) {d}}`:                     4,
		"{a # {{{{\n b}":                         1,
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
		if got := nested(document); got != want {
			t.Errorf("%.40q is %d deep, not %d", document, got, want)
		}
	}
}

// A document that would end the process is refused, and the next is answered.
func TestDeepDocument(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	deep := strings.Repeat("[", 50_000) // and no larger than a document may be
	refused := ask(t, a.URL(), "{ tag(name: "+deep+strings.ReplaceAll(deep, "[", "]")+") { id } }", nil)
	if len(refused.Errors) != 1 || refused.Errors[0].Extensions["code"] != "GRAPHQL_PARSE_FAILED" {
		t.Errorf("%+v", refused.Errors)
	}
	if again := ask(t, a.URL(), "{ categories { id } }", nil); len(again.Errors) > 0 {
		t.Errorf("%+v", again.Errors)
	}
}
