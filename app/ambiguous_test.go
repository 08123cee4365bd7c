package app

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"vodgraph/gqlhttp"
)

// TestAmbiguousVariables refuses variables that readers of JSON understand in different ways:
// half characters, which most replace, and members that are given twice. Nothing is done.
func TestAmbiguousVariables(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	const create = `mutation ($u: JSON, $t: String!) { assetsCreate(items: [{kind: VIDEO, title: $t, userData: $u}]) { results { outcome errors { code field } } } }`
	for variables, want := range map[string]string{
		`{"t": "x", "u": {"k": "\ud800"}}`:                   `"field":["variables","u","k"]`,
		`{"t": "x", "u": [{"\udc00": 1}]}`:                   `"field":["variables","u","0"]`,
		`{"t": "x\ud83d", "u": 1}`:                           `"field":["variables","t"]`,
		`{"t": "x", "u": {"a": {"b": 1, "\u0062": 2}}}`:      `"field":["variables","u","a","b"]`,
		`{"t": "x", "t": "y"}`:                               `"field":["variables","t"]`,
		`{"t": "x", "u": {"k": "\ud83d\ude00", "\\ud8": 1}}`: `"outcome":"CREATED"`,
	} {
		answer, err := http.Post(a.URL()+gqlhttp.Endpoint, "application/json", strings.NewReader(`{"query": "`+create+`", "variables": `+variables+`}`))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.Body.Close() != nil {
			t.Fatal(err)
		}
		if text := string(body); !strings.Contains(text, want) || strings.Contains(want, "field") && !strings.Contains(text, `"INVALID"`) {
			t.Errorf("%s is answered with %s, want %s", variables, text, want)
		}
	}
	if got := string(ask(t, a.URL(), `{ assets { totalCount } }`, nil).Data); got != `{"assets":{"totalCount":1}}` {
		t.Errorf("then there are %s", got)
	}
}
