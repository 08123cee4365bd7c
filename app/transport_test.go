package app

import (
	"fmt"
	"net/url"
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
		if get, _ := exchanged(t, a.URL(), byGet("operationName=A&query="+url.QueryEscape(text))); strings.HasPrefix(text, "mutation A") && get.StatusCode != 405 {
			t.Errorf("%s by GET: %s", text, get.Status)
		}
		if strings.Contains(body, "ONE_MUTATION_ONLY") != refused || (response.StatusCode == 400) != refused || refused && strings.Contains(body, "data") {
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

// TestPanics tells of a panic outside of the resolvers as of any bug, however the
// operation was sent, and goes on.
func TestPanics(t *testing.T) {
	t.Parallel()
	server, log, _ := breakingWith(t, func(spoken *transport) { spoken.persisted = nil })
	response, body := exchanged(t, server.URL, document(`{__typename}`))
	if response.StatusCode != 500 || !strings.Contains(body, "INTERNAL") {
		t.Errorf("%s %s", response.Status, body)
	}
	p := ready(t, server.URL)
	for range 2 {
		p.subscribe("1", `{__typename}`)
		if got := p.next(); !strings.Contains(got, `"error"`) || !strings.Contains(got, "INTERNAL") {
			t.Errorf("%s", got)
		}
	}
	if n := strings.Count(log.String(), "nil pointer"); n < 3 {
		t.Errorf("the log tells of %d:\n%s", n, log)
	}
}
