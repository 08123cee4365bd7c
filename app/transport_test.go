package app

import (
	"fmt"
	"strings"
	"testing"
)

// TestOneMutation executes one field of Mutation and no more, however they are hidden.
func TestOneMutation(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	const once = `(input: {name: "x"}) {userErrors {code}}`
	for text, refused := range map[string]bool{
		`mutation {__typename t: __typename}`:                                                                               false,
		`mutation {__typename categoryCreate` + once + `}`:                                                                  false,
		`mutation A {categoryCreate` + once + `} mutation B {categoryCreate` + once + `}`:                                   false,
		`mutation A {a: categoryCreate` + once + ` b: categoryCreate` + once + `}`:                                          true,
		`mutation A {categoryCreate` + once + ` ...F} fragment F on Mutation {b: categoryCreate` + once + `}`:               true,
		`mutation A {... {a: categoryCreate` + once + `} ... on Mutation {b: categoryCreate` + once + `}}`:                  true,
		`mutation A {categoryCreate` + once + ` b: categoryCreate(input: {name: "x"}) @skip(if: true) {userErrors {code}}}`: false,
		`mutation A {categoryCreate` + once + ` tagDelete(name: "x") {userErrors {code}}}`:                                  true,
	} {
		r := post(fmt.Sprintf(`{"query": %q, "operationName": %q}`, text, strings.Fields(strings.ReplaceAll(text, "{", " "))[1]))
		if strings.HasPrefix(text, "mutation {") {
			r = document(text)
		}
		response, body := exchanged(t, a.URL(), with(r, "Accept", graphJSON))
		if strings.Contains(body, "TOO_MANY_MUTATIONS") != refused || (response.StatusCode == 400) != refused || refused && strings.Contains(body, "data") {
			t.Errorf("%s: %s %s", text, response.Status, body)
		}
	}
}

// TestMethods refuses other methods, and says which there are.
func TestMethods(t *testing.T) {
	t.Parallel()
	a := open(t, config(t))
	run(t, a)
	for _, method := range []string{"PUT", "DELETE", "PATCH", "HEAD"} {
		response, _ := exchanged(t, a.URL(), request(method, "query={__typename}", plainJSON, ""))
		if response.StatusCode != 405 || response.Header.Get("Allow") != methods {
			t.Errorf("%s: %s, allowed is %q", method, response.Status, response.Header.Get("Allow"))
		}
	}
}
